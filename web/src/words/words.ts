// Texts, dates and numbers in the person's language. Nothing remembers the language: that
// would be a trace in the browser.
import { createContext, useContext, useMemo } from 'react';
import { en } from './en';
import { it } from './it';

type Italian = typeof it;
export type Key = keyof Italian;
/** A table that says everything: a missing or surplus key does not compile. */
export type Words = Readonly<Record<Key, string>>;
export type Language = 'it' | 'en';

/** The names between braces in a text. */
type Blanks<S> = S extends `${string}{${infer B}}${infer Rest}` ? B | Blanks<Rest> : never;
type Filling<K extends Key> = [Blanks<Italian[K]>] extends [never] ? [] : [Readonly<Record<Blanks<Italian[K]>, string | number>>];

/** Keys that come in one and other, by their common part. */
type Counted = { [K in Key]: K extends `${infer P}.one` ? P : never }[Key];

const tables: Readonly<Record<Language, Words>> = { it, en };

export interface Speech {
  readonly language: Language;
  /** The text of a key, with its blanks filled in. */
  readonly t: <K extends Key>(key: K, ...filling: Filling<K>) => string;
  /** The text for a number of things. */
  readonly count: (key: Counted, n: number) => string;
  /** Day and hour of an RFC 3339 time, on the person's clock. */
  readonly time: (at: string) => string;
  readonly day: (at: string) => string;
}

export function speak(language: Language): Speech {
  const table = tables[language];
  const locale = language === 'it' ? 'it-IT' : 'en-GB';
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const plural = new Intl.PluralRules(locale);
  const fill = (text: string, blanks: Readonly<Record<string, string | number>> = {}): string =>
    text.replace(/\{(\w+)\}/g, (all, name: string) => String(blanks[name] ?? all));
  return {
    language,
    t: (key, ...[blanks]) => fill(table[key], blanks),
    count: (key, n) => fill(table[plural.select(n) === 'one' ? (`${key}.one` as const) : (`${key}.other` as const)], { n: n.toLocaleString(locale) }),
    time: (at) => moment.format(new Date(at)),
    day: (at) => date.format(new Date(at)),
  };
}

export const SpeechContext = createContext<Speech>(speak('it'));

export function useWords(): Speech {
  return useContext(SpeechContext);
}

/** One Speech for each language, as long as it stays the same. */
export function useSpeech(language: Language): Speech {
  return useMemo(() => speak(language), [language]);
}
