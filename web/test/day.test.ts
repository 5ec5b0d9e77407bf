// A day with one question: an operator reads and writes, an officer opens it, says why, and answers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { network, person, varco } from './network.js';

const question = 'Una donna senza residenza in questo Comune può chiedere il reddito di libertà dove vive adesso?';
const more = 'Per ora non serve altro: basta sapere se la domanda si può fare.';
const answer = 'Sì: la domanda si presenta nel Comune dove vive adesso, anche senza residenza.';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

void test('an operator asks, an officer answers', async () => {
  const anna = person('anna');
  const olga = person('olga');
  const said = await varco(anna, ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-01', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'], question);
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);

  const hers = await visit(browser);
  await hers.page.getByRole('heading', { name: 'Entra' }).waitFor();
  assert.equal(await hers.page.title(), 'Agenda');
  await look(hers.page, 'entra');
  await signIn(hers.page, anna);
  await look(hers.page, 'sblocca');
  await unlock(hers.page, anna);
  await hers.page.getByRole('button', { name: 'Reddito di libertà' }).first().waitFor();
  await look(hers.page, 'casi');
  await hers.page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await hers.page.getByText(question).waitFor();
  await hers.page.getByLabel('Messaggio').fill(more);
  await hers.page.getByRole('button', { name: 'Invia' }).dblclick(); // as many do, and it is sent once
  await hers.page.getByText(/Numero di ricevuta: R-\d+-\d\d/).waitFor();
  await hers.page.getByText(more).waitFor();
  assert.equal(await hers.page.getByRole('listitem').filter({ hasText: more }).count(), 1);

  const his = await visit(browser);
  await signIn(his.page, olga);
  await unlock(his.page, olga);
  await his.page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await his.page.getByText('È arrivato un caso o un messaggio nuovo').click();
  await look(his.page, 'motivo');
  await his.page.getByRole('button', { name: 'Apri' }).click();
  await his.page.getByText(question).waitFor();
  await his.page.getByLabel('Messaggio').fill(answer);
  await his.page.getByRole('button', { name: 'Invia' }).click();
  await his.page.getByText(/Numero di ricevuta: R-\d+-\d\d/).waitFor();
  await look(his.page, 'caso-referente');

  await hers.page.getByRole('button', { name: 'Torna ai casi' }).click();
  await hers.page.getByText('aspetta te').first().waitFor();
  await hers.page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await hers.page.getByText(answer).waitFor();
  await hers.page.getByText('Olga Testa (INPS, sede di Valdoria) ha letto').first().waitFor();
  await look(hers.page, 'caso');

  await hers.page.getByRole('button', { name: 'Esci', exact: true }).click();
  await hers.page.getByRole('heading', { name: 'Entra' }).waitFor();
  // The provider, at another address, keeps its own.
  assert.deepEqual(await hers.context.cookies(network.service), [], 'cookies after signing out');
  assert.deepEqual([...hers.complaints, ...his.complaints], []);
});
