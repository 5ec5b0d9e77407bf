// Prints how much a browser loads: node sizes.mjs, after make web. "First" is everything that
// an operator's day needs, compressed as browsers ask for it; "again" is what is not kept.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = join(dirname(fileURLToPath(import.meta.url)), 'dist');
const size = (name, end = '') => (existsSync(name + end) ? statSync(name + end).size : statSync(name).size);
const rows = new Map();
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const name = join(entry.parentPath, entry.name);
  const kind = kindOf(entry.name);
  if (!entry.isFile() || kind === undefined) {
    continue;
  }
  const row = rows.get(kind) ?? { raw: 0, br: 0, gz: 0 };
  rows.set(kind, { raw: row.raw + size(name), br: row.br + size(name, '.br'), gz: row.gz + size(name, '.gz') });
}

/** Icons and letters beyond Latin-1 are fetched one by one, as they are needed: they do not count. */
function kindOf(name) {
  if (/^It[A-Z]/.test(name) || name.includes('latin-ext') || extname(name) === '.woff') {
    return undefined;
  }
  return { '.wasm': 'core', '.js': 'script', '.css': 'style', '.woff2': 'letters', '.html': 'again' }[extname(name)];
}

const line = (what, { raw, br, gz }) => console.log(what.padEnd(10), ...[raw, br, gz].map((n) => `${(n / 1000).toFixed(1)} kB`.padStart(12)));
console.log(''.padEnd(10), ...['as it is', 'brotli', 'gzip'].map((w) => w.padStart(12)));
const first = { raw: 0, br: 0, gz: 0 };
for (const [kind, row] of rows) {
  line(kind, row);
  for (const form of ['raw', 'br', 'gz']) {
    first[form] += row[form];
  }
}
line('first', first);
if (first.br > 2_000_000) {
  console.error('first load is over 2.0 MB');
  process.exitCode = 1;
}

// Orientamento is a page by itself too: what its file names, and all the letters that the styles
// name, because it fetches them at once.
const alone = { raw: 0, br: 0, gz: 0 };
const html = readFileSync(join(dist, 'orientamento.html'), 'utf8');
const named = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, name]) => name);
const letters = named
  .filter((name) => name.endsWith('.css'))
  .flatMap((name) => [...readFileSync(join(dist, name), 'utf8').matchAll(/url\(\/?([^)]+\.woff2)\)/g)].map(([, font]) => font));
for (const name of new Set(['orientamento.html', ...named, ...letters])) {
  const file = join(dist, name);
  alone.raw += size(file);
  alone.br += size(file, '.br');
  alone.gz += size(file, '.gz');
}
line('orientam.', alone);
if (alone.br > 400_000) {
  console.error('first load of Orientamento is over 400 kB');
  process.exitCode = 1;
}
