// Keys: a newcomer enrols with a passkey, a coordinator compares her words and signs; unlocking by
// passkey, another one, one taken off; a session that a coordinator ends; new keys, put back and
// signed. All of it is done to the second newcomer, one after the other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, CDPSession, Locator, Page } from 'playwright-core';
import { authenticator, codes, devtoolsOf, launch, look, newCode, signIn, unlock, visit, writeDown, type Visitor } from './browser.js';
import { network, person } from './network.js';

let browser: Browser;
let firstPhrase = ''; // of the newcomer, in the first test
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** Which of her authenticators she touches, and which not. */
async function answers(devtools: CDPSession, touched: Readonly<Record<string, boolean>>): Promise<void> {
  for (const [authenticatorId, enabled] of Object.entries(touched)) {
    await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
  }
}

void test('a newcomer with a passkey, her coordinator, and a stolen session', async (t) => {
  const carla = person('carla');
  const hers = await visit(browser);
  const page = hers.page;
  await signIn(page, network.second);

  await page.getByLabel('Codice dell’invito').fill(network.second.invitation);
  await page.getByRole('button', { name: 'Continua' }).click();
  await page.getByRole('button', { name: 'Usa un dispositivo' }).waitFor();

  // A device that can't do it is said to be one, and the phrase is still there.
  const devtools = await devtoolsOf(page);
  await devtools.send('WebAuthn.enable');
  const unfit = await authenticator(devtools, false);
  await page.getByRole('button', { name: 'Usa un dispositivo' }).click();
  await page.getByText('Questo dispositivo non può aprire le tue carte').waitFor();
  await look(page, 'dispositivo-inadatto');
  await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: unfit });

  const first = await authenticator(devtools, true);
  await page.getByRole('button', { name: 'Usa un dispositivo' }).click();
  const words = page.getByRole('list', { name: 'La tua frase di sblocco' }).getByRole('listitem');
  await words.first().waitFor();
  const phrase = (await words.allTextContents()).join(' ');
  firstPhrase = phrase;
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByText('Promemoria').isVisible(), true, 'the sheet is printed');
  assert.equal(await page.getByRole('heading', { name: 'La tua frase di sblocco' }).isVisible(), false, 'and nothing else');
  await look(page, 'foglio');
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: 'Le ho scritte' }).click();
  await page.getByLabel('Frase di sblocco').fill(phrase);
  await page.getByRole('button', { name: 'Ho finito' }).click();
  const verification = page.getByRole('list', { name: 'Le tue parole di verifica' }).getByRole('listitem');
  await verification.first().waitFor();
  const six = await verification.allTextContents();

  // The coordinator hears the same words, and signs.
  const desk = await visit(browser);
  await signIn(desk.page, carla);
  await unlock(desk.page, carla);
  await desk.page.getByRole('button', { name: 'Rete', exact: true }).click();
  const agreements = desk.page.getByRole('region', { name: 'Accordi' });
  await agreements.getByText('Protocollo locale di').first().waitFor();
  const waiting = desk.page.getByRole('list', { name: /^Parole di verifica di persona p-/ }).filter({ hasText: six.join('') });
  await waiting.waitFor();
  await look(desk.page, 'rete-attesa');
  await desk.page.getByRole('listitem').filter({ has: waiting }).getByRole('button', { name: /^Confronta e firma/ }).click();
  const dialog = desk.page.getByRole('dialog', { name: 'Confronta le parole' });
  await dialog.getByLabel('Nome da mostrare').fill('Nuova Operatrice');
  assert.equal(await dialog.getByRole('button', { name: 'Firma l’elenco' }).isDisabled(), true, 'before she says that she has heard them');
  await dialog.getByText('Ho sentito la sua voce').click();
  await look(desk.page, 'confronta');
  await dialog.getByRole('button', { name: 'Firma l’elenco' }).click();
  await dialog.waitFor({ state: 'detached' });
  await desk.page.getByText('Nuova Operatrice').first().waitFor();

  // She looks again, which locks, and unlocks with her passkey.
  await page.getByRole('button', { name: 'Controlla di nuovo' }).click();
  await page.getByRole('button', { name: 'Sblocca con il dispositivo' }).waitFor();
  await look(page, 'sblocca-dispositivo');
  const began = Date.now();
  await page.getByRole('button', { name: 'Sblocca con il dispositivo' }).click();
  await page.getByRole('heading', { name: 'I miei casi' }).waitFor();
  t.diagnostic(`from a passkey to the list: ${String(Date.now() - began)} ms`);

  // Another device, and the first is taken off.
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.getByText('il primo dispositivo', { exact: true }).waitFor();
  await page.getByLabel('Indirizzo').waitFor();
  await answers(devtools, { [first]: false });
  const second = await authenticator(devtools, true, 'usb');
  await page.getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  const adding = page.getByRole('dialog', { name: 'Aggiungi un dispositivo' });
  await adding.waitFor();
  await look(page, 'aggiungi-dispositivo');
  await adding.getByLabel('Come lo chiami').fill('la chiavetta');
  await adding.getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  await adding.waitFor({ state: 'detached' });
  await page.getByText('la chiavetta', { exact: true }).waitFor();
  await look(page, 'profilo');
  await page.getByRole('button', { name: 'Blocca' }).click();
  await page.getByRole('button', { name: 'Sblocca con il dispositivo' }).waitFor();
  const elsewhere = await visit(browser);
  await signIn(elsewhere.page, network.second);
  await elsewhere.page.getByLabel('Frase di sblocco').fill(phrase);
  await elsewhere.page.getByRole('button', { name: 'Sblocca con la frase' }).click();
  await elsewhere.page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await elsewhere.page.getByRole('button', { name: 'Togli il primo dispositivo' }).click();
  const removing = elsewhere.page.getByRole('dialog', { name: 'Togliere il primo dispositivo?' });
  await removing.getByLabel('Frase di sblocco').fill(phrase);
  await look(elsewhere.page, 'togli-dispositivo');
  await removing.getByRole('button', { name: 'Togli', exact: true }).click();
  await removing.waitFor({ state: 'detached' });
  await elsewhere.page.getByText('il primo dispositivo', { exact: true }).waitFor({ state: 'detached' });
  await elsewhere.page.getByRole('button', { name: 'Esci', exact: true }).click();
  await elsewhere.page.getByRole('heading', { name: 'Entra' }).waitFor();
  await elsewhere.context.close();

  // Whoever has the first tries it, on a page that was there before: it answers, and opens nothing.
  await answers(devtools, { [first]: true, [second]: false });
  await page.getByRole('button', { name: 'Sblocca con il dispositivo' }).click();
  await page.getByText('Questo dispositivo non apre le tue carte: forse è stato tolto').waitFor();
  assert.equal(await page.getByRole('navigation', { name: 'Sezioni' }).count(), 0);
  await look(page, 'dispositivo-tolto');
  await answers(devtools, { [first]: false, [second]: true });
  await page.getByRole('button', { name: 'Sblocca con il dispositivo' }).click();
  await page.getByRole('heading', { name: 'I miei casi' }).waitFor();

  // Her computer is stolen: the coordinator ends its session.
  await desk.page.getByText('Altro su Nuova Operatrice').click();
  await look(desk.page, 'rete');
  const line = desk.page.getByRole('listitem').filter({ hasText: 'Altro su Nuova Operatrice' });
  await line.getByRole('button', { name: 'Sessioni aperte' }).click();
  const sessions = desk.page.getByRole('dialog', { name: 'Sessioni di Nuova Operatrice' });
  await sessions.getByRole('button', { name: /^Chiudi la sessione/ }).first().waitFor();
  await look(desk.page, 'sessioni');
  await sessions.getByRole('button', { name: /^Chiudi la sessione/ }).first().click();
  const ending = desk.page.getByRole('dialog', { name: 'Chiudere questa sessione?' });
  await ending.getByRole('button', { name: 'Chiudi', exact: true }).click();
  await ending.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Aggiorna' }).click();
  await page.getByText('Questa sessione è stata chiusa').waitFor();
  await look(page, 'sessione-chiusa');
  assert.deepEqual([...hers.complaints, ...desk.complaints], []);
  await hers.context.close();
  await desk.context.close();
});

