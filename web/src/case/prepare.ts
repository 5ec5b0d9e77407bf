// What becomes of a file before it is sealed: a photo is drawn anew, so that nothing is left of
// where and with what it was taken, and no file keeps its name.
export interface Prepared {
  readonly data: Blob;
  readonly name: string;
  /** What she is to be told of it. */
  readonly notes: readonly Note[];
}

export type Note = 'redrawn' | 'pdf' | 'author' | 'film' | 'other';

/** A photo that this browser can't read, and so can't clean; perhaps of the kind that telephones make. */
export class UnreadableImage extends Error {
  readonly what: 'heic' | 'image';

  constructor(what: 'heic' | 'image' = 'image') {
    super();
    this.what = what;
  }
}

/** The largest that an attachment may be, as the core says it too. */
export const maxBytes = 256 * 1024 * 1024;

const jpegQuality = 0.9;

export async function prepare(file: File, number: number): Promise<Prepared> {
  const image = await imageOf(file);
  if (image !== undefined) {
    const data = await redraw(file, image);
    return { data, name: `foto-${number}.${data.type === 'image/png' ? 'png' : 'jpg'}`, notes: ['redrawn'] };
  }
  if (await isFilm(file)) {
    return { data: new Blob([file], { type: file.type }), name: named('filmato', number, file), notes: ['film'] };
  }
  if (file.type === 'application/pdf' || (await firstOf(file)).startsWith('%PDF-')) {
    return { data: new Blob([file], { type: 'application/pdf' }), name: `documento-${number}.pdf`, notes: (await namesAuthor(file)) ? ['author'] : ['pdf'] };
  }
  return { data: new Blob([file], { type: file.type }), name: named('allegato', number, file), notes: ['other'] };
}

/** A name of ours, with the ending that the file has. */
function named(what: string, number: number, file: File): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(file.name)?.[1]?.toLowerCase();
  return ending === undefined ? `${what}-${number}` : `${what}-${number}.${ending}`;
}

/** The first bytes of a file, as a letter each. */
async function firstOf(file: File): Promise<string> {
  return String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()));
}

/** What photos begin with. */
const beginnings: readonly (readonly [from: number, to: number, begins: RegExp, what: 'heic' | 'image'])[] = [
  [4, 12, /^ftyp(hei[cxms]|hev[cxms]|mif1|msf1)/, 'heic'],
  [4, 12, /^ftypavi[fs]/, 'image'],
  [0, 3, /^\xff\xd8\xff/, 'image'],
  [0, 4, /^\x89PNG/, 'image'],
  [0, 4, /^(II\*\0|MM\0\*)/, 'image'],
  [8, 12, /^WEBP/, 'image'],
];

/** Whether a file is a photo. A browser that does not know its kind says nothing, so its first bytes say it too. */
async function imageOf(file: File): Promise<'heic' | 'image' | undefined> {
  const first = await firstOf(file);
  const found = beginnings.find(([from, to, begins]) => begins.test(first.slice(from, to)))?.[3];
  return found ?? (file.type.startsWith('image/') || /\.(hei[cf]|jpe?g|png|tiff?|dng|webp|avif)$/i.test(file.name) ? 'image' : undefined);
}

/**
 * What films and recordings begin with: what telephones make (MP4, QuickTime and 3GP, whatever their
 * brand, since photos were looked for before), Matroska and WebM, AVI, MPEG, and Windows' own.
 */
const films = /^(.{4}(ftyp|moov|mdat|wide)|\x1aE\xdf\xa3|RIFF.{4}AVI |\0\0\x01[\xba\xb3]|0&\xb2u)/s;

/** Whether a file is a film or a recording: a telephone writes into it where and when it was made. */
async function isFilm(file: File): Promise<boolean> {
  return films.test(await firstOf(file)) || /^(video|audio)\//.test(file.type) || /\.(mp4|m4[av]|mov|qt|3g[p2]|mkv|webm|avi|mpe?g|m?ts|wmv|asf|amr|aac)$/i.test(file.name);
}

/** Draws an image anew: what a camera writes beside the picture does not come along. */
async function redraw(file: File, what: 'heic' | 'image'): Promise<Blob> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new UnreadableImage(what);
  }
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  if (context === null) {
    throw new UnreadableImage();
  }
  const type = file.type === 'image/png' ? 'image/png' : 'image/jpeg';
  if (type === 'image/jpeg') {
    // What is transparent would become black.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.drawImage(picture, 0, 0);
  picture.close();
  return canvas.convertToBlob({ type, quality: jpegQuality });
}

/** How much of each end of a PDF is looked at: who wrote it stands there, where it is not compressed. */
const endBytes = 256 * 1024;

async function namesAuthor(file: File): Promise<boolean> {
  const ends = new Blob([file.slice(0, endBytes), file.slice(Math.max(endBytes, file.size - endBytes))]);
  const text = new TextDecoder('latin1').decode(await ends.arrayBuffer());
  return /\/Author\s*[(<]\s*[^)>\s]|<dc:creator|<pdf:Author/i.test(text);
}
