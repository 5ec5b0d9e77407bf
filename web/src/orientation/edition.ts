// Which edition of the rules holds on a day, and which values need another look then.
import type { Parameter, Rules } from './rules';

export interface Edition {
  readonly rules: Rules;
  /** review: in use, but nobody has read it again by the day it asks for; ended, future: used for want of a valid one. */
  readonly standing: 'valid' | 'review' | 'ended' | 'future';
}

/**
 * The edition valid on a day (2026-11-22): of several the one that began last. When none is,
 * the last that ended, or the first that is to come; the page has to say so.
 */
export function edition(editions: readonly [Rules, ...Rules[]], today: string): Edition {
  const [first, ...rest] = editions;
  const begun = editions.filter(({ valid }) => valid.from <= today);
  const valid = begun.filter(({ valid: { until } }) => until === undefined || today <= until);
  const later = (a: Rules, b: Rules): Rules => (b.valid.from > a.valid.from ? b : a);
  const last = (list: readonly Rules[]): Rules | undefined => (list.length === 0 ? undefined : list.reduce(later));
  const rules = last(valid);
  if (rules !== undefined) {
    return { rules, standing: today > rules.review ? 'review' : 'valid' };
  }
  const past = last(begun);
  if (past !== undefined) {
    return { rules: past, standing: 'ended' };
  }
  return { rules: rest.reduce((a, b) => (b.valid.from < a.valid.from ? b : a), first), standing: 'future' };
}

/** Whether a value is shown as "to be verified": nobody saw it in a source, or its time is not today. */
export function toVerify(parameter: Parameter, today: string): boolean {
  return parameter.confidence === 'verify' || (parameter.from ?? today) > today || (parameter.until ?? today) < today;
}
