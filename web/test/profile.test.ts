// What is left on a disk: the browser's own folder is searched after each way of leaving.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { chromium, type Page } from 'playwright-core';
import { debian, signIn, unlock } from './browser.js';
import { network, person, varco } from './network.js';

const canary = 'fenicottero ottomiladuecentosei';

/** The ways of leaving; with the last two she does nothing at all: the window is closed, or the computer is switched off. */
const ways: Readonly<Record<string, (page: Page, folder: string) => Promise<void>>> = {
  'quick exit': async (page) => {
    await page.getByRole('button', { name: 'Uscita rapida' }).first().click();
    await page.waitForURL('**/agenda.html');
  },
  'signing out': async (page) => {
    await page.getByRole('button', { name: 'Esci', exact: true }).click();
    await page.getByRole('heading', { name: 'Entra' }).waitFor();
  },
  'nothing at all': () => Promise.resolve(),
  'kill -9': async (_page, folder) => {
    await killed(folder);
  },
};

/** Ends every process of the browser that has this folder, with no time for anything. */
async function killed(folder: string): Promise<void> {
  const mine = (await readdir('/proc')).filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').includes(`--user-data-dir=${folder}`);
    } catch {
      return false; // it has ended
    }
  });
  assert.ok(mine.length > 0, 'no process has this folder');
  mine.forEach((name) => {
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch {
      // it went with the first
    }
  });
}

void test('no file of the browser holds a word of a case afterwards', async () => {
  const said = await varco(person('frida'), ['case', 'open', '--office', 'Ombrena', '--topic', 'NAS-01', '--colleague', 'Gina'], canary);
  const codes = said.match(/\b[ct]-[a-z0-9]{4}(-[a-z0-9]{4})+/g) ?? [];
  assert.ok(codes.length > 1, said);
  for (const [name, leave] of Object.entries(ways)) {
    const folder = await mkdtemp(join(tmpdir(), 'varco-browser-'));
    const context = await chromium.launchPersistentContext(folder, {
      ...debian,
      locale: 'it-IT',
      // What it puts down for a while is searched too.
      env: { ...process.env, TMPDIR: folder },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(network.service);
    await signIn(page, person('gina'));
    await unlock(page, person('gina'));
    await page.getByRole('list', { name: 'Elenco dei casi' }).getByText('NASpI').first().click();
    await page.getByText(canary).first().waitFor();
    await page.getByLabel('Messaggio').fill(`spedito ${canary}`);
    await page.getByRole('button', { name: 'Invia', exact: true }).click();
    await page.getByText(/Inviato e registrato/).waitFor();
    await page.getByLabel('Messaggio').fill(`bozza ${canary}`);
    await page.getByRole('button', { name: 'Torna ai casi' }).click(); // the page still has it
    await page.getByRole('list', { name: 'Elenco dei casi' }).getByText('bozza', { exact: true }).waitFor();
    const session = (await context.cookies(network.service)).map((one) => one.value);
    assert.equal(session.length, 1);
    await page.waitForTimeout(3000); // for what a browser writes now and then
    await leave(page, folder);
    await context.close().catch(() => undefined); // it may be gone
    const secrets = [canary, person('gina').phrase, person('gina').phrase.replaceAll('-', ' '), ...codes, ...session];
    const files = await sweep(folder, secrets);
    assert.ok(files.searched > 10, `${name}: nothing was searched`);
    // The sweep finds what is there: the address of the service, which quick exit says that it leaves.
    assert.ok((await sweep(folder, [network.service])).found.length > 0, `${name}: the sweep finds nothing at all`);
    assert.deepEqual(files.found, [], name);
    await rm(folder, { recursive: true, force: true });
  }
});

interface Swept {
  readonly searched: number;
  readonly found: readonly string[];
}

/** Looks for words in every file: as it is, in UTF-16, and in what can be decompressed. */
async function sweep(folder: string, words: readonly string[]): Promise<Swept> {
  const found: string[] = [];
  let searched = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) {
      continue;
    }
    const name = join(entry.parentPath, entry.name);
    const bytes = await readFile(name).catch(() => undefined); // a socket's or a lock's name
    if (bytes === undefined) {
      continue;
    }
    searched++;
    for (const form of [bytes, ...decompressed(bytes)]) {
      // The program itself, which is in the cache, has the beginning of such a key and no more.
      if (/AGE-SECRET-KEY-(PQ-)?1[A-Z0-9]{16}/.test(form.includes('AGE-SECRET-KEY-') ? form.toString('latin1') : '')) {
        found.push(`${name}: a private key`);
      }
      for (const word of words) {
        if (form.includes(Buffer.from(word, 'utf8')) || form.includes(Buffer.from(word, 'utf16le'))) {
          found.push(`${name}: ${word.slice(0, 12)}`);
        }
      }
    }
  }
  return { searched, found };
}

/** What begins anywhere near a compressed stream's own mark; brotli has none. */
function decompressed(bytes: Buffer): readonly Buffer[] {
  const all: Buffer[] = [];
  const attempt = (make: () => Buffer): void => {
    try {
      all.push(make());
    } catch {
      // not compressed in this way
    }
  };
  const options = { finishFlush: 2 }; // Z_SYNC_FLUSH: what follows the stream is not its fault
  for (let at = bytes.indexOf(Buffer.from([0x1f, 0x8b, 8])); at >= 0 && all.length < 64; at = bytes.indexOf(Buffer.from([0x1f, 0x8b, 8]), at + 1)) {
    attempt(() => gunzipSync(bytes.subarray(at), options));
  }
  for (let at = bytes.indexOf(Buffer.from([0x78, 0x9c])); at >= 0 && all.length < 128; at = bytes.indexOf(Buffer.from([0x78, 0x9c]), at + 1)) {
    attempt(() => inflateSync(bytes.subarray(at), options));
  }
  attempt(() => brotliDecompressSync(bytes));
  return all;
}
