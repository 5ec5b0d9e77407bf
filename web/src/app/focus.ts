import { useEffect } from 'react';

/** How long what comes instead may take to ask for the focus itself. */
const momentMs = 50;

/**
 * Keeps the keyboard where somebody works: when what had the focus goes, as a button does while
 * it does something, the focus would fall to the top of the page. It goes to what is left around.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let way: readonly HTMLElement[] = [];
    let timer = 0;
    const came = (e: FocusEvent): void => {
      way = upFrom(e.target);
    };
    const forget = (): void => {
      way = []; // a mouse says itself where it goes on
    };
    const changed = (): void => {
      clearTimeout(timer);
      if (way.length > 0 && lost()) {
        timer = window.setTimeout(() => {
          if (lost()) {
            goOn(way);
          }
        }, momentMs);
      }
    };
    const observer = new MutationObserver(changed);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    addEventListener('focusin', came);
    addEventListener('pointerdown', forget, true);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      removeEventListener('focusin', came);
      removeEventListener('pointerdown', forget, true);
    };
  }, []);
}

function lost(): boolean {
  return document.activeElement === document.body || document.activeElement === null;
}

function upFrom(target: EventTarget | null): readonly HTMLElement[] {
  const way: HTMLElement[] = [];
  for (let one = target instanceof HTMLElement ? target : null; one !== null && one !== document.body; one = one.parentElement) {
    way.push(one);
  }
  return way;
}

/** To the same place when it can be had again, else to what was around it: its heading where it is a room or a dialog. */
function goOn(way: readonly HTMLElement[]): void {
  const left = way.find((one) => one.isConnected);
  if (left === undefined || left.matches(':disabled')) {
    return;
  }
  const place = left === way[0] ? left : (left.querySelector<HTMLElement>('h1[tabindex], dialog > .box > h2[tabindex]') ?? left);
  if (place.tabIndex < 0 && !place.hasAttribute('tabindex')) {
    place.tabIndex = -1;
    place.addEventListener('blur', () => { place.removeAttribute('tabindex'); }, { once: true });
  }
  place.focus({ preventScroll: true });
}
