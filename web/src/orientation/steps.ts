// The way through the questionnaire: pages of questions that still matter, and what an answer
// does to the others.
import { counting, visible, type Answers, type Question, type Rules } from './evaluate';

export interface Page {
  readonly section: string;
  readonly questions: readonly [Question, ...Question[]];
}

/** The pages: one for each question where there is little room, else one for each section. */
export function pages(rules: Rules, answers: Answers, single: boolean): readonly Page[] {
  const shown = new Set(visible(rules, answers));
  const found: { section: string; questions: [Question, ...Question[]] }[] = [];
  for (const question of rules.questions.filter((one) => shown.has(one.id))) {
    const last = found.at(-1);
    if (!single && last?.section === question.section) {
      last.questions.push(question);
    } else {
      found.push({ section: question.section, questions: [question] });
    }
  }
  return found;
}

/** The place of the page that holds a question, or that comes after it when it does not matter any more. */
export function placeOf(rules: Rules, all: readonly Page[], question: string): number {
  const order = new Map(rules.questions.map((one, at) => [one.id, at]));
  const wanted = order.get(question) ?? 0;
  const found = all.findIndex((page) => page.questions.some((one) => (order.get(one.id) ?? 0) >= wanted));
  return found < 0 ? all.length - 1 : found;
}

/** The answers after an option was chosen. What it hides is withdrawn. */
export function choose(rules: Rules, answers: Answers, question: Question, option: string): Answers {
  return counting(rules, { ...answers, [question.id]: chosen(question, answers[question.id] ?? [], option) });
}

export function takeAway(rules: Rules, answers: Answers, question: Question): Answers {
  return counting(rules, { ...answers, [question.id]: [] });
}

/** One choice replaces another; of several, choosing again takes it away, and "none" stands alone. */
function chosen(question: Question, before: readonly string[], option: string): readonly string[] {
  const alone = question.exclusive ?? [];
  if (question.type === 'single') {
    return [option];
  }
  if (before.includes(option)) {
    return before.filter((one) => one !== option);
  }
  return alone.includes(option) ? [option] : [...before.filter((one) => !alone.includes(one)), option];
}
