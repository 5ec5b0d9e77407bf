// Where one is in the page, and how rooms lead to each other.
import { createContext, useContext } from 'react';
import type { Listed } from '../core/core';

/** The rooms that the sections lead to. */
export type RoomName = 'cases' | 'profile';

/** What is opened from a room, and left by going back. */
export interface Place {
  readonly at: 'case';
  readonly threads: readonly Listed[];
}

export interface Way {
  readonly go: (place: Place) => void;
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
