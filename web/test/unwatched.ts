// A browser that nothing listens to: playwright hears of every request with all that it carries, which
// for a large attachment costs more than to seal and send it. For bench.ts only.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { debian } from './browser.js';

interface Told {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Evaluated<A> {
  readonly result: { readonly value: A };
  readonly exceptionDetails?: { readonly text: string };
}

export interface Unwatched {
  /** A command of the browser's own tools, to the page or, of some domains, to the browser. */
  readonly send: <A>(method: string, params?: object) => Promise<A>;
  /** The value of an expression in the page. */
  readonly value: <A>(expression: string) => Promise<A>;
  /** Waits until an expression in the page is true. */
  readonly until: (expression: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function unwatched(): Promise<Unwatched> {
  const folder = await mkdtemp(join(tmpdir(), 'varco-browser-'));
  const child = spawn(debian.executablePath, [...debian.args, '--headless', ...(debian.chromiumSandbox ? [] : ['--no-sandbox']), '--remote-debugging-pipe', `--user-data-dir=${folder}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => { resolve(); }));
  const [to, from] = [child.stdio[3] as Duplex, child.stdio[4] as Duplex];
  const waiting = new Map<number, (told: Told) => void>();
  let rest = '';
  from.setEncoding('utf8').on('data', (text: string) => {
    const said = (rest + text).split('\0');
    rest = said.pop() ?? '';
    for (const one of said) {
      const told = JSON.parse(one) as Told;
      waiting.get(told.id ?? 0)?.(told);
    }
  });
  let last = 0;
  const ask = async <A>(method: string, params: object, sessionId?: string): Promise<A> => {
    last++;
    const id = last;
    const told = await new Promise<Told>((resolve) => {
      waiting.set(id, resolve);
      to.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    });
    waiting.delete(id);
    if (told.error !== undefined) {
      throw new Error(`${method}: ${told.error.message}`);
    }
    return told.result as A;
  };
  const { targetId } = await ask<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
  const send = <A>(method: string, params: object = {}): Promise<A> =>
    ask<A>(method, params, /^(SystemInfo|Storage|Browser)\./.test(method) ? undefined : sessionId);
  const value = async <A>(expression: string): Promise<A> => {
    const { result, exceptionDetails } = await send<Evaluated<A>>('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails !== undefined) {
      throw new Error(`${expression}: ${exceptionDetails.text}`);
    }
    return result.value;
  };
  const limit = 120_000;
  const until = async (expression: string): Promise<void> => {
    for (const end = Date.now() + limit; Date.now() < end; ) {
      if (await value<boolean>(`Boolean(${expression})`)) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`never: ${expression}`);
  };
  const close = async (): Promise<void> => {
    await ask('Browser.close', {}).catch(() => undefined);
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { send, value, until, close };
}
