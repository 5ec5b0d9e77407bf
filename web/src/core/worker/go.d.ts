// Go's support for its programs in a browser, and the words of cmd/varco-wasm.
interface GoProgram {
  readonly importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}

declare var Go: new () => GoProgram;

interface GoCore {
  call(id: number, side: 'page' | 'worker', method: string, params: string, tell: (done: number, total: number) => void): void;
  cancel(id: number): void;
}

/** The files that the page hands over and gets, by number. */
interface FileStore {
  /** Its bytes, -1 for one that was not handed over. */
  size(file: number): number;
  slice(file: number, from: number, to: number): Promise<ArrayBuffer>;
  write(file: number, piece: Uint8Array<ArrayBuffer>): void;
}

declare var varcoFiles: FileStore;
declare var varcoReady: (core: GoCore) => void;
declare var varcoAnswer: (id: number, ok: boolean, text: string) => void;

declare module '*.wasm?url' {
  const address: string;
  export default address;
}

declare module '*/wasm_exec.js';
