package httpapi_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/envelope"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/store"
)

// hurried is a server that gives a whole request less time than its parts need together, and a
// part less when it does not move.
func hurried(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, func(c *httpapi.Config) {
		c.Pace = httpapi.Pace{Idle: 400 * time.Millisecond, Part: 20 * time.Second, Piece: 400 * time.Millisecond}
	})
	slow := httptest.NewUnstartedServer(w.Config.Handler)
	slow.Config.ReadTimeout, slow.Config.WriteTimeout = 700*time.Millisecond, 700*time.Millisecond
	slow.Start()
	t.Cleanup(slow.Close)
	w.URL = slow.URL
	return w
}

// sealedFile is an attachment of size bytes as a device sends it.
func sealedFile(t *testing.T, size int64) []byte {
	t.Helper()
	key, err := seal.NewBlobKey()
	must(t, err)
	var file bytes.Buffer
	must(t, seal.Blob(&file, key, io.LimitReader(zeros{}, size), size))
	return file.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// begun is the path of an upload that anna has begun.
func (w *world) begun(t *testing.T, name string, size int) (ids.Blob, string) {
	t.Helper()
	nonce := note.Sum([]byte(name))
	id := ids.BlobOf(w.cast.People["anna"].Person, nonce)
	body, err := json.Marshal(api.BeginBlob{Nonce: nonce, Size: int64(size)})
	must(t, err)
	if got := w.ask(t, "anna", "POST", "/v1/blobs", string(body)); got.status != http.StatusCreated {
		t.Fatalf("beginning: %d %s", got.status, got.body)
	}
	return id, "/v1/blobs/" + string(id)
}

// carried is an attachment of the thread.
func (w *world) carried(t *testing.T, name string, file []byte) string {
	t.Helper()
	id, path := w.begun(t, name, len(file))
	for at := 0; at < len(file); at += 4 << 20 {
		part := file[at:min(at+4<<20, len(file))]
		if got := w.ask(t, "anna", "PUT", path+"/parts/"+strconv.Itoa(at), string(part)); got.status != http.StatusOK {
			t.Fatalf("adding a part: %d %s", got.status, got.body)
		}
	}
	body, err := json.Marshal(api.FinishBlob{Hash: note.Sum(file)})
	must(t, err)
	if got := w.ask(t, "anna", "POST", path+"/whole", string(body)); got.status != http.StatusOK {
		t.Fatalf("finishing: %d %s", got.status, got.body)
	}
	must(t, w.store.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.BindBlob(id, w.entry); return err }))
	return path
}

