// What goes from a questionnaire into a new case, if an operator says so, in words.
import { questionText, type Book } from './book';
import { going, type Answers, type Rules } from './evaluate';
import type { Talk } from './talk';

export interface Carried {
  /** Codes of topics, most fitting first. */
  readonly topics: readonly string[];
  /** A beginning of the first message. */
  readonly text: string;
}

export function carried({ t }: Talk, book: Book, rules: Rules, answers: Answers): Carried {
  const { topics, benefits } = going(rules, answers);
  const part = (outcome: 'likely' | 'verify'): readonly string[] => {
    const found = benefits.filter((benefit) => benefit.outcome === outcome);
    const lines = found.flatMap(({ id, open }) => [
      `- ${book.benefits[id]?.name ?? id}`,
      ...open.map((question) => `  ${t('orientation.carry.open', { question: questionText(book, question) })}`),
    ]);
    return found.length === 0 ? [] : [`${t(`orientation.${outcome}`)}:`, ...lines, ''];
  };
  const text = [
    t('orientation.carry.title', { version: rules.version }),
    '',
    ...part('likely'),
    ...part('verify'),
    `${t('orientation.carry.question')} `,
  ].join('\n');
  return { topics, text };
}
