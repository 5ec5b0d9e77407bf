// A visit: the core that runs now, and what the page is at. Everything that a person reads
// belongs to a stage and goes with it; the keys go with the core.
import { Core, failureOf, type End, type Failure, type Me, type Self, type Service } from '../core/core';
import { endSession } from '../core/exit';
import { quickExit } from './exit';

export type Stage =
  | { readonly at: 'starting' }
  | { readonly at: 'ended'; readonly why: End }
  | { readonly at: 'failed'; readonly failure: Failure }
  | { readonly at: 'signedOut'; readonly service: Service; readonly invited: boolean; readonly ended: boolean }
  | { readonly at: 'locked'; readonly service: Service; readonly me: Me; readonly idle: boolean }
  | { readonly at: 'open'; readonly service: Service; readonly me: Me; readonly self: Self }
  /** She signs out: nothing is shown and no key is there, and the service has not answered yet; or not as it should. */
  | { readonly at: 'leaving' | 'unended'; readonly service: Service };

export interface Now {
  readonly core: Core;
  readonly stage: Stage;
}

/** The service sends the browser here after a sign-in that is bound to nobody yet. */
const invitedAt = '#invito';

/** She is somebody, or goes back to the entrance: nothing leads to the invitation any more. */
function leaveInvitation(): void {
  if (location.hash === invitedAt) {
    history.replaceState(null, '', '/');
  }
}

/** For useSyncExternalStore: it is no part of React, since keys must go when it says so. */
export class Visit {
  #now: Now;
  #gone = false;
  readonly #listeners = new Set<() => void>();

  constructor() {
    this.#now = this.#start(false);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly now = (): Now => this.#now;

  /** Drops the keys and all that is shown, and begins anew with another core. */
  readonly begin = (): void => {
    this.#replace(false);
  };

  /** From the question for an invitation to the entrance. */
  readonly uninvited = (): void => {
    leaveInvitation();
    this.#replace(false);
  };

  /** The same as begin, because nobody has done anything for a while. */
  readonly lockIdle = (): void => {
    this.#replace(true);
  };

  /** Signs out: first nothing is to be seen and the keys are gone, then the session is ended. */
  readonly signOut = (): void => {
    const { core, stage } = this.#now;
    if (!('service' in stage)) {
      return;
    }
    const { service } = stage;
    core.end();
    this.#set({ core, stage: { at: 'leaving', service } });
    void endSession().then((ended) => {
      if (this.#gone) {
        return;
      }
      if (ended) {
        location.replace('/');
      } else {
        this.#set({ core, stage: { at: 'unended', service } });
      }
    });
  };

  /** Quick exit. Nothing that comes later leads back from it. */
  readonly leave = (): void => {
    this.#gone = true;
    quickExit(this.#now.core);
  };

  readonly opened = (self: Self): void => {
    const { core, stage } = this.#now;
    if (stage.at === 'locked') {
      this.#set({ core, stage: { at: 'open', service: stage.service, me: stage.me, self } });
    }
  };

  /** Takes a failure that ends more than its own call; reports whether it did. */
  readonly over = (failure: Failure): boolean => {
    const ends = failure.key === 'signed-out' || failure.key === 'locked';
    if (ends) {
      this.#replace(false, failure.key === 'signed-out');
    }
    return ends;
  };

  #replace(idle: boolean, ended = false): void {
    this.#now.core.end();
    this.#set(this.#start(idle, ended));
  }

  #start(idle: boolean, ended = false): Now {
    const core: Core = new Core((why) => {
      this.#still(core, { at: 'ended', why });
    });
    lookAround(core, idle, ended).then(
      (stage) => {
        this.#still(core, stage);
      },
      (err: unknown) => {
        this.#still(core, { at: 'failed', failure: failureOf(err) });
      },
    );
    return { core, stage: { at: 'starting' } };
  }

  /** What an earlier core still says is not heard, nor what one says after its end. */
  #still(core: Core, stage: Stage): void {
    const { at } = this.#now.stage;
    if (this.#now.core === core && at !== 'ended' && at !== 'leaving' && at !== 'unended') {
      this.#set({ core, stage });
    }
  }

  #set(now: Now): void {
    this.#now = now;
    this.#listeners.forEach((listener) => {
      listener();
    });
  }
}

/** Finds out who is there: nobody, somebody new, or somebody with keys. */
async function lookAround(core: Core, idle: boolean, ended: boolean): Promise<Stage> {
  const service = await core.call('service', {});
  try {
    const me = await core.call('me', {});
    leaveInvitation();
    return { at: 'locked', service, me, idle };
  } catch (err) {
    if (failureOf(err).key === 'signed-out') {
      return { at: 'signedOut', service, invited: location.hash === invitedAt, ended };
    }
    throw err;
  }
}
