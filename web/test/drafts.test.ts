// What is half written: it waits where it was written as long as the page is open, and no longer. And
// nothing stops her, or is unknown, without the room saying so.
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

async function opened(question: string): Promise<string> {
  const said = await varco(person('bice'), ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-04', '--colleague', 'Anna', '--holder', 'Olga', '--substitute', 'Piero'], question);
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  return code;
}

function line(page: Page, code: string): ReturnType<Page['getByRole']> {
  return page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code });
}

void test('a draft waits in its thread, with what is attached, until it is sent or the page is locked or left', async () => {
  const question = 'Serve la residenza?';
  const code = await opened(question);
  const bice = person('bice');
  const { page, context, complaints } = await visit(browser);
  await signIn(page, bice);
  await unlock(page, bice);
  await line(page, code).click();
  await page.getByText(question).waitFor();
  const text = page.getByLabel('Messaggio');
  const mine = 'Una bozza che non va persa.';
  await text.fill(mine);
  await page.getByLabel('Allega file').setInputFiles({ name: 'appunti.txt', mimeType: 'text/plain', buffer: Buffer.from('appunti') });
  // The upload goes on while she looks at the other thread, which has a draft of its own.
  await page.getByRole('button', { name: 'interna del centro' }).click();
  assert.equal(await text.inputValue(), '');
  await text.fill('Solo fra noi.');
  await page.getByRole('button', { name: 'INPS, sede di Valdoria' }).click();
  assert.equal(await text.inputValue(), mine);
  await page.getByText('pronto', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Torna ai casi' }).click();
  await line(page, code).getByText('bozza', { exact: true }).waitFor();
  await look(page, 'casi-bozza');
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.getByRole('heading', { name: 'Profilo' }).waitFor();
  await page.getByRole('button', { name: 'I miei casi', exact: true }).click();
  await line(page, code).click();
  await page.getByText(question).waitFor();
  assert.equal(await text.inputValue(), mine);
  await page.getByText('pronto', { exact: true }).waitFor();
  assert.deepEqual(
    await page.evaluate(async () => [Object.keys(localStorage), Object.keys(sessionStorage), (await indexedDB.databases()).length, history.state as unknown]),
    [[], [], 0, null],
    'a draft is kept somewhere else than in memory',
  );
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText(/Inviato e registrato/).waitFor();
  await page.locator('ol.timeline').getByText(/allegato-1\.txt/).waitFor();
  assert.equal(await text.inputValue(), '');

  // The other one is still there; locking drops it.
  await page.getByRole('button', { name: 'interna del centro' }).click();
  assert.equal(await text.inputValue(), 'Solo fra noi.');
  await page.getByRole('button', { name: 'Blocca' }).click();
  await unlock(page, bice);
  await line(page, code).waitFor();
  assert.equal(await line(page, code).getByText('bozza', { exact: true }).count(), 0, 'a draft outlives the lock');
  await line(page, code).click();
  await page.getByRole('button', { name: 'interna del centro' }).click();
  await text.waitFor();
  assert.equal(await text.inputValue(), '');

  // So does leaving.
  await text.fill('Solo fra noi.');
  await page.getByRole('button', { name: 'Torna ai casi' }).click();
  await line(page, code).getByText('bozza', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Esci', exact: true }).click();
  await page.getByRole('heading', { name: 'Entra' }).waitFor();
  await signIn(page, bice);
  await unlock(page, bice);
  await line(page, code).waitFor();
  assert.equal(await line(page, code).getByText('bozza', { exact: true }).count(), 0, 'a draft outlives the session');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('a case and a further conversation that are being prepared wait until they are opened or the page is locked', async () => {
  const question = 'A chi si chiede?';
  const code = await opened(question);
  const bice = person('bice');
  const { page, context, complaints } = await visit(browser);
  await signIn(page, bice);
  await unlock(page, bice);
  const text = page.getByLabel('La domanda per INPS');
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  await page.getByRole('radio', { name: 'Reddito di libertà: requisiti' }).check();
  await page.getByRole('button', { name: 'Avanti' }).click();
  await page.getByRole('group', { name: 'La sede INPS' }).getByText('INPS, sede di Valdoria').click();
  await page.getByText('Anna Berti', { exact: true }).click();
  await page.getByRole('button', { name: 'Avanti' }).click();
  await text.fill('Una domanda a metà.');
  await page.getByLabel('Una nota per le sole colleghe').fill('E una nota.');
  const read = page.getByRole('region', { name: 'Chi potrà leggere' });
  await read.getByText('Anna Berti, collega').waitFor();
  const drawn = await read.innerText();
  for (let i = 0; i < 6; i++) {
    await page.getByRole('button', { name: 'Indietro' }).click();
    await page.getByRole('button', { name: 'Avanti' }).click();
    await read.getByText('Anna Berti, collega').waitFor();
    assert.equal(await read.innerText(), drawn, 'officers were drawn anew');
  }
  const waits = page.getByRole('navigation', { name: 'Sezioni' }).getByRole('button', { name: 'Nuovo caso bozza', exact: true });
  assert.equal(await waits.count(), 0, 'it is on the screen, and said to wait');
  await page.goBack();
  await waits.waitFor();
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.getByRole('heading', { name: 'Profilo' }).waitFor();
  await waits.waitFor();
  await look(page, 'profilo-bozza');

  // A further conversation: Escape and "Annulla" leave it where it is.
  await page.getByRole('button', { name: 'I miei casi', exact: true }).click();
  await line(page, code).click();
  const further = page.getByRole('dialog', { name: 'Un’altra conversazione dello stesso caso' });
  const asked = further.getByLabel('Che cosa chiedi');
  for (const leave of ['Escape', 'Annulla', 'back']) {
    await page.getByRole('button', { name: 'Apri un’altra conversazione' }).click();
    assert.equal(await asked.inputValue(), leave === 'Escape' ? '' : 'Serve un’attestazione.', leave);
    await further.getByLabel('Con chi').selectOption('Comune di Valdoria');
    await asked.fill('Serve un’attestazione.');
    if (leave === 'Escape') {
      await page.keyboard.press('Escape');
    } else if (leave === 'Annulla') {
      await further.getByRole('button', { name: 'Annulla' }).click();
    } else {
      await page.goBack();
    }
    await further.waitFor({ state: 'detached' });
  }
  await line(page, code).getByText('bozza', { exact: true }).waitFor();
  await line(page, code).click();
  await page.getByRole('button', { name: 'Apri un’altra conversazione' }).click();
  await further.getByText('Teresa Galli', { exact: true }).click();
  await further.getByText('Anna Berti', { exact: true }).click();
  await further.getByRole('button', { name: 'Apri la conversazione' }).click();
  await further.waitFor({ state: 'detached' });
  await page.locator('ol.timeline').getByText('Serve un’attestazione.').waitFor();
  await page.getByRole('button', { name: 'Apri un’altra conversazione' }).click();
  assert.equal(await asked.inputValue(), '', 'what was sent is still there');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  assert.equal(await text.inputValue(), 'Una domanda a metà.');
  assert.equal(await page.getByLabel('Una nota per le sole colleghe').inputValue(), 'E una nota.');
  await read.getByText('Anna Berti, collega').waitFor();
  assert.equal(await read.innerText(), drawn, 'other officers than those that she saw');
  assert.deepEqual(
    await page.evaluate(async () => [Object.keys(localStorage), Object.keys(sessionStorage), (await indexedDB.databases()).length, history.state as unknown]),
    [[], [], 0, null],
    'it is kept somewhere else than in memory',
  );
  await page.getByRole('button', { name: 'Apri il caso' }).click();
  await page.getByText(/Il caso è aperto e registrato/).waitFor();
  assert.equal(await waits.count(), 0, 'a case that is opened is still said to wait');
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  assert.equal(await page.getByRole('radio', { name: 'Reddito di libertà: requisiti' }).isChecked(), false, 'a case that is opened is still prepared');

  // Locking drops it.
  await page.getByRole('radio', { name: 'Reddito di libertà: requisiti' }).check();
  await page.getByRole('button', { name: 'Avanti' }).click();
  await page.getByRole('group', { name: 'La sede INPS' }).getByText('INPS, sede di Valdoria').click();
  await page.getByText('Anna Berti', { exact: true }).click();
  await page.getByRole('button', { name: 'Avanti' }).click();
  await text.fill('Una domanda che si lascia.');
  await page.goBack();
  await waits.waitFor();
  await page.getByRole('button', { name: 'Blocca' }).click();
  await unlock(page, bice);
  assert.equal(await waits.count(), 0, 'what was prepared is said to outlive the lock');
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  await page.getByRole('radio', { name: 'Reddito di libertà: requisiti' }).waitFor();
  assert.equal(await page.getByRole('radio', { checked: true }).count(), 0, 'what was prepared outlives the lock');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('what is sent while she looks elsewhere is sent once, and its draft is gone', async () => {
  const question = 'Dove si presenta?';
  const code = await opened(question);
  const bice = person('bice');
  const { page, context, complaints } = await visit(browser);
  await signIn(page, bice);
  await unlock(page, bice);
  await line(page, code).click();
  await page.getByText(question).waitFor();
  let late = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    late = resolve;
  });
  await context.route('**/v1/entries', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByLabel('Messaggio').fill('Ci pensiamo noi.');
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText('Invio in corso…').waitFor();
  await page.getByRole('button', { name: 'interna del centro' }).click();
  late();
  await page.getByRole('button', { name: 'INPS, sede di Valdoria' }).click();
  await page.locator('ol.timeline').getByText('Ci pensiamo noi.').waitFor();
  assert.equal(await page.getByLabel('Messaggio').inputValue(), '');
  assert.equal(await page.locator('ol.timeline').getByText('Ci pensiamo noi.').count(), 1);
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('a file that failed does not stop the status in silence', async () => {
  const code = await opened('Quanto dura?');
  const bice = person('bice');
  const { page, context, complaints } = await visit(browser);
  await signIn(page, bice);
  await unlock(page, bice);
  await line(page, code).click();
  await context.route('**/v1/blobs', (route) => route.abort());
  await page.getByLabel('Allega file').setInputFiles({ name: 'appunti.txt', mimeType: 'text/plain', buffer: Buffer.from('appunti') });
  await page.getByText('Non è partito').waitFor();
  await page.getByRole('button', { name: 'Stato ed esito' }).click();
  await page.getByLabel('Che cosa succede adesso').selectOption('si aspetta INPS');
  await page.getByText('I file allegati non partono con lo stato').waitFor();
  await look(page, 'caso-stato-con-file');
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText(/Inviato e registrato/).waitFor();
  await page.getByText('Non è partito').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('who has read is said to be unknown where the service does not say it, and asked for again', async () => {
  const question = 'Chi la può chiedere?';
  const code = await opened(question);
  const bice = person('bice');
  const { page, context, complaints } = await visit(browser);
  await signIn(page, bice);
  await context.route('**/readers', (route) => route.abort());
  await unlock(page, bice);
  await line(page, code).click();
  await page.getByText('Chi ha letto, adesso non si sa').waitFor({ timeout: 30_000 });
  await look(page, 'caso-letture-ignote');
  await context.unroute('**/readers');
  await page.getByRole('alert').getByRole('button', { name: 'Aggiorna' }).click();
  await page.getByText('Chi ha letto, adesso non si sa').waitFor({ state: 'detached' });

  assert.deepEqual(complaints, []);
  await context.close();
});
