// A proxy before the service: as long as it is honest nothing is different, and a lie is refused.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { network, person, tell, told, varco } from './network.js';

const question = 'Si può chiedere il congedo anche con un contratto a termine?';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await tell('honest');
  await browser.close();
});

void test('a proxy that forks a thread is found out', async () => {
  const anna = person('anna');
  const opened = await varco(
    anna,
    ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-01', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'],
    question,
  );
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(opened)?.[1];
  assert.ok(code !== undefined, opened);
  await varco(anna, ['thread', 'post', code, '--yes'], 'E da quando?');

  const { page } = await visit(browser);
  await signIn(page, anna);
  await page.goto(network.lying.address); // the session's cookie goes with her, to every port
  await unlock(page, anna);
  await tell('fork');
  const first = page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').first();
  await first.click();
  await page.getByRole('alert').first().waitFor();
  assert.equal(await page.getByText(question).count(), 0, 'of what was refused something is shown');
  assert.ok((await told()) > 0, 'nobody asked for the lie');
  await tell('honest');
});

void test('the end of a long thread is shown at once, and taken back when the whole is refused', async () => {
  const { page, complaints } = await visit(browser);
  await signIn(page, person('frida'));
  await page.goto(network.lying.address);
  await unlock(page, person('frida'));
  // The whole comes late here, so that there is time to look.
  let late = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    late = resolve;
  });
  let readings = 0;
  await page.context().route('**/readings', async (route) => {
    readings++;
    if (readings > 2) {
      await held;
    }
    await route.continue();
  });
  await tell('drop-early');
  const line = page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: network.long.thread });
  await line.click();
  await page.getByText(network.long.last).waitFor();
  await page.getByText('Verifica in corso').waitFor();
  assert.equal(await page.getByLabel('Messaggio').count(), 0, 'something can be said before all is verified');
  assert.equal(await page.getByRole('heading', { name: 'Chi sa cosa' }).count(), 0, 'it is said who can read before that is known');
  await look(page, 'caso-verifica');
  late();
  await page.getByRole('alert').filter({ hasText: 'non' }).first().waitFor();
  await page.getByText(network.long.last).waitFor({ state: 'detached' });
  assert.equal(await page.getByText('Verifica in corso').count(), 0);
  assert.ok((await told()) > 0, 'nobody asked for the lie');
  await look(page, 'caso-rifiutato');
  await tell('honest');
  await page.getByRole('button', { name: 'Torna ai casi' }).click();
  await line.click();
  await page.getByLabel('Messaggio').waitFor();
  await page.getByText(network.long.last).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});
