package httpapi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/authn"
	"varco/internal/authz"
	"varco/internal/blob"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/gate"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/network"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/store"
	"varco/internal/store/storetest"
	"varco/internal/thread/threadtest"
	"varco/internal/vault"
	"varco/policies"
)

// otherCentre has nothing to do with anything.
const otherCentre = "another centre"

// world is a service with a network, people who are signed in, and one thread of anna's and
// bruna's with carla and dora. Berta, elsa and zita have no part in it.
type world struct {
	*httptest.Server
	cast     *threadtest.Cast
	store    *store.Store
	door     *gate.Gate
	tokens   map[string]string // by name
	thread   *threadtest.Thread
	entry    ids.Entry
	log      *lockedBuffer
	notReady error
	now      func() time.Time // the service's clock
}

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

func clock() time.Time { return cardtest.Start.Add(25 * time.Hour) }

func newWorld(t *testing.T, change ...func(*httpapi.Config)) *world {
	t.Helper()
	w := &world{now: clock, cast: threadtest.NewCast(t), tokens: map[string]string{}, log: &lockedBuffer{}}
	w.cast.People["zita"] = cardtest.New(t, "zita", otherCentre)
	v, policySet := newVault(t), loadPolicies(t)
	w.store = newStore(t, func() time.Time { return w.now() })
	issued := w.network(t, v)
	w.enrol(t)
	w.begin(t)
	var err error
	w.door, err = gate.New(gate.Parts{Store: w.store, Policies: policySet, Vault: v, Blobs: newBlobs(t),
		Log: note.NewSigner("log.example", cardtest.Key("log")), Root: cardtest.RootVerifier(),
		Topics: map[string]bool{"RDL-01": true}, Outcomes: map[string]bool{"ACCOLTA": true}, Rand: rand.Reader})
	must(t, err)
	for name, code := range issued {
		w.tokens[name] = w.enter(t, name, name, code, session.DeviceTerminal)
	}
	signIns, err := authn.New(authn.Config{RedirectURL: "http://localhost" + httpapi.CallbackPath, Sessions: w.door,
		Now: clock, Rand: rand.Reader})
	must(t, err)
	c := httpapi.Config{Gate: w.door, Authn: signIns, Log: slog.New(slog.NewJSONHandler(w.log, nil)), Now: clock, Rand: rand.Reader,
		URL: "http://localhost",
		// The clock stands still, so nothing that was counted is ever forgotten.
		Limits:  httpapi.Limits{PersonPerMinute: 1e6, AddressPerMinute: 1e6, FailuresPerMinute: 1e6},
		Ready:   func(context.Context) error { return w.notReady },
		Service: func(context.Context) (api.Service, error) { return api.Service{Origin: "log.example"}, nil }}
	for _, f := range change {
		f(&c)
	}
	w.now = c.Now
	handler, err := httpapi.New(c)
	must(t, err)
	w.Server = httptest.NewServer(handler)
	t.Cleanup(w.Close)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newStore(t *testing.T, now func() time.Time) *store.Store {
	t.Helper()
	database := migrated(t).New(t)
	s, err := store.Open(t.Context(), database, store.Options{Now: now, Rand: rand.Reader})
	must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// schemas are migrated databases by kind, each made by the first test that wants one.
var schemas struct {
	mu   sync.Mutex
	kept map[storetest.Kind]*storetest.Kept // guarded by mu
}

func migrated(t *testing.T) *storetest.Kept {
	t.Helper()
	schemas.mu.Lock()
	defer schemas.mu.Unlock()
	kind := storetest.Current()
	if schemas.kept[kind] == nil {
		database := storetest.New(t)
		must(t, store.Migrate(t.Context(), database))
		if schemas.kept == nil {
			schemas.kept = map[storetest.Kind]*storetest.Kept{}
		}
		schemas.kept[kind] = storetest.Keep(t, database)
	}
	return schemas.kept[kind]
}

func newVault(t *testing.T) *vault.Vault {
	t.Helper()
	identity, recipient, err := vault.NewCredential()
	must(t, err)
	file, err := vault.Create(recipient)
	must(t, err)
	v, err := vault.Open(file, identity)
	must(t, err)
	return v
}

func newBlobs(t *testing.T) *blob.Folder {
	t.Helper()
	path := t.TempDir()
	must(t, blob.Create(path))
	f, err := blob.Open(path)
	must(t, err)
	return f
}

func loadPolicies(t *testing.T) *authz.Policies {
	t.Helper()
	p, err := rules()
	must(t, err)
	return p
}

// rules are read once for all tests; they don't change.
var rules = sync.OnceValues(func() (*authz.Policies, error) { return authz.Load(policies.Rules()) })

// network loads the organisations and invites the cast. It returns the invitations' codes.
func (w *world) network(t *testing.T, v *vault.Vault) map[string]secret.String {
	t.Helper()
	var b strings.Builder
	for name, kind := range map[string]act.Kind{threadtest.Centre: act.Centre, otherCentre: act.Centre,
		threadtest.Office: act.INPS, threadtest.Association: act.Associate} {
		fmt.Fprintf(&b, "[[organisation]]\nid = %q\nkind = %q\nname = %q\n", cardtest.Organisation(name), kind, name)
		if kind == act.INPS {
			b.WriteString("province = \"MI\"\n")
		}
	}
	names := map[ids.Person]string{}
	for name, p := range w.cast.People {
		names[p.Person] = name
		fmt.Fprintf(&b, "[[invitation]]\nid = %q\nperson = %q\norganisation = %q\nuntil = 2027-01-01\n",
			ids.NewInvitation(cardtest.Rand("invitation of "+name)), p.Person, p.Organisation)
	}
	file, err := network.Parse([]byte(b.String()))
	must(t, err)
	applied, err := file.Apply(t.Context(), w.store, v, rand.Reader)
	must(t, err)
	codes := map[string]secret.String{}
	for _, i := range applied.Invitations {
		codes[names[i.Person]] = i.Code
	}
	return codes
}

// enrol keeps cards and rosters as if their owners had published them.
func (w *world) enrol(t *testing.T) {
	t.Helper()
	must(t, w.store.Write(t.Context(), func(tx *store.Tx) error {
		for organisation, team := range map[string]struct {
			kind  act.Kind
			role  act.Role
			names []string
		}{
			threadtest.Centre: {act.Centre, act.Operator, []string{"anna", "bruna", "berta"}},
			threadtest.Office: {act.INPS, act.Officer, []string{"carla", "dora", "elsa"}},
			otherCentre:       {act.Centre, act.Operator, []string{"zita"}},
		} {
			steward := cardtest.NewSteward(t, "steward of "+organisation, organisation, team.kind)
			if err := tx.PutPerson(store.Person{ID: steward.Person, Organisation: steward.Organisation}); err != nil {
				return err
			}
			var seats []card.Seat
			for _, p := range append([]cardtest.Person{steward}, w.people(team.names)...) {
				c := store.Card{Hash: p.Hash[:], Person: p.Person, Organisation: p.Organisation, Serial: p.Serial, Note: string(p.Note())}
				if p.Signed.Steward != nil {
					c.Steward = 1
				} else {
					seats = append(seats, p.Seat(team.role))
				}
				if err := tx.PutCard(c); err != nil {
					return err
				}
			}
			msg, err := card.SignRoster(steward.Roster(nil, seats...), steward.Signer)
			if err != nil {
				return err
			}
			hash := note.Sum(msg)
			if err := tx.PutRoster(store.Roster{Organisation: steward.Organisation, Version: 1, Hash: hash[:], Note: string(msg)}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *world) people(names []string) []cardtest.Person {
	var all []cardtest.Person
	for _, name := range names {
		all = append(all, w.cast.People[name])
	}
	return all
}

// begin keeps the thread as if anna had opened it. Its entry carries nothing that is sealed.
func (w *world) begin(t *testing.T) {
	t.Helper()
	w.thread = w.cast.Begin(t, "a thread")
	w.entry = ids.NewEntry(cardtest.Rand("an entry"))
	must(t, w.store.Write(t.Context(), func(tx *store.Tx) error {
		cs := ids.NewCase(cardtest.Rand("a case"))
		s, header := w.thread.State, w.thread.Headers[0]
		if err := tx.PutCase(store.Case{ID: cs, Centre: s.Centre}); err != nil {
			return err
		}
		if err := tx.PutThread(cs, s, act.SeatCentre); err != nil {
			return err
		}
		if err := tx.PutMembers(s.Thread, s.Members); err != nil {
			return err
		}
		anna := w.cast.People["anna"]
		return tx.PutEntry(store.Entry{ID: w.entry, Thread: s.Thread, Author: anna.Person, Header: string(header),
			Hash: s.Head[:], Cards: anna.Hash[:], Size: int64(len(header)), Receipt: "a receipt", AtMS: clock().UnixMilli()}, nil)
	}))
}

// enter begins a session as authn does after a sign-in, on a device, with a token of its own.
func (w *world) enter(t *testing.T, label, name string, code secret.String, device session.Device) string {
	t.Helper()
	raw := make([]byte, 32)
	_, _ = io.ReadFull(cardtest.Rand("token of "+label), raw)
	token := base64.RawURLEncoding.EncodeToString(raw)
	_, err := w.door.OpenSession(t.Context(), session.Opening{ID: ids.NewSession(rand.Reader), Token: note.Sum([]byte(token)),
		Account: session.Account{Issuer: "https://idp.example", Subject: secret.NewString(name)}, Invitation: code,
		Assurance: "otp", Device: device, AuthenticatedAt: clock(), At: clock()})
	must(t, err)
	return token
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// problem reads the answer as a problem document.
func (a answer) problem(t *testing.T) api.Problem {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q, want a problem: %d %s", got, a.status, a.body)
	}
	var p api.Problem
	if err := json.Unmarshal([]byte(a.body), &p, json.RejectUnknownMembers(true)); err != nil {
		t.Errorf("reading %s: %v", a.body, err)
	}
	return p
}

// ask sends a request as somebody, "" for nobody. Changes are made to it before.
func (w *world) ask(t *testing.T, who, method, path, body string, change ...func(*http.Request)) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, strings.NewReader(body))
	must(t, err)
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+w.tokens[who])
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(r)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	must(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(t, err)
	return answer{resp.StatusCode, resp.Header, string(text)}
}
