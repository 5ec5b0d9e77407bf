// Orientamento: the questionnaire that needs nobody, without network, and what is left of it.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { answerBySection, arabic, italian, kept, nothingKept, option, printed, rules, whole, type Words } from './answers.js';
import { debian, launch, look, signIn, unlock, visit } from './browser.js';
import { given, press } from './hands.js';
import { network, person } from './network.js';

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

interface Room {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
  /** What was asked of any network since the room was loaded. */
  readonly asked: string[];
}

/** Opens the room by its own address, and then takes the network away. */
async function enter(width: number, height: number): Promise<Room> {
  const { context, page, complaints } = await visit(browser, width, height, '/orientamento.html');
  await page.getByRole('heading', { name: 'Orientamento' }).waitFor();
  await page.waitForLoadState('networkidle');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await context.setOffline(true);
  return { context, page, complaints, asked };
}

/** Answers one question after the other, up to the result; reports the questions that were asked. */
async function answerOneByOne(page: Page, words: Words): Promise<readonly string[]> {
  const met: string[] = [];
  for (;;) {
    const heading = page.getByRole('heading', { level: 1 });
    await heading.waitFor();
    const id = (await heading.getAttribute('id')) ?? '';
    if (id === '') {
      return met;
    }
    assert.equal(await heading.evaluate((element) => element === document.activeElement), true, `${id} has the focus`);
    met.push(id);
    const chosen = page.getByRole('group').getByText(option(words, id), { exact: true }).first();
    await chosen.click();
    if (rules.questions.find((question) => question.id === id)?.type === 'multi') {
      await page.getByRole('button', { name: 'Avanti' }).click();
    }
    await page.waitForFunction((was) => document.querySelector('h1')?.id !== was, id);
  }
}

