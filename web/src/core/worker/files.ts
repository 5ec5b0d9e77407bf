// The files that the page hands over, and those that the core makes for it: by number, and
// never whole in memory, since a Blob is kept by the browser.
const taken = new Map<number, Blob>();
const given = new Map<number, Blob[]>();

export const store: FileStore = {
  size: (file) => taken.get(file)?.size ?? -1,
  slice: (file, from, to) => (taken.get(file)?.slice(from, to) ?? new Blob()).arrayBuffer(),
  write: (file, piece) => {
    given.set(file, [...(given.get(file) ?? []), new Blob([piece])]);
  },
};

export function handOver(file: number, data: Blob): void {
  taken.set(file, data);
}

/** What was made under a number, undefined if nothing was. It is forgotten here. */
export function collect(file: number): Blob | undefined {
  const pieces = given.get(file);
  taken.delete(file);
  given.delete(file);
  return pieces === undefined ? undefined : new Blob(pieces);
}
