package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/app"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
)

const origin = "localhost/log"

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// place is a folder with keys, anchors and a configuration.
type place struct {
	app.Config
	folder string
	log    *lockedBuffer
	vkey   string
}

func newPlace(t *testing.T) *place { return newPlaceOn(t, storetest.SQLite) }

func newPlaceOn(t *testing.T, kind storetest.Kind) *place {
	t.Helper()
	folder := t.TempDir()
	p := &place{folder: folder, log: &lockedBuffer{}}
	var err error
	p.vkey, err = app.CreateKeys(folder, origin, rand.Reader)
	must(t, err)
	p.Config = app.Config{Listen: "127.0.0.1:0", Origin: origin, Database: kind.New(t), Blobs: filepath.Join(folder, "blobs"),
		Anchors: filepath.Join(folder, "anchors.toml"), Log: slog.New(slog.NewJSONHandler(p.log, nil)),
		Credentials: app.Credentials{LogKey: filepath.Join(folder, app.LogKeyFile),
			VaultKeys: filepath.Join(folder, app.VaultKeysFile), VaultCredential: filepath.Join(folder, app.VaultCredentialFile),
			Issuers: folder}}
	p.anchor(t, origin, p.vkey)
	return p
}

func (p *place) anchor(t *testing.T, origin, log string) {
	t.Helper()
	text := fmt.Sprintf("origin = %q\nlog = %q\nroot = %q\n", origin, log,
		note.VerifierKey(cardtest.RootName, cardtest.Public(cardtest.RootName)))
	must(t, os.WriteFile(p.Anchors, []byte(text), 0o600))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (p *place) start(t *testing.T) *app.App {
	t.Helper()
	a, err := app.Start(t.Context(), p.Config)
	must(t, err)
	return a
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	must(t, err)
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(text)
}

// acts reads the ledger of a stopped service, and checks that it ends with a checkpoint.
func (p *place) acts(t *testing.T) []act.Act {
	t.Helper()
	s, err := store.Open(t.Context(), p.Database, store.Options{Now: time.Now, Rand: rand.Reader})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	var acts []act.Act
	for _, r := range storetest.Records(t, s) {
		acts = append(acts, r.Act)
	}
	must(t, s.Read(t.Context(), func(tx *store.Tx) error {
		c, _, err := tx.LatestCheckpoint()
		if err != nil {
			return err
		}
		v, err := note.ParseVerifier(p.vkey)
		if err != nil {
			return err
		}
		head, err := ledger.OpenCheckpoint([]byte(c.Note), origin, v)
		if err != nil {
			return err
		}
		root, err := tlog.TreeHash(int64(len(acts)), tx.Hashes())
		if head.Size != int64(len(acts)) || head.Root != root {
			t.Errorf("the last checkpoint is of %d leaves, want %d", head.Size, len(acts))
		}
		return err
	}))
	return acts
}

func TestStartAndStop(t *testing.T) { storetest.Each(t, startAndStop) }

func startAndStop(t *testing.T, kind storetest.Kind) {
	p := newPlaceOn(t, kind)
	must(t, p.Migrate(t.Context()))
	must(t, p.Migrate(t.Context())) // again changes nothing
	for range 2 {
		a := p.start(t)
		if status, _ := get(t, a.URL()+"/readyz"); status != http.StatusNoContent {
			t.Errorf("not ready: %d", status)
		}
		_, text := get(t, a.URL()+"/v1/service")
		var got api.Service
		must(t, json.Unmarshal([]byte(text), &got))
		want := api.Service{Origin: origin, Log: p.vkey, Issuers: []api.Issuer{}, Version: app.Version(), Demonstration: true,
			Root: note.VerifierKey(cardtest.RootName, cardtest.Public(cardtest.RootName))}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("service (-want +got):\n%s", diff)
		}
		must(t, a.Stop(t.Context()))
		if _, err := http.Get(a.URL() + "/healthz"); err == nil { //nolint:noctx // it must fail at once
			t.Error("it still listens")
		}
	}
	if diff := cmp.Diff([]act.Act{act.LedgerBegin, act.PolicyLoad}, p.acts(t)); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	for _, said := range []string{`"this is a demonstration`, `"ready"`, `"url":"http://localhost:`, `"stopped"`} {
		if !strings.Contains(p.log.String(), said) {
			t.Errorf("the log does not say %s:\n%s", said, p.log.String())
		}
	}
}

