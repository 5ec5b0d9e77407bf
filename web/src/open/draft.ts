// A case that is being prepared: in memory only, and gone when the room is left.
import type { Carried } from '../app/go';
import type { Choices, Choice, NewCase, Reachable } from '../core/core';

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

export function begin(carried: Carried | undefined): Draft {
  return {
    topic: '',
    urgency: '',
    office: '',
    colleagues: [],
    alone: false,
    parts: {},
    excludeOffices: [],
    text: carried?.text ?? '',
    inside: '',
  };
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

/** Whom she has said something of, for an office. */
export function said(office: Reachable, draft: Draft): Pick<NewCase, 'exclude' | 'holder' | 'substitute'> {
  const having = (part: Part): readonly string[] => office.people.filter((one) => draft.parts[one.person] === part).map((one) => one.person);
  const [holder] = having('holder');
  const [substitute] = having('substitute');
  return { exclude: having('excluded'), ...(holder === undefined ? {} : { holder }), ...(substitute === undefined ? {} : { substitute }) };
}

/** What is still missing among the people, undefined if nothing is. */
export type Missing = 'office' | 'colleague' | 'officer' | 'twoHolders' | 'twoSubstitutes';

export function missing(choices: Choices, draft: Draft): Missing | undefined {
  const office = officeIn(choices, draft);
  if (office === undefined) {
    return 'office';
  }
  if (draft.colleagues.length === 0 && !draft.alone) {
    return 'colleague';
  }
  const count = (part: Part): number => office.people.filter((one) => draft.parts[one.person] === part).length;
  if (count('holder') > 1) {
    return 'twoHolders';
  }
  if (count('substitute') > 1) {
    return 'twoSubstitutes';
  }
  return office.people.some((one) => one.barred === undefined && draft.parts[one.person] !== 'excluded') ? undefined : 'officer';
}
