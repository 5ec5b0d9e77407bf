// What the list shows of what a person may read: by case, chosen, in an order.
import type { Listed } from '../core/core';

/** The threads of one case, the one with INPS first. An officer sees each thread by itself. */
export type Threads = readonly [Listed, ...Listed[]];

export type Which = 'open' | 'mine' | 'overdue' | 'new' | 'closed';

export const whiches: readonly Which[] = ['open', 'mine', 'overdue', 'new', 'closed'];

export interface Chosen {
  readonly which: Which;
  /** Code of a topic, "" for all. */
  readonly topic: string;
  readonly text: string;
}

/** What the list shows, and which page of it. */
export interface Sifting {
  readonly chosen: Chosen;
  readonly page: number;
}

export const notSifted: Sifting = { chosen: { which: 'open', topic: '', text: '' }, page: 0 };

const order = { inps: 0, internal: 1, partner: 2 };

export function byCase(threads: readonly Listed[]): readonly Threads[] {
  const found = new Map<string, [Listed, ...Listed[]]>();
  for (const one of threads) {
    const known = found.get(one.case ?? one.thread);
    if (known === undefined) {
      found.set(one.case ?? one.thread, [one]);
    } else {
      known.push(one);
    }
  }
  return [...found.values()].map((all) => all.sort((a, b) => order[a.side] - order[b.side]));
}

/** The side of a thread that this person is on, in the words in which a thread says whom it waits for. */
function sideOf(thread: Listed): Listed['turn'] {
  return thread.seat === 'centre' || thread.seat === 'partner' ? thread.seat : 'inps';
}

export function waitsForMe(threads: Threads): boolean {
  return threads.some((one) => one.turn !== undefined && one.turn === sideOf(one));
}

/** How many entries have come since they were read, in this visit. */
export function unread(threads: Threads): number {
  return threads.reduce((n, one) => n + ((one.readBefore ?? 0) === 0 ? 0 : Math.max(0, one.entries - (one.readBefore ?? 0))), 0);
}

/** The first day by which something is due, "" if nothing is. */
export function dueOf(threads: Threads): string {
  return threads.reduce((first, one) => {
    const due = one.dueAt ?? '';
    return first === '' || (due !== '' && due < first) ? due : first;
  }, '');
}

export function closed(threads: Threads): boolean {
  return threads.every((one) => one.phase === 'closed' || one.side === 'internal') && threads.some((one) => one.phase === 'closed');
}

/** What the threads of a case are about, each topic once. */
export function topicsOf(threads: readonly Listed[]): readonly string[] {
  return [...new Set(threads.flatMap((one) => one.topic ?? []))];
}

export function lastAt(threads: Threads): string {
  return threads.reduce((last, one) => (one.lastAt > last ? one.lastAt : last), '');
}

/** Chooses by state; today is the day on the person's clock, as "2026-11-22". */
export function is(which: Which, threads: Threads, today: string): boolean {
  switch (which) {
    case 'open':
      return !closed(threads);
    case 'mine':
      return waitsForMe(threads);
    case 'overdue': {
      const due = dueOf(threads);
      return due !== '' && due < today;
    }
    case 'new':
      return unread(threads) > 0;
    case 'closed':
      return closed(threads);
  }
}

/** For whoever works off a queue: her own turn before others', what is due first, then the oldest. */
export function byDue(a: Threads, b: Threads): number {
  if (waitsForMe(a) !== waitsForMe(b)) {
    return waitsForMe(a) ? -1 : 1;
  }
  const [one, other] = [dueOf(a), dueOf(b)];
  if (one !== other) {
    return one === '' ? 1 : other === '' ? -1 : one < other ? -1 : 1;
  }
  return a[0].openedAt < b[0].openedAt ? -1 : 1;
}

export function byNewest(a: Threads, b: Threads): number {
  return lastAt(a) > lastAt(b) ? -1 : 1;
}

/** A text as somebody types it who looks for it: without accents and capitals. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase().trim();
}

/** The day of a moment on the person's clock. */
export function dayOf(moment: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
