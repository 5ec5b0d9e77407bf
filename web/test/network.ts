// The sample network that the tests run on, as dev/page describes it.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';

export interface Person {
  readonly handle: string;
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly place: string;
  readonly phrase: string;
  readonly phraseFile: string;
  readonly environment: readonly string[];
}

interface Newcomer {
  readonly label: string;
  readonly invitation: string;
}

interface Network {
  readonly service: string;
  /** A proxy before the service, at another port, that lies as tell() says. */
  readonly lying: { readonly address: string; readonly control: string };
  /** Where the network keeps its files. */
  readonly folder: string;
  readonly programs: string;
  readonly screens: string;
  readonly people: readonly Person[];
  /** Has an account and an invitation, and has never signed in. */
  readonly newcomer: Newcomer;
  /** So has she. */
  readonly second: Newcomer;
  /** A thread of frida's of which the end is shown first, and what was said last in it. */
  readonly long: { readonly thread: string; readonly last: string };
}

function read(): Network {
  const file = process.env['VARCO_NETWORK'];
  if (file === undefined) {
    throw new Error('run these tests with go run ./dev/page');
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Network;
}

export const network = read();

export function person(handle: string): Person {
  const found = network.people.find((p) => p.handle === handle);
  if (found === undefined) {
    throw new Error(`the sample network has no ${handle}`);
  }
  return found;
}

/** Lets the proxy tell a lie of dev/liar by its name from now on; "honest" ends it. */
export async function tell(lie: string): Promise<void> {
  const said = await fetch(`${network.lying.control}/${lie}`, { method: 'POST' });
  if (!said.ok) {
    throw new Error(`no such lie: ${lie}`);
  }
}

/** How often the lie was told: one that nobody has heard proves nothing. */
export async function told(): Promise<number> {
  return Number(await (await fetch(`${network.lying.control}/told`)).text());
}

/** Runs a command of hers, as she would in a terminal, and returns what it says. */
export function varco(who: Person, args: readonly string[], input: string): Promise<string> {
  const environment = Object.fromEntries(who.environment.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]));
  const phrase = openSync(who.phraseFile, 'r');
  return new Promise<string>((resolve, reject) => {
    const child = spawn(`${network.programs}/varco`, [...args, '--phrase-fd', '3'], {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe', phrase],
    });
    let said = '';
    child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
    child.stdin?.end(input);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) {
        resolve(said);
      } else {
        reject(new Error(`varco ${args.join(' ')}: ${String(code)}\n${said}`));
      }
    });
  }).finally(() => {
    closeSync(phrase);
  });
}
