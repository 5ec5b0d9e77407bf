// Rights not asked for: what is not yet probable and would be with a few more answers.
import { byNeed, outcomeOf } from './benefit';
import type { Answers, Benefit, Question, Rules } from './rules';
import { dontKnow } from './rules';
import { read, reasons, truth, type Sheet } from './truth';

/** What a benefit would take: any of the options of each question, as long as the others are as named. */
export interface Suggestion {
  readonly benefit: string;
  readonly answers: readonly { readonly question: string; readonly options: readonly string[] }[];
}

/** How many more answers are few. */
const few = 3;
/** How many sets of answers are tried for one benefit, at most; beyond, it is not suggested. */
const patience = 1000;

/**
 * The benefits that are not yet probable and that one, two or three more answers would make
 * probable, the fewest answers for each; ordered by deadline and need. Only what is open is
 * asked: a question without an answer, or answered with "don't know". An answer that was given
 * is never doubted nor withdrawn, so what is not found is never here.
 */
export function worthAsking(rules: Rules, answers: Answers): readonly Suggestion[] {
  const sheet = read(rules, answers);
  const given = Object.fromEntries([...sheet.given].filter(([, answer]) => !answer.includes(dontKnow)));
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
    const sheet = this.#read(given, path);
    if (sheet === undefined) {
      return undefined;
    }
    const rules = [...this.#benefit.hard, ...this.#benefit.soft];
    const values = rules.map((rule) => truth(sheet, rule));
    if (values.includes(false)) {
      return undefined;
    }
    const open = rules.filter((_, at) => values[at] === 'unknown').map((rule) => reasons(sheet, [rule]));
    const [first] = open;
    if (first === undefined) {
      return path;
    }
    if (apart(open) > left) {
      return undefined;
    }
    // Each rule that is open needs an answer of its own or shares one: to begin with the first loses nothing.
    for (const question of this.#among(first)) {
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
      .filter((option) => {
        const sheet = this.#read(given, [...others, [question, option]]);
        return sheet !== undefined && outcomeOf(sheet, this.#benefit) === 'likely';
      });
  }

  /** The answers with those of a way, unless one would hide the question of another, and so withdraw it. */
  #read(given: Answers, path: Path): Sheet | undefined {
    const answers: Answers = { ...given, ...Object.fromEntries(path.map(([question, option]) => [question, [option]])) };
    const sheet = read(this.#rules, answers);
    return sheet.given.size === Object.keys(answers).length ? sheet : undefined;
  }
}

/** How many answers the sets need at least: those that share no question need one each. */
function apart(sets: readonly ReadonlySet<string>[]): number {
  const seen = new Set<string>();
  return sets.filter((set) => {
    const alone = [...set].every((question) => !seen.has(question));
    set.forEach((question) => seen.add(question));
    return alone;
  }).length;
}

function options(question: Question): readonly string[] {
  return question.options.filter((option) => option !== dontKnow);
}
