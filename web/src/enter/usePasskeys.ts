import { useEffect, useState } from 'react';
import { useAsked } from '../core/desk';
import { passkeysMay } from '../core/passkey';
import type { PasskeyLock } from '../core/core';

/** Whether this browser may have passkeys at all; undefined for a moment. */
export function usePasskeysMay(): boolean | undefined {
  const [may, setMay] = useState<boolean>();
  useEffect(() => {
    let here = true;
    void passkeysMay().then((can) => {
      if (here) {
        setMay(can);
      }
    });
    return () => {
      here = false;
    };
  }, []);
  return may;
}

/** The passkeys that she can unlock with here; undefined for a moment. */
export function usePasskeyLocks(): readonly PasskeyLock[] | undefined {
  const may = usePasskeysMay();
  const { asked } = useAsked('passkeyLocks', {});
  if (asked.is === 'failed' || may === false) {
    return [];
  }
  return asked.is === 'answered' && may !== undefined ? asked.answer.locks : undefined;
}
