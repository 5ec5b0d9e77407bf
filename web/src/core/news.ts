// News: a poke says that it is worth to look again, and what has come is found by looking.
import { createContext, useContext, useEffect, useState } from 'react';
import { failureOf, type Core, type Listed } from './core';
import type { Desk } from './desk';

/** How often news has come in this visit, by thread; a room looks again when it changes. */
export type News = ReadonlyMap<string, number>;

const none: News = new Map();

export const NewsContext = createContext(none);

/** Of all threads, or of one. */
export function useNews(thread?: string): number {
  const news = useContext(NewsContext);
  return thread === undefined ? countOf(news) : (news.get(thread) ?? 0);
}

export function countOf(news: News): number {
  return [...news.values()].reduce((n, one) => n + one, 0);
}

/** How long is waited after an answer that could not be had, before it is asked again. */
const againMs = 30_000;

/**
 * Waits for news as long as the rooms are open, and counts when something has come that she
 * has not seen. The list says so, not the poke: a poke may be about her own message.
 */
export function useNewsCount({ core, over }: Desk, active: boolean): News {
  const [news, setNews] = useState(none);
  useEffect(() => {
    if (!active) {
      return;
    }
    const stop = new AbortController();
    void listen(core, stop.signal, (threads) => {
      setNews((before) => new Map([...before, ...threads.map((one) => [one, (before.get(one) ?? 0) + 1] as const)]));
    }).catch((err: unknown) => {
      if (!stop.signal.aborted) {
        over(failureOf(err));
      }
    });
    return () => {
      stop.abort();
    };
  }, [core, over, active]);
  return news;
}

async function listen(core: Core, signal: AbortSignal, came: (threads: readonly string[]) => void): Promise<void> {
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
      const some = list.threads.filter((one) => fresh(one, known)).map((one) => one.thread);
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
