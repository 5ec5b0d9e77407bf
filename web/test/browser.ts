// A browser for each person, and what everybody does in it first.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { network, type Person } from './network.js';

/** Debian's browser; as root it has no sandbox of its own. */
export const debian = {
  executablePath: '/usr/bin/chromium',
  args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  chromiumSandbox: process.getuid?.() !== 0,
};

/** The same without its windows, which nobody would see: a fifth less of work. */
const windowless = { ...debian, executablePath: '/usr/bin/chromium-headless-shell' };

export function launch(): Promise<Browser> {
  return chromium.launch(windowless);
}

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of: a policy that was broken, a script that failed. */
  readonly complaints: string[];
}

/** Somebody's own browser, at the page. */
export async function visit(browser: Browser, width = 1280, height = 800, address = '/'): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'it-IT', timezoneId: 'Europe/Rome' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000); // unlocking is scrypt, and the machine may do other things too
  const complaints: string[] = [];
  page.on('console', (said) => {
    // The browser itself notes an answer that is a refusal, such as that nobody is signed in.
    if ((said.type() === 'error' || said.type() === 'warning') && !said.text().startsWith('Failed to load resource')) {
      complaints.push(said.text());
    }
  });
  page.on('pageerror', (err) => complaints.push(String(err)));
  await page.goto(network.service + address);
  return { context, page, complaints };
}

/** Signs in through the provider, up to the question for the phrase. */
export async function signIn(page: Page, who: Pick<Person, 'label'>): Promise<void> {
  await page.getByRole('button', { name: 'Entra con Accesso di prova' }).click();
  await page.getByRole('button', { name: `Entra come: ${who.label}` }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

export async function unlock(page: Page, who: Person): Promise<void> {
  await page.getByLabel('Frase di sblocco').fill(who.phrase);
  await page.getByRole('button', { name: /^Sblocca( con la frase)?$/ }).click(); // the second where she has a passkey too
  await page.getByRole('navigation', { name: 'Sezioni' }).waitFor();
}

/** The codes in her list of cases, when it is there. */
export async function codes(page: Page): Promise<readonly string[]> {
  const lines = page.locator('.case-line .code');
  await lines.or(page.getByText('Qui non c’è ancora nulla')).first().waitFor();
  return lines.allTextContents();
}

/** The code in her list that was not there before: of the case that she has opened meanwhile. */
export async function newCode(page: Page, before: readonly string[]): Promise<string> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    const code = (await codes(page)).find((one) => !before.includes(one));
    if (code !== undefined) {
      return code;
    }
    await page.waitForTimeout(50);
  }
  assert.fail('there is no new case in the list');
}

/** Waits until the browser has no session any more: quick exit does not wait for the service. */
export async function gone(context: BrowserContext): Promise<void> {
  const end = Date.now() + 10_000;
  while ((await context.cookies(network.service)).length > 0) {
    assert.ok(Date.now() < end, 'the session is still there');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Writes down the phrase that is shown, and types it as it was written. Returns it. */
export async function writeDown(page: Page): Promise<string> {
  const words = page.getByRole('list', { name: 'La tua frase di sblocco' }).getByRole('listitem');
  await words.first().waitFor();
  const phrase = (await words.allTextContents()).join(' ');
  await page.getByRole('button', { name: 'Le ho scritte' }).click();
  await page.getByLabel('Frase di sblocco').fill(phrase);
  await page.getByRole('button', { name: 'Ho finito' }).click();
  return phrase;
}

/** An authenticator of the browser's own, which says yes to everything; it may have one inside. */
export async function authenticator(devtools: CDPSession, hasPrf: boolean, transport: 'internal' | 'usb' = 'internal'): Promise<string> {
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  });
  return authenticatorId;
}

const opened = new WeakMap<Page, CDPSession>();

/** The browser's own tools for a page. They stay attached: to leave ends what they were asked to pretend. */
export async function devtoolsOf(page: Page): Promise<CDPSession> {
  const devtools = opened.get(page) ?? (await page.context().newCDPSession(page));
  opened.set(page, devtools);
  return devtools;
}

/**
 * The sizes at which a room is looked at: wide; a window of 1280 by 800 at 200 %, which is half
 * of it in each direction with twice as many dots (WCAG 1.4.4); a telephone; and as narrow as
 * nothing may have to be scrolled sideways at (1.4.10).
 */
const sizes = [
  { name: '1280', width: 1280, height: 800, dots: 1, picture: '', languages: ['it'] },
  { name: '200 %', width: 640, height: 400, dots: 2, picture: undefined, languages: ['it', 'en'] },
  { name: '360', width: 360, height: 740, dots: 1, picture: '-360', languages: ['it', 'en'] },
  { name: '320', width: 320, height: 640, dots: 1, picture: undefined, languages: ['it', 'en'] },
] as const;

