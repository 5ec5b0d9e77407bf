// Where something is not permitted: a plain page says what to ask the help desk for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page, type Route } from 'playwright-core';
import { debian, devtoolsOf, launch, look, signIn, unlock, visit, type Visitor } from './browser.js';
import { network, person, type Person } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** The help desk is told what to permit, and for which address. */
async function told(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Questa pagina qui non può funzionare' }).waitFor();
  await page.getByText('Non è stato perso nulla').waitFor();
  await page.getByText(`di permettere «WebAssembly» e «Web Worker» per l’indirizzo ${network.service}`).waitFor();
}

/** Lets an answer of the service arrive with another policy, as a browser's manager may set one. */
async function policy(context: BrowserContext, what: RegExp, change: (policy: string) => string): Promise<void> {
  await context.route(what, async (route: Route) => {
    const answer = await route.fetch();
    const before = answer.headers()['content-security-policy'] ?? '';
    assert.notEqual(change(before), before, 'the policy is the same');
    const headers = { ...answer.headers(), 'content-security-policy': change(before) };
    await route.fulfill({ response: answer, headers });
  });
}

void test('where the browser compiles nothing, and so has no WebAssembly, the page says what to ask for', async () => {
  const without = await chromium.launch({ ...debian, args: [...debian.args, '--js-flags=--jitless'] });
  const { page } = await visit(without);
  await told(page);
  await look(page, 'non-puo-funzionare');
  await without.close();
});

void test('where a policy forbids WebAssembly in the Worker, it says the same', async () => {
  const context = await browser.newContext();
  await policy(context, /assets\/worker-/, (before) => before.replace(" 'wasm-unsafe-eval'", ''));
  const page = await context.newPage();
  await page.goto(network.service);
  await told(page);
  await context.close();
});

void test('where Workers are forbidden, it says the same', async () => {
  const context = await browser.newContext();
  await policy(context, /\/$/, (before) => before.replace(/worker-src [^;]*/, "worker-src 'none'"));
  const page = await context.newPage();
  await page.goto(network.service);
  await told(page);
  await context.close();
});

void test('where the program is held back on its way, she is told that it did not arrive', async () => {
  for (const hold of [
    (route: Route) => route.abort(),
    (route: Route) => route.fulfill({ status: 403, contentType: 'text/html', body: '<p>Bloccato dal filtro</p>' }),
    (route: Route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<p>Bloccato dal filtro</p>' }),
  ]) {
    const { page, context } = await visit(browser);
    await page.route('**/*.wasm', hold);
    await page.reload();
    await page.getByRole('heading', { name: 'Una parte del programma non è arrivata' }).waitFor();
    await page.getByText('«.wasm»').waitFor();
    await page.unroute('**/*.wasm');
    await page.getByRole('button', { name: 'Ricomincia' }).click();
    await page.getByRole('heading', { name: 'Entra' }).waitFor();
    await context.close();
  }
  const { page, context } = await visit(browser);
  await page.route('**/*.wasm', (route) => route.abort());
  await page.reload();
  await page.getByRole('heading', { name: 'Una parte del programma non è arrivata' }).waitFor();
  await look(page, 'non-e-arrivata');
  await context.close();
});

/** A browser that knows nothing of passkeys, or whose manager has turned them off. */
async function withoutPasskeys(who: Person): Promise<Visitor> {
  const visitor = await visit(browser);
  await visitor.context.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'PublicKeyCredential');
  });
  await visitor.page.reload();
  await signIn(visitor.page, who);
  return visitor;
}

void test('where passkeys are forbidden, one goes on with the phrase and is told what to ask for', async () => {
  const rosa = person('rosa');
  const usual = await visit(browser);
  const devtools = await devtoolsOf(usual.page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, hasPrf: true },
  });
  await signIn(usual.page, rosa);
  await unlock(usual.page, rosa);
  await usual.page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await usual.page.getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  await usual.page.getByRole('dialog').getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  await usual.page.getByRole('dialog').waitFor({ state: 'detached' });

  const { page, context, complaints } = await withoutPasskeys(rosa);
  await page.getByText('Questo browser non permette di sbloccare con un dispositivo').waitFor();
  await page.getByText(`permettere le «passkey» (WebAuthn) per l’indirizzo ${network.service}`).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Sblocca con il dispositivo' }).count(), 0);
  await look(page, 'sblocca-senza-dispositivo');
  await page.getByRole('button', { name: 'Ho perso la frase' }).click();
  await page.getByRole('button', { name: 'Ricomincia con una frase nuova' }).click();
  await page.getByRole('heading', { name: 'Come vuoi sbloccare?' }).waitFor();
  await page.getByText('Questo browser non lo permette').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Usa un dispositivo' }).count(), 0);
  await look(page, 'come-sbloccare-senza');
  await page.reload();
  await unlock(page, rosa);
  assert.deepEqual([...usual.complaints, ...complaints], []);
  await usual.context.close();
  await context.close();
});
