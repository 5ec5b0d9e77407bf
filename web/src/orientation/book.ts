// The questionnaire as data: its rules, and its words in each language. All of it is part of
// the program, so that nothing is fetched while somebody answers.
import rulesFile from '../../../policies/questionnaire/rules.json';
import ar from '../../../policies/questionnaire/words.ar.json';
import en from '../../../policies/questionnaire/words.en.json';
import es from '../../../policies/questionnaire/words.es.json';
import fr from '../../../policies/questionnaire/words.fr.json';
import it from '../../../policies/questionnaire/words.it.json';
import ro from '../../../policies/questionnaire/words.ro.json';
import sq from '../../../policies/questionnaire/words.sq.json';
import type { Language } from '../words/speech';
import { edition, type Edition, type Rules } from './evaluate';

type Texts = Readonly<Record<string, string>>;

/** What is said to a woman in her language. */
export interface Words {
  readonly language: string;
  readonly direction: string;
  /** Translated by a machine, and nobody has reviewed it yet. */
  readonly machine: boolean;
  readonly disclaimer: string;
  readonly sections: Texts;
  readonly questions: Readonly<Record<string, { readonly text: string; readonly options: Texts }>>;
  readonly warnings: Texts;
}

/** All that an operator reads. */
export interface Book extends Words {
  readonly benefits: Readonly<Record<string, { readonly name: string; readonly notes?: string }>>;
  readonly documents: Texts;
  readonly channels: Texts;
  readonly parameters: Texts;
  readonly units: Texts;
}

const books: Readonly<Record<Language, Book>> = { it, en };

export type Beside = 'it' | 'en' | 'fr' | 'es' | 'ar' | 'ro' | 'sq';

const besides: Readonly<Record<Beside, Words>> = { it, en, fr, es, ar, ro, sq };

/** The languages that a woman may have the questions in, by their own names. */
export const ownNames: Readonly<Record<Beside, string>> = {
  it: 'Italiano',
  en: 'English',
  fr: 'Français',
  es: 'Español',
  ar: 'العربية',
  ro: 'Română',
  sq: 'Shqip',
};

export function bookIn(language: Language): Book {
  return books[language];
}

export function wordsIn(language: Beside): Words {
  return besides[language];
}

/** The edition of the rules for a day. The file is held to its schema by a test. */
export function editionOn(today: string): Edition {
  return edition([rulesFile as unknown as Rules], today);
}

export function questionText(words: Words, id: string): string {
  return words.questions[id]?.text ?? id;
}

export function optionText(words: Words, id: string, option: string): string {
  return words.questions[id]?.options[option] ?? option;
}
