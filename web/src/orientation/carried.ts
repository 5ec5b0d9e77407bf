// What goes from a questionnaire into a new case, if an operator says so: the result, and no answer. Of what
// little was answered of, nothing.
import { questionText, type Book } from './book';
import type { BenefitResult, Result, Rules } from './evaluate';
import type { Talk } from './talk';

export interface Carried {
  /** Codes of topics, most fitting first. */
  readonly topics: readonly string[];
  /** A beginning of the first message. */
  readonly text: string;
}

export function carried({ t }: Talk, book: Book, rules: Rules, result: Result, early: ReadonlySet<string>): Carried {
  const name = ({ id }: BenefitResult): string => `- ${book.benefits[id]?.name ?? id}`;
  const open = (benefit: BenefitResult): readonly string[] =>
    [...benefit.unknown, ...benefit.missing].map((id) => `  ${t('orientation.carry.open', { question: questionText(book, id) })}`);
  const part = (outcome: 'likely' | 'verify'): readonly string[] => {
    const found = result.benefits.filter((benefit) => benefit.outcome === outcome && !early.has(benefit.id));
    return found.length === 0 ? [] : [`${t(`orientation.${outcome}`)}:`, ...found.flatMap((benefit) => [name(benefit), ...open(benefit)]), ''];
  };
  const text = [
    t('orientation.carry.title', { version: rules.version }),
    '',
    ...part('likely'),
    ...part('verify'),
    `${t('orientation.carry.question')} `,
  ].join('\n');
  return { topics: result.topics, text };
}
