// I miei casi and Coda: what is shown first, choosing, searching on the device, hundreds of cases.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { person, varco } from './network.js';

const said = 'Serve sapere se la perla azzurra è già assegnata.';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

interface Wire {
  threads: { thread: string; case?: string; topic?: string; phase?: string; waits?: string; due?: string; turn_at?: string; opened_at: string; last_at: string }[];
}

/** A code that could be: see package ids. */
function code(prefix: string, i: number): string {
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
  const first = `${'2'.repeat(13)}${alphabet.charAt(Math.floor(i / 31))}${alphabet.charAt(i % 31)}`;
  const sum = first.split('').reduce((n, letter, at) => n + (at + 2) * alphabet.indexOf(letter), 0);
  const all = first + alphabet.charAt((31 - (sum % 31)) % 31);
  return [prefix, ...(all.match(/.{4}/g) ?? [])].join('-');
}

void test('an operator finds a case by what she has read, among hundreds', async () => {
  const gina = person('gina');
  await varco(gina, ['case', 'open', '--office', 'Ombrena', '--topic', 'AUU-01', '--colleague', 'Frida'], said);
  const { page, context, complaints } = await visit(browser);
  await signIn(page, gina);
  await unlock(page, gina);
  const list = page.getByRole('list', { name: 'Elenco dei casi' });
  await page.getByRole('textbox', { name: 'Cerca' }).fill('PERLA AZZURRA È GIÀ');
  await page.getByText(/^0 casi su/).waitFor(); // nothing was read yet
  await page.getByRole('textbox', { name: 'Cerca' }).fill('');
  await list.getByRole('button').first().click();
  await page.getByText(said).waitFor();
  await page.getByRole('button', { name: 'Torna ai casi' }).click();
  await page.getByRole('textbox', { name: 'Cerca' }).fill('PERLA AZZURRA E GIA');
  await list.getByText('la perla azzurra è già').waitFor();
  assert.equal(await list.getByRole('button').count(), 1);
  await page.getByLabel('Mostra').selectOption({ label: 'quelli chiusi' });
  await page.getByText(/^0 casi su/).waitFor();

  // The service says that there are four hundred: the page stays as small.
  await page.route('**/v1/cases', async (route) => {
    const answer = await route.fetch();
    const wire = (await answer.json()) as Wire;
    const one = wire.threads.find((thread) => thread.case !== undefined && thread.topic !== undefined);
    assert.ok(one);
    for (let i = 0; i < 400; i++) {
      wire.threads.push({ ...one, case: code('c', i), thread: code('t', i), waits: i % 2 === 0 ? 'centre' : 'inps', due: i === 8 ? '2020-01-07' : '' });
    }
    await route.fulfill({ response: answer, json: wire });
  });
  await page.getByRole('button', { name: 'Aggiorna' }).click();
  await page.getByRole('textbox', { name: 'Cerca' }).fill('');
  await page.getByLabel('Mostra').selectOption({ label: 'quelli che aspettano me' });
  await page.getByText('Pagina 1 di 8').waitFor();
  assert.equal(await list.getByRole('button').count(), 25);
  await page.getByRole('button', { name: 'Pagina successiva' }).click();
  await page.getByText('Pagina 2 di 8').waitFor();
  await look(page, 'casi-molti');
  // She comes back to where she was.
  await list.getByRole('button').first().click();
  await page.getByRole('button', { name: 'Torna ai casi' }).click();
  await page.getByText('Pagina 2 di 8').waitFor();
  assert.equal(await page.getByLabel('Mostra').inputValue(), 'mine');
  await page.getByLabel('Mostra').selectOption({ label: 'quelli scaduti' });
  await list.getByText('scaduto il 7 gen 2020').waitFor();
  assert.equal(await list.getByRole('button').count(), 1);
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('an officer sees a queue by what is due', async () => {
  await varco(person('anna'), ['case', 'open', '--office', 'Valdoria', '--topic', 'ADI-01', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'], said);
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('olga'));
  await page.route('**/v1/cases', async (route) => {
    const answer = await route.fetch();
    const wire = (await answer.json()) as Wire;
    const [one] = wire.threads;
    assert.ok(one);
    const day = 86_400_000;
    wire.threads = [0, 30, 60].map((days) => ({ ...one, thread: code('t', days), turn_at: new Date(Date.now() - days * day).toISOString() }));
    await route.fulfill({ response: answer, json: wire });
  });
  await unlock(page, person('olga'));
  await page.getByRole('heading', { name: 'Coda' }).waitFor();
  const lines = page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button');
  await lines.nth(2).waitFor();
  assert.match((await lines.nth(0).textContent()) ?? '', /scaduto il/);
  assert.match((await lines.nth(1).textContent()) ?? '', /scaduto il/);
  assert.match((await lines.nth(2).textContent()) ?? '', /entro il/);
  await look(page, 'coda');
  assert.deepEqual(complaints, []);
  await context.close();
});
