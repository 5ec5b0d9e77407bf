// Where one is in the page, and how rooms lead to each other.
import { createContext, useContext } from 'react';
import type { Listed } from '../core/core';

/** The rooms that the sections lead to. */
export type RoomName = 'cases' | 'orientation' | 'network' | 'log' | 'profile';

/** What an operator carries from Orientamento into a new case, by her own act. */
export interface Carried {
  readonly topics: readonly string[];
  readonly text: string;
}

/** What is opened from a room, and left by going back. */
export type Place =
  /** A case; with the receipt when it was opened just now. */
  | { readonly at: 'case'; readonly threads: readonly Listed[]; readonly receipt?: string }
  | { readonly at: 'open' };

export interface Way {
  readonly go: (place: Place) => void;
  /** Goes on from the case that was opened just now, if she still waits for it. */
  readonly opened: (place: Place) => void;
  readonly back: () => void;
  readonly choose: (room: RoomName) => void;
}

export const GoContext = createContext<Way | undefined>(undefined);

export function useWay(): Way {
  const way = useContext(GoContext);
  if (way === undefined) {
    throw new Error('there are no rooms around this one');
  }
  return way;
}
