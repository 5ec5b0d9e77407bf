// News: what comes while somebody looks, by a stream and where a proxy holds it back.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { network, person, varco } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** Opens a case with INPS and returns the code of its thread. */
async function open(question: string): Promise<string> {
  const said = await varco(
    person('anna'),
    ['case', 'open', '--office', 'Valdoria', '--topic', 'NAS-01', '--colleague', 'Bice', '--holder', 'Piero', '--substitute', 'Olga'],
    question,
  );
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  return code;
}

void test('news is announced and read again, without a word of what it is', async () => {
  const code = await open('Una prima domanda.');
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('bice'));
  await unlock(page, person('bice'));
  const list = page.getByRole('list', { name: 'Elenco dei casi' });
  await list.getByText(code).waitFor();
  const other = await open('Una seconda domanda.');
  await page.getByText('C’è qualcosa di nuovo').waitFor();
  await list.getByText(other).waitFor();
  assert.equal(await page.title(), 'Agenda', 'the title says nothing');

  await list.getByRole('button').filter({ hasText: code }).click();
  await page.getByText('Una prima domanda.').waitFor();
  await page.getByText('C’è qualcosa di nuovo').waitFor({ state: 'detached' });
  await varco(person('anna'), ['thread', 'post', code, '--yes'], 'Arriva mentre guardi.');
  await page.getByText('Arriva mentre guardi.').waitFor();
  await page.getByText('C’è qualcosa di nuovo').waitFor({ state: 'detached' });
  // What comes elsewhere is announced until she has been at the list.
  await open('Una terza domanda.');
  await page.getByText('C’è qualcosa di nuovo').waitFor();
  await page.getByRole('button', { name: 'Torna ai casi' }).click();
  await list.getByText(code).waitFor();
  await page.getByText('C’è qualcosa di nuovo').waitFor({ state: 'detached' });
  await list.getByRole('button').filter({ hasText: code }).click();
  await page.getByText('Arriva mentre guardi.').waitFor();
  await look(page, 'caso-novita');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('an officer is offered what has come, and reads nothing unasked', async () => {
  const code = await open('Una domanda.');
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('piero'));
  await unlock(page, person('piero'));
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await page.getByText('È arrivato un caso o un messaggio nuovo').click();
  await page.getByRole('button', { name: 'Apri' }).click();
  await page.getByText('Una domanda.').waitFor();
  await varco(person('anna'), ['thread', 'post', code, '--yes'], 'Un’altra cosa.');
  const offered = page.getByRole('button', { name: 'Leggi quello che è arrivato' });
  await offered.waitFor();
  assert.equal(await page.getByText('Un’altra cosa.').count(), 0);
  await offered.click();
  await page.getByText('Un’altra cosa.').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

/** Lets the core's own time go faster: its clock and its timers, so that a minute is a few seconds. */
async function hurry(page: Page, times: number): Promise<void> {
  const core = page.workers()[0];
  assert.ok(core !== undefined, 'there is no core');
  await core.evaluate((faster) => {
    const { setTimeout: wait } = globalThis;
    const now = performance.now.bind(performance);
    const began = now();
    performance.now = () => began + (now() - began) * faster;
    globalThis.setTimeout = ((what: () => void, ms = 0) => wait(what, ms / faster)) as typeof setTimeout;
  }, times);
}

/** What a proxy keeps of an answer before it passes it on: nginx's own buffers are of this size. */
const kept = 8 << 10;

interface Buffering {
  readonly address: string;
  /** What the service has said to /v1/pokes, and how much of it was passed on. */
  readonly stream: { asked: number; type: string; came: number; passed: number };
  readonly close: () => Promise<void>;
}

/** A proxy that passes an answer on in whole pieces of its buffer, the last when the answer has ended. */
async function buffering(): Promise<Buffering> {
  const to = new URL(network.service);
  const stream = { asked: 0, type: '', came: 0, passed: 0 };
  const server = createServer((asked, answer) => {
    const pokes = asked.url === '/v1/pokes';
    const onward = request({ host: to.hostname, port: to.port, method: asked.method, path: asked.url, headers: asked.headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answer.flushHeaders();
      if (pokes) {
        stream.asked++;
        stream.type = answered.headers['content-type'] ?? '';
      }
      let held = Buffer.alloc(0);
      const pass = (): void => {
        stream.passed += pokes ? held.length : 0;
        answer.write(held);
        held = Buffer.alloc(0);
      };
      answered.on('data', (some: Buffer) => {
        stream.came += pokes ? some.length : 0;
        held = Buffer.concat([held, some]);
        if (held.length >= kept) {
          pass();
        }
      });
      answered.on('end', () => {
        pass();
        answer.end();
      });
      answered.on('error', () => answer.destroy());
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { address: `${to.protocol}//${to.hostname}:${String(port)}`, stream, close };
}

void test('where a proxy holds the stream back, the page looks by itself', async () => {
  const proxy = await buffering();
  const { page, context } = await visit(browser);
  await signIn(page, person('bice'));
  await page.goto(proxy.address); // the session goes with her, to every port
  await page.getByLabel('Frase di sblocco').waitFor();
  await hurry(page, 12);
  await unlock(page, person('bice'));
  await page.getByRole('list', { name: 'Elenco dei casi' }).waitFor();
  // The first look only finds out what there is.
  await page.waitForResponse('**/v1/cases', { timeout: 120_000 });
  const code = await open('Una domanda dietro un proxy.');
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByText(code).waitFor({ timeout: 180_000 });
  const { asked, type, came, passed } = proxy.stream;
  assert.ok(asked > 0 && type.startsWith('text/event-stream') && came > 0, 'the proxy has seen no stream');
  assert.equal(passed, 0, 'the proxy has held nothing back');
  await context.close();
  await proxy.close();
});