/** New keys, with a new phrase. Returns it, and her new words. */
async function newKeys(page: Page): Promise<{ readonly phrase: string; readonly six: readonly string[] }> {
  await page.getByRole('button', { name: 'Ricomincia con una frase nuova' }).click();
  await page.getByRole('button', { name: 'Usa solo la frase' }).click();
  const phrase = await writeDown(page);
  const six = page.getByRole('list', { name: 'Le tue parole di verifica' }).getByRole('listitem');
  await six.first().waitFor();
  return { phrase, six: await six.allTextContents() };
}

/** Carla before the new card, which she is asked to compare with the one of before. */
async function comparing(): Promise<{ readonly desk: Visitor; readonly dialog: Locator }> {
  const desk = await visit(browser);
  await signIn(desk.page, person('carla'));
  await unlock(desk.page, person('carla'));
  await desk.page.getByRole('button', { name: 'Rete', exact: true }).click();
  await desk.page.getByRole('button', { name: 'Confronta e firma: Nuova Operatrice' }).click();
  const dialog = desk.page.getByRole('dialog', { name: 'Confronta le parole' });
  await dialog.getByText('era nell’elenco con un’altra carta').waitFor();
  await dialog.getByRole('list', { name: 'Parole di prima' }).waitFor();
  return { desk, dialog };
}

