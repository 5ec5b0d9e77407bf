// The anonymous questionnaire's rules, evaluated: what the answers given so far say of each
// benefit, which warnings apply, what to prepare. Pure: it knows no screen, no clock and no
// network, and what it is given stays with who called it.
import { byNeed, stand, type BenefitResult } from './benefit';
import { early } from './early';
import type { Answers, Rules } from './rules';
import { read, truth, type Sheet } from './truth';

export type * from './rules';
export { limits, type BenefitResult, type Outcome } from './benefit';
export { worthAsking, type Suggestion } from './worth';
export { edition, toVerify, type Edition } from './edition';
export { aside, early, inOrder, unanswered } from './early';
export { read, type Sheet } from './truth';

export interface ShownWarning {
  readonly id: string;
  /** It applies; else what was answered does not rule it out. */
  readonly certain: boolean;
}

export interface Result {
  /** Every benefit: whose deadline is near first, then by need. */
  readonly benefits: readonly BenefitResult[];
  readonly warnings: readonly ShownWarning[];
  /** What to prepare for all that is probable, then for all that is to be verified; each once. */
  readonly documents: readonly string[];
  /** Topics of a case that this could become: of what is probable, of warnings that apply, of what is to be verified. */
  readonly topics: readonly string[];
}

/** The questions that still matter, in their order: those that are not hidden by an answer. */
export function visible(rules: Rules, answers: Answers): readonly string[] {
  return [...read(rules, answers).shown];
}

/** The answers that count: those of hidden questions are withdrawn, and those that don't fit are none. */
export function counting(rules: Rules, answers: Answers): Answers {
  return Object.fromEntries(read(rules, answers).given);
}

export function evaluate(rules: Rules, answers: Answers): Result {
  const sheet = read(rules, answers);
  const benefits = [...rules.benefits].sort(byNeed(sheet)).map((benefit) => stand(sheet, benefit));
  const warnings = warn(sheet, benefits);
  const likely = benefits.filter((benefit) => benefit.outcome === 'likely');
  const verify = benefits.filter((benefit) => benefit.outcome === 'verify');
  const topics = (results: readonly BenefitResult[]) =>
    results.flatMap((result) => rules.benefits.find((benefit) => benefit.id === result.id)?.topics ?? []);
  const applying = new Set(warnings.filter((warning) => warning.certain).map((warning) => warning.id));
  return {
    benefits,
    warnings,
    documents: once([...likely, ...verify].flatMap((benefit) => benefit.documents)),
    topics: once([...topics(likely), ...rules.warnings.filter((warning) => applying.has(warning.id)).flatMap((warning) => warning.topics), ...topics(verify)]),
  };
}

/** What goes into a new case, if an operator says so. */
export interface Going {
  /** Topics to propose to her, most fitting first. */
  readonly topics: readonly string[];
  readonly benefits: readonly { readonly id: string; readonly outcome: 'likely' | 'verify'; readonly open: readonly string[] }[];
}

/**
 * What may go into a case: the result as it is without the answers that stay here, so that nothing tells them, and with
 * the questions that nobody could answer yet, never one that was answered. Of what is none of the institute's, and of
 * what little was answered of, nothing.
 */
export function going(rules: Rules, answers: Answers): Going {
  const stays = new Set(rules.questions.filter((question) => question.stays === true).map(({ id }) => id));
  const told = Object.fromEntries(Object.entries(answers).filter(([id]) => !stays.has(id)));
  const result = evaluate(rules, told);
  const little = early(read(rules, told), result);
  const rule = new Map(rules.benefits.map((benefit) => [benefit.id, benefit]));
  const benefits = result.benefits.flatMap(({ id, outcome, unknown }) =>
    outcome === 'not' || little.has(id) || rule.get(id)?.elsewhere === true ? [] : [{ id, outcome, open: unknown }],
  );
  // A topic is hers to choose, and a danger is one to ask about: what warns her proposes its topics by all her answers.
  const all = evaluate(rules, answers);
  const warning = new Set(all.warnings.filter(({ certain }) => certain).map(({ id }) => id));
  const topics = new Set([
    ...benefits.flatMap(({ id }) => rule.get(id)?.topics ?? []),
    ...rules.warnings.filter(({ id }) => warning.has(id)).flatMap((one) => one.topics),
  ]);
  return { topics: all.topics.filter((code) => topics.has(code)), benefits };
}

/** Warnings fail safe: one is shown unless what was answered rules it out. */
function warn(sheet: Sheet, benefits: readonly BenefitResult[]): readonly ShownWarning[] {
  const open = new Set(benefits.filter((benefit) => benefit.outcome !== 'not').map((benefit) => benefit.id));
  const named = new Set(sheet.rules.benefits.filter((benefit) => open.has(benefit.id)).flatMap((benefit) => benefit.warnings));
  return sheet.rules.warnings
    .filter((warning) => warning.always === true || named.has(warning.id))
    .map((warning) => ({ id: warning.id, value: truth(sheet, warning.when) }))
    .filter(({ value }) => value !== false)
    .map(({ id, value }) => ({ id, certain: value === true }));
}

function once(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
