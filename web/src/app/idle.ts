import { useEffect, useState } from 'react';

/** How long nothing may happen before the keys are dropped. */
export const idleMs = 10 * 60 * 1000;

/** How long before she is told. */
const warnMs = 60 * 1000;

// A program that reads the screen out presses a button without a pointer or a key.
const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'click'] as const;

/**
 * Calls lock when nobody has done anything for idleMs, while active; reports whether that is soon.
 * The time that a computer sleeps counts.
 */
export function useIdle(active: boolean, lock: () => void): boolean {
  const [soon, setSoon] = useState(false);
  useEffect(() => {
    if (!active) {
      return;
    }
    let last = Date.now();
    const look = (): void => {
      const since = Date.now() - last;
      setSoon(since >= idleMs - warnMs && since < idleMs);
      if (since >= idleMs) {
        lock();
      }
    };
    // Who wakes a sleeping computer may touch it before the timer runs.
    const seen = (e: Event): void => {
      if (!e.isTrusted) {
        return; // the page's own doing
      }
      look();
      last = Date.now();
      setSoon(false);
    };
    const timer = setInterval(look, 5000);
    signs.forEach((sign) => {
      addEventListener(sign, seen, { capture: true, passive: true });
    });
    document.addEventListener('visibilitychange', look);
    return () => {
      setSoon(false);
      clearInterval(timer);
      signs.forEach((sign) => {
        removeEventListener(sign, seen, true);
      });
      document.removeEventListener('visibilitychange', look);
    };
  }, [active, lock]);
  return soon;
}
