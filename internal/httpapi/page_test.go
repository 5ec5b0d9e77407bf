package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"varco/internal/httpapi"
)

// built is a page as make web builds one.
func built() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		".gitkeep": "", "index.html": "<index>", "index.html.br": "index in brotli", "index.html.gz": "index in gzip",
		"orientamento.html": "<room>", "icon.svg": "<svg>", "manifest.webmanifest": "{}", "assets/core-1a2b.wasm": "core", "assets/core-1a2b.wasm.br": "core in brotli",
		"assets/page-3c4d.js": "script", "assets/page-3c4d.css": "style", "assets/page-5e6f.woff2": "font", "notes.md": "not served",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// TestPageHeaders is the exact table of what a browser is told with each file of the page.
func TestPageHeaders(t *testing.T) {
	w := newWorld(t, func(c *httpapi.Config) { c.Page, c.PageHashes = built(), "0a  index.html\n" })
	always := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
			"img-src 'self' blob:; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; " +
			"frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types varco-worker",
		"Cross-Origin-Embedder-Policy": "require-corp",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy": "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), " +
			"encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), " +
			"magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), usb=(), " +
			"window-management=(), xr-spatial-tracking=(), clipboard-read=(), clipboard-write=(self), " +
			"publickey-credentials-create=(self), publickey-credentials-get=(self)",
		"Referrer-Policy":        "no-referrer",
		"X-Content-Type-Options": "nosniff",
		"X-Frame-Options":        "DENY",
	}
	const immutable = "public, max-age=31536000, immutable"
	for _, f := range []struct{ path, accept, contentType, cache, coding, vary, body string }{
		{"/", "gzip, deflate, br", "text/html; charset=utf-8", "no-store", "br", "Accept-Encoding", "index in brotli"},
		{"/", "gzip, br;q=0", "text/html; charset=utf-8", "no-store", "gzip", "Accept-Encoding", "index in gzip"},
		{"/", "gzip;q=0.0, br;q=0.000", "text/html; charset=utf-8", "no-store", "", "Accept-Encoding", "<index>"},
		{"/", "identity", "text/html; charset=utf-8", "no-store", "", "Accept-Encoding", "<index>"},
		{"/orientamento.html", "br", "text/html; charset=utf-8", "no-store", "", "", "<room>"},
		{"/icon.svg", "br", "image/svg+xml", "no-store", "", "", "<svg>"},
		{"/page-hashes.txt", "br", "text/plain; charset=utf-8", "no-store", "", "", "0a  index.html\n"},
		{"/manifest.webmanifest", "br", "application/manifest+json", "no-store", "", "", "{}"},
		{"/assets/core-1a2b.wasm", "br", "application/wasm", immutable, "br", "Accept-Encoding", "core in brotli"},
		{"/assets/core-1a2b.wasm", "gzip", "application/wasm", immutable, "", "Accept-Encoding", "core"},
		{"/assets/page-3c4d.js", "", "text/javascript; charset=utf-8", immutable, "", "", "script"},
		{"/assets/page-3c4d.css", "", "text/css; charset=utf-8", immutable, "", "", "style"},
		{"/assets/page-5e6f.woff2", "", "font/woff2", immutable, "", "", "font"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			a := w.ask(t, "", method, f.path, "", func(r *http.Request) { r.Header.Set("Accept-Encoding", f.accept) })
			want := http.Header{"Content-Type": {f.contentType}, "Cache-Control": {f.cache}}
			for name, value := range always {
				want.Set(name, value)
			}
			for name, value := range map[string]string{"Content-Encoding": f.coding, "Vary": f.vary} {
				if value != "" {
					want.Set(name, value)
				}
			}
			for _, varies := range []string{"X-Request-Id", "Date", "Content-Length"} {
				a.header.Del(varies)
			}
			if diff := cmp.Diff(want, a.header); diff != "" || a.status != http.StatusOK {
				t.Errorf("%s %s, accepting %q: %d, headers (-want +got):\n%s", method, f.path, f.accept, a.status, diff)
			}
			if method == http.MethodGet && a.body != f.body {
				t.Errorf("%s, accepting %q: %q, want %q", f.path, f.accept, a.body, f.body)
			}
		}
	}
}

// Nothing but the files of the page is there to be asked for, each under its one name.
func TestPageHasNothingElse(t *testing.T) {
	w := newWorld(t, func(c *httpapi.Config) { c.Page, c.PageHashes = built(), "0a  index.html\n" })
	for _, path := range []string{"/index.html", "/index.html.br", "/assets/core-1a2b.wasm.br", "/.gitkeep", "/notes.md", "/assets/",
		"/assets", "/assets/../icon.svg", "/assets/%2e%2e/icon.svg", "//", "/Icon.svg"} {
		if a := w.ask(t, "", http.MethodGet, path, ""); a.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := w.ask(t, "", http.MethodPost, "/", ""); a.status != http.StatusNotFound {
		t.Errorf("POST: %d", a.status)
	}
}

// A service that was compiled without a page says so.
func TestPageNotBuilt(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{"none": nil, "placeholder": {".gitkeep": {}}} {
		w := newWorld(t, func(c *httpapi.Config) {
			if files != nil {
				c.Page = files
			}
		})
		a := w.ask(t, "", http.MethodGet, "/", "")
		if a.status != http.StatusOK || !strings.Contains(a.body, "La pagina non è stata costruita") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}