void test('new keys that were not hers: nobody signs the changed card, and she puts hers back', async () => {
  const hers = await visit(browser);
  await signIn(hers.page, network.second);
  await hers.page.getByRole('button', { name: 'Ho perso la frase' }).click();
  await look(hers.page, 'frase-persa');
  const { phrase } = await newKeys(hers.page);
  const { desk, dialog } = await comparing();
  await look(desk.page, 'carta-cambiata');
  await desk.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  // It was not she: nobody signs the new card, and she puts the keys of before back.
  await hers.page.getByRole('button', { name: 'Controlla di nuovo' }).click();
  await hers.page.getByRole('heading', { name: 'Le tue chiavi sono state rifatte' }).waitFor();
  await look(hers.page, 'chiavi-rifatte');
  await hers.page.getByRole('button', { name: /^Rimetti le chiavi sostituite il/ }).click();
  const back = hers.page.getByRole('dialog', { name: 'Rimettere le chiavi di prima?' });
  await back.getByLabel('Frase di prima').fill(phrase);
  await look(hers.page, 'chiavi-rimetti');
  await back.getByRole('button', { name: 'Rimetti le chiavi di prima' }).click();
  await back.getByText('Non è la frase giusta').waitFor();
  await back.getByLabel('Frase di prima').fill(firstPhrase);
  await back.getByRole('button', { name: 'Rimetti le chiavi di prima' }).click();
  await hers.page.getByRole('heading', { name: 'I miei casi' }).waitFor();
  await hers.page.getByRole('button', { name: 'Blocca' }).click();
  await hers.page.getByLabel('Frase di sblocco').waitFor();
  assert.equal(await hers.page.getByRole('heading', { name: 'Le tue chiavi sono state rifatte' }).count(), 0);
  assert.deepEqual([...hers.complaints, ...desk.complaints], []);
  await hers.context.close();
  await desk.context.close();
});

const told = 'Una domanda che si può fare in due?';

/** A question for INPS that she follows with the newcomer, up to the button that sends it. */
async function asks(page: Page, question: string): Promise<void> {
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  await page.getByRole('radio', { name: 'Reddito di libertà: requisiti' }).check();
  await page.getByRole('button', { name: 'Avanti' }).click();
  await page.getByRole('group', { name: 'La sede INPS' }).getByText('INPS, sede di Valdoria').click();
  await page.getByText('Nuova Operatrice', { exact: true }).click();
  await page.getByRole('button', { name: 'Avanti' }).click();
  await page.getByLabel('La domanda per INPS').fill(question);
  await page.getByRole('button', { name: 'Apri il caso' }).click();
}

