// One run of the client core in this Worker.
import '../../../out/wasm_exec.js';
import { store } from './files';
import address from '../../../out/core.wasm?url';
import type { Failure } from '../types';

/** What a call is rejected with. */
export class CallFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.key);
    this.failure = failure;
  }
}

export type Tell = (done: number, total: number) => void;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (err: CallFailed) => void;
}

export interface Program {
  /** Calls a method of the core. The number is for cancel; it must be new. */
  readonly call: (id: number, side: 'page' | 'worker', method: string, params: unknown, tell?: Tell) => Promise<unknown>;
  readonly cancel: (id: number) => void;
  /** Settles when the program ends, which it does by a mistake only. */
  readonly ended: Promise<void>;
}

/** Compiles the core while it is being fetched. */
export function compile(): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(fetch(address, { credentials: 'omit', mode: 'same-origin' }));
}

/** Why the core did not begin: it may not run here, or it did not arrive whole. */
export function hindrance(err: unknown): 'blocked' | 'missing' {
  return typeof WebAssembly === 'undefined' || err instanceof WebAssembly.CompileError ? 'blocked' : 'missing';
}

export async function start(module: WebAssembly.Module): Promise<Program> {
  const waiting = new Map<number, Waiting>();
  globalThis.varcoAnswer = (id, ok, text) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (ok) {
      one?.resolve(JSON.parse(text));
    } else {
      one?.reject(new CallFailed(JSON.parse(text) as Failure));
    }
  };
  globalThis.varcoFiles = store;
  const ready = new Promise<GoCore>((resolve) => {
    globalThis.varcoReady = resolve;
  });
  const go = new Go();
  const ended = go.run(await WebAssembly.instantiate(module, go.importObject));
  const core = await Promise.race([ready, ended.then(() => Promise.reject(new Error('the core ended at once')))]);
  return {
    call: (id, side, method, params, tell) =>
      new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        core.call(id, side, method, JSON.stringify(params), tell ?? (() => undefined));
      }),
    cancel: (id) => {
      core.cancel(id);
    },
    ended,
  };
}

/** What went wrong, for the page: a mistake of ours where it is no failure of the core. */
export function failureOf(err: unknown): Failure {
  return err instanceof CallFailed ? err.failure : { key: 'failed', kind: 'internal', detail: String(err) };
}
