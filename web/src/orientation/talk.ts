// What this room says: its own texts and those of the frame, and no other room's, because it is
// also a page by itself that should be small.
import { createContext, useContext } from 'react';
import { app as english } from '../words/en/app';
import { orientation as englishRoom } from '../words/en/orientation';
import { paper as englishPaper } from '../words/en/paper';
import { app } from '../words/it/app';
import { orientation } from '../words/it/orientation';
import { paper } from '../words/it/paper';
import { speakFrom, type Language, type SpeechOf } from '../words/speech';

const it = { ...app, ...orientation, ...paper } as const;
const en = { ...english, ...englishRoom, ...englishPaper };

export type Talk = SpeechOf<typeof it>;
export type Key = keyof typeof it;

export function talk(language: Language): Talk {
  return speakFrom<typeof it>({ it, en }, language);
}

/** The text of a key that is put together from data; undefined where there is none. */
export function maybe(speech: Talk, key: string): string | undefined {
  return Object.hasOwn(it, key) ? speech.t(key as 'app.title') : undefined;
}

export const TalkContext = createContext<Talk>(talk('it'));

export function useTalk(): Talk {
  return useContext(TalkContext);
}
