// Rooms and dialogs that no day passes through: each is opened, looked at and left by Escape,
// after which the keyboard is where it was.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { given } from './hands.js';
import { network, person } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** Opens a dialog with the keyboard, looks at it, and leaves it. */
async function glance(page: Page, opener: Locator, name: string, fill: (dialog: Locator) => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await given(page, dialog.getByRole('heading', { level: 2 }).first(), `${name} was opened`);
  await fill(dialog);
  await look(page, name);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await given(page, opener, `${name} was left`);
}

void test('a manager designates and substitutes by act and date, and has no case', async () => {
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('nadia'));
  await unlock(page, person('nadia'));
  await page.getByRole('heading', { name: 'Rete' }).waitFor();
  assert.deepEqual(await page.getByRole('navigation', { name: 'Sezioni' }).getByRole('button').allTextContents(), ['Rete', 'Profilo']);
  assert.equal(await page.evaluate(async () => ((await (await fetch('/v1/cases')).json()) as { threads: readonly unknown[] }).threads.length), 0, 'who manages an office is told of cases');
  // Entered with the mouse, as the kit would take the frame off what stands beside the heading.
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.getByRole('button', { name: 'Rete', exact: true }).click();
  const reload = page.getByRole('button', { name: 'Aggiorna' });
  await given(page, page.getByRole('heading', { name: 'Rete' }), 'the room was entered');
  await page.waitForTimeout(500); // a frame glides away
  assert.match(await reload.evaluate((button) => getComputedStyle(button).boxShadow), /inset/, 'the button has no frame');
  await page.getByText('Altro su Rosa Leone').click();
  const rosa = page.getByRole('listitem').filter({ hasText: 'Altro su Rosa Leone' });
  await glance(page, page.getByRole('button', { name: 'Firma di nuovo l’elenco com’è' }), 'rete-rinnova');
  await glance(page, rosa.getByRole('button', { name: 'Cambia ruolo o nomina' }), 'rete-ruolo');
  await glance(page, rosa.getByRole('button', { name: 'Togli dall’elenco' }), 'rete-togli');
  await glance(page, rosa.getByRole('button', { name: 'Chiudi il suo accesso per sempre' }), 'rete-fine-accesso', (dialog) => dialog.getByRole('textbox').fill('Rosa'));
  await rosa.getByRole('button', { name: 'Cambia ruolo o nomina' }).click();
  const designating = page.getByRole('dialog');
  await designating.getByLabel('Numero dell’atto di nomina').fill('OM/2026/777');
  await designating.getByLabel('Fino al giorno compreso').fill('2099-06-30');
  await designating.getByRole('button', { name: 'Firma l’elenco' }).click();
  await designating.waitFor({ state: 'detached' });
  await rosa.getByText('atto OM/2026/777').waitFor();
  await rosa.getByText('fino al 30 giu 2099').waitFor();
  await rosa.getByRole('button', { name: 'Nomina una sostituta' }).click();
  const naming = page.getByRole('dialog');
  await naming.getByLabel('Sostituta').selectOption('Silvio Mori');
  await naming.getByLabel('Fino al giorno compreso').fill('2099-08-31');
  await look(page, 'rete-sostituta');
  await naming.getByRole('button', { name: 'Firma l’elenco' }).click();
  await naming.waitFor({ state: 'detached' });
  await page.getByText(/Silvio Mori sostituisce Rosa Leone/).waitFor();
  await look(page, 'rete-sede');
  await glance(page, page.getByRole('button', { name: 'Fine sostituzione' }), 'rete-fine-sostituzione');
  await page.getByRole('button', { name: 'Fine sostituzione' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Firma l’elenco' }).click();
  await page.getByText('Nessuna sostituzione.').waitFor();

  // In another window she signs; here the second try is built on that, once the list here says so.
  const number = Number(/Elenco numero (\d+)/.exec(await page.getByText(/Elenco numero \d+/).innerText())?.[1]);
  const says = (signed: number): Locator => page.getByText(`Elenco numero ${String(number + signed)},`);
  const other = await context.newPage();
  await other.goto(network.service);
  await unlock(other, person('nadia'));
  const elsewhere = async (): Promise<void> => {
    await other.getByRole('button', { name: 'Firma di nuovo l’elenco com’è' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Firma l’elenco' }).click();
    await other.getByRole('dialog').waitFor({ state: 'detached' });
  };
  await elsewhere();
  await page.getByRole('button', { name: 'Firma di nuovo l’elenco com’è' }).click();
  const renewing = page.getByRole('dialog');
  await renewing.getByRole('button', { name: 'Firma l’elenco' }).click();
  await renewing.getByText('questa volta non è stato registrato nulla di tuo').waitFor();
  await says(1).waitFor();
  await renewing.getByRole('button', { name: 'Firma l’elenco' }).click();
  await renewing.waitFor({ state: 'detached' });
  await says(2).waitFor();
  await other.getByRole('button', { name: 'Aggiorna' }).click();
  await other.getByText(`Elenco numero ${String(number + 2)},`).waitFor();
  await elsewhere();
  await other.close();
  assert.equal(await says(3).count(), 0, 'the list is read again before she asks for it');
  await page.getByRole('button', { name: 'Aggiorna' }).click();
  await says(3).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('an operator has no Rete, and what is hers alone', async () => {
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('frida'));
  await unlock(page, person('frida'));
  assert.equal(await page.getByRole('button', { name: 'Rete', exact: true }).count(), 0);
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.getByLabel('Indirizzo').fill('non è un indirizzo@');
  await page.getByLabel('Indirizzo').fill('');
  await glance(page, page.getByRole('button', { name: 'Rinnova la carta' }), 'carta-rinnova');
  await page.getByRole('button', { name: 'Cambia la frase' }).click();
  await look(page, 'frase-cambia');
  await page.getByRole('button', { name: 'Indietro' }).click();
  await page.getByRole('heading', { name: 'Profilo' }).waitFor();
  await page.getByRole('button', { name: 'Rinnova la carta' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rinnova la carta' }).click();
  await page.getByText('Hai già preparato la carta nuova').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('a coordinator is reminded of a card that was renewed, until she signs', async () => {
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('elisa'));
  await unlock(page, person('elisa'));
  const reminder = page.getByText('Frida Neri ha rinnovato la sua carta: firma di nuovo');
  await reminder.waitFor();
  await look(page, 'promemoria-carta');
  await page.getByRole('button', { name: 'Rete', exact: true }).click();
  await page.getByRole('region', { name: 'Accordi' }).getByText('Protocollo locale di Ombrena').waitFor();
  assert.equal(await page.getByText('Protocollo locale di Valdoria').count(), 0, 'an agreement of others');
  await page.getByText(/person[ae] a cui si può scrivere/).first().click();
  await look(page, 'rete-accordi');
  await page.getByRole('button', { name: 'Firma di nuovo l’elenco com’è' }).click();
  await page.getByRole('dialog').getByText('Frida Neri').waitFor();
  await look(page, 'rete-rinnova-carte');
  await page.getByRole('dialog').getByRole('button', { name: 'Firma l’elenco' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await reminder.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'I miei casi', exact: true }).click();
  await page.getByRole('heading', { name: 'I miei casi' }).waitFor();
  await page.waitForLoadState('networkidle');
  assert.equal(await reminder.count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('a partner has her own thread and nothing to search', async () => {
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('teresa'));
  await unlock(page, person('teresa'));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('list', { name: 'Elenco dei casi' }).waitFor();
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByText('con il centro', { exact: true }).first().waitFor();
  await look(page, 'casi-comune');
  assert.deepEqual(complaints, []);
  await context.close();
});