/**
 * Looks at a room or dialog: with axe in both languages, at 360 dots and at 200 %; nothing is to
 * be scrolled sideways or cut off, and what she has typed is still there. Where pictures are
 * wanted one is kept of it, wide and narrow.
 */
export async function look(page: Page, name: string): Promise<void> {
  const devtools = await devtoolsOf(page);
  const before = page.viewportSize();
  const typed = await filledIn(page);
  const language = await languageOf(page);
  await page.evaluate(axe);
  for (const size of sizes) {
    const { width, height, dots } = size;
    await page.setViewportSize({ width, height });
    if (dots !== 1) {
      await devtools.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: dots, mobile: false });
    }
    assert.deepEqual(await page.evaluate(() => [innerWidth, innerHeight, devicePixelRatio]), [width, height, dots], 'the window has another size');
    for (const one of size.languages) {
      await speak(page, one);
      const where = `${name}, ${size.name}, ${one}`;
      assert.deepEqual(await sideways(page), [], `${where}: wider than the window`);
      if (size.name !== '320') {
        await accessible(page, where);
      }
    }
    await speak(page, language);
    if (dots !== 1) {
      await devtools.send('Emulation.clearDeviceMetricsOverride');
    }
    if (size.picture !== undefined && network.screens !== '') {
      await picture(page, `${name}${size.picture}`);
    }
  }
  if (before !== null) {
    await page.setViewportSize(before);
  }
  // A room that shows less when narrow is drawn anew some time after the window is wide again.
  let now = await filledIn(page);
  for (const end = Date.now() + 5_000; !isDeepStrictEqual(now, typed) && Date.now() < end; now = await filledIn(page)) {
    await page.waitForTimeout(50);
  }
  assert.deepEqual(now, typed, `${name}: what was typed and opened, after looking`);
}

/** Keeps a picture of the whole page, at the width that it has. */
async function picture(page: Page, name: string): Promise<void> {
  const devtools = await devtoolsOf(page);
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
  await mkdir(network.screens, { recursive: true });
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  const high = await page.evaluate(() => Math.max(document.documentElement.scrollHeight, document.querySelector('dialog[open]')?.scrollHeight ?? 0));
  await page.setViewportSize({ width, height: Math.max(high, height) });
  await still(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 85 });
  await writeFile(`${network.screens}/${name}.webp`, Buffer.from(data, 'base64'));
}

function languageOf(page: Page): Promise<string> {
  return page.evaluate(() => document.documentElement.lang);
}

/** Chooses a language where the page is: also behind a dialog, where nobody else reaches the button. */
async function speak(page: Page, language: string): Promise<void> {
  if ((await languageOf(page)) === language) {
    return;
  }
  await page.evaluate((to) => {
    document.querySelector<HTMLButtonElement>(`footer .languages button[lang="${to}"]`)?.click();
  }, language);
  await page.waitForFunction((to) => document.documentElement.lang === to, language);
}

/** All that somebody could lose in the room: what is in the fields, what is open, and where. */
function filledIn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => [
    ...[...document.querySelectorAll<HTMLInputElement>('input, textarea, select')].map((one) => `${one.id}: ${one.type === 'file' ? '' : one.value} ${String(one.checked)}`),
    ...[...document.querySelectorAll('dialog, details')].map((one) => `${one.tagName}: ${String((one as HTMLDialogElement).open)}`),
  ]);
}

/** What makes somebody scroll sideways, or is cut off where she can't: anything but a table. */
function sideways(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) {
      const wide = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
      found.push(`the page: ${wide.map((one) => one.outerHTML.slice(0, 120)).join(' | ')}`);
    }
    for (const one of document.body.querySelectorAll<HTMLElement>('*')) {
      const { overflowX } = getComputedStyle(one);
      const hidden = one.clientWidth <= 1 || one.closest('.visually-hidden') !== null;
      const typing = one instanceof HTMLInputElement || one instanceof HTMLSelectElement;
      if (overflowX !== 'visible' && !hidden && !typing && one.scrollWidth > one.clientWidth + 1 && one.querySelector('table') === null) {
        found.push(one.outerHTML.slice(0, 160));
      }
    }
    return found;
  });
}

/** Finds what a screen reader or a keyboard would stumble over in the room as it is. */
async function accessible(page: Page, room: string): Promise<void> {
  await still(page);
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run: (on: Document, how: object) => Promise<Axe> } }).axe.run(document, { resultTypes: ['violations'] });
    return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((node) => node.html).join(' ')}`);
  });
  assert.deepEqual(found, [], room);
}

/** What glides has neither the contrast of before nor the one of after. */
function still(page: Page): Promise<void> {
  return page.evaluate(() => {
    document.getAnimations().filter((one) => one instanceof CSSTransition).forEach((one) => {
      one.finish();
    });
  });
}

interface Axe {
  readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly { readonly html: string }[] }[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
