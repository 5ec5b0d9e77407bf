// Who signed in too long ago: she is asked to sign in again before she begins, by whatever needs it, and told
// when what she wrote down is void. The quarter of an hour itself the service counts (internal/gate moves the clock):
// here its answers are changed on their way.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { authenticator, devtoolsOf, launch, look, signIn, unlock, visit, writeDown } from './browser.js';
import { given } from './hands.js';
import { person } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

void test('who signed in too long ago is asked to sign in again before she begins, and told when what she wrote down is void', async () => {
  const elisa = person('elisa');
  const { page, context, complaints } = await visit(browser);
  let left = 200;
  await page.route('**/v1/me', async (route) => {
    const answer = await route.fetch();
    const me = (await answer.json()) as object;
    await route.fulfill({ response: answer, json: 'fresh_seconds' in me ? { ...me, fresh_seconds: left } : me });
  });
  await signIn(page, elisa);
  await page.getByRole('button', { name: 'Ho perso la frase' }).click();
  await page.getByRole('button', { name: 'Ricomincia con una frase nuova' }).click();
  await page.getByRole('heading', { name: 'Prima entra di nuovo' }).waitFor();
  await look(page, 'entra-prima');
  await page.getByRole('button', { name: 'Indietro' }).click();
  await page.getByLabel('Frase di sblocco').waitFor();
  await unlock(page, elisa);
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  const first = page.getByText('Entra di nuovo adesso, prima di cominciare');
  await page.getByRole('button', { name: 'Cambia la frase' }).click();
  await first.waitFor();
  assert.equal(await page.getByRole('button', { name: 'Cambia la frase' }).count(), 0, 'she can begin');
  await page.getByRole('button', { name: 'Indietro' }).click();
  await page.getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  await page.getByRole('dialog').getByText('Entra di nuovo adesso, prima di cominciare').waitFor();
  assert.equal(await page.getByRole('dialog').getByRole('button', { name: 'Aggiungi un dispositivo' }).count(), 0, 'a passkey can be made');
  await page.getByRole('button', { name: 'Indietro' }).click();

  // What a form asks for takes less time: there is enough of it yet, and then there is not.
  await page.getByRole('button', { name: 'Rete', exact: true }).click();
  const signing = page.getByRole('button', { name: 'Firma di nuovo l’elenco com’è' });
  await signing.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Firma l’elenco' }).waitFor();
  await page.keyboard.press('Escape');
  left = 100;
  await page.getByRole('button', { name: 'Blocca' }).click();
  await unlock(page, elisa);
  const alone = async (opener: Locator): Promise<void> => {
    await opener.click();
    await page.getByRole('dialog').getByText('Entra di nuovo adesso, prima di cominciare').waitFor();
    assert.equal(await page.getByRole('dialog').getByRole('textbox').count(), 0, 'she can fill something in');
    await page.getByRole('dialog').getByRole('button', { name: 'Indietro' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await given(page, opener, 'the dialog was left');
  };
  await page.getByRole('button', { name: 'Rete', exact: true }).click();
  await alone(signing);
  await page.getByText('Altro su Frida Neri').click();
  const frida = page.getByRole('listitem').filter({ hasText: 'Altro su Frida Neri' });
  for (const name of ['Cambia ruolo o nomina', 'Togli dall’elenco', 'Chiudi il suo accesso per sempre']) {
    await alone(frida.getByRole('button', { name }));
  }

  // She began in time, and took too long.
  await page.unroute('**/v1/me');
  await page.getByRole('button', { name: 'Blocca' }).click();
  await unlock(page, elisa);
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.route('**/v1/keyring', (route) =>
    route.request().method() === 'PUT'
      ? route.fulfill({ status: 403, contentType: 'application/problem+json', json: { type: '/problems/fresh-required', title: 'Sign in again first', status: 403 } })
      : route.continue(),
  );
  const devtools = await devtoolsOf(page);
  await devtools.send('WebAuthn.enable');
  const authenticatorId = await authenticator(devtools, true);
  await page.getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  await page.getByRole('dialog').getByText('serve entrare di nuovo').waitFor();
  const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
  assert.equal(credentials.length, 0, 'a passkey that opens nothing was left behind');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Cambia la frase' }).click();
  await page.getByRole('button', { name: 'Cambia la frase' }).click();
  await writeDown(page);
  await page.getByText('Distruggi il foglio').waitFor();
  await page.getByRole('button', { name: /^Entra di nuovo/ }).first().waitFor();
  await look(page, 'frase-senza-valore');
  assert.deepEqual(complaints, []);
  await context.close();
});
