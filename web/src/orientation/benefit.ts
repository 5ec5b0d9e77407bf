// How one benefit stands with what was answered.
import type { Benefit, Parameter, Rules } from './rules';
import { every, reasons, truth, type Sheet, type Truth } from './truth';

/** Probable, to be verified, not found. */
export type Outcome = 'likely' | 'verify' | 'not';

/** A hard rule that fails excludes; anything else that does not hold leaves it to be verified. */
export function outcomeOf(sheet: Sheet, benefit: Benefit): Outcome {
  const hard = every(sheet, benefit.hard);
  if (hard !== true) {
    return hard === false ? 'not' : 'verify';
  }
  return every(sheet, benefit.soft) === true ? 'likely' : 'verify';
}

export interface BenefitResult {
  readonly id: string;
  readonly outcome: Outcome;
  /** Of what is not found: the questions whose answer excludes it. */
  readonly blocking: readonly string[];
  /** Of what is to be verified: the questions that are open and whose answer could settle it. */
  readonly unknown: readonly string[];
  /** Of what is to be verified: the questions whose answer is a gap that can be made good. */
  readonly missing: readonly string[];
  /** Its deadline is near, as answered. */
  readonly pressing: boolean;
  /** What to prepare; of what is not found nothing. */
  readonly documents: readonly string[];
}

export function stand(sheet: Sheet, benefit: Benefit): BenefitResult {
  const outcome = outcomeOf(sheet, benefit);
  const among = (rules: Benefit['hard'], value: Truth): readonly string[] => {
    const found = reasons(sheet, rules.filter((rule) => truth(sheet, rule) === value));
    return [...sheet.questions.keys()].filter((id) => found.has(id));
  };
  const verify = outcome === 'verify';
  return {
    id: benefit.id,
    outcome,
    blocking: outcome === 'not' ? among(benefit.hard, false) : [],
    unknown: verify ? among([...benefit.hard, ...benefit.soft], 'unknown') : [],
    missing: verify ? among(benefit.soft, false) : [],
    pressing: isPressing(sheet, benefit),
    documents: outcome === 'not' ? [] : benefit.documents.filter((d) => d.when === undefined || truth(sheet, d.when) !== false).map((d) => d.id),
  };
}

/** The values of a benefit that stand in some questions. */
export function limits(rules: Rules, benefit: string, questions: readonly string[]): readonly Parameter[] {
  const own = rules.benefits.find(({ id }) => id === benefit)?.parameters ?? [];
  const asked = rules.questions.filter(({ id }) => questions.includes(id)).flatMap(({ parameters }) => parameters ?? []);
  return rules.parameters.filter(({ id }) => own.includes(id) && asked.includes(id));
}

export function isPressing(sheet: Sheet, benefit: Benefit): boolean {
  return benefit.deadline !== undefined && truth(sheet, benefit.deadline.pressing) === true;
}

const daysOf = { days: 1, weeks: 7, months: 30, years: 365 } as const;

/** Days that a benefit's deadline leaves; without one, endless. */
function deadline(rules: Rules, benefit: Benefit): number {
  const limit = rules.parameters.find((parameter) => parameter.id === benefit.deadline?.parameter);
  if (limit === undefined || !(limit.unit in daysOf)) {
    return Number.POSITIVE_INFINITY;
  }
  return limit.value * daysOf[limit.unit as keyof typeof daysOf];
}

/** Compares benefits: whose deadline is near comes first, then by need, by deadline, by the order of the file. */
export function byNeed(sheet: Sheet): (a: Benefit, b: Benefit) => number {
  const place = new Map(
    [...sheet.rules.benefits]
      .map((benefit, at) => ({ benefit, at, pressing: isPressing(sheet, benefit), days: deadline(sheet.rules, benefit) }))
      .sort((a, b) => Number(b.pressing) - Number(a.pressing) || a.benefit.need - b.benefit.need || compare(a.days, b.days) || a.at - b.at)
      .map(({ benefit }, at) => [benefit.id, at] as const),
  );
  return (a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0);
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
