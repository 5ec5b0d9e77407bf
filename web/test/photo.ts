// A photo as a camera makes it.
import type { Page } from 'playwright-core';

/** A small picture, with something written beside it as a camera does. */
export async function photo(page: Page, beside: string): Promise<Buffer> {
  const plain = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(320, 240);
    const context = canvas.getContext('2d');
    context?.fillRect(20, 20, 200, 120);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
    return [...bytes];
  });
  const said = Buffer.from(`Exif\0\0${beside}`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(said.length + 2);
  return Buffer.concat([Buffer.from(plain.slice(0, 2)), Buffer.from([0xff, 0xe1]), length, said, Buffer.from(plain.slice(2))]);
}