void test('the questionnaire on a phone, without network', async () => {
  const { context, page, complaints, asked } = await enter(360, 740);
  await page.getByText(italian.disclaimer).waitFor();
  await page.getByRole('button', { name: 'Comincia' }).click();
  await page.getByRole('heading', { name: italian.questions['q01']?.text ?? '' }).waitFor();
  const met = await answerOneByOne(page, italian);
  assert.deepEqual(met, Object.keys(whole), 'only questions that still matter, in their order');
  await page.getByRole('heading', { name: 'Risultato' }).waitFor();
  const headings = await page.getByRole('heading', { level: 2 }).allTextContents();
  assert.match(headings[0] ?? '', /sicurezza/, 'what endangers comes first');
  await page.getByText(italian.warnings['W_INDIRIZZO'] ?? '').first().waitFor();
  const likely = page.locator('section.part.likely');
  await likely.getByRole('heading', { name: italian.benefits['RDL']?.name ?? '' }).waitFor();
  await page.getByRole('heading', { name: 'Documenti da preparare' }).waitFor();
  await likely.getByText('da verificare', { exact: true }).first().waitFor();
  await likely.getByText('I requisiti chiesti qui risultano; gli altri li verifica chi decide.').waitFor();
  await page.locator('details.not-found > summary').click();
  await page.locator('details.not-found').getByText(option(italian, 'q25')).first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'nothing is wider than a phone');
  assert.equal(page.url(), `${network.service}/orientamento.html`, 'the address says nothing');
  await nothingKept(page, context);
  assert.deepEqual(asked, [], 'requests after loading');
  await look(page, 'orientamento-risultato');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('the questionnaire in Arabic beside Italian, and its pictures', async () => {
  const { context, page, complaints, asked } = await enter(1280, 800);
  await page.getByRole('button', { name: 'العربية' }).click();
  const said = page.locator('.disclaimer .beside');
  assert.deepEqual(await said.evaluate((element) => [element.getAttribute('lang'), element.getAttribute('dir'), getComputedStyle(element).direction]), ['ar', 'rtl', 'rtl']);
  assert.equal(await said.textContent(), arabic.disclaimer);
  await page.getByText('Traduzione automatica, da rivedere').waitFor();
  await look(page, 'orientamento-inizio');
  await page.getByRole('button', { name: 'Comincia' }).click();
  await page.getByText('Traduzione automatica, da rivedere').waitFor();
  await page.getByText(arabic.questions['q01']?.text ?? '').waitFor();
  await page.getByRole('radiogroup').first().getByText(option(arabic, 'q01')).click();
  assert.equal(await page.getByRole('radio').first().isChecked(), true, 'an answer is chosen by its words in her language too');
  await look(page, 'orientamento-domande-arabo');
  await answerBySection(page, /^(Avanti|Vedi il risultato)/);
  await page.getByRole('heading', { name: 'Risultato' }).waitFor();
  await page.getByText(arabic.warnings['W_INDIRIZZO'] ?? '').waitFor();
  assert.equal(await page.locator('html').getAttribute('dir'), null, 'only what is Arabic goes from right to left');
  await look(page, 'orientamento-risultato-arabo');
  await nothingKept(page, context);
  assert.deepEqual(asked, [], 'requests after loading');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('the questionnaire in English, by keyboard', async () => {
  const { context, page, complaints, asked } = await enter(1280, 800);
  await page.getByRole('button', { name: 'English', exact: true }).last().click();
  await page.getByRole('button', { name: 'Begin' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Protection', level: 1 }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.getByRole('radio').nth(1).isChecked(), true);
  await look(page, 'orientamento-domande-inglese');
  await press(page, page.getByRole('button', { name: 'Take the answer away' }));
  await given(page, page.getByRole('radio').first(), 'the answer was taken back');
  assert.equal(await page.getByRole('radio', { checked: true }).count(), 0);
  await page.getByRole('button', { name: 'See the result' }).first().click();
  await page.getByText(/\d+ answers are still missing/).waitFor();
  assert.equal(await page.locator('section.part.likely').count(), 0, 'nothing is probable when nothing is known');
  await look(page, 'orientamento-risultato-inglese');
  assert.deepEqual(asked, [], 'requests after loading');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('an answer that hides a question withdraws its answer, and none stands alone', async () => {
  const { context, page } = await enter(1280, 800);
  await page.getByRole('button', { name: 'Comincia' }).click();
  const box = (id: string, key: string) => page.locator(`input[name="${id}"]`).nth(Object.keys(italian.questions[id]?.options ?? {}).indexOf(key));
  await box('q04', 'si').check();
  await box('q02', 'no').check();
  assert.equal(await page.locator('input[name="q04"]').count(), 0);
  await box('q02', 'si').check();
  assert.equal(await box('q04', 'si').isChecked(), false);
  await box('q07', 'protezione').check();
  await box('q07', 'separazione').check();
  await box('q07', 'nessuno').check();
  assert.equal(await box('q07', 'protezione').isChecked(), false);
  await box('q07', 'protezione').check();
  assert.equal(await box('q07', 'nessuno').isChecked(), false);
  await page.getByRole('button', { name: 'Vedi il risultato' }).first().click();
  await page.getByRole('button', { name: 'Cancella e ricomincia' }).click();
  await page.getByRole('button', { name: 'Comincia' }).click();
  assert.equal(await page.locator('input:checked').count(), 0, 'starting again clears');
  await context.close();
});

void test('quick exit from the questionnaire, and going back', async () => {
  const { context, page, complaints } = await enter(1280, 800);
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Comincia' }).click();
  await answerBySection(page, /^(Avanti|Vedi il risultato)/);
  await page.getByRole('heading', { name: 'Risultato' }).waitFor();
  await page.keyboard.press('Shift');
  await page.keyboard.press('Shift');
  await page.keyboard.press('Shift');
  await page.waitForURL('**/agenda.html');
  await nothingKept(page, context);
  await page.goBack();
  assert.equal(await page.getByText('Risultato').count(), 0);
  assert.ok(!page.url().includes('orientamento'), 'the questionnaire is not behind the neutral page');
  await page.goto(`${network.service}/orientamento.html`);
  await page.getByRole('button', { name: 'Comincia' }).click();
  assert.equal(await page.locator('input:checked').count(), 0);
  // Left for another page in the ordinary way, and come back to.
  await page.locator('input[name="q01"]').first().check();
  await page.goto(`${network.service}/agenda.html`);
  await page.goBack();
  await page.getByRole('button', { name: 'Comincia' }).click();
  assert.equal(await page.locator('input:checked').count(), 0);
  await page.getByRole('button', { name: 'Uscita rapida' }).click();
  await page.waitForURL('**/agenda.html');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('after ten minutes of nothing the answers are gone', async () => {
  const { context, page } = await visit(browser, 1280, 800, '/orientamento.html');
  await page.clock.install();
  await page.reload();
  await page.getByRole('button', { name: 'Comincia' }).click();
  await page.locator('input[name="q01"]').first().check();
  await page.clock.fastForward('09:06');
  const soon = page.getByRole('alert').getByText('Fra un minuto le risposte si cancellano');
  await soon.waitFor();
  await page.keyboard.press('Control');
  await soon.waitFor({ state: 'detached' });
  assert.equal(await page.locator('input[name="q01"]').first().isChecked(), true, 'whoever goes on keeps her answers');
  await page.clock.fastForward('10:06');
  await page.getByText('le risposte sono state cancellate').waitFor();
  assert.equal(await soon.count(), 0);
  await page.getByRole('button', { name: 'Comincia' }).click();
  assert.equal(await page.locator('input:checked').count(), 0);
  await context.close();
});

/** How many sheets are printed. */
async function sheets(page: Page): Promise<number> {
  return (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

void test('the result of few answers is short, and says it all', async () => {
  const { context, page, complaints } = await enter(1280, 800);
  await page.getByRole('button', { name: 'Comincia' }).click();
  await page.getByRole('button', { name: 'Vedi il risultato' }).first().click();
  await page.getByRole('heading', { name: 'Risultato' }).waitFor();
  await page.setViewportSize({ width: 360, height: 740 });
  assert.ok((await page.evaluate(() => document.documentElement.scrollHeight)) < 5000, 'seven telephones high at most');
  assert.equal(await page.getByRole('button', { name: 'Stampa il promemoria' }).count(), 0, 'there is nothing to print yet');
  const text = await page.locator('.result').evaluate((element) => element.textContent);
  for (const { name } of Object.values(italian.benefits)) {
    assert.ok(text.includes(name), name);
  }
  for (const [id, warning] of Object.entries(italian.warnings)) {
    assert.ok(text.includes(warning), id);
  }
  await page.getByText(/^Altre \d+ avvertenze/).click();
  await page.getByText(italian.warnings['W_BUSTA'] ?? '').waitFor();
  await look(page, 'orientamento-poche-risposte');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole('button', { name: 'Reddito di libertà' }).last().click();
  await page.getByRole('heading', { name: italian.questions['q01']?.text ?? '' }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('what is not found says by which value, and what no answer makes certain says so', async () => {
  const { context, page, complaints } = await enter(1280, 800);
  await page.getByRole('button', { name: 'Comincia' }).click();
  await answerBySection(page, /^(Avanti|Vedi il risultato)/, { ...whole, q14: 'nato_120', q20: 'lei', q23: 'gt40000', q31: 'no' });
  const invalidity = page.locator('section.part.verify .benefit').filter({ hasText: italian.benefits['INV_CIV']?.name ?? '' });
  assert.deepEqual(await invalidity.locator('.why').allInnerTexts(), ['Le risposte da sole non bastano mai: lo verifica chi decide.']);
  await page.locator('details.not-found > summary').click();
  const excluded = (id: string) => page.locator('details.not-found > ul > li').filter({ hasText: italian.benefits[id]?.name ?? '' });
  // Over since the end of 2025.
  await excluded('MAT_COM').getByText('Soglia ISEE').waitFor();
  assert.match(await excluded('MAT_COM').innerText(), /20\.382,90 €.*fino al 31 dic 2025\s*da verificare\s*Fonte: Dipartimento/s);
  assert.match(await excluded('ASS_SOC').innerText(), /67 anni.*da verificare\s*Fonte: L\. 335\/1995/s, 'not seen in a source');
  assert.doesNotMatch(await excluded('NUOVI_NATI').innerText(), /Fonte/, 'seen, and not over');
  assert.doesNotMatch(await excluded('NASPI').innerText(), /Fonte/, 'no value excludes who has work');
  await excluded('NASPI').getByText('Nota', { exact: true }).click();
  await excluded('NASPI').getByText(/^Dimissioni per sfuggire/).waitFor();
  await look(page, 'orientamento-non-risulta');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('the questionnaire in Arabic on a telephone, and at 200 %', async () => {
  const { context, page, complaints } = await enter(360, 740);
  const fits = async (where: string): Promise<void> => {
    assert.deepEqual(await page.evaluate(() => [document.documentElement.scrollWidth <= innerWidth, innerWidth]), [true, page.viewportSize()?.width], where);
    await look(page, where);
  };
  await page.getByRole('button', { name: 'العربية' }).click();
  await fits('orientamento-inizio-arabo');
  await page.getByRole('button', { name: 'Comincia' }).click();
  for (const id of ['q01', 'q02', 'q03']) {
    await page.getByText(arabic.questions[id]?.text ?? '').waitFor();
    await page.getByRole('button', { name: option(arabic, id), exact: false }).click();
  }
  const take = page.getByRole('button', { name: 'Togli la risposta' });
  await page.getByText(arabic.questions['q04']?.text ?? '').waitFor();
  assert.equal(await take.count(), 0, 'there is no answer yet');
  await fits('orientamento-domanda-arabo');
  await page.getByRole('button', { name: 'Indietro' }).click();
  await press(page, take);
  await given(page, page.locator('button.option').first(), 'the answer was taken back');
  await page.getByRole('button', { name: 'Salta' }).waitFor();
  assert.deepEqual([await take.count(), await page.locator('.options [aria-pressed="true"]').count()], [0, 0], 'the answer is taken back');
  await page.getByRole('button', { name: option(arabic, 'q03'), exact: false }).click();
  await page.getByRole('button', { name: 'Vedi il risultato' }).click();
  await fits('orientamento-poche-risposte-arabo');
  // A window of 1280 by 800 at 200 % is half of it in each direction.
  await page.setViewportSize({ width: 640, height: 400 });
  await fits('orientamento-poche-risposte-arabo');
  await page.getByRole('button', { name: 'Torna alle domande' }).first().click();
  await page.getByText(arabic.questions['q04']?.text ?? '').waitFor();
  await fits('orientamento-domande-arabo');
  assert.deepEqual(complaints, []);
  await context.close();
});

void test('the sheet of paper tells nobody what it is about', async () => {
  const { context, page } = await enter(1280, 800);
  assert.equal(await printed(page), '', 'the start');
  await page.getByRole('button', { name: 'Comincia' }).click();
  await page.locator('input[name="q06"]').first().check();
  assert.equal(await printed(page), '', 'in the middle, a section at a time');
  await page.setViewportSize({ width: 360, height: 740 });
  await page.locator('.one-question').waitFor();
  assert.equal(await printed(page), '', 'in the middle, one at a time');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('button', { name: 'Togli la risposta' }).click();
  await page.getByRole('button', { name: 'Vedi il risultato' }).first().click();
  const unanswered = await printed(page);
  await page.getByRole('button', { name: 'Torna alle domande' }).first().click();
  await answerBySection(page, /^(Avanti|Vedi il risultato)/);
  for (const sheet of [unanswered, await printed(page)]) {
    assert.match(sheet, /^Promemoria/);
    assert.doesNotMatch(sheet, /violen|libert|rifugio|CAV|autore|vittim|protezione|protett|antiviolenza|orientamento|agenda|giudice|legale|modifica|1522/i);
  }
  await page.emulateMedia({ media: 'print' });
  assert.equal(await sheets(page), 1);
  // Whoever knows nothing for certain has most to find out about, and still one or two sheets.
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: 'Cancella e ricomincia' }).click();
  await page.getByRole('button', { name: 'Comincia' }).click();
  await answerBySection(page, /^(Avanti|Vedi il risultato)/, Object.fromEntries(rules.questions.filter(({ options }) => options.includes('nd')).map(({ id }) => [id, 'nd'])));
  await page.emulateMedia({ media: 'print' });
  assert.ok((await page.locator('.paper tbody tr').count()) > 12, 'most of it is to be found out about');
  assert.ok((await sheets(page)) <= 2);
  await context.close();
});

/** All files of a browser's folder but its cache of what it was served, which is the same for everybody. */
async function profile(folder: string): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('Cache')).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (name) => ({ name, text: (await readFile(name)).toString('latin1') })));
}

void test('a browser that is closed in the middle keeps no answer on its disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agenda-'));
  try {
    const context = await chromium.launchPersistentContext(folder, {
      ...debian,
      viewport: { width: 1280, height: 800 },
    });
    const page = await context.newPage();
    await page.goto(`${network.service}/orientamento.html`);
    await page.getByRole('button', { name: 'Comincia' }).click();
    await page.locator('input[name="q06"]').nth(1).check();
    await page.goto(`${network.service}/agenda.html`);
    await page.goBack();
    await page.getByRole('button', { name: 'Comincia' }).click();
    await page.locator('input[name="q06"]').nth(1).check();
    await context.close();
    const files = await profile(folder);
    const holding = (text: string): readonly string[] =>
      files.filter((file) => file.text.includes(text) || file.text.includes(Buffer.from(text, 'utf16le').toString('latin1'))).map((file) => file.name);
    assert.notDeepEqual(holding('orientamento.html'), [], 'the sweep finds what is there: the address, in the history');
    for (const canary of ['q06', 'Casa rifugio', 'antiviolenza', 'Dove vive oggi']) {
      assert.deepEqual(holding(canary), [], canary);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

void test('the result goes into a new case when she says so, and no answer does', async () => {
  const { context, page, complaints } = await visit(browser);
  await signIn(page, person('anna'));
  await unlock(page, person('anna'));
  await page.getByRole('button', { name: 'Orientamento', exact: true }).click();
  await page.getByRole('button', { name: 'Comincia' }).waitFor();
  await page.waitForFunction(() => [...document.fonts].every(({ status }) => status === 'loaded'));
  const before = [await kept(page), await context.cookies()];
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname} ${request.postData() ?? ''}`));
  await page.getByRole('button', { name: 'Comincia' }).click();
  await answerBySection(page, /^(Avanti|Vedi il risultato)/);
  await page.getByRole('heading', { name: 'Risultato' }).waitFor();
  // Now and then the page asks for news, whichever room she is in.
  assert.deepEqual(asked.filter((one) => one !== 'GET /v1/cases '), [], 'requests while she answers');
  assert.deepEqual([await kept(page), await context.cookies()], before, 'what is kept while she answers');
  await look(page, 'orientamento-in-un-caso');
  assert.match(await printed(page), /^Promemoria/, 'no way to another room is on the sheet');
  await page.getByRole('button', { name: 'Porta in un nuovo caso' }).click();
  const proposed = page.getByRole('group', { name: 'Proposti dall’orientamento' });
  await proposed.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Avanti' }).click();
  await page.getByRole('group', { name: 'La sede INPS' }).getByText('INPS, sede di Valdoria').click();
  await page.getByText('Bice Landi').first().click();
  await page.getByRole('button', { name: 'Avanti' }).click();
  const text = await page.getByLabel('La domanda per INPS').inputValue();
  assert.match(text, /^Dal questionario di orientamento, anonimo/);
  assert.match(text, /Probabile:\n- Reddito di libertà/);
  assert.doesNotMatch(text, /da chiarire/, 'all was answered');
  for (const id of Object.keys(whole)) {
    const said = option(italian, id);
    assert.ok(said.length < 12 || !text.includes(said), `${id} is not in it`);
  }
  // It waits while she looks elsewhere, and is gone when she lets it be.
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.getByRole('heading', { name: 'Profilo' }).waitFor();
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  assert.equal(await page.getByLabel('La domanda per INPS').inputValue(), text);
  await page.goBack();
  await page.getByRole('button', { name: 'Orientamento', exact: true }).click();
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  await page.getByRole('button', { name: 'Indietro' }).click();
  await page.getByRole('heading', { name: 'Chi lo riceve, e chi no' }).waitFor();
  await page.getByRole('button', { name: 'Indietro' }).click();
  assert.equal(await proposed.getByRole('radio').first().isChecked(), true, 'what was proposed and chosen waits too');
  await page.getByRole('button', { name: 'Lascia stare e torna ai casi' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Lascia stare', exact: true }).click();
  await page.getByRole('button', { name: 'Nuovo caso' }).click();
  assert.equal(await page.getByRole('radio', { checked: true }).count() + await proposed.count(), 0, 'it is let be and still there');
  await page.getByRole('button', { name: 'Lascia stare e torna ai casi' }).click();
  await page.getByRole('button', { name: 'Comincia' }).waitFor();
  await page.getByRole('button', { name: 'Comincia' }).click();
  assert.equal(await page.locator('input:checked').count(), 0, 'nothing else is kept');
  assert.deepEqual(complaints, []);
  await context.close();
});