void test('a phrase is lost: her colleague hears the new words before anything is sealed to the new card, and opens the case again', async () => {
  const bices = await visit(browser);
  const { page } = bices;
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && /\/v1\/(entries|cases)$/.test(request.url())) {
      sent.push(new URL(request.url()).pathname);
    }
  });
  await signIn(page, person('bice'));
  await unlock(page, person('bice'));
  const before = await codes(page);
  await asks(page, told);
  await page.getByText(/Il caso è aperto e registrato/).waitFor();
  await page.getByRole('button', { name: 'Torna ai casi' }).click();
  const code = await newCode(page, before);
  assert.deepEqual(sent.splice(0), ['/v1/cases'], 'what is sent is not seen here');

  const hers = await visit(browser);
  await signIn(hers.page, network.second);
  await hers.page.getByRole('button', { name: 'Ho perso la frase' }).click();
  const { phrase, six } = await newKeys(hers.page);
  const { desk, dialog } = await comparing();
  await dialog.getByText('Ho sentito la sua voce').click();
  await dialog.getByRole('button', { name: 'Firma l’elenco' }).click();
  await dialog.waitFor({ state: 'detached' });

  // In the same visit: the case is for her as well, and stays here.
  await asks(page, 'E questa?');
  await page.getByRole('alert').filter({ hasText: 'quello che hai scritto resta qui' }).waitFor();
  await page.getByRole('status').getByRole('button', { name: 'Confronta le parole' }).waitFor();
  await look(page, 'nuovo-carta-cambiata');
  await page.getByRole('button', { name: 'Indietro' }).click();
  await page.getByText('Una delle colleghe scelte oggi non può riceverlo').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Avanti' }).isDisabled(), true, 'she goes on with somebody who can’t get it');
  const barred = page.getByRole('checkbox', { name: 'Nuova Operatrice (oggi non può riceverlo)' });
  await look(page, 'nuovo-persone-carta-cambiata');
  await page.getByText('Nuova Operatrice (oggi non può riceverlo)').click();
  assert.equal(await barred.isChecked(), false);
  assert.equal(await barred.isDisabled(), true, 'who can’t get it is chosen again');
  await page.getByText('Anna Berti', { exact: true }).click();
  await page.getByRole('button', { name: 'Avanti' }).click();
  assert.equal(await page.getByLabel('La domanda per INPS').inputValue(), 'E questa?');
  await page.getByRole('region', { name: 'Chi potrà leggere' }).getByText('Anna Berti, collega').waitFor();

  // She lets it be: not before she has said that what she wrote may be lost.
  await page.getByRole('button', { name: 'Lascia stare e torna ai casi' }).click();
  const leaving = page.getByRole('dialog', { name: 'Lasciare stare questo caso?' });
  await leaving.waitFor();
  await look(page, 'nuovo-lascia');
  await leaving.getByRole('button', { name: 'Lascia stare', exact: true }).click();
  const notice = page.getByRole('status').filter({ hasText: 'La carta di Nuova Operatrice (Centro antiviolenza Alba) è cambiata' });
  await notice.getByRole('button', { name: 'Confronta le parole' }).click();
  const comparison = page.getByRole('dialog', { name: 'La carta di Nuova Operatrice è cambiata' });
  assert.deepEqual(await comparison.getByRole('list', { name: 'Parole nuove' }).getByRole('listitem').allTextContents(), six);
  assert.notDeepEqual(await comparison.getByRole('list', { name: 'Parole di prima' }).getByRole('listitem').allTextContents(), six);
  assert.equal(await comparison.getByRole('button', { name: 'Sono le sue' }).isDisabled(), true, 'before she says that she has heard them');
  await look(page, 'carta-confronta');
  // She has not reached her by telephone, and leaves it: nothing goes to the new card.
  await comparison.getByRole('button', { name: 'Annulla' }).click();
  await notice.waitFor();
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await page.getByText(told).waitFor();
  await page.getByLabel('Messaggio').fill('Adesso leggi di nuovo.');
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'la sua carta è cambiata' }).waitFor();
  assert.deepEqual(sent, [], 'something was sent before the words were compared');

  await notice.getByRole('button', { name: 'Confronta le parole' }).click();
  await comparison.getByText('Ho sentito la sua voce').click();
  await comparison.getByRole('button', { name: 'Sono le sue' }).click();
  await comparison.waitFor({ state: 'detached' });
  await notice.waitFor({ state: 'detached' });

  // What she could read before is opened again for the card with those words.
  await page.getByRole('complementary').getByRole('button', { name: 'Riapri per lei' }).click();
  const again = page.getByRole('dialog', { name: 'Riaprire la conversazione a Nuova Operatrice?' });
  const spoken = again.getByRole('list', { name: 'Parole di verifica di Nuova Operatrice' }).getByRole('listitem');
  await spoken.first().waitFor();
  assert.deepEqual(await spoken.allTextContents(), six);
  assert.equal(await again.getByRole('button', { name: 'Riapri' }).isDisabled(), true, 'before she says that she has heard them');
  await again.getByText('Ho sentito la sua voce').click();
  await look(page, 'caso-riapri');
  await again.getByRole('button', { name: 'Riapri' }).click();
  await again.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText(/Inviato e registrato/).waitFor();
  assert.ok(sent.length > 1 && sent.every((one) => one === '/v1/entries'), 'a grant and a message');

  await hers.page.getByRole('button', { name: 'Controlla di nuovo' }).click();
  await hers.page.getByLabel('Frase di sblocco').fill(phrase);
  await hers.page.getByRole('button', { name: 'Sblocca' }).click();
  await hers.page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await hers.page.getByText('Adesso leggi di nuovo.').waitFor();
  await hers.page.getByText(told).waitFor();
  assert.deepEqual([...bices.complaints, ...hers.complaints, ...desk.complaints], []);
  await bices.context.close();
  await hers.context.close();
  await desk.context.close();
});

// The service's own count of the quarter of an hour is in internal/core, TestFresh; here its answers are as they are then.

void test('a dialog keeps the keyboard inside, with quick exit first', async () => {
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('elisa'));
  await unlock(page, person('elisa'));
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  const inside = await page.evaluate(() => document.querySelector('dialog')?.contains(document.activeElement) === true);
  assert.equal(inside, true, 'the focus is in the dialog');
  const first = await page.evaluate(() => document.querySelector('dialog button')?.textContent ?? '');
  assert.match(first, /Uscita rapida/);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const back = await page.evaluate(() => document.activeElement?.textContent ?? '');
  assert.match(back, /Aggiungi un dispositivo/, 'the focus comes back');
  assert.deepEqual(complaints, []);
  await context.close();
});
