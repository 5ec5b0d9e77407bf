// Rights not asked for: what is not yet probable and would be with a few more answers.
import { byNeed, outcomeOf } from './benefit';
import type { Answers, Benefit, Question, Rules } from './rules';
import { dontKnow } from './rules';
import { because, read, truth } from './truth';

/** What a benefit would take: any of the options of each question, as long as the others are as named. */
export interface Suggestion {
  readonly benefit: string;
  readonly answers: readonly { readonly question: string; readonly options: readonly string[] }[];
}

/** How many more answers are few. */
const few = 3;
/** How many sets of answers are tried for one benefit, at most; beyond, it is not suggested. */
const patience = 1500;

/**
 * The benefits that are not yet probable and that one, two or three more answers would make
 * probable, the fewest answers for each; ordered by deadline and need. Only what is open is
 * asked: a question without an answer, or answered with "don't know". An answer that was given
 * is never doubted, so what is not found is never here.
 */
export function worthAsking(rules: Rules, answers: Answers): readonly Suggestion[] {
  const sheet = read(rules, answers);
  const given = Object.fromEntries(sheet.given);
  return [...rules.benefits]
    .filter((benefit) => outcomeOf(sheet, benefit) === 'verify')
    .sort(byNeed(sheet))
    .flatMap((benefit) => new Search(rules, benefit).suggest(given) ?? []);
}

type Path = readonly (readonly [question: string, option: string])[];

class Search {
  readonly #rules: Rules;
  readonly #benefit: Benefit;
  #left = patience;

  constructor(rules: Rules, benefit: Benefit) {
    this.#rules = rules;
    this.#benefit = benefit;
  }

  suggest(given: Answers): Suggestion | undefined {
    for (let depth = 1; depth <= few; depth++) {
      const path = this.#find(given, [], depth);
      if (path !== undefined) {
        return { benefit: this.#benefit.id, answers: path.map(([question]) => ({ question, options: this.#options(given, path, question) })) };
      }
    }
    return undefined;
  }

  /** The first way, of as many answers as are left, that makes the benefit probable. */
  #find(given: Answers, path: Path, left: number): Path | undefined {
    if (this.#left-- <= 0) {
      return undefined;
    }
    const sheet = read(this.#rules, withAnswers(given, path));
    const rules = [...this.#benefit.hard, ...this.#benefit.soft];
    const values = rules.map((rule) => truth(sheet, rule));
    if (values.includes(false)) {
      return undefined;
    }
    // Each rule that is open needs an answer of its own or shares one: to begin with the first loses nothing.
    const open = rules[values.indexOf('unknown')];
    if (open === undefined) {
      return path;
    }
    if (left === 0) {
      return undefined;
    }
    for (const question of this.#among(because(sheet, open))) {
      for (const option of options(question)) {
        const found = this.#find(given, [...path, [question.id, option]], left - 1);
        if (found !== undefined) {
          return found;
        }
      }
    }
    return undefined;
  }

  #among(ids: ReadonlySet<string>): readonly Question[] {
    return this.#rules.questions.filter((question) => ids.has(question.id));
  }

  /** All options of a question that do as well, with the other answers of the way. */
  #options(given: Answers, path: Path, question: string): readonly string[] {
    const others = path.filter(([id]) => id !== question);
    return this.#among(new Set([question]))
      .flatMap(options)
      .filter((option) => outcomeOf(read(this.#rules, withAnswers(given, [...others, [question, option]])), this.#benefit) === 'likely');
  }
}

function options(question: Question): readonly string[] {
  return question.options.filter((option) => option !== dontKnow);
}

function withAnswers(given: Answers, path: Path): Answers {
  return { ...given, ...Object.fromEntries(path.map(([question, option]) => [question, [option]])) };
}
