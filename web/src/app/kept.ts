// What a room had when it was left: it is there again when she comes back. In the page's memory
// only, and no longer than the rooms are open: locking and leaving drop it.
import { createContext, useContext, useSyncExternalStore } from 'react';
import { nothingFurther, type FurtherDraft } from '../case/further';
import { notSifted, type Sifting } from '../cases/sift';
import { nothingOpened, type Opening } from '../open/draft';

class Box<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly now = (): T => this.#value;

  readonly change = (change: (before: T) => T): void => {
    this.#value = change(this.#value);
    this.#listeners.forEach((listener) => {
      listener();
    });
  };
}

/** Of one visit. It is no part of a room, so that what is sent while she looks elsewhere is dropped there too. */
export class Kept {
  /** The case that is being prepared. */
  readonly opening = new Box<Opening>(nothingOpened);
  /** A further conversation that is being prepared, by case. */
  readonly further = new Box<ReadonlyMap<string, FurtherDraft>>(new Map());
  /** What the list of cases shows. */
  readonly sifting = new Box<Sifting>(notSifted);
  /** Grows when somebody's card may be another one: what rests on cards is asked for again. */
  readonly cards = new Box(0);
}

export const KeptContext = createContext<Kept | undefined>(undefined);

export function useKept(): Kept {
  const kept = useContext(KeptContext);
  if (kept === undefined) {
    throw new Error('nothing is kept around this room');
  }
  return kept;
}

function useBox<T>(box: Box<T>): readonly [T, Box<T>['change']] {
  return [useSyncExternalStore(box.subscribe, box.now), box.change];
}

export function useOpening(): ReturnType<typeof useBox<Opening>> {
  return useBox(useKept().opening);
}

export function useSifting(): ReturnType<typeof useBox<Sifting>> {
  return useBox(useKept().sifting);
}

export function useCards(): ReturnType<typeof useBox<number>> {
  return useBox(useKept().cards);
}

/** The further conversation that is being prepared in a case; undefined drops it. */
export function useFurther(inCase: string): readonly [FurtherDraft, (part: Partial<FurtherDraft> | undefined) => void] {
  const [all, change] = useBox(useKept().further);
  return [
    all.get(inCase) ?? nothingFurther,
    (part) => {
      change((before) => {
        const others = [...before].filter(([one]) => one !== inCase);
        return new Map(part === undefined ? others : [...others, [inCase, { ...(before.get(inCase) ?? nothingFurther), ...part }]]);
      });
    },
  ];
}
