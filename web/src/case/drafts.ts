// What she is writing, by thread: in the page's memory only, and no longer than the rooms are open.
// It is there again when she comes back to a thread; sending it, locking and leaving drop it.
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Failure } from '../core/core';
import type { Note } from './prepare';

export const acts = ['message', 'request', 'state'] as const;
export type Act = (typeof acts)[number];

export const steps = ['centre', 'inps', 'partner', 'resolved', 'closed'] as const;
type Next = (typeof steps)[number];

export interface Written {
  readonly text: string;
  readonly reference: string;
  readonly items: readonly string[];
  readonly due: string;
  readonly next: Next | '';
  readonly outcome: string;
}

/** A file that goes with what she is writing. */
export interface Going {
  readonly key: number;
  readonly number: number;
  readonly name: string;
  readonly notes: readonly Note[];
  readonly size: number;
  readonly done: number;
  readonly total: number;
  /** Set when the service has it, sealed. */
  readonly blob?: string;
  readonly wrong?: 'image' | 'heic' | 'large' | Failure;
  /** It tells something that can't be taken out: it goes only when she says so. */
  readonly confirm?: (() => void) | undefined;
  readonly stop: () => void;
}

export interface Draft {
  readonly act: Act;
  readonly written: Written;
  readonly files: readonly Going[];
  /** The key of the file that was added last. */
  readonly lastFile: number;
  readonly sending: boolean;
  /** Why it was not sent. */
  readonly failure: Failure | undefined;
}

export const nothingWritten: Written = { text: '', reference: '', items: [''], due: '', next: '', outcome: '' };

const blank: Draft = { act: 'message', written: nothingWritten, files: [], lastFile: 0, sending: false, failure: undefined };

type Change = (before: Draft) => Partial<Draft>;

/** The drafts of one visit. They are no part of a room: one that is left while something is sent or uploaded must not lose it. */
export class Drafts {
  #all: ReadonlyMap<string, Draft> = new Map();
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  of(thread: string): Draft {
    return this.#all.get(thread) ?? blank;
  }

  change(thread: string, change: Change): void {
    const before = this.of(thread);
    this.#set(new Map([...this.#all, [thread, { ...before, ...change(before) }]]));
  }

  drop(thread: string): void {
    this.of(thread).files.forEach((one) => {
      one.stop();
    });
    this.#set(new Map([...this.#all].filter(([one]) => one !== thread)));
  }

  /** Breaks off what is being uploaded, and forgets everything. */
  end(): void {
    [...this.#all.keys()].forEach((thread) => {
      this.drop(thread);
    });
  }

  #set(all: ReadonlyMap<string, Draft>): void {
    this.#all = all;
    this.#listeners.forEach((listener) => {
      listener();
    });
  }
}

export const DraftsContext = createContext<Drafts | undefined>(undefined);

export function useDrafts(): Drafts {
  const drafts = useContext(DraftsContext);
  if (drafts === undefined) {
    throw new Error('there are no drafts around this room');
  }
  return drafts;
}

/** The draft of a thread. */
export function useDraft(thread: string): readonly [Draft, (change: Change) => void] {
  const drafts = useDrafts();
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.of(thread));
  const change = useCallback((one: Change) => { drafts.change(thread, one); }, [drafts, thread]);
  return [draft, change];
}

/** Whether something is written, or attached, in one of some threads. */
export function useHasDraft(threads: readonly { readonly thread: string }[]): boolean {
  const drafts = useDrafts();
  return useSyncExternalStore(drafts.subscribe, () => threads.some(({ thread }) => !empty(drafts.of(thread))));
}

function empty({ written: { text, reference, items, due, next, outcome }, files }: Draft): boolean {
  return files.length === 0 && [text, reference, ...items, due, next, outcome].every((one) => one.trim() === '');
}
