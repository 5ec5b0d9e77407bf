// The one kind of text that may become script: the address of our own Worker.
import script from './worker/worker.ts?worker&url';

/** What lib.dom does not know yet of Trusted Types (W3C, in Chromium since 83). */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: (address: string) => string }): { createScriptURL: (address: string) => unknown };
}

function ours(address: string): string {
  if (address !== script) {
    throw new TypeError('no Worker but ours');
  }
  return address;
}

/** Starts a Worker of the client core. */
export function startWorker(): Worker {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy('varco-worker', { createScriptURL: ours });
  const address = policy === undefined ? script : policy.createScriptURL(script);
  return new Worker(address as string, { type: 'module', name: 'agenda' });
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;
