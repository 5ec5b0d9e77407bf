// A day with the keyboard alone: nothing here is clicked. Each stop can be seen, each room and
// dialog is where the focus goes, and what comes or goes wrong is said to who listens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { gone, launch, visit } from './browser.js';
import { announced, given, press, reach, type } from './hands.js';
import { person, varco, type Person } from './network.js';

const question = 'La domanda si può fare anche senza conto corrente?';
const more = 'Serve saperlo prima di venerdì.';
const answer = 'Sì, si può chiedere il bonifico domiciliato.';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** Signs in and unlocks, after a phrase that is wrong. */
async function enter(page: Page, who: Person): Promise<void> {
  await given(page, page.getByRole('heading', { name: 'Entra' }), 'a page that was opened');
  await press(page, page.getByRole('button', { name: 'Entra con Accesso di prova' }));
  const account = page.getByRole('button', { name: `Entra come: ${who.label}` });
  await account.waitFor();
  for (let i = 0; i < 60 && !(await account.evaluate((element) => element === document.activeElement)); i++) {
    await page.keyboard.press('Tab'); // the provider's page, which is none of ours
  }
  await page.keyboard.press('Enter');
  await given(page, page.getByRole('heading', { name: 'Sblocca' }), 'the question for the phrase');
  await type(page, page.getByLabel('Frase di sblocco'), 'abaco abaco');
  await page.keyboard.press('Enter');
  await announced(page.getByText('Non è la frase giusta'));
  await reach(page, page.getByLabel('Frase di sblocco'), 'Shift+Tab');
  await page.keyboard.press('Control+a');
  await type(page, page.getByLabel('Frase di sblocco'), who.phrase);
  await page.keyboard.press('Enter');
}

function caseOf(page: Page, code: string): ReturnType<Page['getByRole']> {
  return page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code });
}

void test('a day with the keyboard alone', async () => {
  const [anna, olga] = [person('anna'), person('olga')];
  const said = await varco(anna, ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-01', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'], question);
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);

  const hers = await visit(browser);
  await enter(hers.page, anna);
  await given(hers.page, hers.page.getByRole('heading', { name: 'I miei casi' }), 'the first room');
  // Once around: quick exit comes first, and the way to what the room is about second.
  await reach(hers.page, hers.page.getByRole('button', { name: 'Dichiarazione di accessibilità' }));
  await reach(hers.page, hers.page.getByRole('button', { name: 'Uscita rapida' }));
  await hers.page.keyboard.press('Tab');
  assert.equal(await hers.page.evaluate(() => document.activeElement?.textContent), 'Vai al contenuto');
  await press(hers.page, caseOf(hers.page, code));
  await given(hers.page, hers.page.getByRole('heading', { level: 1 }), 'a case that was opened');
  await hers.page.getByText(question).waitFor();
  await type(hers.page, hers.page.getByLabel('Messaggio'), `${more} Il telefono è 333 1234567.`);
  await announced(hers.page.getByText('Qui sembra esserci un numero di telefono'));
  await press(hers.page, hers.page.getByRole('button', { name: 'Invia', exact: true }));
  const warning = hers.page.getByRole('dialog');
  await given(hers.page, warning.getByRole('heading', { level: 2 }), 'a dialog that was opened');
  await hers.page.keyboard.press('Escape');
  await warning.waitFor({ state: 'detached' });
  // The button had gone while she was asked: the keyboard is where one writes.
  await given(hers.page, hers.page.locator('form.composer'), 'a dialog that was left');
  await reach(hers.page, hers.page.getByLabel('Messaggio'));
  await hers.page.keyboard.press('Control+a');
  await hers.page.keyboard.insertText(more);
  await press(hers.page, hers.page.getByRole('button', { name: 'Invia', exact: true }));
  await announced(hers.page.getByText(/Inviato e registrato. Numero di ricevuta: R-\d+-\d\d/));
  // What was written is sent, and in a moment the keyboard is where one writes again.
  await hers.page.waitForFunction(() => document.querySelector('form.composer')?.contains(document.activeElement), undefined, { timeout: 5000 });

  const his = await visit(browser);
  await enter(his.page, olga);
  await given(his.page, his.page.getByRole('heading', { name: 'Coda' }), 'the first room');
  await press(his.page, caseOf(his.page, code));
  await given(his.page, his.page.getByRole('heading', { level: 1 }), 'a case that was opened');
  // She thinks of leaving it, and comes back.
  await press(his.page, his.page.getByRole('button', { name: 'Mi astengo' }));
  const leaving = his.page.getByRole('dialog');
  await given(his.page, leaving.getByRole('heading', { level: 2 }), 'a dialog that was opened');
  await reach(his.page, leaving.getByRole('button', { name: 'Annulla' }));
  await his.page.keyboard.press('Enter');
  await leaving.waitFor({ state: 'detached' });
  await given(his.page, his.page.getByRole('button', { name: 'Mi astengo' }), 'a dialog that was left');
  await reach(his.page, his.page.getByRole('radio', { name: 'È arrivato un caso o un messaggio nuovo' }), 'Shift+Tab');
  await his.page.keyboard.press('Space');
  await press(his.page, his.page.getByRole('button', { name: 'Apri', exact: true }));
  await his.page.getByText(more).waitFor();
  await given(his.page, his.page.getByRole('heading', { level: 1 }), 'a reason that was given');
  await type(his.page, his.page.getByLabel('Messaggio'), answer);
  await press(his.page, his.page.getByRole('button', { name: 'Invia', exact: true }));
  await announced(his.page.getByText(/Inviato e registrato/));

  // It comes while she looks, and is said without moving her from where she is; a note that it came would be gone by then.
  await announced(hers.page.getByText(answer));
  assert.equal(await hers.page.evaluate(() => document.querySelector('form.composer')?.contains(document.activeElement)), true, 'news took the focus away');
  await hers.page.keyboard.press('Shift');
  await hers.page.keyboard.press('Shift');
  await hers.page.keyboard.press('Shift');
  await hers.page.waitForURL('**/agenda.html');
  await gone(hers.context);
  assert.deepEqual([...hers.complaints, ...his.complaints], []);
  await hers.context.close();
  await his.context.close();
});
