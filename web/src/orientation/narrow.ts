import { useSyncExternalStore } from 'react';

/** Little room: a phone, or letters twice as large on a small window. */
const narrow = '(max-width: 36rem)';

function subscribe(changed: () => void): () => void {
  const list = matchMedia(narrow);
  list.addEventListener('change', changed);
  return () => {
    list.removeEventListener('change', changed);
  };
}

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(narrow).matches);
}
