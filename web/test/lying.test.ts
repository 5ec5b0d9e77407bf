// A proxy before the service: as long as it is honest nothing is different, and a lie is refused.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launch, signIn, unlock, visit } from './browser.js';
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
