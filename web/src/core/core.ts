// The client core, for the rest of the page: the only way to the service and to anything that
// is sealed. It is a Worker; to lock is to end it (end), and a new one is started to go on.
import { startWorker } from './trusted';
import type { Failure, None, PageMethods, Passkeys, Self, Task, Uploaded } from './types';
import type { End, LockOrder, MethodName, Order, PasskeyMethods, Report } from './wire';

export type * from './types';
export type { End } from './wire';

/** What a call is rejected with. */
export class CoreError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.key);
    this.failure = failure;
  }
}

export interface CallOptions {
  /** Breaks the call off; it then fails with key cancelled. */
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (err: CoreError) => void;
  readonly progress: ((done: number, total: number) => void) | undefined;
}

/** What comes of a task that takes a phrase, and what it takes beside. */
interface Tasks {
  readonly unlock: { readonly params: None; readonly answer: Self };
  readonly enrolAgain: { readonly params: None; readonly answer: Self };
  readonly putBack: { readonly params: { readonly former: number }; readonly answer: Self };
  readonly changePhrase: { readonly params: None; readonly answer: None };
  readonly removePasskey: { readonly params: { readonly passkey: string }; readonly answer: None };
}

interface PasskeyAnswers {
  readonly unlockPasskey: Self;
  readonly addPasskey: Passkeys;
}

const cancelled: Failure = { key: 'cancelled', kind: 'internal' };

export class Core {
  readonly #worker = startWorker();
  readonly #waiting = new Map<number, Waiting>();
  readonly #locks = new Set<Worker>();
  readonly #files = new Map<number, (data: Blob | undefined) => void>();
  #last = 0;
  #lastFile = 0;

  /** @param ended hears that the core ended by itself, or could not begin. */
  constructor(ended: (why: End) => void) {
    this.#worker.onmessage = (message: MessageEvent<Report>) => {
      this.#hear(message.data, ended);
    };
    this.#worker.onerror = () => {
      this.end();
      ended('blocked');
    };
    this.#order({ type: 'main' });
  }

  /** Calls a method of the core. It is rejected with a CoreError. */
  call<M extends MethodName>(
    method: M,
    params: PageMethods[M]['params'],
    options: CallOptions = {},
  ): Promise<PageMethods[M]['answer']> {
    return this.#ask((id) => {
      this.#order({ type: 'call', id, method, params });
    }, options);
  }

  /** Seals a file and uploads it in parts. An entry carries it afterwards, by its blob. */
  attach(data: Blob, name: string, options: CallOptions = {}): Promise<Uploaded> {
    const file = this.#number();
    return this.#ask<Uploaded>((id) => {
      const params: PageMethods['attach']['params'] = { file, name, type: data.type };
      this.#order({ type: 'call', id, method: 'attach', params, hand: { file, data } });
    }, options);
  }

  /** Gets an attachment and opens it. */
  async fetch(of: Omit<PageMethods['fetch']['params'], 'file'>, options: CallOptions = {}): Promise<Blob> {
    const file = this.#number();
    let fetched: Blob | undefined;
    await this.#ask((id) => {
      this.#files.set(id, (data) => {
        fetched = data;
      });
      this.#order({ type: 'call', id, method: 'fetch', params: { ...of, file }, hand: { file } });
    }, options);
    return fetched ?? new Blob();
  }

  #number(): number {
    this.#lastFile++;
    return this.#lastFile;
  }

  /**
   * Opens the keys with the phrase, or makes them behind it where there are none. The phrase
   * goes to a Worker that is thrown away; what was inside the lock goes from there to the core.
   */
  unlock(phrase: string, options: CallOptions = {}): Promise<Self> {
    return this.withPhrase('unlock', phrase, {}, options);
  }

  /** Does something with the keys that takes a phrase, in the same way. */
  async withPhrase<T extends Task>(task: T, phrase: string, params: Tasks[T]['params'], options: CallOptions = {}): Promise<Tasks[T]['answer']> {
    const lock = startWorker();
    this.#locks.add(lock);
    const { port1, port2 } = new MessageChannel();
    try {
      lock.postMessage({ type: 'lock', phrase, port: port2 } satisfies LockOrder, [port2]);
      return await this.#ask<Tasks[T]['answer']>((id) => {
        this.#worker.postMessage({ type: 'task', id, task, params, port: port1 } satisfies Order, [port1]);
      }, options);
    } finally {
      lock.terminate();
      this.#locks.delete(lock);
    }
  }
  /** Hands the core what a passkey gave. The bytes are the page's no longer. */
  passkey<M extends keyof PasskeyMethods>(method: M, params: PasskeyMethods[M], output: ArrayBuffer): Promise<PasskeyAnswers[M]> {
    return this.#ask<PasskeyAnswers[M]>((id) => {
      this.#worker.postMessage({ type: 'passkey', id, method, params, output }, [output]);
    }, {});
  }

  /** Ends the core with all that it holds. Calls that wait are broken off. */
  end(): void {
    this.#worker.terminate();
    this.#locks.forEach((lock) => {
      lock.terminate();
    });
    this.#waiting.forEach((one) => {
      one.reject(new CoreError(cancelled));
    });
    this.#waiting.clear();
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  // The answer is of the type that the core gives it: types.ts is written from the core's own.
  #ask<A>(order: (id: number) => void, { signal, progress }: CallOptions): Promise<A> {
    return new Promise<A>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new CoreError(cancelled));
        return;
      }
      this.#last++;
      const id = this.#last;
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject, progress });
      signal?.addEventListener('abort', () => {
        if (this.#waiting.delete(id)) {
          this.#order({ type: 'cancel', id });
          reject(new CoreError(cancelled));
        }
      });
      order(id);
    });
  }

  #hear(r: Report, ended: (why: End) => void): void {
    switch (r.type) {
      case 'ready':
        return;
      case 'progress':
        this.#waiting.get(r.id)?.progress?.(r.done, r.total);
        return;
      case 'ended':
        this.end();
        ended(r.why);
        return;
      case 'done':
        this.#files.get(r.id)?.(r.data);
        this.#waiting.get(r.id)?.resolve(r.answer);
        break;
      case 'failed':
        this.#waiting.get(r.id)?.reject(new CoreError(r.failure));
        break;
    }
    this.#waiting.delete(r.id);
    this.#files.delete(r.id);
  }
}

/** What went wrong, for a person: of anything but a CoreError, only that it is our mistake. */
export function failureOf(err: unknown): Failure {
  return err instanceof CoreError ? err.failure : { key: 'failed', kind: 'internal', detail: String(err) };
}
