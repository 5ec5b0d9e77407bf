// What should be proven by now and is not is said where she reads, in words that say what to do; nothing is locked for it.
// No test waits for hours: the Worker's clock is set ahead instead.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, look, signIn, unlock } from './browser.js';
import { network, person, varco } from './network.js';

const question = 'Chi decide sulla seconda rata?';

let browser: Browser;
let code = '';
before(async () => {
  browser = await launch();
  const opened = await varco(person('anna'), ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-01', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'], question);
  code = /con INPS\s+(t-[a-z0-9-]+)/.exec(opened)?.[1] ?? '';
  assert.notEqual(code, '', opened);
});
after(async () => {
  await browser.close();
});

/** Bice reads the thread on a computer whose clock is ahead. */
async function reads(hours: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'it-IT', timezoneId: 'Europe/Rome' });
  await context.route(/assets\/worker-.*\.js$/, async (route) => {
    const answer = await route.fetch();
    const body = `{const now=Date.now.bind(Date);const Real=Date;globalThis.Date=class extends Real{constructor(...of){of.length?super(...of):super(now()+${String(hours * 3_600_000)})}static now(){return now()+${String(hours * 3_600_000)}}}}\n${await answer.text()}`;
    await route.fulfill({ response: answer, body });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(network.service);
  await signIn(page, person('bice'));
  await unlock(page, person('bice'));
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await page.getByText(question).waitFor();
  return page;
}

void test('a conversation that nothing proves is whole is shown with an alert', async () => {
  const page = await reads(3);
  const alert = page.getByRole('alert').filter({ hasText: /Il registro (non )?prova che/ });
  await alert.getByText('Può darsi che il servizio taccia messaggi più nuovi').waitFor();
  await alert.getByText('Controlla data e ora di questo computer').waitFor();
  await look(page, 'caso-non-provato');
  await alert.getByRole('button', { name: 'Leggi di nuovo' }).click();
  await page.getByLabel('Messaggio').waitFor();
  await page.context().close();
});

void test('with a right clock there is no such alert', async () => {
  const page = await reads(0);
  assert.equal(await page.getByText('Può darsi che il servizio taccia').count(), 0);
  await page.context().close();
});
