// Kleene's three values over what was answered: whether an expression holds, and on which
// questions that rests.
import { dontKnow, type Answers, type Expression, type Question, type Rules } from './rules';

export type Truth = boolean | 'unknown';

/** The questions that are shown, and those of their answers that count. */
export interface Sheet {
  readonly rules: Rules;
  readonly questions: ReadonlyMap<string, Question>;
  readonly shown: ReadonlySet<string>;
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads the answers in the order of the questions. A question is shown unless its show_if is
 * false; the answer of one that is hidden is withdrawn, and one that does not fit its question
 * (an option that it has not, several where one is asked, "none" beside something) is no answer.
 */
export function read(rules: Rules, answers: Answers): Sheet {
  const shown = new Set<string>();
  const given = new Map<string, readonly string[]>();
  const sheet: Sheet = { rules, questions: byId(rules), shown, given };
  for (const question of rules.questions) {
    if (question.show_if !== undefined && truth(sheet, question.show_if) === false) {
      continue;
    }
    shown.add(question.id);
    const answer = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined;
    if (answer !== undefined && fits(question, answer)) {
      given.set(question.id, answer);
    }
  }
  return sheet;
}

const known = new WeakMap<Rules, ReadonlyMap<string, Question>>();

function byId(rules: Rules): ReadonlyMap<string, Question> {
  let questions = known.get(rules);
  if (questions === undefined) {
    questions = new Map(rules.questions.map((question) => [question.id, question]));
    known.set(rules, questions);
  }
  return questions;
}

function fits(question: Question, answer: readonly string[]): boolean {
  if (answer.length === 0 || !answer.every((option, at) => question.options.includes(option) && answer.indexOf(option) === at)) {
    return false;
  }
  return answer.length === 1 || (question.type === 'multi' && !answer.some((option) => question.exclusive?.includes(option)));
}

export function truth(sheet: Sheet, expression: Expression): Truth {
  if ('q' in expression) {
    return atom(sheet, expression.q, listed(expression));
  }
  if ('not' in expression) {
    return opposite(truth(sheet, expression.not));
  }
  if ('all' in expression) {
    return every(sheet, expression.all);
  }
  if ('any' in expression) {
    const values = expression.any.map((part) => truth(sheet, part));
    return values.includes(true) || (values.includes('unknown') && 'unknown');
  }
  return 'ref' in expression ? truth(sheet, named(sheet.rules, expression.ref)) : expression.const;
}

/** All of them hold: one that is false decides, else one that is unknown. */
export function every(sheet: Sheet, expressions: readonly Expression[]): Truth {
  let all: Truth = true;
  for (const expression of expressions) {
    const value = truth(sheet, expression);
    if (value === false) {
      return false;
    }
    all = value === true ? all : value;
  }
  return all;
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
 * The questions on which expressions' values rest: of one that is unknown those whose answer
 * could settle it, of one that holds or doesn't those whose answer makes it so. A question that
 * is hidden answers by what hides it.
 */
export function reasons(sheet: Sheet, expressions: readonly Expression[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const expression of expressions) {
    collect(sheet, expression, found);
  }
  return found;
}

function collect(sheet: Sheet, expression: Expression, found: Set<string>): void {
  if ('q' in expression) {
    collectAtom(sheet, expression.q, found);
  } else if ('not' in expression) {
    collect(sheet, expression.not, found);
  } else if ('ref' in expression) {
    collect(sheet, named(sheet.rules, expression.ref), found);
  } else if (!('const' in expression)) {
    // One part is enough for an all that fails and for an any that holds; else it takes all that are alike.
    const value = truth(sheet, expression);
    for (const part of 'all' in expression ? expression.all : expression.any) {
      if (truth(sheet, part) === value) {
        collect(sheet, part, found);
      }
    }
  }
}

function collectAtom(sheet: Sheet, q: string, found: Set<string>): void {
  const showIf = sheet.questions.get(q)?.show_if;
  const shown = sheet.shown.has(q);
  if (shown) {
    found.add(q);
  }
  if (showIf !== undefined && (!shown || (!sheet.given.has(q) && truth(sheet, showIf) === 'unknown'))) {
    collect(sheet, showIf, found);
  }
}
