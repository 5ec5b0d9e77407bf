// The day of README.md, in the page alone: a case is opened without a name, answered by the officer
// whom it was given to, and seen by nobody else; and the log of it is verified.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { codes, launch, look, newCode, signIn, unlock, visit, type Visitor } from './browser.js';
import { network, person, type Person } from './network.js';

const question = 'Senza residenza in questo Comune, può fare domanda?';
const answer = 'Sì: la domanda si presenta nel Comune dove vive adesso, anche senza residenza.';
const reason = 'È arrivato un caso o un messaggio nuovo';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

async function inside(who: Person): Promise<Visitor> {
  const visitor = await visit(browser);
  await signIn(visitor.page, who);
  await unlock(visitor.page, who);
  return visitor;
}

function lineOf(page: Page, code: string): Locator {
  return page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code });
}

/** Esci: she is out, and nothing of hers is left with the service. */
async function leaves({ page, context, complaints }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'Esci', exact: true }).click();
  await page.getByRole('heading', { name: 'Entra' }).waitFor();
  // The provider, at another address, keeps its own.
  assert.deepEqual(await context.cookies(network.service), [], 'cookies after signing out');
  assert.deepEqual(complaints, []);
  await context.close();
}

/** Anna asks without a name; the office of the town that she fled gets nothing. Returns the code, and who got it. */
async function opens(page: Page): Promise<{ readonly code: string; readonly officer: Person }> {
  const before = await codes(page);
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  await page.getByRole('heading', { name: 'Di che cosa si tratta?' }).waitFor();
  await page.getByRole('radio', { name: 'Reddito di libertà: requisiti' }).waitFor();
  await look(page, 'nuovo-argomento');
  await page.getByLabel('Cerca un argomento').fill('liberta competente');
  await page.getByRole('radio', { name: 'Reddito di libertà: requisiti' }).check();
  await page.getByRole('button', { name: 'Avanti' }).click();

  await page.getByRole('heading', { name: 'Chi lo riceve, e chi no' }).waitFor();
  await page.getByText('Scegli la sede.').waitFor();
  await page.getByRole('group', { name: 'La sede INPS' }).getByText('INPS, sede di Valdoria').click();
  await page.getByText('Scegli almeno una collega.').waitFor();
  await page.getByText('Bice Landi', { exact: true }).click();
  await page.getByRole('group', { name: 'Chi non deve riceverlo mai' }).getByText('INPS, sede di Ombrena').click();
  await look(page, 'nuovo-persone');
  await page.getByRole('button', { name: 'Avanti' }).click();

  const text = page.getByLabel('La domanda per INPS');
  await text.fill('Abita in via Giuseppe Verdi 12 e il suo codice è RSSMRA80A01H501U: può fare domanda?');
  await page.getByText('Qui sembra esserci un indirizzo').waitFor();
  const readers = page.getByRole('region', { name: 'Chi potrà leggere' });
  await readers.getByText('Bice Landi, collega').waitFor();
  await readers.getByText(/, sostituta, INPS, sede di Valdoria$/).waitFor();
  await readers.getByText('Non lo riceve, e non sa che esiste: INPS, sede di Ombrena.').waitFor();
  const [drawn] = (await readers.getByText(/, titolare, INPS, sede di Valdoria$/).textContent() ?? '').split(',');
  const officer = [person('olga'), person('piero')].find((one) => one.name === drawn);
  assert.ok(officer !== undefined, `it is given to ${String(drawn)}`);
  await look(page, 'nuovo-domanda');
  await page.getByRole('button', { name: 'Apri il caso' }).click();
  const warning = page.getByRole('dialog');
  await warning.getByText('un codice fiscale').waitFor();
  await look(page, 'nuovo-avviso');
  await warning.getByRole('button', { name: 'Torno a correggere' }).click();
  await text.fill(question);
  await page.getByRole('button', { name: 'Apri il caso' }).dblclick(); // as many do, and it is opened once
  await page.getByText(/Il caso è aperto e registrato. Numero di ricevuta: R-\d+-\d\d/).waitFor();
  await page.getByText(question).waitFor();
  await look(page, 'nuovo-aperto');

  // What was said of the office holds for whatever comes later.
  await page.getByRole('button', { name: 'Apri un’altra conversazione' }).click();
  await page.getByRole('option', { name: 'Comune di Valdoria' }).waitFor({ state: 'attached' });
  assert.deepEqual(await page.getByLabel('Con chi').getByRole('option', { name: 'Ombrena' }).count(), 0, 'the office of the town that she fled is offered');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'interna del centro' }).click();
  await page.getByRole('list', { name: /Il caso non va dato/ }).getByText('INPS, sede di Ombrena').waitFor();
  await page.getByRole('button', { name: 'Torna ai casi' }).click();
  const code = await newCode(page, before);
  assert.equal((await codes(page)).length, before.length + 1, 'it was opened twice');
  return { code, officer };
}

