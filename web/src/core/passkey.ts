// Passkeys: what the browser itself does of them, which no Worker can. A passkey gives 32 bytes
// for the salt of its lock (WebAuthn 3, 10.1.4, prf); they open that lock as the phrase opens
// its own, go to the Worker at once, and the page has them no longer. Nobody checks what a
// passkey signs: it signs nobody in.
import { failureOf, type Core, type PasskeyLock, type Self } from './core';

/** Why a passkey can't be made or used, for a person. */
export type PasskeyProblem = 'none' | 'unfit' | 'left' | 'known' | 'other';

export class PasskeyError extends Error {
  readonly problem: PasskeyProblem;

  constructor(problem: PasskeyProblem) {
    super(problem);
    this.problem = problem;
  }
}

const bytesDrawn = 32;
/** What is shown beside it where passkeys are kept, outside of this page. */
const label = 'Agenda';

/** Reports whether this browser may have passkeys that can open something. Only making one tells for sure. */
export async function passkeysMay(): Promise<boolean> {
  if (!('PublicKeyCredential' in globalThis) || !isSecureContext) {
    return false;
  }
  try {
    const can = await PublicKeyCredential.getClientCapabilities();
    return can['extension:prf'] !== false;
  } catch {
    return true; // an older browser, which does not tell
  }
}

/** Makes a passkey and adds it to her keys; where there are none yet, it is kept until they are made. Resolves to its id. */
export async function makePasskey(core: Core, name: string, known: readonly string[]): Promise<string> {
  const salt = draw();
  const made = await ask(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: location.hostname, name: label },
        // A user's id that was there before would replace the passkey that has it.
        user: { id: draw(), name: label, displayName: label },
        challenge: draw(),
        pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key' as const, alg })),
        excludeCredentials: known.map((id) => ({ type: 'public-key' as const, id: fromBase64(id) })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const { prf } = made.getClientExtensionResults();
  const rawId = new Uint8Array(made.rawId);
  const credential = toBase64(rawId);
  // Some give it when the passkey is made, others only when it is asked.
  const output = prf?.enabled === true || prf?.results !== undefined ? (taken(prf.results?.first) ?? (await again(rawId, salt))) : undefined;
  if (output === undefined) {
    await forgotten(credential);
    throw new PasskeyError('unfit');
  }
  try {
    await core.passkey('addPasskey', { name, credential, salt: toBase64(salt) }, output);
  } catch (err) {
    const { key } = failureOf(err);
    if (key !== 'silent' && key !== 'cancelled') { // then it may have been added
      await forgotten(credential);
    }
    throw err;
  }
  return credential;
}

/** Asks for any of her passkeys, and unlocks with it. */
export async function unlockWithPasskey(core: Core, locks: readonly PasskeyLock[]): Promise<Self> {
  const salts = Object.fromEntries(locks.map((l) => [toUrl(l.credential), { first: fromBase64(l.salt) }]));
  const given = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        rpId: location.hostname,
        challenge: draw(),
        allowCredentials: locks.map((l) => ({ type: 'public-key' as const, id: fromBase64(l.credential) })),
        userVerification: 'required',
        extensions: { prf: { evalByCredential: salts } },
      },
    }),
  );
  const credential = toBase64(new Uint8Array(given.rawId));
  const lock = locks.find((l) => l.credential === credential);
  const output = taken(given.getClientExtensionResults().prf?.results?.first);
  if (lock === undefined || output === undefined) {
    throw new PasskeyError('unfit');
  }
  return core.passkey('unlockPasskey', { lock: lock.lock }, output);
}

/** Tells the browser that a passkey opens nothing any more, so that it offers it no longer. Not all listen. */
export async function forgotten(credential: string): Promise<void> {
  try {
    await PublicKeyCredential.signalUnknownCredential({ rpId: location.hostname, credentialId: toUrl(credential) });
  } catch {
    // It is only tidier.
  }
}

async function again(credential: Uint8Array<ArrayBuffer>, salt: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer | undefined> {
  const given = await ask(() =>
    navigator.credentials.get({
      publicKey: {
        rpId: location.hostname,
        challenge: draw(),
        allowCredentials: [{ type: 'public-key', id: credential }],
        userVerification: 'required',
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  return taken(given.getClientExtensionResults().prf?.results?.first);
}

async function ask(question: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  let answer: Credential | null;
  try {
    answer = await question();
  } catch (err) {
    const name = err instanceof DOMException ? err.name : '';
    throw new PasskeyError(name === 'NotAllowedError' || name === 'AbortError' ? 'left' : name === 'InvalidStateError' ? 'known' : 'other');
  }
  if (!(answer instanceof PublicKeyCredential)) {
    throw new PasskeyError('none');
  }
  return answer;
}

/** The bytes in a buffer of their own, which can be handed over; where they were is zeroed. */
function taken(output: BufferSource | undefined): ArrayBuffer | undefined {
  if (output === undefined) {
    return undefined;
  }
  const from = ArrayBuffer.isView(output) ? new Uint8Array(output.buffer, output.byteOffset, output.byteLength) : new Uint8Array(output);
  const own = from.slice().buffer;
  from.fill(0);
  return own;
}

function draw(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(bytesDrawn));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** The spelling that WebAuthn has for ids. */
function toUrl(base64: string): string {
  return base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
