import { useCallback, useEffect, useState } from 'react';
import { Case } from '../case/Case';
import { Cases } from '../cases/Cases';
import { VerificationWords } from '../enter/VerificationWords';
import type { Listed, Self } from '../core/core';

interface RoomsProps {
  readonly self: Self;
  /** Locks, to unlock again: when she has been put on the roster. */
  readonly again: () => void;
}

/** The rooms of somebody who has unlocked. Which one is open is in memory only, and in no address. */
export function Rooms({ self, again }: RoomsProps): React.JSX.Element {
  const [inside, setInside] = useState<readonly Listed[]>();
  const enter = useCallback((threads: readonly Listed[]) => {
    // An entry that says nothing, so that the browser's own "back" leads to the list.
    history.pushState(null, '');
    setInside(threads);
  }, []);
  const back = useCallback(() => {
    history.back();
  }, []);
  useEffect(() => {
    const popped = (): void => {
      setInside(undefined);
    };
    addEventListener('popstate', popped);
    return () => {
      removeEventListener('popstate', popped);
    };
  }, []);
  if (!self.listed) {
    return <VerificationWords self={self} again={again} />;
  }
  return inside === undefined ? <Cases enter={enter} /> : <Case threads={inside} back={back} />;
}
