// Quick exit: what a person needs when somebody comes in. The order matters: first nothing is
// to be seen, then the keys are gone, then the session, and then the page is another one.
import { useEffect } from 'react';
import { endSession } from '../core/exit';
import type { Core } from '../core/core';

/** A page that says nothing, in place of this one in the history too. */
const neutral = '/agenda.html';

export function quickExit(core: Core | undefined): void {
  document.documentElement.classList.add('covered');
  document.body.replaceChildren();
  core?.end();
  void endSession(); // nobody is there to be told
  location.replace(neutral);
}

const pressesMs = 1500;
const presses = 3;

/** Calls leave when Shift is pressed three times, and nothing else between. */
export function useThreeShifts(leave: () => void): void {
  useEffect(() => {
    let times: number[] = [];
    const pressed = (e: KeyboardEvent): void => {
      if (e.key !== 'Shift' || e.repeat) {
        times = e.key === 'Shift' ? times : [];
        return;
      }
      times = [...times.filter((at) => e.timeStamp - at < pressesMs), e.timeStamp];
      if (times.length >= presses) {
        leave();
      }
    };
    addEventListener('keydown', pressed, true);
    return () => {
      removeEventListener('keydown', pressed, true);
    };
  }, [leave]);
}