// A start under another key of the sealed columns is recorded, once.
func TestRotatedKeyIsRecorded(t *testing.T) {
	p := newPlace(t)
	must(t, p.Migrate(t.Context()))
	run := func() {
		t.Helper()
		must(t, p.start(t).Stop(t.Context()))
	}
	run()
	must(t, p.RotateVault())
	run()
	run()
	if diff := cmp.Diff([]act.Act{act.LedgerBegin, act.PolicyLoad, act.PolicyLoad}, p.acts(t)); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
}

// A network file that is loaded while the service runs is seen by it: whoever signs in, and
// the ledger, which both have appended to.
func TestNetworkWhileItRuns(t *testing.T) { storetest.Each(t, networkWhileItRuns) }

func networkWhileItRuns(t *testing.T, kind storetest.Kind) {
	p := newPlaceOn(t, kind)
	must(t, p.Migrate(t.Context()))
	// A clock that stands still: what is new must be seen without time going by.
	now := time.Now()
	p.Now = func() time.Time { return now }
	a := p.start(t)
	const issuer = "http://127.0.0.1:9"
	login := a.URL() + "/v1/login?port=40000&challenge=" + strings.Repeat("A", 43) + "&state=" + strings.Repeat("A", 22) +
		"&issuer=" + issuer
	if status, body := get(t, login); status != http.StatusBadRequest {
		t.Errorf("an issuer that nobody knows: %d %s", status, body)
	}
	text := fmt.Sprintf("[[issuer]]\nurl = %q\nclient_id = \"varco\"\nlabel = \"Prova\"\nacr = [\"2\"]\n", issuer)
	organisation := fmt.Sprintf("[[organisation]]\nid = %q\nkind = \"centre\"\nname = \"CANARY\"\n", ids.NewOrganisation(rand.Reader))
	for range 2 {
		_, err := p.ApplyNetwork(t.Context(), []byte(text+organisation))
		must(t, err)
	}
	if status, body := get(t, login); status != http.StatusBadRequest {
		t.Errorf("an issuer without a secret: %d %s", status, body)
	}
	secretFile := filepath.Join(p.folder, app.SecretFile(issuer))
	must(t, os.WriteFile(secretFile, []byte("CANARY\n"), 0o600))
	// It is known now; that the provider can't be reached is another matter.
	if status, body := get(t, login); status != http.StatusServiceUnavailable {
		t.Errorf("an issuer that was added: %d %s", status, body)
	}
	_, service := get(t, a.URL()+"/v1/service")
	if !strings.Contains(service, `[{"url":"http://127.0.0.1:9","label":"Prova"}]`) {
		t.Errorf("the issuer is not listed: %s", service)
	}
	must(t, a.Stop(t.Context()))
	want := []act.Act{act.LedgerBegin, act.PolicyLoad, act.NetworkApply, act.NetworkApply}
	if diff := cmp.Diff(want, p.acts(t)); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	if log := p.log.String(); strings.Contains(log, "CANARY") || strings.Count(log, "issuer is off") != 1 {
		t.Errorf("the log holds a secret, or does not say once that an issuer is off:\n%s", log)
	}
}

