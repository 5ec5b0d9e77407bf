package httpapi

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
)

// The page comes from this one place, and what runs on it may speak to this service only. A
// Worker has the policy of its own script, so all files of the page have the same.
//
//   - 'wasm-unsafe-eval' lets the client core run and no text become script;
//   - the one Trusted Types policy makes Workers of our own scripts (web/src/core/worker.ts);
//   - form-action is our own, and a sign-in leaves by a link.
var pagePolicy = strings.Join([]string{
	"default-src 'none'",
	"script-src 'self' 'wasm-unsafe-eval'",
	"style-src 'self'",
	"connect-src 'self'",
	"img-src 'self' blob:",
	"font-src 'self'",
	"worker-src 'self'",
	"manifest-src 'self'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'",
	"require-trusted-types-for 'script'",
	"trusted-types varco-worker",
}, "; ")

// closed are the powers of a page that ours does without. Passkeys and writing to the
// clipboard are open to itself.
var closed = []string{"accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
	"encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts",
	"magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb",
	"window-management", "xr-spatial-tracking"}

var permissions = strings.Join(closed, "=(), ") + "=(), clipboard-read=(), clipboard-write=(self), " +
	"publickey-credentials-create=(self), publickey-credentials-get=(self)"

// pageHeaders are those of the page's files, beside what every answer has.
var pageHeaders = [][2]string{
	{"Content-Security-Policy", pagePolicy},
	{"Cross-Origin-Embedder-Policy", "require-corp"},
	{"Permissions-Policy", permissions},
}

// assetFolder holds files whose names change with what they hold.
const assetFolder = "assets/"

const forever = "public, max-age=31536000, immutable"

// types of the page's files, by the ends of their names. Others are not served.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".wasm": "application/wasm", ".svg": "image/svg+xml", ".png": "image/png", ".woff2": "font/woff2", ".woff": "font/woff",
	".webmanifest": "application/manifest+json", ".json": "application/json", ".txt": "text/plain; charset=utf-8",
}

// PageHashesPath is where it stands what the page is made of: see web.Hashes. Its hash is in the
// ledger since the start.
const PageHashesPath = "/page-hashes.txt"

const indexFile = "index.html"

// notBuilt is what stands in for a page that was not built with this program.
const notBuilt = `<!doctype html>
<html lang="it"><head><meta charset="utf-8"><title>Agenda</title></head>
<body><h1>La pagina non è stata costruita</h1>
<p>Questo servizio risponde al programma <code>varco</code>. Chi lo gestisce costruisce la pagina con <code>make web</code>.</p>
</body></html>
`

// pageRoutes registers a route for each file of the page: there is nothing else to ask for,
// and no name from a request reaches the files.
func (s *server) pageRoutes(router chi.Router) error {
	names, err := pageFiles(s.Page)
	if err != nil {
		return err
	}
	for _, name := range names {
		if types[path.Ext(name)] == "" {
			continue
		}
		f, err := s.pageFile(name, names)
		if err != nil {
			return err
		}
		at := "/" + name
		if name == indexFile {
			at = "/"
		}
		router.Method(http.MethodGet, at, f)
		router.Method(http.MethodHead, at, f)
	}
	if s.PageHashes != "" {
		f := &pageFile{contentType: types[".txt"], forms: map[string][]byte{"": []byte(s.PageHashes)}}
		router.Method(http.MethodGet, PageHashesPath, f)
		router.Method(http.MethodHead, PageHashesPath, f)
	}
	if !slices.Contains(names, indexFile) {
		f := &pageFile{contentType: types[".html"], forms: map[string][]byte{"": []byte(notBuilt)}}
		router.Method(http.MethodGet, "/", f)
		router.Method(http.MethodHead, "/", f)
	}
	return nil
}

// pageFiles lists what there is of the page; nil stands for nothing.
func pageFiles(page fs.FS) (names []string, err error) {
	if page == nil {
		return nil, nil
	}
	err = fs.WalkDir(page, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !strings.HasPrefix(path.Base(name), ".") {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// pageFile is one file in each form that it is sent in.
type pageFile struct {
	contentType string
	immutable   bool
	forms       map[string][]byte // by content coding, "" for the file itself
}

// codings in the order in which they are preferred, with the ends of their files' names.
var codings = []struct{ name, end string }{{"br", ".br"}, {"gzip", ".gz"}}

func (s *server) pageFile(name string, names []string) (*pageFile, error) {
	f := &pageFile{contentType: types[path.Ext(name)], immutable: strings.HasPrefix(name, assetFolder), forms: map[string][]byte{}}
	for _, c := range append(slices.Clone(codings), struct{ name, end string }{}) {
		if !slices.Contains(names, name+c.end) {
			continue
		}
		b, err := fs.ReadFile(s.Page, name+c.end)
		if err != nil {
			return nil, err
		}
		f.forms[c.name] = b
	}
	return f, nil
}

func (f *pageFile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	for _, h := range pageHeaders {
		header.Set(h[0], h[1])
	}
	header.Set("Content-Type", f.contentType)
	if f.immutable {
		header.Set("Cache-Control", forever)
	}
	body := f.forms[""]
	if len(f.forms) > 1 {
		header.Set("Vary", "Accept-Encoding")
	}
	for _, c := range codings {
		if b, there := f.forms[c.name]; there && accepts(r, c.name) {
			header.Set("Content-Encoding", c.name)
			body = b
			break
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // who is gone need not be told
}

// accepts reports whether a browser takes a coding: whether it is named, and not with weight 0.
func accepts(r *http.Request, coding string) bool {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, parameters, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err == nil && name == coding {
			return strings.Trim(parameters["q"], "0.") != "" || parameters["q"] == ""
		}
	}
	return false
}
