// Measures what a person waits for, in a real browser at the real service: go run ./dev/page -bench.
// It is no test: what it prints depends on the machine, which it names.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { debian, devtoolsOf, signIn, unlock, visit, type Visitor } from './browser.js';
import { network, person } from './network.js';
import { unwatched } from './unwatched.js';

interface Talk {
  readonly thread: string;
  readonly entries: number;
  readonly last: string;
}

interface Measured {
  readonly usual: Talk;
  readonly long: Talk;
  readonly attachment: string;
  readonly attachedSize: number;
}

const measured = JSON.parse(readFileSync(process.env['VARCO_MEASURED'] ?? '', 'utf8')) as Measured;
const anna = person('anna');
const longMs = 100;
const times = 3;

interface Row {
  readonly what: string;
  readonly target: string;
  readonly figure: string;
  readonly met: boolean;
  readonly also: string;
}

const rows: Row[] = [];

function row(what: string, target: number, figure: number, unit: string, also = '', atLeast = false): void {
  const met = atLeast ? figure >= target : figure <= target;
  rows.push({ what, target: `${atLeast ? '≥' : '≤'} ${target} ${unit}`, figure: `${round(figure)} ${unit}`, met, also });
}

function round(n: number): string {
  return n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2);
}

/** All that the browser's processes have computed, in seconds. */
async function computed(devtools: CDPSession): Promise<number> {
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, one) => sum + one.cpuTime, 0);
}

/** Seconds until something has happened, and how many of them the browser has computed. */
async function timed(devtools: CDPSession, happens: () => Promise<void>): Promise<readonly [number, number]> {
  const before = await computed(devtools);
  const began = performance.now();
  await happens();
  const took = (performance.now() - began) / 1000;
  return [took, (await computed(devtools)) - before];
}

const middle = (all: readonly (readonly [number, number])[]): readonly [number, number] =>
  [...all].sort((a, b) => a[0] - b[0])[Math.floor(all.length / 2)] ?? [NaN, NaN];

const busy = (cpu: number): string => `${round(cpu)} s computed`;

/** Counts what goes over the wire between a browser and the service. */
async function counting(): Promise<{ readonly address: string; readonly bytes: () => number; readonly server: Server }> {
  const at = new URL(network.service);
  let down = 0;
  const server = createServer((browser) => {
    const service = connect(Number(at.port), '127.0.0.1');
    service.on('data', (piece) => {
      down += piece.length;
    });
    browser.pipe(service).pipe(browser);
    browser.on('error', () => service.destroy());
    service.on('error', () => browser.destroy());
  });
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens));
  const { port } = server.address() as AddressInfo;
  return { address: `${at.protocol}//${at.hostname}:${port}`, bytes: () => down, server };
}

/** The longest tasks of the page's own thread since the last question, in milliseconds. */
async function longest(page: Page): Promise<number> {
  return page.evaluate(() => {
    const seen = (globalThis as unknown as { longTasks: number[] }).longTasks;
    return Math.max(0, ...seen.splice(0));
  });
}

async function watched(browser: Browser): Promise<Visitor> {
  const visitor = await visit(browser);
  await visitor.page.addInitScript(() => {
    const seen: number[] = [];
    Object.assign(globalThis, { longTasks: seen });
    new PerformanceObserver((list) => {
      seen.push(...list.getEntries().map((one) => one.duration));
    }).observe({ type: 'longtask', buffered: true });
  });
  return visitor;
}

async function toList(page: Page): Promise<void> {
  await page.getByRole('list', { name: 'Elenco dei casi' }).waitFor();
}

async function open(page: Page, talk: Talk): Promise<void> {
  await page.getByRole('list', { name: 'Elenco dei casi' }).getByRole('button').filter({ hasText: talk.thread }).click();
  await page.getByText(talk.last).waitFor();
}

async function back(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Torna ai casi' }).click();
  await toList(page);
}

interface Memory {
  /** What is the process's alone: what the browser's task manager shows as its memory. */
  readonly own: number;
  /** With the pages of the browser's program that all its processes share. */
  readonly resident: number;
}

/** What a process has in memory, by what the system says of it, in bytes. */
function memoryOf(process: number): Memory {
  try {
    const status = readFileSync(`/proc/${String(process)}/status`, 'utf8');
    const kB = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
    return { own: kB('RssAnon') + kB('VmSwap'), resident: kB('VmRSS') };
  } catch {
    return { own: 0, resident: 0 }; // it has ended meanwhile
  }
}

