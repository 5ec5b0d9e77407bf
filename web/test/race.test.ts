// Two who write at once: what was written is kept, and nobody answers what she has not seen
// without being told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { person, varco } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

async function openCase(page: Page, code: string): Promise<void> {
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
}

void test('two who write at once: hers comes after, and she is told what came before it', async () => {
  const [anna, olga] = [person('anna'), person('olga')];
  const said = await varco(anna, ['case', 'open', '--office', 'Valdoria', '--topic', 'ISE-01', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'], 'Quale ISEE serve?');
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  const { page, context, complaints } = await visit(browser);
  await signIn(page, olga);
  await unlock(page, olga);
  await openCase(page, code);
  await page.getByText('È arrivato un caso o un messaggio nuovo').click();
  await page.getByRole('button', { name: 'Apri', exact: true }).click();
  await page.getByText('Quale ISEE serve?').waitFor();
  await page.getByLabel('Messaggio').fill('Quello corrente.');
  await varco(anna, ['thread', 'post', code, '--yes'], 'Anzi: lo abbiamo trovato.');
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText('Mentre scrivevi è arrivato altro').waitFor();
  const entries = await page.locator('ol.timeline .entry .text').allTextContents();
  assert.deepEqual(entries, ['Quale ISEE serve?', 'Anzi: lo abbiamo trovato.', 'Quello corrente.']);
  assert.equal(await page.getByLabel('Messaggio').inputValue(), '');
  await look(page, 'caso-arrivato-prima');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('somebody was added meanwhile: nothing is sent to her unseen, and the text is kept', async () => {
  const [anna, bice, olga] = [person('anna'), person('bice'), person('olga')];
  const said = await varco(anna, ['case', 'open', '--office', 'Valdoria', '--topic', 'ISE-01', '--colleague', 'Bice', '--holder', 'Olga'], 'Quale ISEE serve?');
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  const his = await visit(browser);
  await signIn(his.page, olga);
  await unlock(his.page, olga);
  await openCase(his.page, code);
  await his.page.getByText('È arrivato un caso o un messaggio nuovo').click();
  await his.page.getByRole('button', { name: 'Apri', exact: true }).click();
  await his.page.getByLabel('Messaggio').fill('Solo per chi c’è adesso.');

  const hers = await visit(browser);
  await signIn(hers.page, bice);
  await unlock(hers.page, bice);
  await openCase(hers.page, code);
  await hers.page.getByRole('button', { name: 'Aggiungi una persona' }).click();
  await hers.page.getByText('Dora Fusi, Centro antiviolenza Alba').click();
  await hers.page.getByText('Solo quello che si scrive da adesso').click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Aggiungi', exact: true }).click();
  await hers.page.getByText('ha aggiunto Dora Fusi.').waitFor();

  await his.page.getByRole('button', { name: 'Invia', exact: true }).click();
  await his.page.getByText('non è stato registrato nulla di tuo').waitFor();
  assert.equal(await his.page.getByLabel('Messaggio').inputValue(), 'Solo per chi c’è adesso.');
  await his.page.getByText('ha aggiunto una persona (Centro antiviolenza Alba).').waitFor();
  assert.equal(await hers.page.getByText('Solo per chi c’è adesso.').count(), 0);
  await look(his.page, 'caso-entrata-nel-frattempo');
  await his.page.getByRole('button', { name: 'Invia', exact: true }).click();
  await his.page.getByText(/Inviato e registrato/).waitFor();
  await hers.page.getByText('Solo per chi c’è adesso.').waitFor();
  assert.deepEqual([...hers.complaints, ...his.complaints], []);
  await hers.context.close();
  await his.context.close();
});
