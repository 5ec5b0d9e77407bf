// The day of who works at a refuge, which nobody learns: her laptop is stolen with a case open, and
// she goes on elsewhere. Then her place on the list is taken: she is covered and told why, and her
// colleagues write on without her. Dora is on no list afterwards.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, look, signIn, unlock, visit, type Visitor } from './browser.js';
import { person, varco, type Person } from './network.js';
import { photo } from './photo.js';

const question = 'A chi si chiede il duplicato della carta?';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

async function openCase(page: Page, code: string): Promise<void> {
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await page.getByText(question).waitFor();
}

/** A case that Bice opens with Dora, who has it open with something half written. */
async function working(): Promise<{ readonly code: string; readonly doras: Visitor; readonly carlas: Visitor }> {
  const said = await varco(person('bice'), ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-01', '--colleague', 'Dora', '--holder', 'Olga', '--substitute', 'Piero'], question);
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  const doras = await inside(person('dora'));
  await openCase(doras.page, code);
  await doras.page.getByLabel('Messaggio').fill('una bozza che nessuno deve leggere');
  const carlas = await inside(person('carla'));
  await carlas.page.getByRole('button', { name: 'Rete', exact: true }).click();
  await carlas.page.getByText('Altro su Dora Fusi').click();
  return { code, doras, carlas };
}

async function inside(who: Person): Promise<Visitor> {
  const visitor = await visit(browser);
  await signIn(visitor.page, who);
  await unlock(visitor.page, who);
  return visitor;
}

/** Locks, and unlocks again: a device asks for the lists then. */
async function hearsOfLists(page: Page, who: Person): Promise<void> {
  await page.getByRole('button', { name: 'Blocca', exact: true }).click();
  await unlock(page, who);
}

/** Nothing of the case is there any more, she is told so, and there is nobody signed in. */
async function covered({ page }: Visitor): Promise<void> {
  await page.getByRole('alert').filter({ hasText: 'Questa sessione è stata chiusa' }).waitFor({ timeout: 30_000 });
  await page.getByRole('heading', { name: 'Entra' }).waitFor();
  assert.equal(await page.getByText(question).count(), 0, 'the case is still to be read');
  assert.equal(await page.locator('textarea').count(), 0, 'the draft is still there');
  await page.goBack();
  await page.getByRole('heading', { name: 'Entra' }).waitFor();
  assert.equal(await page.getByText(question).count(), 0, 'going back shows the case');
  assert.equal(await page.evaluate(async () => (await fetch('/v1/cases')).status), 401, 'the service still answers her');
}

/** The page as it is says nowhere where she works. */
async function tellsNoRefuge(page: Page): Promise<void> {
  assert.doesNotMatch(await page.content(), /Ginestra|[Rr]ifugio/);
}

void test('a refuge worker sends a photo; her laptop is stolen, covered from afar, and she has everything elsewhere', async () => {
  const { code, doras, carlas } = await working();
  const canary = 'CANARINO-EXIF-2806';
  const taken = await photo(doras.page, canary);
  assert.ok(taken.includes(canary));
  await doras.page.getByLabel('Allega file').setInputFiles({ name: `casa Ginestra ${canary}.jpg`, mimeType: 'image/jpeg', buffer: taken });
  await doras.page.getByText('pronto', { exact: true }).waitFor();
  await doras.page.getByLabel('Messaggio').fill('Ecco il permesso.');
  await doras.page.getByRole('button', { name: 'Invia', exact: true }).click();
  await doras.page.getByText(/Inviato e registrato/).waitFor();
  await doras.page.getByLabel('Messaggio').fill('una bozza che nessuno deve leggere');

  const olgas = await inside(person('olga'));
  await olgas.page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await tellsNoRefuge(olgas.page);
  await olgas.page.getByText('È arrivato un caso o un messaggio nuovo').click();
  await olgas.page.getByRole('button', { name: 'Apri', exact: true }).click();
  const entry = olgas.page.getByRole('listitem').filter({ hasText: 'Ecco il permesso.' });
  await entry.getByText('Centro antiviolenza Alba').waitFor();
  const [file] = await Promise.all([olgas.page.waitForEvent('download'), entry.getByRole('button', { name: 'Scarica' }).click()]);
  assert.equal(file.suggestedFilename(), 'foto-1.jpg');
  assert.ok(!(await readFile(await file.path())).includes(canary), 'the photo still tells where it was taken');
  await tellsNoRefuge(olgas.page);

  const dora = carlas.page.getByRole('listitem').filter({ hasText: 'Altro su Dora Fusi' });
  await dora.getByRole('button', { name: 'Sessioni aperte' }).click();
  const list = carlas.page.getByRole('dialog', { name: 'Sessioni di Dora Fusi' });
  // All of them: of the laptop that was stolen nobody knows which it was.
  const each = list.getByRole('button', { name: /^Chiudi la sessione/ });
  await each.first().waitFor();
  const all = list.getByRole('button', { name: 'Chiudi tutte' });
  await ((await all.count()) > 0 ? all : each).first().click();
  const sure = carlas.page.getByRole('dialog').filter({ hasText: 'Vale da subito' }).last();
  await sure.waitFor();
  await look(carlas.page, 'sessioni-chiudi');
  const core = doras.page.workers()[0];
  assert.ok(core !== undefined, 'there is no core that could hold a key');
  const ended = new Promise<void>((resolve) => {
    core.once('close', () => {
      resolve();
    });
  });
  await sure.getByRole('button', { name: 'Chiudi', exact: true }).click();
  await covered(doras); // she has touched nothing
  await ended; // the Worker that held her keys is no more

  // Another computer, her phrase, and nothing is lost.
  const elsewhere = await inside(person('dora'));
  await openCase(elsewhere.page, code);
  await elsewhere.page.getByText('Ecco il permesso.').waitFor();
  await elsewhere.page.getByRole('button', { name: 'Guarda' }).click();
  await elsewhere.page.getByRole('dialog').getByRole('img', { name: 'foto-1.jpg' }).waitFor();
  await tellsNoRefuge(elsewhere.page);
  assert.deepEqual([...doras.complaints, ...carlas.complaints, ...olgas.complaints, ...elsewhere.complaints], []);
  await olgas.context.close();
  await elsewhere.context.close();
  await doras.context.close();
  await carlas.context.close();
});

void test('who is taken off the list is out at once, and her colleagues write on without her', async () => {
  const { code, doras, carlas } = await working();
  const bices = await inside(person('bice'));
  await openCase(bices.page, code);
  const dora = carlas.page.getByRole('listitem').filter({ hasText: 'Altro su Dora Fusi' });
  await dora.getByRole('button', { name: 'Togli dall’elenco' }).click();
  await carlas.page.getByRole('dialog').getByRole('button', { name: 'Togli dall’elenco' }).click();
  await carlas.page.getByRole('dialog').waitFor({ state: 'detached' });
  await covered(doras);

  // Bice's device knows it when it asks for the lists again: after five minutes, or when she unlocks.
  await hearsOfLists(bices.page, person('bice'));
  await openCase(bices.page, code);
  await bices.page.getByLabel('Messaggio').fill('Detto senza di lei.');
  await bices.page.getByRole('button', { name: 'Invia', exact: true }).click();
  await bices.page.getByText('Non è stato inviato nulla. Guarda chi è in «Chi sa cosa»').waitFor();
  assert.equal(await bices.page.getByLabel('Messaggio').inputValue(), 'Detto senza di lei.');
  await look(bices.page, 'caso-chi-non-riceve');
  const line = bices.page.getByRole('complementary').getByRole('listitem').filter({ hasText: 'oggi non può ricevere' });
  await line.getByRole('button', { name: 'Togli' }).click();
  await bices.page.getByRole('heading', { name: 'Togliere una collega che non è più nell’elenco?' }).waitFor();
  await bices.page.getByRole('dialog').getByRole('button', { name: 'Togli' }).click();
  await bices.page.getByText(/^ha tolto/).waitFor();
  await bices.page.getByText('Del centro puoi leggere solo tu').waitFor();
  await bices.page.getByRole('button', { name: 'Invia', exact: true }).click();
  await bices.page.getByText(/Inviato e registrato/).waitFor();
  assert.equal(await line.count(), 0, 'she can still read');

  // She may sign in, and there is nothing for her.
  const { page } = doras;
  await signIn(page, person('dora'));
  await page.getByLabel('Frase di sblocco').fill(person('dora').phrase);
  await page.getByRole('button', { name: 'Sblocca' }).click();
  await page.getByText('Non sei più nell’elenco del tuo ente').waitFor();
  assert.equal(await page.getByRole('navigation', { name: 'Sezioni' }).count(), 0);
  assert.deepEqual([...doras.complaints, ...carlas.complaints, ...bices.complaints], []);
  await doras.context.close();
  await carlas.context.close();
  await bices.context.close();
});