function larger(a: Memory, b: Memory): Memory {
  return { own: Math.max(a.own, b.own), resident: Math.max(a.resident, b.resident) };
}

async function firstAndSecond(browser: Browser): Promise<void> {
  const wire = await counting();
  const { context, page } = await visit(browser);
  await signIn(page, anna);
  const fresh = await context.newPage();
  const ready = async (): Promise<void> => {
    await fresh.getByLabel('Frase di sblocco').waitFor();
    await fresh.waitForLoadState('networkidle');
  };
  await fresh.goto(wire.address);
  await ready();
  const first = wire.bytes();
  await fresh.goto('about:blank');
  await fresh.goto(wire.address);
  await ready();
  row('first load, up to the question for the phrase', 2, first / 1e6, 'MB', 'counted on the wire');
  row('second load', 30, (wire.bytes() - first) / 1e3, 'kB', 'counted on the wire');
  await context.close();
  wire.server.close();
}

async function addPasskey(page: Page): Promise<void> {
  const devtools = await devtoolsOf(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true, hasPrf: true },
  });
  await page.getByRole('button', { name: 'Profilo', exact: true }).click();
  await page.getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  const adding = page.getByRole('dialog', { name: 'Aggiungi un dispositivo' });
  await adding.getByLabel('Come lo chiami').fill('questo');
  await adding.getByRole('button', { name: 'Aggiungi un dispositivo' }).click();
  await adding.waitFor({ state: 'detached' });
}

async function day(browser: Browser, devtools: CDPSession): Promise<void> {
  const { context, page } = await watched(browser);
  await page.reload();
  await signIn(page, anna);
  await unlock(page, anna);
  await addPasskey(page);

  const lists: (readonly [number, number])[] = [];
  const usual: (readonly [number, number])[] = [];
  const again: (readonly [number, number])[] = [];
  const long: (readonly [number, number])[] = [];
  const whole: (readonly [number, number])[] = [];
  let longTask = 0;
  let nodes = 0;
  for (let i = 0; i < times; i++) {
    await page.getByRole('button', { name: 'Blocca' }).click();
    const passkey = page.getByRole('button', { name: 'Sblocca con il dispositivo' });
    await passkey.waitFor();
    lists.push(await timed(devtools, async () => {
      await passkey.click();
      await toList(page);
    }));
    usual.push(await timed(devtools, () => open(page, measured.usual)));
    await back(page);
    again.push(await timed(devtools, () => open(page, measured.usual)));
    await back(page);
    long.push(await timed(devtools, () => open(page, measured.long)));
    whole.push(await timed(devtools, () => page.getByLabel('Messaggio').waitFor()));
    nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    await back(page);
    longTask = Math.max(longTask, await longest(page));
  }
  const say = (what: string, target: number, all: readonly (readonly [number, number])[]): void => {
    const [took, cpu] = middle(all);
    row(what, target, took, 's', `${busy(cpu)}; ${String(times)} times: ${all.map((one) => round(one[0])).join(', ')}`);
  };
  say('from the passkey to the list of cases', 1, lists);
  say(`opening a case of ${String(measured.usual.entries)} entries`, 0.5, usual);
  say('the same again', 0.5, again);
  say(`first screen of a case of ${String(measured.long.entries)} entries`, 0.8, long);
  const [more, cpu] = middle(whole);
  rows.push({ what: '  and from there until she may write', target: '', figure: `${round(more)} s`, met: true, also: busy(cpu) });
  row('longest task on the page’s own thread', longMs, longTask, 'ms');
  rows.push({ what: 'elements in the page, long case', target: 'bounded', figure: String(nodes), met: nodes < 5000, also: '' });
  await attach(page);
  await context.close();
}

