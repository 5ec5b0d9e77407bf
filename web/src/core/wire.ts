// What the page and its two Workers say to each other. Keys go over the port between the
// Workers (LockQuestion, LockAnswer) and in no other message.
import type { Failure, LockedBy, NewPasskey, Opened, PageMethods, PasskeyAnswer, Task } from './types';

export type MethodName = keyof PageMethods;

/** What a passkey gave goes beside, as bytes that the page no longer has once it is sent. */
export interface PasskeyMethods {
  readonly unlockPasskey: Omit<PasskeyAnswer, 'output'>;
  readonly addPasskey: Omit<NewPasskey, 'output'>;
}

export type PasskeyOrder = {
  readonly [M in keyof PasskeyMethods]: {
    readonly type: 'passkey';
    readonly id: number;
    readonly method: M;
    readonly params: PasskeyMethods[M];
    readonly output: ArrayBuffer;
  };
}[keyof PasskeyMethods];

/** A file that goes with a call: one that the page hands over, or a number for one that it gets. */
export interface Hand {
  readonly file: number;
  readonly data?: Blob;
}

/** From the page to the main Worker. */
export type Order =
  | { readonly type: 'main' }
  | { readonly type: 'call'; readonly id: number; readonly method: MethodName; readonly params: unknown; readonly hand?: Hand }
  | { readonly type: 'cancel'; readonly id: number }
  /** Do something with the keys, by what a lock Worker says on the port. */
  | { readonly type: 'task'; readonly id: number; readonly task: Task; readonly params: object; readonly port: MessagePort }
  | PasskeyOrder;

/** From the page to a lock Worker, once. */
export interface LockOrder {
  readonly type: 'lock';
  readonly phrase: string;
  readonly port: MessagePort;
}

/** From the main Worker to the page. */
export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly id: number; readonly answer: unknown; readonly data?: Blob }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure }
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  /** The core has ended or could not begin: nothing more will come. */
  | { readonly type: 'ended'; readonly why: End };

/** It is not permitted here, it did not arrive, or it stopped by a mistake of ours. */
export type End = 'blocked' | 'missing' | 'broken';

/** From the main Worker to a lock Worker, on their port: the compiled core, and what to open. */
export interface LockQuestion {
  readonly module: WebAssembly.Module;
  readonly locks: Omit<LockedBy, 'phrase'>;
}

/** The lock Worker's answer on the port. */
export type LockAnswer = { readonly opened: Opened } | { readonly failure: Failure };
