// An officer's reason: it is sent once, and when it is over she is asked for another in front of the room,
// where what she writes stays. Another session of hers stands for the fifteen minutes, which the service
// counts: a thread that was opened in one is not open in the other (internal/gate TestOpening moves the clock).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { network, person, varco } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

const question = 'Chi firma il modulo?';

/** Gives the browser another session of the same person, in which nothing is open. */
async function openingEnds(context: BrowserContext): Promise<void> {
  const other = await visit(browser);
  await signIn(other.page, person('olga'));
  await context.addCookies(await other.context.cookies(network.service));
  await other.context.close();
}

/** What is asked for from now on that reads entries: with which reason, and what comes of it. */
function readings(page: Page): readonly string[] {
  const seen: string[] = [];
  page.context().on('response', (answer) => {
    if (answer.url().endsWith('/readings')) {
      const { reason = '' } = answer.request().postDataJSON() as { readonly reason?: string };
      seen.push(`${String(answer.status())} ${reason}`);
    }
  });
  return seen;
}

void test('a reason is sent once; when it is over another is asked for, and nothing that she writes is lost', async () => {
  const [anna, olga] = [person('anna'), person('olga')];
  const said = await varco(anna, ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-04', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'], question);
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  const post = (text: string): Promise<string> => varco(anna, ['thread', 'post', code, '--yes'], text);
  const { page, context, complaints } = await visit(browser);
  await signIn(page, olga);
  await unlock(page, olga);
  const asked = readings(page);
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await page.getByText('È arrivato un caso o un messaggio nuovo').click();
  await page.getByRole('button', { name: 'Apri', exact: true }).click();
  await page.getByText(question).waitFor();
  await page.getByLabel('Allega file').setInputFiles({ name: 'modulo.txt', mimeType: 'text/plain', buffer: Buffer.from('il modulo') });
  await page.getByText('pronto', { exact: true }).waitFor();
  const answer = page.getByLabel('Messaggio');
  await answer.fill('Ecco il modulo.');
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText(/Inviato e registrato/).waitFor();
  const news = page.getByRole('button', { name: 'Leggi quello che è arrivato' });
  await post('Grazie.');
  await news.click();
  await page.getByText('Grazie.').waitFor();
  const [first = '', ...later] = asked;
  assert.match(first, /^200 ./);
  assert.deepEqual(later, ['200 '], 'a reading within the opening, which it must not renew');

  // It is over. Something comes, and the page says so and asks for nothing.
  await openingEnds(context);
  await answer.fill('Quasi finito di scrivere');
  await post('C’è anche un’altra cosa.');
  await news.waitFor();
  const dialog = page.getByRole('dialog', { name: 'Perché leggi ancora questo caso?' });
  await page.waitForTimeout(1000);
  assert.equal(await dialog.count(), 0, 'she was asked without having done anything');
  assert.equal(await answer.evaluate((one) => one === document.activeElement), true, 'the focus was taken from her');
  assert.deepEqual(asked.slice(2), [], 'it was read without being asked to');
  await news.click();
  await dialog.waitFor();
  await look(page, 'motivo-ancora');
  await page.keyboard.press('Escape');
  await page.getByText('Prima di aprire serve il motivo').waitFor();
  assert.equal(await page.getByText('C’è anche un’altra cosa.').count(), 0);
  await news.click();
  await dialog.getByText('Per scrivere la risposta').click();
  await dialog.getByRole('button', { name: 'Apri', exact: true }).click();
  await page.getByText('C’è anche un’altra cosa.').waitFor();
  await news.waitFor({ state: 'detached' });
  assert.equal(await page.getByText('Prima di aprire serve il motivo').count(), 0, 'it still says that a reason is missing');
  assert.equal(await answer.inputValue(), 'Quasi finito di scrivere');

  // An attachment: asked, and then fetched without another click.
  await openingEnds(context);
  const fetched = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Scarica' }).click();
  await dialog.getByText('Per scrivere la risposta').click();
  await dialog.getByRole('button', { name: 'Apri', exact: true }).click();
  assert.equal((await fetched).suggestedFilename(), 'allegato-1.txt');
  await dialog.waitFor({ state: 'detached' });

  // Somebody was first: what came is read for a reason, and what she wrote is still hers to send.
  await openingEnds(context);
  await post('Un’ultima cosa.');
  await news.waitFor();
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await dialog.getByText('Per scrivere la risposta').click();
  await dialog.getByRole('button', { name: 'Apri', exact: true }).click();
  await page.getByText('Un’ultima cosa.').waitFor();
  await page.getByText('non è stato registrato nulla di tuo').waitFor();
  assert.equal(await answer.inputValue(), 'Quasi finito di scrivere');
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText(/Inviato e registrato/).waitFor();
  assert.equal(await page.locator('ol.timeline').getByText('Quasi finito di scrivere').count(), 1);
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('who sends before she has read what came is offered nothing to read afterwards', async () => {
  const [anna, olga] = [person('anna'), person('olga')];
  const said = await varco(anna, ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-04', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'], question);
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  const { page, context, complaints } = await visit(browser);
  await signIn(page, olga);
  await unlock(page, olga);
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
  await page.getByText('È arrivato un caso o un messaggio nuovo').click();
  await page.getByRole('button', { name: 'Apri', exact: true }).click();
  await page.getByLabel('Messaggio').fill('La responsabile.');
  await varco(anna, ['thread', 'post', code, '--yes'], 'Lo abbiamo trovato.');
  const news = page.getByRole('button', { name: 'Leggi quello che è arrivato' });
  await news.waitFor();
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText('Mentre scrivevi è arrivato altro').waitFor();
  await news.waitFor({ state: 'detached', timeout: 5000 });
  assert.deepEqual(complaints, []);
  await context.close();
});
