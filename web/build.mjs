// Builds the page: node build.mjs [--into FOLDER]. make web runs it after the client core was
// built into out/. The same source gives the same bytes.
//
// With QUICK=1, nothing is compressed: while working on the page.
//
//   out/style/          Bootstrap Italia's style sheet, its images in files of their own
//   out/wasm_exec.js    Go's own support for its programs in a browser
//   dist/               what package web embeds: the page, and beside each file its compressed forms
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
process.chdir(here);
const { values: options } = parseArgs({ options: { into: { type: 'string', default: 'dist' } } });
const into = resolve(options.into);

// Parts of the kit's style sheet that the page has none of, by what their classes begin with: more than two fifths of it.
const parts = [
  ...['vjs', 'video-js', 'acceptoverlay', 'splide', 'it-carousel', 'it-hero'], // films, pictures that pass by
  ...['it-header', 'it-footer', 'it-nav', 'it-navscroll', 'megamenu', 'navbar', 'cookiebar'], // heads and feet of public sites
  ...['autocomplete', 'bootstrap-select', 'transfer', 'upload', 'rating', 'toggles', 'it-timeline'], // fields that are not used
  ...['dropdown', 'popover', 'tooltip', 'toast', 'accordion', 'pagination', 'sidebar', 'toolbar', 'breadcrumb', 'point-list', 'chip'], // menus, marks
  ...['avatar', 'complementary', 'analogue', 'offcanvas', 'steppers', 'it-grid', 'it-griditem'], // portraits, other colours, what slides in
];
// The kit takes the frame off a button beside what was focused with the mouse: here that is the heading of each room.
const unframed = /data-focus-mouse.*\+\s*button$|^button:has\(/;
const ofParts = new RegExp(`\\.(${parts.join('|')})(?![a-z0-9])`);

support();
style();
empty(into);
await build({
  configFile: 'vite.config.ts',
  logLevel: 'warn',
  css: { postcss: { plugins: [{ postcssPlugin: 'without-parts', Once: withoutParts }] } },
  build: { outDir: into, emptyOutDir: false },
});
noPartIsNamed(into);
if (process.env.QUICK === undefined) {
  compress(into);
}

/** Go's support must be of the Go that builds the core. */
function support() {
  const root = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim();
  mkdirSync('out', { recursive: true });
  cpSync(join(root, 'lib/wasm/wasm_exec.js'), 'out/wasm_exec.js');
}

/** The page's policy permits images from its own address only, and Bootstrap Italia has some as data: in its style sheet. */
function style() {
  rmSync('out/style', { recursive: true, force: true });
  mkdirSync('out/style', { recursive: true });
  const sheet = readFileSync('node_modules/bootstrap-italia/dist/css/bootstrap-italia.min.css', 'utf8');
  const own = sheet
    .replace(/url\((["']?)data:image\/svg\+xml([^,]*),(.*?)\1\)/g, (_all, _quote, parameters, data) => {
      const svg = parameters.includes('base64') ? Buffer.from(data, 'base64').toString('utf8') : unescapePercent(data.trim());
      const name = createHash('sha256').update(svg).digest('hex').slice(0, 12) + '.svg';
      writeFileSync(join('out/style', name), svg);
      return `url(./${name})`;
    })
    // The arrows of a carousel, which the page has none of.
    .replace(/url\(data:application\/font-woff[^)]*\)/g, 'local("none")')
    .replace(/\/\*# sourceMappingURL=.*?\*\//g, '');
  if (own.includes('url(data:') || own.includes('url("data:')) {
    throw new Error('the style sheet has a data: address that build.mjs does not know');
  }
  writeFileSync('out/style/bootstrap-italia.css', own);
}

/** Leaves out what could apply only to one of the parts, and what takes frames off. What a selector excludes proves nothing, so it stays. */
function withoutParts(sheet) {
  sheet.walkRules((rule) => {
    const stay = rule.selectors.filter((one) => !unframed.test(one) && (/:(not|is|where)\(/.test(one) || !ofParts.test(one)));
    if (stay.length > 0) {
      rule.selectors = stay;
    } else {
      rule.remove();
    }
  });
}

/** A part that a script names has come into use: it must leave the list. */
function noPartIsNamed(folder) {
  const named = new RegExp(`["'\`\\s](${parts.join('|')})(?:[-_][\\w-]+)?(?=["'\`\\s])`, 'g');
  for (const name of readdirSync(join(folder, 'assets'))) {
    const found = name.endsWith('.js') && readFileSync(join(folder, 'assets', name), 'utf8').match(named);
    if (found) {
      throw new Error(`${name} names what build.mjs leaves out of the style sheet:${[...new Set(found)].join('')}`);
    }
  }
}

/** Some of them have a plain "%" too, which decodeURIComponent refuses. */
function unescapePercent(text) {
  return text.replace(/%([0-9a-f]{2})/gi, (_all, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/** The folder stays, with the file that keeps it in a fresh clone. */
function empty(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (name !== '.gitkeep') {
      rmSync(join(folder, name), { recursive: true });
    }
  }
}

/** Compressing the core takes most of a minute, so what was compressed once is kept by its hash. */
function compress(folder) {
  const kept = 'out/compressed';
  mkdirSync(kept, { recursive: true });
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const name = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !['.js', '.css', '.wasm', '.svg', '.html', '.webmanifest'].includes(extname(name))) {
      continue;
    }
    const bytes = readFileSync(name);
    const hash = createHash('sha256').update(bytes).digest('hex');
    for (const [end, make] of [['.br', brotli], ['.gz', gzip]]) {
      const cached = join(kept, hash + end);
      if (!existsSync(cached)) {
        writeFileSync(cached, make(bytes));
      }
      const small = readFileSync(cached);
      if (small.length < bytes.length * 0.9) {
        writeFileSync(name + end, small);
      }
    }
  }
}

function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}

function gzip(bytes) {
  return gzipSync(bytes, { level: 9 });
}
