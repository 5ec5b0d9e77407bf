// Signing the roster of one's organisation.
import { useCards } from '../app/kept';
import { failureOf, type Network, type RosterChange } from '../core/core';
import { useDesk } from '../core/desk';

export interface SignedProps {
  readonly network: Network;
  readonly signed: (network: Network) => void;
  /** Reads the lists again: they are not as they are shown. */
  readonly refresh: () => void;
}

/** Who comes second, or does not know what came of it, sees what the lists are now; the next time is built on that. */
export function useSign({ network, signed, refresh }: SignedProps): (changes: readonly RosterChange[]) => Promise<void> {
  const { core } = useDesk();
  const [, lookAgain] = useCards();
  return async (changes) => {
    try {
      signed(await core.call('signRoster', { version: network.version, changes }));
      lookAgain((n) => n + 1);
    } catch (err) {
      const { key } = failureOf(err);
      if (key === 'conflict' || key === 'silent') {
        refresh();
      }
      throw err;
    }
  };
}