// What does not belong together does not start.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, p *place)
		want  string
	}{
		"no database": {func(t *testing.T, p *place) { p.Database += "x" }, "database"},
		"no blobs":    {func(t *testing.T, p *place) { must(t, os.RemoveAll(p.Blobs)) }, "folder of blobs"},
		"another key set": {func(t *testing.T, p *place) {
			other := newPlace(t)
			p.Credentials.VaultKeys, p.Credentials.VaultCredential = other.Credentials.VaultKeys, other.Credentials.VaultCredential
		}, "not the key set"},
		"another credential": {func(t *testing.T, p *place) {
			p.Credentials.VaultCredential = newPlace(t).Credentials.VaultCredential
		}, "not sealed to this credential"},
		"another log key": {func(t *testing.T, p *place) { p.Credentials.LogKey = newPlace(t).Credentials.LogKey }, "another key of the log"},
		"another log key in the anchors too": {func(t *testing.T, p *place) {
			other := newPlace(t)
			p.Credentials.LogKey = other.Credentials.LogKey
			p.anchor(t, origin, other.vkey)
		}, "not by this origin and key"},
		"another origin":    {func(t *testing.T, p *place) { p.Origin = "else" }, "of the log"},
		"impossible origin": {func(t *testing.T, p *place) { p.Origin = "varco/x" }, "can't name a log"},
		"no anchors":        {func(t *testing.T, p *place) { p.Anchors = "" }, "trusts no network"},
		"field in anchors": {func(t *testing.T, p *place) {
			must(t, os.WriteFile(p.Anchors, []byte("origin = \"x\"\nextra = 1\n"), 0o600))
		}, "a line that is none"},
		"successions of another root": {func(t *testing.T, p *place) { p.Successions = succession(t, p, "mallory.example") }, "none is of the root"},
		"no successions":              {func(t *testing.T, p *place) { p.Successions = p.folder + "/none" }, "the root's successions"},
		"anchors not on this machine": {func(t *testing.T, p *place) { p.PublicURL = "https://varco.example.org" }, "on localhost"},
		"open to the network":         {func(t *testing.T, p *place) { p.Listen, p.PublicURL = "0.0.0.0:0", "https://varco.example.org" }, "behind a proxy"},
		"key for all":                 {func(t *testing.T, p *place) { must(t, os.Chmod(p.Credentials.LogKey, 0o644)) }, "mode 0600"},
		"credential for a group":      {func(t *testing.T, p *place) { must(t, os.Chmod(p.Credentials.VaultCredential, 0o640)) }, "mode 0600"},
		"no key":                      {func(t *testing.T, p *place) { must(t, os.Remove(p.Credentials.LogKey)) }, "the log's key"},
		"secret for all": {func(t *testing.T, p *place) {
			_, err := p.ApplyNetwork(t.Context(), []byte("[[issuer]]\nurl = \"https://a.example/b\"\nclient_id = \"x\"\nlabel = \"x\"\nacr = [\"2\"]\n"+
				"[[issuer]]\nurl = \"https://a.example_b\"\nclient_id = \"x\"\nlabel = \"x\"\nacr = [\"2\"]\n"))
			must(t, err)
		}, "would have one secret"},
		"a tree that was changed": {func(t *testing.T, p *place) { tamper(t, p.Database) }, "not those that it has signed"},
		"an older database": {func(t *testing.T, p *place) {
			must(t, os.Remove(p.Database))
			must(t, store.Migrate(t.Context(), p.Database))
		}, "has not begun"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			must(t, p.Migrate(t.Context()))
			must(t, p.start(t).Stop(t.Context()))
			c.spoil(t, p)
			a, err := app.Start(t.Context(), p.Config)
			if err == nil {
				must(t, a.Stop(t.Context()))
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// succession writes the note of a root that is succeeded, and returns its file.
func succession(t *testing.T, p *place, older string) string {
	t.Helper()
	key := func(name string) string { return note.VerifierKey(name, cardtest.Public(name)) }
	msg, err := card.SignSuccession(card.Succession{Old: key(older), New: key("newer.example"), Issued: cardtest.Start, Ends: cardtest.Start},
		note.NewSigner(older, cardtest.Key(older)), note.NewSigner("newer.example", cardtest.Key("newer.example")))
	must(t, err)
	path := filepath.Join(p.folder, "successions.txt")
	must(t, os.WriteFile(path, msg, 0o600))
	return path
}

// A root that was succeeded is one that the service can begin with.
func TestSuccession(t *testing.T) {
	p := newPlace(t)
	must(t, p.Migrate(t.Context()))
	p.Successions = succession(t, p, cardtest.RootName)
	must(t, p.start(t).Stop(t.Context()))
}

// tamper changes one hash of the tree in the file, as its administrator could.
func tamper(t *testing.T, path string) {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{Now: time.Now, Rand: rand.Reader})
	must(t, err)
	var hash []byte
	must(t, s.Read(t.Context(), func(tx *store.Tx) error {
		hashes, err := tx.Hashes().ReadHashes([]int64{2}) // the root of two leaves
		hash = hashes[0][:]
		return err
	}))
	must(t, s.Close())
	raw, err := os.ReadFile(path)
	must(t, err)
	at := bytes.Index(raw, hash)
	if at < 0 {
		t.Fatal("the file does not hold the hash")
	}
	raw[at] ^= 1
	must(t, os.WriteFile(path, raw, 0o600))
}

// A command never makes a database, and keys are never written over.
func TestNothingByAccident(t *testing.T) {
	p := newPlace(t)
	if _, err := p.ApplyNetwork(t.Context(), nil); err == nil {
		t.Error("a network was loaded into nothing")
	}
	if _, err := app.Start(t.Context(), p.Config); err == nil {
		t.Error("it serves nothing")
	}
	if _, err := os.Stat(p.Database); err == nil {
		t.Error("a database was made")
	}
	before, err := os.ReadFile(p.Credentials.LogKey)
	must(t, err)
	for _, keep := range []string{app.LogKeyFile, app.VaultKeysFile, app.VaultCredentialFile} {
		folder := t.TempDir()
		must(t, os.WriteFile(filepath.Join(folder, keep), []byte("x"), 0o600))
		if _, err := app.CreateKeys(folder, origin, rand.Reader); err == nil {
			t.Errorf("keys were made beside %s", keep)
		}
		if left, _ := os.ReadDir(folder); len(left) != 1 {
			t.Errorf("some keys were made beside %s", keep)
		}
	}
	if _, err := app.CreateKeys(p.folder, origin, rand.Reader); err == nil {
		t.Error("keys were made over others")
	}
	after, err := os.ReadFile(p.Credentials.LogKey)
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Error("a key was written over")
	}
}

// Requests under way when the service is told to stop are answered.
func TestStopDrains(t *testing.T) { storetest.Each(t, stopDrains) }

func stopDrains(t *testing.T, kind storetest.Kind) {
	p := newPlaceOn(t, kind)
	p.Limits.AddressPerMinute, p.Limits.FailuresPerMinute = 1e6, 1e6
	must(t, p.Migrate(t.Context()))
	a := p.start(t)
	var wait sync.WaitGroup
	statuses := make(chan int, 64)
	begun := make(chan struct{}, 64)
	for range 8 {
		wait.Go(func() {
			for {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.URL()+"/v1/login/callback?state=x", nil)
				if err != nil {
					return
				}
				resp, err := http.DefaultClient.Do(r)
				if err != nil {
					return // it does not listen any more
				}
				resp.Body.Close()
				statuses <- resp.StatusCode
				select {
				case begun <- struct{}{}:
				default:
				}
			}
		})
	}
	collected := make(chan map[int]int)
	go func() {
		all := map[int]int{}
		for s := range statuses {
			all[s]++
		}
		collected <- all
	}()
	for range 32 {
		<-begun
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := a.Stop(ctx); err != nil {
		t.Error(err)
	}
	wait.Wait()
	close(statuses)
	if all := <-collected; len(all) != 1 || all[http.StatusUnauthorized] == 0 {
		t.Errorf("answers by status: %v", all)
	}
	p.acts(t)
}
