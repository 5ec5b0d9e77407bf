// Kleene's three values over what was answered: whether an expression holds, and on which
// questions that rests.
import { dontKnow, type Answers, type Expression, type Question, type Rules } from './rules';

export type Truth = boolean | 'unknown';

/** The questions that are shown, and those of their answers that count. */
export interface Sheet {
  readonly rules: Rules;
  readonly shown: ReadonlyMap<string, Question>;
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads the answers in the order of the questions. A question is shown unless its show_if is
 * false; the answer of one that is hidden is withdrawn, and one that does not fit its question
 * (an option that it has not, several where one is asked, "none" beside something) is no answer.
 */
export function read(rules: Rules, answers: Answers): Sheet {
  const shown = new Map<string, Question>();
  const given = new Map<string, readonly string[]>();
  const sheet: Sheet = { rules, shown, given };
  for (const question of rules.questions) {
    if (question.show_if !== undefined && truth(sheet, question.show_if) === false) {
      continue;
    }
    shown.set(question.id, question);
    const answer = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined;
    if (answer !== undefined && fits(question, answer)) {
      given.set(question.id, answer);
    }
  }
  return sheet;
}

function fits(question: Question, answer: readonly string[]): boolean {
  if (answer.length === 0 || new Set(answer).size !== answer.length || !answer.every((option) => question.options.includes(option))) {
    return false;
  }
  const alone = question.exclusive ?? [];
  return answer.length === 1 || (question.type === 'multi' && !answer.some((option) => alone.includes(option)));
}

export function truth(sheet: Sheet, expression: Expression): Truth {
  if ('q' in expression) {
    return atom(sheet, expression.q, listed(expression));
  }
  if ('not' in expression) {
    return opposite(truth(sheet, expression.not));
  }
  if ('all' in expression) {
    return every(expression.all.map((part) => truth(sheet, part)));
  }
  if ('any' in expression) {
    return opposite(every(expression.any.map((part) => opposite(truth(sheet, part)))));
  }
  return 'ref' in expression ? truth(sheet, named(sheet.rules, expression.ref)) : expression.const;
}

/** All of them hold: one that is false decides, else one that is unknown. */
export function every(values: readonly Truth[]): Truth {
  if (values.includes(false)) {
    return false;
  }
  return values.includes('unknown') ? 'unknown' : true;
}

function opposite(value: Truth): Truth {
  return value === 'unknown' ? 'unknown' : !value;
}

function atom(sheet: Sheet, q: string, options: readonly string[]): Truth {
  if (!sheet.shown.has(q)) {
    return false;
  }
  const answer = sheet.given.get(q);
  if (answer === undefined) {
    return 'unknown';
  }
  if (answer.some((option) => options.includes(option))) {
    return true;
  }
  return answer.includes(dontKnow) ? 'unknown' : false;
}

function listed(expression: Extract<Expression, { q: string }>): readonly string[] {
  return 'in' in expression ? expression.in : expression.any_of;
}

function named(rules: Rules, name: string): Expression {
  const expression = rules.expressions[name];
  if (expression === undefined) {
    throw new Error(`internal error: no expression ${name}`);
  }
  return expression;
}

/**
 * The questions on which an expression's value rests: of one that is unknown those whose answer
 * could settle it, of one that holds or doesn't those whose answer makes it so. A question that
 * is hidden answers by what hides it.
 */
export function because(sheet: Sheet, expression: Expression): ReadonlySet<string> {
  if ('q' in expression) {
    return becauseOf(sheet, expression.q);
  }
  if ('not' in expression) {
    return because(sheet, expression.not);
  }
  if ('ref' in expression) {
    return because(sheet, named(sheet.rules, expression.ref));
  }
  if ('const' in expression) {
    return new Set();
  }
  const parts = 'all' in expression ? expression.all : expression.any;
  const value = truth(sheet, expression);
  // One part is enough for an all that fails and for an any that holds; else it takes them all.
  const alike = parts.filter((part) => truth(sheet, part) === value);
  return new Set(alike.flatMap((part) => [...because(sheet, part)]));
}

function becauseOf(sheet: Sheet, q: string): ReadonlySet<string> {
  const showIf = sheet.rules.questions.find((question) => question.id === q)?.show_if;
  if (!sheet.shown.has(q)) {
    return showIf === undefined ? new Set() : because(sheet, showIf);
  }
  const unsettled = showIf !== undefined && !sheet.given.has(q) && truth(sheet, showIf) === 'unknown';
  return new Set(unsettled ? [...because(sheet, showIf), q] : [q]);
}
