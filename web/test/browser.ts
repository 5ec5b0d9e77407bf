// A browser for each person, and what everybody does in it first.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { network, type Person } from './network.js';

export const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Debian's browser; as root it has no sandbox of its own. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: flags, chromiumSandbox: process.getuid?.() !== 0 });
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
  await page.getByRole('button', { name: 'Sblocca' }).click();
  await page.getByRole('navigation', { name: 'Sezioni' }).waitFor();
}

const opened = new WeakMap<Page, CDPSession>();

/** The browser's own tools for a page. They stay attached: to leave ends what they were asked to pretend. */
export async function devtoolsOf(page: Page): Promise<CDPSession> {
  const devtools = opened.get(page) ?? (await page.context().newCDPSession(page));
  opened.set(page, devtools);
  return devtools;
}

/** Looks at a room: with axe, and where pictures are wanted keeps one of it, wide and narrow. */
export async function look(page: Page, name: string): Promise<void> {
  await accessible(page, name);
  if (network.screens === '') {
    return;
  }
  await mkdir(network.screens, { recursive: true });
  const devtools = await devtoolsOf(page);
  const before = page.viewportSize();
  for (const [end, width, height] of [['', 1280, 800], ['-360', 360, 740]] as const) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => {
      scrollTo(0, 0);
    });
    const high = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.max(high, height) });
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 85 });
    await writeFile(`${network.screens}/${name}${end}.webp`, Buffer.from(data, 'base64'));
  }
  if (before !== null) {
    await page.setViewportSize(before);
  }
}

/** Finds what a screen reader or a keyboard would stumble over in the room as it is. */
async function accessible(page: Page, room: string): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run: () => Promise<Axe> } }).axe.run();
    return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((node) => node.html).join(' ')}`);
  });
  assert.deepEqual(found, [], room);
}

interface Axe {
  readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly { readonly html: string }[] }[];
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
