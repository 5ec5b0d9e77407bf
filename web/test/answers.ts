// The questionnaire in a browser: its data, a woman's answers, giving them, and what is kept or printed then.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';

export interface Rules {
  readonly questions: readonly { readonly id: string; readonly section: string; readonly type: string; readonly options: readonly string[] }[];
}

export interface Words {
  readonly disclaimer: string;
  readonly questions: Readonly<Record<string, { readonly text: string; readonly options: Readonly<Record<string, string>> }>>;
  readonly benefits: Readonly<Record<string, { readonly name: string }>>;
  readonly warnings: Readonly<Record<string, string>>;
}

function data(name: string): unknown {
  return JSON.parse(readFileSync(`../policies/questionnaire/${name}.json`, 'utf8')) as unknown;
}

export const rules = data('rules') as Rules;
export const italian = data('words.it') as Words;
export const arabic = data('words.ar') as Words;

/** A woman in a refuge with a small child, employed, whose former husband gets the child benefit. */
export const whole: Readonly<Record<string, string>> = {
  q01: 'riconosciuto', q02: 'si', q03: 'si', q04: 'si', q05: 'no', q06: 'rifugio', q07: 'protezione', q08: 'si', q09: '5a10', q10: 'it',
  q12: '18a59', q13: 'separata', q14: 'no', q15: '0a2', q16: 'madre', q17: 'unico', q18: 'altro', q19: 'si', q20: 'nessuno', q21: 'no',
  q22: 'proprio', q23: 'le10140', q24: 'no', q25: 'dip_priv', q26: 'si', q27: 'zero', q32: 'solo_lei', q33: 'no', q34: 'conto_suo', q35: 'protetta', q36: 'no',
};

export function option(words: Words, id: string): string {
  return words.questions[id]?.options[whole[id] ?? ''] ?? '';
}

/** Everything that a page can find of what was kept. */
export function kept(page: Page): Promise<unknown> {
  return page.evaluate(async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    state: history.state as unknown,
    title: document.title,
  }));
}

export async function nothingKept(page: Page, context: BrowserContext): Promise<void> {
  assert.deepEqual(await kept(page), { local: [], session: [], databases: 0, caches: 0, workers: 0, state: null, title: 'Agenda' });
  assert.deepEqual(await context.cookies(), []);
}

/** Answers section after section on a wide page. */
export async function answerBySection(page: Page, next: string | RegExp, answers: Readonly<Record<string, string>> = whole): Promise<void> {
  const sections = new Set(rules.questions.map((question) => question.section));
  for (const section of sections) {
    for (const { id } of rules.questions.filter((question) => question.section === section)) {
      const key = answers[id];
      const radios = page.locator(`input[name="${id}"]`);
      if (key === undefined || (await radios.count()) === 0) {
        continue;
      }
      await radios.nth(Object.keys(italian.questions[id]?.options ?? {}).indexOf(key)).check();
    }
    await page.getByRole('button', { name: next }).last().click();
  }
}

/** What a printer would be given, whoever prints and by whatever way. */
export async function printed(page: Page): Promise<string> {
  await page.emulateMedia({ media: 'print' });
  const text = await page.locator('body').innerText();
  await page.emulateMedia({ media: 'screen' });
  return text.trim();
}
