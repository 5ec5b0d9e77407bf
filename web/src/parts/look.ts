// A second look at what is being written: what would tell who a woman is, or where she lives. It
// is found on this device, and told to nobody.
import { useEffect, useState } from 'react';
import type { Telling } from '../core/core';
import { useDesk } from '../core/desk';

/** A pause in writing. */
const pauseMs = 300;

const nothing: readonly Telling[] = [];

/** What was found in a text, after a pause in writing it. */
export function useLook(text: string): readonly Telling[] {
  const { core } = useDesk();
  const [looked, setLooked] = useState<{ readonly text: string; readonly found: readonly Telling[] }>();
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      core.call('look', { text }, { signal: stop.signal }).then(
        ({ found }) => {
          setLooked({ text, found });
        },
        () => undefined, // it is looked at once more before it is sent
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [core, text]);
  // What was found in an earlier text is where it was, as long as that part is the same.
  return looked === undefined ? nothing : looked.text === text ? looked.found : looked.found.filter((one) => text.slice(one.from, one.to) === one.text);
}
