// Who can read: an officer leaves a case that she recognises, the substitute takes over, and a
// colleague comes and goes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { person, varco } from './network.js';

const question = 'A chi si manda il certificato per il congedo?';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

void test('an officer recuses herself, the substitute takes over, and members change', async () => {
  const [bice, olga] = [person('bice'), person('olga')];
  const said = await varco(bice, ['case', 'open', '--office', 'Valdoria', '--topic', 'CNG-02', '--colleague', 'Anna', '--holder', 'Olga', '--substitute', 'Piero'], question);
  const code = /con INPS\s+(t-[a-z0-9-]+)/.exec(said)?.[1];
  assert.ok(code !== undefined, said);
  const his = await visit(browser);
  await signIn(his.page, olga);
  await unlock(his.page, olga);
  await his.page.getByRole('button').filter({ hasText: code }).click();
  await his.page.getByRole('button', { name: 'Mi astengo' }).click();
  await look(his.page, 'caso-astensione');
  await his.page.getByRole('dialog').getByRole('button', { name: 'Mi astengo' }).click();
  await his.page.getByRole('heading', { name: 'Coda' }).waitFor();
  await his.page.getByRole('button').filter({ hasText: code }).waitFor({ state: 'detached' });

  const hers = await visit(browser);
  await signIn(hers.page, bice);
  await unlock(hers.page, bice);
  await hers.page.getByRole('button').filter({ hasText: code }).click();
  await hers.page.getByText('Oggi non c’è una titolare').waitFor();
  await hers.page.getByRole('button', { name: 'Rendila titolare' }).click();
  await look(hers.page, 'caso-titolare');
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Rendila titolare' }).click();
  await hers.page.getByText('Oggi non c’è una titolare').waitFor({ state: 'detached' });
  await hers.page.getByText(/ha reso titolare \p{L}+ \p{L}+\./u).waitFor();

  await hers.page.getByRole('button', { name: 'Togli' }).first().click();
  await hers.page.getByText('Togliere Anna Berti?').waitFor();
  await look(hers.page, 'caso-togli');
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Togli' }).click();
  await hers.page.getByText('ha tolto Anna Berti.').waitFor();
  await hers.page.getByRole('button', { name: 'Aggiungi una persona' }).click();
  await hers.page.getByText('Dora Fusi, Centro antiviolenza Alba').click();
  assert.ok(await hers.page.getByRole('dialog').getByRole('button', { name: 'Aggiungi', exact: true }).isDisabled()); // how much she reads is nobody's default
  await hers.page.getByText('Anche tutto quello che c’è già').click();
  await look(hers.page, 'caso-aggiungi');
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Aggiungi', exact: true }).click();
  await hers.page.getByText('ha aggiunto Dora Fusi.').waitFor();
  await look(hers.page, 'caso-chi-sa');

  // One reads from now on only, one came again; and the sheet, which says so and not what it is about.
  const line = (name: string): Locator => hers.page.getByRole('complementary').getByRole('listitem').filter({ hasText: name });
  assert.equal(await hers.page.getByText(/^legge (solo )?dal/).count(), 0);
  for (const name of ['Carla Monti', 'Anna Berti']) {
    await hers.page.getByRole('button', { name: 'Aggiungi una persona' }).click();
    await hers.page.getByText(`${name}, Centro antiviolenza Alba`).click();
    await hers.page.getByText('Solo quello che si scrive da adesso').click();
    await hers.page.getByRole('dialog').getByRole('button', { name: 'Aggiungi', exact: true }).click();
    await hers.page.getByText(`ha aggiunto ${name}.`).waitFor();
  }
  await line('Carla Monti').getByText(/^legge solo dal .* in poi$/).waitFor();
  await line('Anna Berti').getByText(/^legge dal .* in poi, e una parte di prima$/).waitFor();
  await look(hers.page, 'caso-chi-sa-da-quando');
  await hers.page.getByRole('button', { name: 'Stampa', exact: true }).waitFor();
  await hers.page.emulateMedia({ media: 'print' });
  const sheet = await hers.page.locator('body').innerText();
  assert.match(sheet, /^Promemoria\s+Chi legge, al /);
  assert.match(sheet, /Carla Monti, centro: legge solo dal .* in poi/);
  assert.match(sheet, /Anna Berti, centro: legge dal .* in poi, e una parte di prima/);
  assert.match(sheet, /Bice Landi, centro: legge tutto/);
  assert.match(sheet, /Piero Vanni, titolare INPS: legge tutto/);
  for (const telling of ['Alba', 'violenza', question, code, 'Varco', 'Agenda', 'congedo']) {
    assert.ok(!sheet.includes(telling), `the sheet tells ${telling}`);
  }
  await look(hers.page, 'caso-chi-sa-foglio');
  await hers.page.emulateMedia({ media: 'screen' });

  await hers.page.getByRole('button', { name: 'Apri un’altra conversazione' }).click();
  await hers.page.getByLabel('Con chi').selectOption('Comune di Valdoria');
  await hers.page.getByText('Teresa Galli', { exact: true }).click();
  await hers.page.getByRole('dialog').getByText('Anna Berti', { exact: true }).click();
  await hers.page.getByLabel('Che cosa chiedi').fill('Serve un’attestazione: chiamate il 333 1234567.');
  await hers.page.getByRole('button', { name: 'Apri la conversazione' }).click();
  await hers.page.getByRole('button', { name: 'Torno a correggere' }).click();
  await hers.page.getByLabel('Che cosa chiedi').fill('Serve un’attestazione del servizio sociale.');
  await look(hers.page, 'caso-altra');
  await hers.page.getByRole('button', { name: 'Apri la conversazione' }).click();
  await hers.page.getByRole('dialog').waitFor({ state: 'detached' });
  await hers.page.getByText('Serve un’attestazione del servizio sociale.').waitFor();
  await hers.page.getByRole('button', { name: 'interna del centro' }).click();
  await hers.page.getByText('ha aperto un’altra conversazione del caso: Comune di Valdoria.').waitFor();
  await hers.page.getByRole('button', { name: 'Non affidare a…' }).click();
  await hers.page.getByLabel('Persona o sede').selectOption('Olga Testa, INPS, sede di Valdoria');
  await look(hers.page, 'caso-non-affidare');
  await hers.page.getByRole('button', { name: 'Scrivilo' }).click();
  const kept = hers.page.getByRole('list', { name: /Il caso non va dato/ });
  await kept.getByText('Olga Testa').waitFor();

  // Another thread with the office: whom chance gave it to is named before it is opened, and nobody who is excluded.
  await hers.page.getByRole('button', { name: 'Apri un’altra conversazione' }).click();
  const further = hers.page.getByRole('dialog');
  await further.getByLabel('Con chi').selectOption('INPS, sede di Valdoria');
  await further.getByText('Piero Vanni, titolare, INPS, sede di Valdoria').waitFor();
  await further.getByText('Nessuna sostituta').waitFor();
  await further.getByLabel('Argomento').selectOption('Reddito di libertà: requisiti e Comune competente');
  await further.getByText('Anna Berti', { exact: true }).click();
  await further.getByText('Anna Berti, collega').waitFor();
  await further.getByLabel('Che cosa chiedi').fill('Serve ancora una cosa.');
  await look(hers.page, 'caso-altra-inps');
  await further.getByRole('button', { name: 'Apri la conversazione' }).click();
  await further.waitFor({ state: 'detached' });
  await hers.page.getByText('Serve ancora una cosa.').waitFor();
  await line('Piero Vanni').getByText('INPS, sede di Valdoria, titolare INPS').waitFor();

  // Nothing can be written in one of them that was meant for the other: the tabs and the heading say which it is.
  const title = hers.page.getByRole('heading', { level: 1 });
  const tabs = hers.page.getByRole('group', { name: 'Conversazioni del caso' }).getByRole('button');
  assert.deepEqual(await tabs.allTextContents(), ['INPS, sede di Valdoria, Congedo: consegna riservata del certificato / pagamento diretto', 'interna del centro', 'Comune di Valdoria', 'INPS, sede di Valdoria, Reddito di libertà: requisiti e Comune competente']);
  assert.equal(await title.textContent(), 'Reddito di libertà: requisiti e Comune competente');
  await tabs.first().click();
  assert.equal(await title.textContent(), 'Congedo: consegna riservata del certificato / pagamento diretto');
  await hers.page.getByText(question).waitFor();
  await look(hers.page, 'caso-due-con-inps');
  await hers.page.getByRole('button', { name: 'interna del centro' }).click();
  await hers.page.getByRole('button', { name: 'Può di nuovo riceverlo' }).click();
  await hers.page.getByText('toglila solo se lo vuole lei').waitFor();
  await look(hers.page, 'caso-esclusione-togli');
  await hers.page.getByRole('button', { name: 'Togli l’esclusione' }).click();
  await kept.waitFor({ state: 'detached' });
  await hers.page.getByText('ha scritto che il caso può di nuovo andare a Olga Testa.').waitFor();
  assert.deepEqual([...hers.complaints, ...his.complaints], []);
  await hers.context.close();
  await his.context.close();
});