/** In a browser of its own that nothing listens to, in the session that she has. */
async function attach(session: Page): Promise<void> {
  const { send, value, until, close } = await unwatched();
  const cookies = (await session.context().cookies()).map(({ name, value: kept, domain, path, secure, httpOnly, sameSite }) => ({ name, value: kept, domain, path, secure, httpOnly, sameSite }));
  await send('Storage.setCookies', { cookies });
  await send('Page.navigate', { url: network.service });
  const field = `document.querySelector('form input:not([type=checkbox]), form textarea')`;
  await until(field);
  await value(`(() => {
    const field = ${field};
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, ${JSON.stringify(anna.phrase)});
    field.dispatchEvent(new Event('input', { bubbles: true }));
  })()`);
  await value(`${field}.form.requestSubmit()`);
  const button = (text: string): string => `[...document.querySelectorAll('button')].find((one) => one.textContent.includes(${JSON.stringify(text)}))`;
  await until(button(measured.usual.thread));
  await value(`${button(measured.usual.thread)}.click()`);
  await until(`document.querySelector('input[type=file]')`);
  const usage = async (): Promise<{ readonly cpu: number; readonly memory: Memory }> => {
    const { processInfo } = await send<{ processInfo: { type: string; id: number; cpuTime: number }[] }>('SystemInfo.getProcessInfo');
    return { cpu: processInfo.reduce((sum, one) => sum + one.cpuTime, 0), memory: processInfo.filter((one) => one.type === 'renderer').map((one) => memoryOf(one.id)).reduce(larger) };
  };
  await value(`(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask' });
  })()`);
  const before = await usage();
  let most = before.memory;
  const sampling = setInterval(() => {
    void usage().then((now) => {
      most = larger(most, now.memory);
    });
  }, 200);
  const { result } = await send<{ result: { objectId: string } }>('Runtime.evaluate', { expression: `document.querySelector('input[type=file]')` });
  const began = performance.now();
  await send('DOM.setFileInputFiles', { files: [measured.attachment], objectId: result.objectId });
  await until(`document.querySelector('.attaching .ready')`);
  const took = (performance.now() - began) / 1000;
  clearInterval(sampling);
  const after = await usage();
  const longTask = await value<number>('Math.max(0, ...longTasks)');
  await close();
  const mb = measured.attachedSize / 1e6;
  row(`sealing and uploading ${round(mb)} MB`, 30, mb / took, 'MB/s', `${round(took)} s, ${busy(after.cpu - before.cpu)}`, true);
  row('memory of the tab meanwhile', 300, most.own / 1e6, 'MB',
    `${round(before.memory.own / 1e6)} MB before; with the browser’s program, which all tabs share, ${round(most.resident / 1e6)}`);
  row('longest task meanwhile', longMs, longTask, 'ms');
}

/** What Lighthouse gives the rooms that need nobody signed in. It is no dependency: somebody may have installed it. */
function scores(): string {
  const of = ['performance', 'accessibility', 'best-practices'];
  const options = ['--quiet', '--output=json', `--only-categories=${of.join(',')}`, `--chrome-flags=${['--headless=new', ...(debian.chromiumSandbox ? [] : ['--no-sandbox']), ...debian.args].join(' ')}`];
  const said: string[] = [];
  for (const [room, path] of [['Entra', '/'], ['Orientamento', '/orientamento.html']] as const) {
    const run = spawnSync('lighthouse', [network.service + path, ...options], { env: { ...process.env, CHROME_PATH: debian.executablePath }, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.error) {
      return 'Lighthouse is not installed on this machine (npm install --global lighthouse)';
    }
    if (run.status !== 0) {
      throw new Error(`Lighthouse has failed: ${run.stderr}`);
    }
    const { categories } = JSON.parse(run.stdout) as { readonly categories: Readonly<Record<string, { readonly score: number | null }>> };
    said.push(`${room}: ${of.map((one) => `${one} ${String(Math.round((categories[one]?.score ?? NaN) * 100))}`).join(', ')}`);
  }
  return `Lighthouse, of 100, as on a telephone: ${said.join('; ')}`;
}

const load = loadavg()[0] ?? NaN;
const browser = await chromium.launch(debian);
const devtools = await browser.newBrowserCDPSession();
await firstAndSecond(browser);
await day(browser, devtools);
const { product } = await devtools.send('Browser.getVersion');
await browser.close();
const lighthouse = scores();

const widths = [
  Math.max(...rows.map((one) => one.what.length)),
  Math.max(...rows.map((one) => one.target.length)),
  Math.max(...rows.map((one) => one.figure.length)),
] as const;
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
say(`\n${String(cpus().length)} cores (${cpus()[0]?.model ?? 'unknown'}), ${product}; load of the machine before ${round(load)}, after ${round(loadavg()[0] ?? NaN)}`);
say(`${''.padEnd(widths[0])}  ${'target'.padEnd(widths[1])}  ${'measured'.padStart(widths[2])}`);
for (const one of rows) {
  say(`${one.what.padEnd(widths[0])}  ${one.target.padEnd(widths[1])}  ${one.figure.padStart(widths[2])}  ${one.met ? '      ' : 'MISSED'}  ${one.also}`.trimEnd());
}
say(lighthouse);
