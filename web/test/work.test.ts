// The day's work in one case: a photo that tells where it was taken, a request, an answer with a
// number and an outcome, and the end.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { person, varco } from './network.js';
import { photo } from './photo.js';

const canary = 'CANARINO-EXIF-7391';
const question = 'Quali documenti servono per la domanda?';

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

async function send(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText(/Numero di ricevuta: R-\d+-\d\d/).waitFor();
}

void test('a case is worked through to its end', async () => {
  const [anna, olga] = [person('anna'), person('olga')];
  const said = await varco(anna, ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-04', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'], question);
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  const hers = await visit(browser);
  await signIn(hers.page, anna);
  await unlock(hers.page, anna);
  await openCase(hers.page, code);
  await hers.page.getByText(question).waitFor();
  await hers.page.getByText(/Si aspetta INPS: risposta entro il/).waitFor();

  const his = await visit(browser);
  await signIn(his.page, olga);
  await unlock(his.page, olga);
  await openCase(his.page, code);
  await his.page.getByText('È arrivato un caso o un messaggio nuovo').click();
  await his.page.getByRole('button', { name: 'Apri', exact: true }).click();
  await his.page.getByText(question).waitFor();
  await his.page.getByRole('button', { name: 'Chiedi documenti' }).click();
  await his.page.getByLabel('Voce 1').fill('Certificato di presa in carico');
  await his.page.getByRole('button', { name: 'Aggiungi una voce' }).click();
  await his.page.getByLabel('Voce 2').fill('Permesso di soggiorno');
  await his.page.getByLabel('Entro quando').fill('2099-11-30');
  await look(his.page, 'caso-richiesta');
  await send(his.page);
  await his.page.getByRole('list', { name: 'Che cosa serve' }).getByText('Permesso di soggiorno').waitFor();
  assert.equal(await his.page.getByRole('checkbox').count(), 0, 'he could tick off what he asked for himself');

  await hers.page.getByRole('button', { name: 'Torna ai casi' }).click();
  await openCase(hers.page, code);
  await hers.page.getByText('ha chiesto, entro il').waitFor();
  await hers.page.getByText('Permesso di soggiorno', { exact: true }).click();
  await hers.page.getByText('Le spunte le vedi solo tu').waitFor();
  await hers.page.getByLabel('Messaggio').fill('Ecco il permesso. Il suo telefono è 333 1234567.');
  await hers.page.getByText('Qui sembra esserci un numero di telefono').waitFor();
  const taken = await photo(hers.page, canary);
  assert.ok(taken.includes(canary));
  await hers.page.getByLabel('Allega file').setInputFiles({ name: `rifugio ${canary}.jpg`, mimeType: 'image/jpeg', buffer: taken });
  await hers.page.getByText('pronto', { exact: true }).waitFor();
  await look(hers.page, 'caso-allegato');
  // A telephone's photo, which this browser can't draw: whatever kind the computer says it is.
  for (const mimeType of ['image/heic', '', 'application/octet-stream']) {
    const heic = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), Buffer.from(canary)]);
    await hers.page.getByLabel('Allega file').setInputFiles({ name: 'IMG_0001', mimeType, buffer: heic });
    await hers.page.getByText('salvala come JPEG e allega quella').waitFor();
    await hers.page.getByRole('list', { name: 'File da inviare' }).getByRole('button', { name: 'Togli' }).last().click();
  }
  await hers.page.getByRole('button', { name: 'Invia', exact: true }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Torno a correggere' }).click();
  await hers.page.getByLabel('Messaggio').fill('Ecco il permesso.');
  await send(hers.page);
  await hers.page.getByText(/foto-1\.jpg/).waitFor();

  await his.page.getByRole('button', { name: 'Torna ai casi' }).click();
  await openCase(his.page, code);
  await his.page.getByText('È arrivato un caso o un messaggio nuovo').click();
  await his.page.getByRole('button', { name: 'Apri', exact: true }).click();
  await his.page.getByText('Ecco il permesso.').waitFor();
  await his.page.getByRole('button', { name: 'Guarda' }).click();
  await his.page.getByRole('dialog').getByRole('img', { name: 'foto-1.jpg' }).waitFor();
  await look(his.page, 'caso-foto');
  await his.page.getByRole('dialog').getByRole('button', { name: 'Chiudi' }).click();
  const downloading = his.page.waitForEvent('download');
  await his.page.getByRole('button', { name: 'Scarica' }).click();
  const file = await downloading;
  assert.equal(file.suggestedFilename(), 'foto-1.jpg');
  const got = await readFile(await file.path());
  assert.deepEqual([...got.subarray(0, 2)], [0xff, 0xd8]);
  assert.ok(!got.includes(canary) && !got.includes('Exif'), 'the photo still tells where it was taken');

  await his.page.getByRole('button', { name: 'Stato ed esito' }).click();
  await his.page.getByLabel('Che cosa succede adesso').selectOption('è chiusa');
  await his.page.getByLabel('Esito').selectOption('accolta');
  await his.page.getByLabel('Messaggio').fill('La domanda è a posto.');
  await his.page.getByLabel('Numero di protocollo INPS').fill('INPS.7391.2026');
  await look(his.page, 'caso-esito');
  await send(his.page);

  await hers.page.getByRole('button', { name: 'Torna ai casi' }).click();
  await hers.page.getByLabel('Mostra').selectOption('quelli chiusi');
  await openCase(hers.page, code);
  await hers.page.getByText('ha chiuso la conversazione. Esito: accolta.').waitFor();
  await hers.page.getByText('Protocollo INPS INPS.7391.2026').waitFor();
  await hers.page.getByRole('heading', { name: 'Conversazione chiusa' }).waitFor();
  await look(hers.page, 'caso-chiuso');

  // Nobody comes to it any more, and who has left the centre can be taken out: else it could not be opened again.
  assert.equal(await hers.page.getByRole('button', { name: 'Aggiungi una persona' }).count(), 0);
  await hers.page.getByRole('complementary').getByRole('listitem').filter({ hasText: 'Bice Landi' }).getByRole('button', { name: 'Togli' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Togli' }).click();
  await hers.page.getByText('ha tolto Bice Landi.').waitFor();
  await hers.page.getByLabel('Per scrivere ancora, riaprila').selectOption('si aspetta INPS');
  await hers.page.getByLabel('Messaggio').fill('Serve ancora una cosa.');
  await send(hers.page);
  await hers.page.getByText('ha detto che si aspetta INPS.').waitFor();
  assert.deepEqual([...hers.complaints, ...his.complaints], []);
  await hers.context.close();
  await his.context.close();
});

void test('what a file tells is said before it goes', async () => {
  const said = await varco(person('anna'), ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-04', '--colleague', 'Bice', '--holder', 'Olga'], question);
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('anna'));
  await unlock(page, person('anna'));
  await openCase(page, code);
  await page.getByText(question).waitFor();
  const going = page.getByRole('list', { name: 'File da inviare' });
  const attach = (name: string, mimeType: string, buffer: Buffer): Promise<void> => page.getByLabel('Allega file').setInputFiles({ name, mimeType, buffer });
  const remove = (): Promise<void> => going.getByRole('button', { name: 'Togli' }).last().click();
  const uploads: string[] = [];
  page.on('request', (request) => {
    uploads.push(...(request.url().includes('/v1/blobs') ? [request.method()] : []));
  });

  // A film tells where it was made, whatever the computer calls it: it does not go before she says so.
  await page.getByLabel('Messaggio').fill('Ecco.');
  for (const [name, mimeType, first] of [
    ['IMG_0002.MOV', 'video/quicktime', '\0\0\0\x14ftypqt  '],
    ['IMG_0003', '', '\0\0\0\x18ftypisom'],
    ['IMG_0004.bin', 'application/octet-stream', '\0\0\0\x18ftyp3gp5'],
    ['IMG_0005', '', '\x1aE\xdf\xa3'],
    ['voce.m4a', '', ''],
  ] as const) {
    await attach(name, mimeType, Buffer.from(`${first} ${canary}`, 'latin1'));
    await page.getByText('un filmato o una registrazione dice, nascosto, dove e quando').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Invia', exact: true }).isDisabled(), `${name} goes without a word`);
    if (name === 'IMG_0003') {
      await look(page, 'caso-filmato');
    }
    await remove();
    await going.getByRole('listitem').waitFor({ state: 'detached' });
  }
  assert.deepEqual(uploads, [], 'a film was sent before she said so');
  await attach('IMG_0006.mp4', 'video/mp4', Buffer.from('\0\0\0\x18ftypisom', 'latin1'));
  await page.getByRole('button', { name: 'Allegalo lo stesso' }).click();
  await going.getByText('pronto', { exact: true }).waitFor();
  await going.getByText('filmato-1.mp4').waitFor();
  assert.ok(uploads.length > 0, 'nothing is heard of what is sent');
  await remove();

  // More than go with one message are not taken, and that is said.
  await page.getByLabel('Allega file').setInputFiles(Array.from({ length: 17 }, () => ({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') })));
  await page.getByText('al massimo 16 file').waitFor();
  assert.equal(await going.getByRole('listitem').count(), 16);
  for (let i = 0; i < 16; i++) {
    await remove();
  }
  await going.getByRole('listitem').waitFor({ state: 'detached' });

  await attach('domanda.pdf', 'application/pdf', Buffer.from('%PDF-1.4\n1 0 obj << /Title (domanda) >> endobj\n'));
  await going.getByText('Un PDF può contenere, nascosto, il nome').waitFor();
  await remove();
  await attach('scansione', '', Buffer.from('%PDF-1.4\n1 0 obj << /Author (Ada Neri) >> endobj\n'));
  await going.getByText('questo PDF contiene, nascosto, il nome di chi lo ha scritto').waitFor();
  await going.getByText('documento-1.pdf').waitFor();
  await remove();

  // Numbers of names that were taken off are free again.
  const taken = await photo(page, canary);
  for (const name of ['uno.jpg', 'due.jpg']) {
    await attach(name, 'image/jpeg', taken);
  }
  await going.getByText('foto-2.jpg').waitFor();
  await going.getByRole('listitem').filter({ hasText: 'foto-1.jpg' }).getByRole('button', { name: 'Togli' }).click();
  await attach('tre.jpg', 'image/jpeg', taken);
  await going.getByText('foto-1.jpg').waitFor();
  assert.equal(await going.getByRole('listitem').count(), 2);
  assert.deepEqual(complaints, []);
  await context.close();
});
