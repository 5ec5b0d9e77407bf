// Nuovo caso: an operator opens a case in the page, is warned of what she wrote, and takes it out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { person } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

void test('an operator opens a case in the page, without a name', async () => {
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('anna'));
  await unlock(page, person('anna'));
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  await page.getByRole('heading', { name: 'Di che cosa si tratta?' }).waitFor();
  await look(page, 'nuovo-argomento');
  await page.getByLabel('Cerca un argomento').fill('liberta competente');
  await page.getByRole('radio', { name: 'Reddito di libertà: requisiti' }).check();
  await page.getByRole('button', { name: 'Avanti' }).click();

  await page.getByRole('heading', { name: 'Chi lo riceve, e chi no' }).waitFor();
  await page.getByText('Scegli almeno una collega.').waitFor();
  await page.getByText('Bice Landi', { exact: true }).click();
  await page.getByLabel('Piero Vanni').selectOption('non deve riceverlo');
  await look(page, 'nuovo-persone');
  await page.getByRole('button', { name: 'Avanti' }).click();

  const question = page.getByLabel('La domanda per INPS');
  await question.fill('Abita in via Giuseppe Verdi 12 e il suo codice è RSSMRA80A01H501U: può fare domanda?');
  await page.getByText('Qui sembra esserci un indirizzo').waitFor();
  await page.getByText('Olga Testa, titolare, INPS, sede di Valdoria').waitFor();
  await page.getByText('Nessuna sostituta').waitFor();
  await page.getByText('Non lo riceve, e non sa che esiste: Piero Vanni.').waitFor();
  await look(page, 'nuovo-domanda');
  await page.getByRole('button', { name: 'Apri il caso' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('un codice fiscale').waitFor();
  await look(page, 'nuovo-avviso');
  await dialog.getByRole('button', { name: 'Torno a correggere' }).click();
  await question.fill('Senza residenza in questo Comune, può fare domanda?');
  await page.getByRole('button', { name: 'Apri il caso' }).click();
  await page.getByText(/Il caso è aperto e registrato. Numero di ricevuta: R-\d+-\d\d/).waitFor();
  await page.getByText('Senza residenza in questo Comune, può fare domanda?').waitFor();
  await look(page, 'nuovo-aperto');
  assert.deepEqual(complaints, []);
  await context.close();
});
