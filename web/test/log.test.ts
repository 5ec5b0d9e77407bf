// Registro: an auditor searches, verifies in her own browser, and takes the log away.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { Browser, Download, Page } from 'playwright-core';
import { launch, look, signIn, unlock, visit } from './browser.js';
import { network, person, varco } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

async function download(page: Page, button: string): Promise<Download> {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  return file;
}

void test('an auditor verifies the log in her browser', async () => {
  await varco(person('anna'), ['case', 'open', '--office', 'Valdoria', '--topic', 'RDL-01', '--colleague', 'Bice', '--holder', 'Olga'], 'Una domanda.');
  const ugo = person('ugo');
  const { page, context, complaints } = await visit(browser);
  await signIn(page, ugo);
  await unlock(page, ugo);
  await page.getByRole('heading', { name: 'Registro' }).waitFor();
  await page.getByText('Non ancora verificato').waitFor();
  await page.getByText('non verificata', { exact: true }).first().waitFor();
  await look(page, 'registro');

  await page.getByRole('button', { name: 'Verifica tutto il registro' }).click();
  await page.getByText(/Verificato da questo browser fino alla riga \d+/).waitFor();
  await page.getByText('Nessun testimone').waitFor();
  await page.getByText('verificata', { exact: true }).first().waitFor();
  const kept = await readFile(await (await download(page, 'Conserva il punto di controllo')).path());
  assert.match(kept.toString(), /\n— /);
  await page.getByText('Ho un punto di controllo').click();
  await page.getByLabel('File del punto di controllo').setInputFiles({ name: 'punto.txt', mimeType: 'text/plain', buffer: kept });
  await page.getByRole('button', { name: 'Verifica di nuovo' }).click();
  await page.getByText('il registro è soltanto cresciuto').waitFor();

  // Another file is her mistake: nobody is accused, and what was chosen before is not taken in its place.
  const choose = (buffer: Buffer): Promise<void> => page.getByLabel('File del punto di controllo').setInputFiles({ name: 'foto.txt', mimeType: 'text/plain', buffer });
  await choose(Buffer.from('Cara Ada, ci vediamo domani.\n'));
  await page.getByRole('button', { name: 'Verifica di nuovo' }).click();
  await page.getByText('Questo file non è un punto di controllo').waitFor();
  assert.equal(await page.getByText('non è firmato da chi dovrebbe').count(), 0, 'the service is accused');
  await look(page, 'registro-altro-file');
  await choose(Buffer.alloc(70_000, 'a'));
  await page.getByText('troppo grande per essere un punto di controllo').waitFor();
  await page.getByRole('button', { name: 'Verifica di nuovo' }).click();
  await page.getByText('Non confrontato con un punto di controllo').waitFor();

  await page.getByRole('search').getByLabel('Atto').selectOption({ label: 'apre un caso' });
  const search = page.getByRole('button', { name: 'Cerca', exact: true });
  await search.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: /^\d+ rig(a|he) in questa pagina\.$/ }).waitFor();
  assert.equal(await search.evaluate((one) => one === document.activeElement), true, 'the focus is lost when she searches');
  await page.getByRole('button', { name: person('anna').id }).first().click();
  await page.getByRole('heading', { name: `Quello che ha fatto ${person('anna').id}` }).waitFor();
  assert.equal(await page.getByRole('search').getByLabel('Persona (codice)').inputValue(), person('anna').id);
  assert.ok((await page.getByText('apre un caso', { exact: true }).count()) > 0);
  await look(page, 'registro-verificato');

  // A sample by lot: its number and seed are in the log, and the other program draws the same one.
  await page.getByText('Estrai un campione a sorte').click();
  const form = page.getByRole('form', { name: 'Estrai un campione a sorte' });
  await form.getByLabel('Atto').selectOption({ label: 'apre un caso' });
  await form.getByLabel('Quante righe').fill('2');
  await form.getByRole('button', { name: 'Estrai' }).click();
  const drawn = page.getByRole('region', { name: /^Campione R-/ });
  await drawn.getByText('Seme dell’estrazione').waitFor();
  await look(page, 'registro-campione');
  const sample = JSON.parse((await readFile(await (await download(page, 'Scarica il campione')).path())).toString()) as {
    number: string;
    seed: string;
    records: { number: string }[];
  };
  assert.ok(sample.records.length > 0);

  // The file is for a program that believes nobody, this page neither.
  const bundle = await (await download(page, 'Scarica il registro')).path();
  const anchors = `${network.folder}/service/anchors.toml`;
  const { stdout } = await promisify(execFile)(`${network.programs}/varco-verify`, ['--anchors', anchors, bundle]);
  assert.match(stdout, /Il registro è integro/);
  assert.ok(stdout.includes(`Campione ${sample.number} `) && stdout.includes(sample.seed), stdout);
  assert.ok(stdout.includes(sample.records.map((one) => one.number).join(' ')), stdout);
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('a log in which a record was changed is said to be false', async () => {
  const { page, context } = await visit(browser);
  await signIn(page, person('ugo'));
  await unlock(page, person('ugo'));
  await page.route('**/v1/audit/leaves*', async (route) => {
    const answer = await route.fetch();
    const wire = (await answer.json()) as { leaves: { text?: string }[] };
    const one = wire.leaves.find((leaf) => leaf.text?.includes('act case.open') === true && leaf.text.includes('outcome allow'));
    if (one?.text !== undefined) {
      one.text = one.text.replace('outcome allow', 'outcome deny');
    }
    await route.fulfill({ response: answer, json: wire });
  });
  await page.getByRole('button', { name: 'Verifica tutto il registro' }).click();
  await page.getByText('NON TORNA: il registro è stato cambiato').waitFor();
  await look(page, 'registro-falso');
  // What she keeps of it is what was found here, and what the service had signed.
  const kept = await readFile(await (await download(page, 'Conserva il punto di controllo')).path());
  assert.match(kept.toString(), /\n— /);
  const found = JSON.parse((await readFile(await (await download(page, 'Conserva quello che è stato trovato')).path())).toString()) as { result: string; checkpoint: string; finding?: object };
  assert.equal(found.result, 'tampered');
  assert.equal(found.checkpoint, kept.toString());
  assert.ok(found.finding !== undefined);
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.getByRole('heading', { name: 'Profilo' }).waitFor();
  await page.getByRole('button', { name: 'Registro', exact: true }).click();
  await page.getByText('NON TORNA: il registro è stato cambiato').waitFor();
  await context.close();
});
