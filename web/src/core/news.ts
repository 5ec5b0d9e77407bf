// News: a poke says that it is worth to look again, and what has come is found by looking.
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { failureOf, type Core, type Listed } from './core';
import type { Desk } from './desk';

/** How many entries there are in each thread in which news has come in this visit; a room looks again when it changes. */
export type News = ReadonlyMap<string, number>;

const none: News = new Map();

export interface Announced {
  readonly news: News;
  /** How much of it she has not seen yet. */
  readonly unseen: number;
  /** She has seen what has come up to now, of a thread or of all. */
  readonly see: (thread?: string) => void;
}

export const NewsContext = createContext<Announced>({ news: none, unseen: 0, see: () => undefined });

/** Of all threads, or of one. */
export function useNews(thread?: string): number {
  const { news } = useContext(NewsContext);
  return thread === undefined ? countOf(news) : (news.get(thread) ?? 0);
}

/** Takes what has come in a thread for seen, once it is on the screen. */
export function useSeen(thread: string, shown: boolean): void {
  const { see } = useContext(NewsContext);
  const count = useNews(thread);
  useEffect(() => {
    if (shown && count > 0) {
      see(thread);
    }
  }, [see, thread, shown, count]);
}

function countOf(news: News): number {
  return [...news.values()].reduce((n, one) => n + one, 0);
}

/** How long is waited after an answer that could not be had, before it is asked again. */
const againMs = 30_000;

/**
 * Waits for news as long as the rooms are open, and counts when something has come that she
 * has not seen. The list says so, not the poke: a poke may be about her own message.
 */
export function useAnnounced({ core, over }: Desk, active: boolean): Announced {
  const [{ news, seen }, set] = useState({ news: none, seen: none });
  useEffect(() => {
    if (!active) {
      return;
    }
    const stop = new AbortController();
    void listen(core, stop.signal, (threads) => {
      set((before) => ({ ...before, news: new Map([...before.news, ...threads.map((one) => [one.thread, one.entries] as const)]) }));
    }).catch((err: unknown) => {
      if (!stop.signal.aborted) {
        over(failureOf(err));
      }
    });
    return () => {
      stop.abort();
    };
  }, [core, over, active]);
  const see = useCallback((thread?: string) => {
    set((before) => ({ ...before, seen: thread === undefined ? before.news : new Map([...before.seen, [thread, before.news.get(thread) ?? 0]]) }));
  }, []);
  return useMemo(() => ({ news, unseen: [...news].reduce((n, [thread, count]) => n + count - (seen.get(thread) ?? 0), 0), see }), [news, seen, see]);
}

async function listen(core: Core, signal: AbortSignal, came: (threads: readonly Listed[]) => void): Promise<void> {
  let known: ReadonlyMap<string, number> | undefined;
  while (!signal.aborted) {
    const { over } = await core.call('news', {}, { signal });
    const list = await core.call('cases', {}, { signal }).catch(async (err: unknown) => {
      if (failureOf(err).key === 'signed-out') {
        throw err;
      }
      await pause(againMs, signal);
      return undefined;
    });
    if (list !== undefined) {
      const some = list.threads.filter((one) => fresh(one, known));
      if (known !== undefined && some.length > 0) {
        await seen(signal); // nothing is read while nobody looks
        came(some);
      }
      known = new Map(list.threads.map((one) => [one.thread, one.entries]));
    }
    if (over) {
      return;
    }
  }
}

/** More than was there at the last look, and more than she has read or written herself. */
function fresh(one: Listed, known: ReadonlyMap<string, number> | undefined): boolean {
  return one.entries > Math.max(known?.get(one.thread) ?? 0, one.readBefore ?? 0);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Waits until the page is to be seen. */
function seen(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (document.visibilityState === 'visible' || signal.aborted) {
      resolve();
      return;
    }
    const look = (): void => {
      if (document.visibilityState === 'visible' || signal.aborted) {
        document.removeEventListener('visibilitychange', look);
        resolve();
      }
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
  });
}
