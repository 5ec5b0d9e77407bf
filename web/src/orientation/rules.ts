// The shape of policies/questionnaire/rules.json, and of what people answer. The file itself is
// held to its schema by a test; see docs/decisions/0017-orientation.md for what each rule means.

/** An answer is in the list (one choice), or one of them is (several choices), and what is made of these. */
export type Expression =
  | { readonly q: string; readonly in: readonly string[] }
  | { readonly q: string; readonly any_of: readonly string[] }
  | { readonly all: readonly Expression[] }
  | { readonly any: readonly Expression[] }
  | { readonly not: Expression }
  | { readonly const: boolean }
  | { readonly ref: string };

export interface Question {
  readonly id: string;
  readonly section: string;
  readonly type: 'single' | 'multi';
  readonly options: readonly string[];
  /** Of several choices: those that stand alone. */
  readonly exclusive?: readonly string[];
  readonly show_if?: Expression;
  /** Parameters whose values stand in its texts. */
  readonly parameters?: readonly string[];
  /** Its answer never goes into a case, nor anything that tells it. */
  readonly stays?: boolean;
}

export type Unit = 'eur' | 'eur_month' | 'eur_year' | 'days' | 'weeks' | 'months' | 'years' | 'age' | 'percent';

export interface Parameter {
  readonly id: string;
  readonly value: number;
  readonly unit: Unit;
  /** First and last day on which it holds, 2025-01-31. */
  readonly from?: string;
  readonly until?: string;
  readonly source: string;
  readonly confidence: 'seen' | 'verify';
}

export interface DocumentRule {
  readonly id: string;
  readonly when?: Expression;
}

export interface Benefit {
  readonly id: string;
  /** 1 is bread, roof and safety now; 2 soon; 3 later. */
  readonly need: 1 | 2 | 3;
  /** None of the institute's: it goes into no case. */
  readonly elsewhere?: boolean;
  readonly deadline?: { readonly parameter: string; readonly pressing: Expression };
  readonly channel: string;
  readonly hard: readonly Expression[];
  readonly soft: readonly Expression[];
  readonly documents: readonly DocumentRule[];
  readonly warnings: readonly string[];
  readonly parameters: readonly string[];
  readonly topics: readonly string[];
}

export interface Warning {
  readonly id: string;
  readonly when: Expression;
  /** Looked at whatever the benefits say. */
  readonly always?: boolean;
  readonly topics: readonly string[];
}

export interface Rules {
  readonly id: string;
  readonly version: string;
  readonly status: 'draft' | 'signed';
  /** The month up to which sources were read. */
  readonly collected: string;
  /** First and last day on which this edition is used. */
  readonly valid: { readonly from: string; readonly until?: string };
  /** The day after which somebody has to have read it again. */
  readonly review: string;
  readonly sections: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly questions: readonly Question[];
  readonly expressions: Readonly<Record<string, Expression>>;
  readonly benefits: readonly Benefit[];
  /** Of those looked at always this is the order in which they are read; see inOrder. */
  readonly warnings: readonly Warning[];
}

/** By question: one option, or several where the question allows it. What is absent is unanswered. */
export type Answers = Readonly<Record<string, readonly string[]>>;

/** The option "don't know" (or "prefer not to say"). */
export const dontKnow = 'nd';
