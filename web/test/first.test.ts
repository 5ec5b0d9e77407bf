// The first time: an invitation, a phrase that is written down, and words for the coordinator.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, look, signIn, visit } from './browser.js';
import { network } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

void test('somebody new enrols', async () => {
  const { page, complaints } = await visit(browser);
  await signIn(page, network.newcomer);
  await page.getByLabel('Codice dell’invito').fill('non-è-questo');
  await page.getByRole('button', { name: 'Continua' }).click();
  await page.getByText('Questo codice non vale').waitFor();
  await look(page, 'invito');
  // She went by the wrong account, or comes back too late: the entrance is never far.
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Continua' }).click();
  await page.getByText('Il tempo per scrivere il codice è finito').waitFor();
  await page.getByRole('button', { name: 'Torna all’entrata' }).click();
  await page.getByRole('heading', { name: 'Entra', exact: true }).waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await page.reload();
  await page.getByRole('heading', { name: 'Entra', exact: true }).waitFor();
  await signIn(page, network.newcomer);
  await page.getByLabel('Codice dell’invito').fill(network.newcomer.invitation);
  await page.getByRole('button', { name: 'Continua' }).click();

  await page.getByRole('heading', { name: 'Come vuoi sbloccare?' }).waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await look(page, 'come-sbloccare');
  await page.getByRole('button', { name: 'Usa solo la frase' }).click();
  const words = page.getByRole('list', { name: 'La tua frase di sblocco' }).getByRole('listitem');
  await words.first().waitFor();
  const phrase = await words.allTextContents();
  assert.equal(phrase.length, 6);
  await look(page, 'frase');
  await page.getByRole('button', { name: 'Le ho scritte' }).click();
  await page.getByLabel('Frase di sblocco').fill('sei parole che non sono quelle');
  await page.getByRole('button', { name: 'Ho finito' }).click();
  await page.getByText('Non è la stessa frase').waitFor();
  await page.getByLabel('Frase di sblocco').fill(phrase.join(' ').toUpperCase());
  await page.getByRole('button', { name: 'Ho finito' }).click();
  const verification = page.getByRole('list', { name: 'Le tue parole di verifica' }).getByRole('listitem');
  await verification.first().waitFor();
  assert.equal(await verification.count(), 6);
  await look(page, 'parole');
  assert.deepEqual(complaints, []);
});