func TestBlobOverHTTP(t *testing.T) {
	w := newWorld(t)
	file := sealedFile(t, 5<<20)
	path := w.carried(t, "one", file)
	for from, want := range map[string][]byte{"": file, "?from=0": file, "?from=5000000": file[5_000_000:], "?from=" + strconv.Itoa(len(file)): nil} {
		got := w.ask(t, "bruna", "GET", path+from, "")
		if got.status != http.StatusOK || got.body != string(want) || got.header.Get("Content-Type") != "application/octet-stream" ||
			got.header.Get("Content-Length") != strconv.Itoa(len(want)) || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("from %q: %d, %d bytes, %v", from, got.status, len(got.body), got.header)
		}
	}
	for name, c := range map[string]struct {
		method, path, body string
		status             int
	}{
		"from behind its end":    {"GET", path + "?from=" + strconv.Itoa(len(file)+1), "", http.StatusUnprocessableEntity},
		"from before":            {"GET", path + "?from=-1", "", http.StatusBadRequest},
		"from a word":            {"GET", path + "?from=x", "", http.StatusBadRequest},
		"a range":                {"GET", path + "?to=5", "", http.StatusBadRequest},
		"no identifier":          {"GET", "/v1/blobs/x", "", http.StatusNotFound},
		"changing it":            {"PUT", path + "/parts/0", "x", http.StatusNotFound},
		"a part without content": {"PUT", path + "/parts/0", "", http.StatusBadRequest},
		"a part at a word":       {"PUT", path + "/parts/x", "x", http.StatusBadRequest},
		"dropping it":            {"DELETE", path, "", http.StatusNotFound},
	} {
		if got := w.ask(t, "anna", c.method, c.path, c.body); got.status != c.status {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	_, mine := w.begun(t, "two", int(envelope.SealedSize(1024)))
	if got := w.ask(t, "anna", "PUT", mine+"/parts/0", strings.Repeat("x", 4<<20+1)); got.status != http.StatusBadRequest {
		t.Errorf("a part over the limit: %d", got.status)
	}
	if got := w.ask(t, "anna", "PUT", mine+"/parts/0", "x", func(r *http.Request) { r.ContentLength = -1 }); got.status != http.StatusBadRequest {
		t.Errorf("a part of unknown length: %d", got.status)
	}
	if got := w.ask(t, "anna", "DELETE", mine, ""); got.status != http.StatusNoContent {
		t.Errorf("dropping: %d %s", got.status, got.body)
	}
	if strings.Contains(w.log.String(), path) {
		t.Error("the log names an attachment")
	}
}

// dribbling gives a few bytes at a time.
type dribbling struct {
	r     io.Reader
	pause time.Duration
	size  int
}

func (d dribbling) Read(p []byte) (int, error) {
	time.Sleep(d.pause)
	return d.r.Read(p[:min(len(p), d.size)])
}

// A part that takes longer than a whole request may, but moves, arrives. One that does not move
// is cut, and its place is as it was.
func TestSlowPart(t *testing.T) {
	w := hurried(t)
	file := sealedFile(t, 100)
	_, path := w.begun(t, "slow", len(file))
	put := func(body io.Reader) (int, error) {
		r, err := http.NewRequestWithContext(t.Context(), "PUT", w.URL+path+"/parts/0", body)
		must(t, err)
		r.ContentLength = int64(len(file))
		r.Header.Set("Authorization", "Bearer "+w.tokens["anna"])
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		return resp.StatusCode, nil
	}
	if status, err := put(dribbling{bytes.NewReader(file), 3 * time.Second, 1}); err == nil && status == http.StatusOK {
		t.Error("a part that does not move was waited for")
	}
	if status, err := put(dribbling{bytes.NewReader(file), 200 * time.Millisecond, 300}); err != nil || status != http.StatusOK {
		t.Errorf("a slow part: %d, %v", status, err)
	}
}

// Who reads slowly gets all of it. Who does not read is cut.
func TestSlowReader(t *testing.T) {
	w := hurried(t)
	file := sealedFile(t, 24<<20)
	path := w.carried(t, "long", file)
	get := func(pause func(read int)) int {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(w.URL, "http://"))
		must(t, err)
		defer func() { _ = conn.Close() }() // the service may have
		must(t, conn.(*net.TCPConn).SetReadBuffer(64<<10))
		_, err = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "+w.tokens["bruna"]+"\r\n\r\n")
		must(t, err)
		total, buf := 0, make([]byte, 1<<20)
		for {
			n, err := conn.Read(buf)
			total += n
			if errors.Is(err, io.EOF) || err != nil {
				return total
			}
			pause(total)
		}
	}
	begun := time.Now()
	if n := get(func(int) { time.Sleep(3 * time.Millisecond) }); n < len(file) || time.Since(begun) < 700*time.Millisecond {
		t.Errorf("%d of %d bytes in %v", n, len(file), time.Since(begun))
	}
	slept := false
	if n := get(func(int) {
		if !slept {
			time.Sleep(3 * time.Second)
		}
		slept = true
	}); n >= len(file) {
		t.Error("who does not read was waited for")
	}
}

// What is under way ends soon after the session was ended.
func TestEndedReader(t *testing.T) {
	w := newWorld(t, func(c *httpapi.Config) { c.Pace = httpapi.Pace{Look: 50 * time.Millisecond} })
	file := sealedFile(t, 24<<20)
	path := w.carried(t, "long", file)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+path, nil)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+w.tokens["bruna"])
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	defer resp.Body.Close()
	_, err = io.ReadFull(resp.Body, make([]byte, 1<<20))
	must(t, err)
	must(t, w.store.Write(t.Context(), func(tx *store.Tx) error { return tx.EndSessions(w.cast.People["bruna"].Person, "") }))
	time.Sleep(100 * time.Millisecond)
	if rest, err := io.Copy(io.Discard, resp.Body); err == nil {
		t.Errorf("%d bytes more were served, to the end", rest)
	}
}
