// A proxy before the service: as long as it is honest nothing is different, and a lie is refused
// in words that say what happened, that nothing was sent, and what to do.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launch, look, signIn, unlock, visit, type Visitor } from './browser.js';
import { network, person, tell, told, varco } from './network.js';

const question = 'Si può chiedere il congedo anche con un contratto a termine?';
const second = 'E da quando?';

let browser: Browser;
let code = '';
before(async () => {
  browser = await launch();
  const anna = person('anna');
  const opened = await varco(
    anna,
    ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-01', '--colleague', 'Bice', '--holder', 'Olga', '--substitute', 'Piero'],
    question,
  );
  code = /con INPS\s+(t-[a-z0-9-]+)/.exec(opened)?.[1] ?? '';
  assert.notEqual(code, '', opened);
  await varco(anna, ['thread', 'post', code, '--yes'], second);
});
after(async () => {
  await tell('honest');
  await browser.close();
});

/** Anna, unlocked behind the proxy: the session's cookie goes with her, to every port. */
async function behind(): Promise<Visitor> {
  await tell('honest');
  const visitor = await visit(browser);
  await signIn(visitor.page, person('anna'));
  await visitor.page.goto(network.lying.address);
  await unlock(visitor.page, person('anna'));
  return visitor;
}

async function openCase(page: Page): Promise<void> {
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: code }).click();
}

const lies = {
  fork: 'due versioni diverse della stessa conversazione',
  drop: 'manca qualcosa, oppure l’ordine è stato cambiato',
} as const;

for (const [lie, words] of Object.entries(lies)) {
  void test(`a proxy that tells the lie ${lie} is found out`, async () => {
    const { page, context } = await behind();
    await tell(lie);
    await openCase(page);
    const alert = page.getByRole('alert').filter({ hasText: words });
    await alert.getByText('da qui non parte nulla').waitFor();
    await alert.getByText('avvisa l’assistenza').waitFor();
    assert.equal(await page.getByText(question).count() + await page.getByText(second).count(), 0, 'of what was refused something is shown');
    assert.equal(await page.getByLabel('Messaggio').count(), 0, 'one can still write');
    assert.ok((await told()) > 0, 'nobody asked for the lie');
    await look(page, `bugia-${lie}`);
    await tell('honest');
    await context.close();
  });
}

void test('a proxy that swaps a card is found out before anything is sealed to it', async () => {
  const swapped = 'La carta di qualcuno non è quella che ha firmato la sua organizzazione';
  const { page, context } = await behind();
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && /\/v1\/(entries|cases)$/.test(request.url())) {
      sent.push(request.url());
    }
  });
  await tell('card');
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  await page.getByLabel('Cerca un argomento').fill('liberta competente');
  await page.getByRole('radio', { name: 'Reddito di libertà: requisiti' }).check();
  await page.getByRole('button', { name: 'Avanti' }).click();
  await page.getByRole('group', { name: 'La sede INPS' }).getByText('INPS, sede di Valdoria').click();
  await page.getByText('Bice Landi', { exact: true }).click();
  await page.getByRole('button', { name: 'Avanti' }).click();
  await page.getByLabel('La domanda per INPS').fill('Una domanda che resta qui.');
  const alert = page.getByRole('alert').filter({ hasText: swapped });
  await alert.getByText('non è stato inviato nulla').waitFor();
  await alert.getByText('avvisa la responsabile').waitFor();
  assert.ok((await told()) > 0, 'nobody asked for the lie');
  assert.equal(await page.getByRole('button', { name: 'Apri il caso' }).isDisabled(), true, 'the case could be opened');
  await look(page, 'bugia-card');
  assert.deepEqual(sent, []);

  // Who unlocks behind such a proxy gets no further.
  await page.getByRole('button', { name: 'Blocca' }).click();
  await page.getByLabel('Frase di sblocco').fill(person('anna').phrase);
  await page.getByRole('button', { name: 'Sblocca' }).click();
  await alert.waitFor();
  assert.equal(await page.getByRole('navigation', { name: 'Sezioni' }).count(), 0);
  await look(page, 'bugia-card-sblocco');
  await tell('honest');
  await context.close();
});

void test('a proxy that says for ever that somebody else was first leaves her text alone', async () => {
  const { page, context } = await behind();
  await openCase(page);
  await page.getByText(second).waitFor();
  await page.getByLabel('Messaggio').fill('Una terza domanda.');
  await tell('steer');
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: 'non è stato registrato nulla di tuo' }).waitFor();
  assert.ok((await told()) > 0, 'nobody asked for the lie');
  assert.equal(await page.getByLabel('Messaggio').inputValue(), 'Una terza domanda.');
  await look(page, 'conflitto');
  await tell('honest');
  await page.getByRole('button', { name: 'Invia', exact: true }).click();
  await page.getByText(/Inviato e registrato/).waitFor();
  assert.equal(await page.getByRole('list').getByText('Una terza domanda.').count(), 1);
  await context.close();
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
