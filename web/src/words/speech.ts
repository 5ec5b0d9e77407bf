// Texts of one table, dates and numbers in a person's language. A page that needs few texts
// has a table of its own, and does not load the others.
import type { Says } from './says';

export type Language = 'it' | 'en';

/** The names between braces in a text. */
type Blanks<S> = S extends `${string}{${infer B}}${infer Rest}` ? B | Blanks<Rest> : never;
type Filling<T, K extends keyof T> = [Blanks<T[K]>] extends [never] ? [] : [Readonly<Record<Blanks<T[K]>, string | number>>];

/** Keys that come in one and other, by their common part. */
type Counted<T> = { [K in keyof T]: K extends `${infer P}.one` ? P : never }[keyof T];

export interface SpeechOf<T> {
  readonly language: Language;
  /** The text of a key, with its blanks filled in. */
  readonly t: <K extends keyof T>(key: K, ...filling: Filling<T, K>) => string;
  /** The text for a number of things. */
  readonly count: (key: Counted<T>, n: number) => string;
  /** Day and hour of an RFC 3339 time, on the person's clock. */
  readonly time: (at: string) => string;
  readonly day: (at: string) => string;
}

const locales = { it: 'it-IT', en: 'en-GB' } as const;

/** Speaks from a table, which must say everything in each language. */
export function speakFrom<T extends Says<T>>(tables: Readonly<Record<Language, Says<T>>>, language: Language): SpeechOf<T> {
  const table: Says<T> = tables[language];
  const locale = locales[language];
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const plural = new Intl.PluralRules(locale);
  return {
    language,
    t: (key, ...[blanks]) => fill(table[key], blanks, locale),
    count: (key, n) => fill(table[`${key as string}.${plural.select(n) === 'one' ? 'one' : 'other'}` as keyof T], { n }, locale),
    time: (at) => moment.format(new Date(at)),
    day: (at) => date.format(new Date(at)),
  };
}

/** Fills the blanks of a text, with numbers as the locale writes them; one without a value stays as it is. */
export function fill(text: string, blanks: Readonly<Record<string, string | number>> = {}, locale: string = locales.it): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (blanks[name] ?? all).toLocaleString(locale));
}
