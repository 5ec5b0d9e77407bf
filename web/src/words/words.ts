// The words of the page for those who sign in. Nothing remembers the language: that would be a
// trace in the browser.
import { createContext, useContext, useMemo } from 'react';
import { en } from './en';
import { it } from './it';
import { speakFrom, type Language, type SpeechOf } from './speech';

export type { Language } from './speech';
export type Key = keyof typeof it;
/** A table that says everything: a missing or surplus key does not compile. */
export type Words = Readonly<Record<Key, string>>;
/** Keys of texts without blanks. */
export type Plain = { [K in Key]: (typeof it)[K] extends `${string}{${string}}${string}` ? never : K }[Key];
export type Speech = SpeechOf<typeof it>;

const tables: Readonly<Record<Language, Words>> = { it, en };

export function speak(language: Language): Speech {
  return speakFrom<typeof it>(tables, language);
}

/** What an act is called; its code where this page is older than it. */
export function actName(speech: Speech, code: string): string {
  const key = `act.${code}`;
  return Object.hasOwn(it, key) ? speech.t(key as 'app.title') : code;
}

export const SpeechContext = createContext<Speech>(speak('it'));

export function useWords(): Speech {
  return useContext(SpeechContext);
}

/** One Speech for each language, as long as it stays the same. */
export function useSpeech(language: Language): Speech {
  return useMemo(() => speak(language), [language]);
}
