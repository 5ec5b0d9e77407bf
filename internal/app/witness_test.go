package app_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/app"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/witness"
)

// witnessed gives a place a witness, and returns its address.
func (p *place) witnessed(t *testing.T) *httptest.Server {
	t.Helper()
	folder := filepath.Join(p.folder, "witness")
	key, err := witness.Create(folder, "w.example", cardtest.Rand("w.example"))
	must(t, err)
	must(t, witness.Add(folder, p.vkey))
	w, err := witness.Open(folder, time.Now)
	must(t, err)
	server := httptest.NewServer(w)
	t.Cleanup(func() { server.Close(); _ = w.Close() })
	p.Witnesses = filepath.Join(p.folder, "witnesses.policy")
	must(t, os.WriteFile(p.Witnesses, []byte("witness w "+key+" "+server.URL+"\nquorum w\n"), 0o600))
	return server
}

// A database that is older than what a witness has seen is not served, nor is anything written
// to it. A witness that is away keeps nobody from starting.
func TestOlderDatabase(t *testing.T) {
	p := newPlace(t)
	server := p.witnessed(t)
	must(t, p.Migrate(t.Context()))
	run := func() {
		t.Helper()
		a := p.start(t)
		must(t, a.Stop(t.Context()))
	}
	run()
	older := files(t, p.Database)
	_, err := p.ApplyNetwork(t.Context(), []byte("[[organisation]]\nid = \"o-bpmn-49ug-huy6-2e85\"\nkind = \"centre\"\nname = \"x\"\n"))
	must(t, err)
	run()
	newer := files(t, p.Database)
	put(t, older)
	if _, err := app.Start(t.Context(), p.Config); fault.ClassOf(err) != fault.ClassRollback || !strings.Contains(err.Error(), "older database") {
		t.Errorf("an older database: %v", err)
	}
	if got := len(p.acts(t)); got != 2 {
		t.Errorf("%d records, want the 2 that there were", got)
	}
	put(t, newer)
	run()
	server.Close()
	a := p.start(t)
	must(t, a.Stop(t.Context()))
	if !strings.Contains(p.log.String(), "a witness does not say what it has seen") {
		t.Errorf("the log does not say that a witness is away:\n%s", p.log.String())
	}
	if _, err := http.Get(server.URL); err == nil { //nolint:noctx // it must fail at once
		t.Error("the witness is there")
	}
}

// files reads a database's files.
func files(t *testing.T, database string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		content, err := os.ReadFile(database + suffix)
		if err != nil {
			content = nil
		}
		all[database+suffix] = content
	}
	return all
}

func put(t *testing.T, all map[string][]byte) {
	t.Helper()
	for path, content := range all {
		must(t, os.RemoveAll(path))
		if content != nil {
			must(t, os.WriteFile(path, content, 0o600))
		}
	}
}

func TestWitnessesRefused(t *testing.T) {
	for name, change := range map[string]func(text string) string{
		"quorum of none": func(text string) string { return strings.Replace(text, "quorum w", "quorum none", 1) },
		"no address":     func(text string) string { return text[:strings.Index(text, " http")] + "\nquorum w\n" },
		"in clear":       func(text string) string { return strings.Replace(text, "http://127.0.0.1", "http://w.example", 1) },
		"another log": func(text string) string {
			return "log varco.example.org/log+d889fe60+ATgrj9rkL6nzhcTQMkVNyvVKNMcGqF8azlcPqaGcUxK8\n" + text
		},
		"nothing": func(string) string { return "" },
	} {
		p := newPlace(t)
		p.witnessed(t)
		text, err := os.ReadFile(p.Witnesses)
		must(t, err)
		must(t, os.WriteFile(p.Witnesses, []byte(change(string(text))), 0o600))
		if _, err := p.Check(); err == nil || !strings.Contains(err.Error(), "reading the witnesses") && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Another process on the same database may append, and have a witness cosign, while this one starts:
// that is no older database.
func TestGrownMeanwhile(t *testing.T) {
	p := newPlace(t)
	p.witnessed(t)
	must(t, p.Migrate(t.Context()))
	var sizes atomic.Int64
	witness := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if sizes.Add(1) == 1 { // at the start, before it answers
			_, err := p.ApplyNetwork(r.Context(), []byte("[[organisation]]\nid = \"o-bpmn-49ug-huy6-2e85\"\nkind = \"centre\"\nname = \"x\"\n"))
			if err != nil {
				t.Error(err)
			}
		}
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, "2\n")
	}))
	t.Cleanup(witness.Close)
	text, err := os.ReadFile(p.Witnesses)
	must(t, err)
	at := strings.LastIndex(string(text), "http://")
	must(t, os.WriteFile(p.Witnesses, []byte(string(text[:at])+witness.URL+"\nquorum w\n"), 0o600))
	a, err := app.Start(t.Context(), p.Config)
	must(t, err)
	must(t, a.Stop(t.Context()))
}

// Another quorum of witnesses is on record as another policy set is, and the same one is not again.
func TestTermsAreRecorded(t *testing.T) {
	p := newPlace(t)
	must(t, p.Migrate(t.Context()))
	run := func(want int) {
		t.Helper()
		a := p.start(t)
		must(t, a.Stop(t.Context()))
		loads := 0
		for _, what := range p.acts(t) {
			if what == act.PolicyLoad {
				loads++
			}
		}
		if loads != want {
			t.Errorf("%d records of a start, want %d", loads, want)
		}
	}
	run(1)
	run(1)
	p.witnessed(t)
	run(2)
	run(2)
}
