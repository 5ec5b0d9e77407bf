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

interface Usable {
  /** Those that she can unlock with here; undefined for a moment. */
  readonly locks: readonly PasskeyLock[] | undefined;
  /** She has some, and this browser does not permit them. */
  readonly barred: boolean;
}

/** Her passkeys, as far as they are of use in this browser. */
export function usePasskeyLocks(): Usable {
  const may = usePasskeysMay();
  const { asked } = useAsked('passkeyLocks', {});
  const has = asked.is === 'answered' ? asked.answer.locks : undefined;
  if (asked.is === 'failed' || may === false) {
    return { locks: [], barred: has !== undefined && has.length > 0 };
  }
  return { locks: may === undefined ? undefined : has, barred: false };
}
