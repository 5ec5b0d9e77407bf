// What to show in full when little was answered, and what to name only.
import type { BenefitResult } from './benefit';
import type { Rules } from './rules';
import type { Result, ShownWarning } from './evaluate';
import { reasons, truth, type Sheet } from './truth';

/** As many answers may be missing of a benefit that is shown in full. */
const few = 3;

/** The questions without an answer that leave a benefit to be verified; one answered with "don't know" has one. */
export function unanswered(sheet: Sheet, benefit: BenefitResult): readonly string[] {
  return benefit.unknown.filter((id) => !sheet.given.has(id));
}

/**
 * The benefits of which too little was answered to say anything: more than a few answers are
 * missing, or one is and none was given that speaks for it. One whose deadline is near is
 * never among them.
 */
export function early(sheet: Sheet, result: Result): ReadonlySet<string> {
  const rules = new Map(sheet.rules.benefits.map((benefit) => [benefit.id, benefit]));
  return new Set(
    result.benefits.flatMap((found) => {
      const benefit = rules.get(found.id);
      const missing = unanswered(sheet, found).length;
      if (benefit === undefined || missing === 0 || found.pressing) {
        return [];
      }
      const spoken = [...benefit.hard, ...benefit.soft].some((rule) => truth(sheet, rule) === true && reasons(sheet, [rule]).size > 0);
      return missing > few || !spoken ? [found.id] : [];
    }),
  );
}

/** Warnings of nothing but what is early, unless an answer says that they apply. */
export function aside(rules: Rules, result: Result, early: ReadonlySet<string>): readonly ShownWarning[] {
  const shown = new Set(result.benefits.filter(({ id, outcome }) => outcome !== 'not' && !early.has(id)).map(({ id }) => id));
  const near = new Set(rules.benefits.filter(({ id }) => shown.has(id)).flatMap(({ warnings }) => warnings));
  return result.warnings.filter(({ id, certain }) => {
    const rule = rules.warnings.find((warning) => warning.id === id);
    const answered = certain && rule !== undefined && !('const' in rule.when);
    return rule?.always !== true && !near.has(id) && !answered;
  });
}

/**
 * The order in which warnings are read. Those looked at always are steps one after the other, first her access and
 * then what is written to her, so they keep the file's order; of the others, what applies comes before the rest.
 */
export function inOrder(rules: Rules, warnings: readonly ShownWarning[]): readonly ShownWarning[] {
  const always = new Set(rules.warnings.filter((warning) => warning.always === true).map(({ id }) => id));
  const rank = ({ id, certain }: ShownWarning): number => (always.has(id) ? 0 : certain ? 1 : 2);
  return [...warnings].sort((a, b) => rank(a) - rank(b));
}
