import { defineConfig } from 'vite';

// What make web runs: see build.mjs, which makes out/ first and compresses dist/ afterwards.
export default defineConfig({
  publicDir: 'public',
  build: {
    target: ['chrome109', 'firefox115', 'safari16.4'],
    assetsDir: 'assets',
    // A file is a file: data: addresses are not in the page's policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 10_000,
    rolldownOptions: {
      // The page, and the one room that is also a page by itself.
      input: ['index.html', 'orientamento.html'],
      // "use client" stands in the kit's modules and means nothing here; how long a step took is no news.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE' && log.code !== 'PLUGIN_TIMINGS') {
          handle(level, log);
        }
      },
    },
  },
  worker: { format: 'es' },
});
