// Leaving: quick exit, locking, a phrase that is not hers, and what a browser holds afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { gone, launch, look, signIn, unlock, visit } from './browser.js';
import { announced } from './hands.js';
import { network, person, varco } from './network.js';

const canary = 'canarino settemilatrecentonovantuno';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** Everything that a page can find of what was kept. */
function kept(page: Page): Promise<unknown> {
  return page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    state: history.state as unknown,
  }));
}

const nothing = { local: [], session: [], databases: 0, caches: 0, workers: 0, state: null };

void test('quick exit leaves nothing and ends the session', async () => {
  await varco(person('frida'), ['case', 'open', '--office', 'Ombrena', '--topic', 'RDL-01', '--colleague', 'Gina'], canary);
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('frida'));
  await unlock(page, person('frida'));
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').first().click();
  await page.getByText(canary).waitFor();
  await page.getByLabel('Messaggio').fill(`bozza ${canary}`);
  assert.equal(page.url(), `${network.service}/`, 'the address says nothing');
  assert.equal(await page.title(), 'Agenda');
  await page.locator('body').press('Shift');
  await page.keyboard.press('Shift');
  await page.keyboard.press('Shift');
  await page.waitForURL('**/agenda.html');
  assert.deepEqual(await kept(page), nothing);
  await gone(context);
  await page.goBack();
  await page.getByRole('heading', { name: 'Entra' }).waitFor();
  assert.equal(await page.getByText(canary).count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('the first thing that a keyboard reaches is quick exit', async () => {
  const { page, context } = await visit(browser);
  await page.getByRole('heading', { name: 'Entra' }).waitFor();
  // The heading has the focus, to be read out; what comes first in the page is what counts.
  const first = await page.evaluate(() => document.querySelector('a, button, input, select, textarea, [tabindex]')?.textContent ?? '');
  assert.match(first, /Uscita rapida/);
  await context.close();
});

void test('a wrong phrase opens nothing, and locking asks again', async () => {
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('gina'));
  const phrase = page.getByLabel('Frase di sblocco');
  await phrase.fill('abaco-abaco-abaco-abaco-abaco-abbacco');
  await page.getByRole('button', { name: 'Sblocca' }).click();
  await page.getByText('La parola numero 6 non è nella lista').waitFor();
  await phrase.fill('abaco-abaco-abaco-abaco-abaco-abaco');
  await page.getByRole('button', { name: 'Sblocca' }).click();
  await page.getByText('Non è la frase giusta').waitFor();
  await unlock(page, person('gina'));
  await page.getByRole('button', { name: 'Blocca' }).click();
  await page.getByLabel('Frase di sblocco').waitFor();
  assert.equal(await page.getByText('I miei casi').count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('signing out covers the page before it asks the service, and says when the session was not ended', async () => {
  await varco(person('frida'), ['case', 'open', '--office', 'Ombrena', '--topic', 'RDL-01', '--colleague', 'Gina'], canary);
  const { page, context, complaints } = await visit(browser);
  await signIn(page, person('frida'));
  await unlock(page, person('frida'));
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').first().click();
  await page.getByText(canary).waitFor();
  const core = page.workers()[0];
  assert.ok(core !== undefined, 'there is no core that could hold a key');
  const ended = new Promise<void>((resolve) => {
    core.once('close', () => {
      resolve();
    });
  });
  let drop: (() => void) | undefined;
  const asked = new Promise<void>((resolve) => {
    void page.route('**/v1/session', (route) => {
      drop = () => void route.abort();
      resolve();
    });
  });
  await page.getByRole('button', { name: 'Esci', exact: true }).click();
  await asked;
  await page.getByText('Uscita in corso').waitFor();
  assert.equal(await page.getByText(canary).count(), 0, 'the case is shown while the service has not answered');
  await ended;
  drop?.();
  await page.getByRole('heading', { name: 'Non sei ancora uscita' }).waitFor();
  await look(page, 'non-ancora-uscita');
  assert.equal(await page.evaluate(async () => (await fetch('/v1/me')).status), 200, 'the session has ended all the same');
  await page.unroute('**/v1/session');
  await page.route('**/v1/session', (route) => route.fulfill({ status: 503, body: '' }));
  await page.getByRole('button', { name: 'Riprova' }).click();
  await page.getByText('Uscita in corso').waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Non sei ancora uscita' }).waitFor();
  await page.unroute('**/v1/session');
  await page.getByRole('button', { name: 'Riprova' }).click();
  await page.getByRole('heading', { name: 'Entra', exact: true }).waitFor();
  await page.getByText('esci anche da quello').waitFor();
  assert.equal(await page.evaluate(async () => (await fetch('/v1/me')).status), 401, 'the session lives on');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('after ten minutes of nothing the page locks itself', async () => {
  const { page, context } = await visit(browser);
  await page.clock.install();
  await page.reload();
  await signIn(page, person('elisa'));
  await unlock(page, person('elisa'));
  await page.clock.fastForward('10:06');
  await page.getByText('Per 10 minuti non è successo nulla').waitFor();
  await look(page, 'pagina-bloccata');
  await context.close();
});

void test('a minute before it locks she is told, in a dialog too, and goes on with any key', async () => {
  const { page, context, complaints } = await visit(browser);
  await page.clock.install();
  await page.reload();
  await signIn(page, person('elisa'));
  await unlock(page, person('elisa'));
  const soon = page.getByText('Fra un minuto si blocca');
  assert.equal(await soon.count(), 0);
  await page.clock.fastForward('09:05');
  await announced(soon);
  await look(page, 'fra-un-minuto');
  await page.clock.runFor(30_000); // what is said stays until she does something
  assert.equal(await soon.count(), 1);
  await page.keyboard.press('Tab');
  await soon.waitFor({ state: 'detached' });

  // What is behind a dialog is not read out.
  await page.getByRole('button', { name: 'Dichiarazione di accessibilità' }).click();
  await page.clock.fastForward('09:05');
  const inside = page.getByRole('dialog').getByText('Fra un minuto si blocca');
  await announced(inside);
  await page.getByRole('dialog').getByRole('button', { name: 'Continua' }).click();
  await inside.waitFor({ state: 'detached' });
  await page.getByRole('dialog').getByRole('button', { name: 'Chiudi' }).click();

  await page.clock.fastForward('09:05');
  await announced(soon);
  await page.clock.fastForward('01:00');
  await page.getByText('Per 10 minuti non è successo nulla').waitFor();
  assert.equal(await soon.count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('a computer that slept that long is locked at the first touch', async () => {
  const { page, context } = await visit(browser);
  await page.clock.install();
  await page.reload();
  await signIn(page, person('elisa'));
  await unlock(page, person('elisa'));
  await page.clock.setSystemTime(Date.now() + 11 * 60 * 1000); // and no timer has run yet
  await page.getByRole('heading').first().click();
  await page.getByText('Per 10 minuti non è successo nulla').waitFor();
  await context.close();
});

void test('the accessibility statement is there for everybody, in both languages', async () => {
  const { page, context, complaints } = await visit(browser);
  await page.getByRole('button', { name: 'Dichiarazione di accessibilità' }).click();
  await page.getByText('Difensore civico per il digitale').waitFor();
  await look(page, 'accessibilita');
  await page.getByRole('button', { name: 'Chiudi' }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Accessibility statement' }).click();
  await page.getByText('Digital Ombudsman').waitFor();
  await look(page, 'accessibility');
  assert.deepEqual(complaints, []);
  await context.close();
});
