// A browser for each person, and what everybody does in it first.
import { mkdir } from 'node:fs/promises';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { network, type Person } from './network.js';

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

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
export async function visit(browser: Browser, width = 1280, height = 800): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'it-IT', timezoneId: 'Europe/Rome' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (said) => {
    // The browser itself notes an answer that is a refusal, such as that nobody is signed in.
    if ((said.type() === 'error' || said.type() === 'warning') && !said.text().startsWith('Failed to load resource')) {
      complaints.push(said.text());
    }
  });
  page.on('pageerror', (err) => complaints.push(String(err)));
  await page.goto(network.service);
  return { context, page, complaints };
}

/** Signs in through the provider, up to the question for the phrase. */
export async function signIn(page: Page, who: Person): Promise<void> {
  await page.getByRole('button', { name: 'Entra con Accesso di prova' }).click();
  await page.getByRole('button', { name: `Entra come: ${who.label}` }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
}

export async function unlock(page: Page, who: Person): Promise<void> {
  await page.getByLabel('Frase di sblocco').fill(who.phrase);
  await page.getByRole('button', { name: 'Sblocca' }).click();
  await page.getByRole('heading', { name: 'I miei casi' }).waitFor({ timeout: 60_000 }); // scrypt, on a machine that does other things too
}

/** Keeps a picture of what is on the screen, wide and narrow, where pictures are wanted. */
export async function picture(page: Page, name: string): Promise<void> {
  if (network.screens === '') {
    return;
  }
  await mkdir(network.screens, { recursive: true });
  const before = page.viewportSize();
  for (const [end, width, height] of [['', 1280, 800], ['-360', 360, 740]] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${network.screens}/${name}${end}.png`, fullPage: true, animations: 'disabled' });
  }
  if (before !== null) {
    await page.setViewportSize(before);
  }
}
