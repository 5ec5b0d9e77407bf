// A case that is being prepared: see app/kept.
import type { Carried } from '../app/go';
import type { Failure, Choices, Choice, Drawn, NewCase, Reachable } from '../core/core';

/** What an officer of the office gets: chance decides where nothing is said. */
export type Part = 'chance' | 'holder' | 'substitute' | 'excluded';

export interface Draft {
  readonly topic: string;
  readonly urgency: string;
  readonly office: string;
  readonly colleagues: readonly string[];
  readonly alone: boolean;
  readonly parts: Readonly<Record<string, Part>>;
  readonly excludeOffices: readonly string[];
  readonly text: string;
  readonly inside: string;
}

export const steps = ['topic', 'people', 'question'] as const;
export type Step = (typeof steps)[number];

export interface Opening {
  readonly step: Step;
  readonly draft: Draft;
  /** Codes of topics that Orientamento proposes. */
  readonly proposed: readonly string[];
  /** Who was drawn for which wishes: who looks elsewhere and comes back, or goes a step back, draws nobody anew. */
  readonly drawn?: { readonly wishes: string; readonly to: Drawn } | undefined;
  readonly sending: boolean;
  /** Why it was not sent. */
  readonly failure: Failure | undefined;
}

const nothing: Draft = {
  topic: '',
  urgency: '',
  office: '',
  colleagues: [],
  alone: false,
  parts: {},
  excludeOffices: [],
  text: '',
  inside: '',
};

export const nothingOpened: Opening = { step: 'topic', draft: nothing, proposed: [], sending: false, failure: undefined };

/** Takes what she carries over from Orientamento; what she has written before stays above it. */
export function carry({ draft, ...before }: Opening, { topics, text }: Carried): Opening {
  const all = draft.text.includes(text) ? draft.text : [draft.text, text].filter((one) => one.trim() !== '').join('\n\n');
  return { ...before, step: 'topic', draft: { ...draft, text: all }, proposed: topics };
}

/** There are words in it that would be lost. */
export function written({ text, inside }: Draft): boolean {
  return text.trim() !== '' || inside.trim() !== '';
}

export function officesIn(choices: Choices): readonly Reachable[] {
  return choices.others.filter((one) => one.kind === 'inps');
}

export function officeIn(choices: Choices, draft: Draft): Reachable | undefined {
  const offices = officesIn(choices);
  return offices.find((one) => one.id === draft.office) ?? (draft.office === '' && offices.length === 1 ? offices[0] : undefined);
}

export function colleaguesIn(choices: Choices): readonly Choice[] {
  return choices.own.people.filter((one) => !one.self);
}

/** Those whom she has chosen; who is on the list no longer is not among them. */
export function chosenIn(choices: Choices, draft: Draft): readonly Choice[] {
  return colleaguesIn(choices).filter((one) => draft.colleagues.includes(one.person));
}

/** What an officer gets: since it was chosen her card may have become one to which nothing may be sealed. */
export function partOf(officer: Choice, draft: Draft): Part {
  const part = draft.parts[officer.person] ?? 'chance';
  return officer.barred === undefined || part === 'excluded' ? part : 'chance';
}

/** Whom she has said something of, for an office. */
export function said(office: Reachable, draft: Draft): Pick<NewCase, 'exclude' | 'holder' | 'substitute'> {
  const having = (part: Part): readonly string[] => office.people.filter((one) => partOf(one, draft) === part).map((one) => one.person);
  const [holder] = having('holder');
  const [substitute] = having('substitute');
  return { exclude: having('excluded'), ...(holder === undefined ? {} : { holder }), ...(substitute === undefined ? {} : { substitute }) };
}

/** What is still missing among the people, undefined if nothing is. */
export type Missing = 'office' | 'colleague' | 'barred' | 'officer' | 'twoHolders' | 'twoSubstitutes';

export function missing(choices: Choices, draft: Draft): Missing | undefined {
  const office = officeIn(choices, draft);
  if (office === undefined) {
    return 'office';
  }
  const chosen = chosenIn(choices, draft);
  if (chosen.length === 0 && !draft.alone) {
    return 'colleague';
  }
  if (chosen.some((one) => one.barred !== undefined)) {
    return 'barred';
  }
  const count = (part: Part): number => office.people.filter((one) => partOf(one, draft) === part).length;
  if (count('holder') > 1) {
    return 'twoHolders';
  }
  if (count('substitute') > 1) {
    return 'twoSubstitutes';
  }
  return office.people.some((one) => one.barred === undefined && partOf(one, draft) !== 'excluded') ? undefined : 'officer';
}
