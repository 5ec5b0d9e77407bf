// The network's own words, asked for once: they come with the program.
import { useEffect, useState } from 'react';
import type { Core, Vocabulary } from './core';
import { useDesk } from './desk';

const asked = new WeakMap<Core, Promise<Vocabulary>>();

/** The vocabulary, undefined for a moment. */
export function useVocabulary(): Vocabulary | undefined {
  const { core } = useDesk();
  const [words, setWords] = useState<Vocabulary>();
  useEffect(() => {
    let here = true;
    const answer = asked.get(core) ?? core.call('vocabulary', {});
    asked.set(core, answer);
    answer.then(
      (v) => {
        if (here) {
          setWords(v);
        }
      },
      () => undefined, // codes are shown instead
    );
    return () => {
      here = false;
    };
  }, [core]);
  return words;
}