void test('an operator asks, the officer answers, nobody else learns of it, and the log of it is whole', async () => {
  const anna = person('anna');
  const hers = await visit(browser);
  await hers.page.getByRole('heading', { name: 'Entra' }).waitFor();
  assert.equal(await hers.page.title(), 'Agenda');
  await look(hers.page, 'entra');
  await signIn(hers.page, anna);
  await look(hers.page, 'sblocca');
  await unlock(hers.page, anna);
  const { code, officer } = await opens(hers.page);
  await look(hers.page, 'casi');
  await leaves(hers);

  const his = await inside(officer);
  await his.page.getByRole('heading', { name: 'Coda' }).waitFor();
  await lineOf(his.page, code).click();
  await his.page.getByText(reason).click();
  assert.equal(await his.page.getByText(question).count(), 0, 'before the reason is given');
  await look(his.page, 'motivo');
  await his.page.getByRole('button', { name: 'Apri', exact: true }).click();
  await his.page.getByText(question).waitFor();
  assert.equal(await his.page.getByText('Ombrena').count(), 0, 'the officer is told whom the centre keeps out');
  await his.page.getByLabel('Messaggio').fill(answer);
  await his.page.getByRole('button', { name: 'Invia' }).click();
  await his.page.getByText(/Numero di ricevuta: R-\d+-\d\d/).waitFor();
  await look(his.page, 'caso-referente');
  await leaves(his);

  const again = await inside(anna);
  await lineOf(again.page, code).getByText('aspetta te').waitFor();
  await lineOf(again.page, code).click();
  await again.page.getByText(answer).waitFor();
  const reading = again.page.getByRole('listitem').filter({ hasText: `${officer.name} (INPS, sede di Valdoria)` }).filter({ hasText: 'ha letto' }).first();
  await reading.waitFor();
  assert.match((await reading.textContent()) ?? '', new RegExp(`referente INPS.*${reason}|${reason}.*referente INPS`, 's'));
  await look(again.page, 'caso');
  await leaves(again);

  // Of another centre; of the office that must not get it; and who manages the one that has it.
  for (const [handle, room] of [['frida', 'I miei casi'], ['rosa', 'Coda'], ['marco', 'Rete']] as const) {
    const other = await inside(person(handle));
    await other.page.getByRole('heading', { name: room }).waitFor();
    if (handle === 'marco') {
      assert.equal(await other.page.getByRole('button', { name: /^(Coda|I miei casi|Registro)$/ }).count(), 0, 'who manages an office has cases');
    } else {
      assert.ok(!(await codes(other.page)).includes(code), `${handle} has a case of others`);
    }
    await leaves(other);
  }

  const ugo = await inside(person('ugo'));
  await ugo.page.getByRole('button', { name: 'Verifica tutto il registro' }).click();
  await ugo.page.getByText(/Verificato da questo browser fino alla riga \d+/).waitFor();
  await ugo.page.getByLabel('Caso o conversazione (codice)').fill(code);
  await ugo.page.getByRole('button', { name: 'Cerca', exact: true }).click();
  await ugo.page.getByRole('heading', { name: `Quello che è successo a ${code}` }).waitFor();
  const read = ugo.page.getByRole('listitem').filter({ hasText: officer.id }).filter({ hasText: `motivo: ${reason}` }).first();
  await read.getByText('legge', { exact: true }).waitFor();
  await read.getByText('verificata', { exact: true }).waitFor();
  assert.equal(await ugo.page.getByText(question).count() + await ugo.page.getByText(officer.name).count(), 0, 'the log has contents or names');
  await leaves(ugo);
});
