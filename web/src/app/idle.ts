import { useEffect } from 'react';

/** How long nothing may happen before the keys are dropped. */
export const idleMs = 10 * 60 * 1000;

const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** Calls lock when nobody has done anything for idleMs, while active. The time that a computer sleeps counts. */
export function useIdle(active: boolean, lock: () => void): void {
  useEffect(() => {
    if (!active) {
      return;
    }
    let last = Date.now();
    const look = (): void => {
      if (Date.now() - last >= idleMs) {
        lock();
      }
    };
    // Who wakes a sleeping computer may touch it before the timer runs.
    const seen = (): void => {
      look();
      last = Date.now();
    };
    const timer = setInterval(look, 5000);
    signs.forEach((sign) => {
      addEventListener(sign, seen, { capture: true, passive: true });
    });
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      signs.forEach((sign) => {
        removeEventListener(sign, seen, true);
      });
      document.removeEventListener('visibilitychange', look);
    };
  }, [active, lock]);
}
