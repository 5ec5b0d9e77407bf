package core_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card/cardtest"
	"varco/internal/client"
	"varco/internal/core"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/thread"
	"varco/internal/varcotest"
	"varco/internal/workday"
)

const (
	alba   = "alba-operatrice"
	bruna  = "bruna-operatrice"
	franca = "franca-referente"
	canary = "CANARINO-7391"
)

// browser is the way of a page: the session is a cookie, which the core never sees.
type browser struct {
	wire    *varcotest.Wire
	cookie  secret.String
	service api.Service
	change  func(path string, answer []byte) []byte // nil changes nothing
	files   map[int64]*bytes.Buffer                 // that the page has handed over, or gets
}

func (b *browser) Take(_ context.Context, file int64) (io.Reader, int64, error) {
	return bytes.NewReader(b.files[file].Bytes()), int64(b.files[file].Len()), nil
}

func (b *browser) Give(_ context.Context, file int64) (io.WriteCloser, error) {
	b.files[file] = &bytes.Buffer{}
	return nopCloser{b.files[file]}, nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func (b *browser) Do(ctx context.Context, token secret.String, method, path string, body []byte) (int, []byte, error) {
	if path == "/v1/service" {
		answer, err := json.Marshal(b.service)
		return 200, answer, err
	}
	if !token.IsZero() {
		panic("internal error: the page has a token")
	}
	status, answer, err := b.wire.Do(ctx, b.cookie, method, path, body)
	if b.change != nil {
		answer = b.change(path, answer)
	}
	return status, answer, err
}

func (b *browser) Stream(ctx context.Context, token secret.String, method, path string, body []byte) (int, io.ReadCloser, error) {
	if !token.IsZero() {
		panic("internal error: the page has a token")
	}
	return b.wire.Stream(ctx, b.cookie, method, path, body)
}

// page is a core as the page has one.
type page struct {
	t *testing.T
	*core.Core
	browser *browser
}

func newPage(t *testing.T, n *varcotest.Network, name string) *page {
	t.Helper()
	d := n.NewDevice(name)
	b := &browser{files: map[int64]*bytes.Buffer{}, wire: d.Wire, cookie: d.Client.Token(), service: api.Service{Origin: varcotest.Origin, Log: n.LogKey,
		Root: n.RootKey, Demonstration: true, Issuers: []api.Issuer{{URL: "https://provider.example", Label: "Prova"}}}}
	return &page{t, newCore(n, b, varcotest.Service, ""), b}
}

func newCore(n *varcotest.Network, b *browser, address, anchors string) *core.Core {
	return core.New(core.Parts{Transport: b, Address: address, Anchors: anchors, Now: n.Clock.Now, Rand: rand.Reader,
		Work: varcotest.Work(), Files: b, Wait: func(context.Context, int) error { return nil },
		Pokes: client.PokePace{First: time.Second, Poll: 50 * time.Millisecond, Again: 50 * time.Millisecond}})
}

// call calls a method and reads its answer.
func call[A any](p *page, side core.Side, method string, params any) (A, error) {
	p.t.Helper()
	text, err := json.Marshal(params)
	if err != nil {
		p.t.Fatal(err)
	}
	var answer A
	b, err := p.Call(p.t.Context(), side, method, text, nil)
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		p.t.Fatal(err)
	}
	return answer, nil
}

func mustCall[A any](p *page, side core.Side, method string, params any) A {
	p.t.Helper()
	answer, err := call[A](p, side, method, params)
	if err != nil {
		p.t.Fatalf("%s: %v", method, err)
	}
	return answer
}

// unlock does what the two Workers do: what is in between is all that crosses.
func (p *page) unlock(phrase secret.String) (core.Self, error) {
	p.t.Helper()
	locks, err := call[core.Locks](p, core.Worker, "locks", core.OfTask{Task: core.TaskUnlock})
	if err != nil {
		return core.Self{}, err
	}
	thrownAway := &page{p.t, core.New(core.Parts{Rand: rand.Reader, Work: varcotest.Work()}), nil}
	opened, err := call[core.Opened](thrownAway, core.Worker, "openLock", core.LockedBy{Locks: locks, Phrase: phrase.Reveal()})
	if err != nil {
		return core.Self{}, err
	}
	return call[core.Self](p, core.Worker, "unlock", opened)
}

// A day of two people, by all that the page can ask.
func TestDay(t *testing.T) {
	n := varcotest.New(t)
	opened, err := n.Person(alba).OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "Domanda " + canary}, Colleagues: []ids.Person{n.ID(bruna)}, Holder: n.ID(franca)})
	if err != nil {
		t.Fatal(err)
	}
	code := opened.Thread.State.Thread
	hers, his := newPage(t, n, bruna), newPage(t, n, franca)
	for p, name := range map[*page]string{hers: bruna, his: franca} {
		if s := mustCall[core.Service](p, core.Page, "service", core.None{}); !s.Demonstration || len(s.Issuers) != 1 {
			t.Errorf("the service says %+v", s)
		}
		if me := mustCall[core.Me](p, core.Page, "me", core.None{}); me.Person != n.ID(name) || !me.Keys {
			t.Errorf("she is %+v", me)
		}
		self, err := p.unlock(n.Resident(name).Phrase)
		if err != nil || !self.Listed || len(self.Words) != 6 {
			t.Fatalf("unlocked: %+v, %v", self, err)
		}
	}

	_, err = call[core.Conversation](his, core.Page, "read", core.ReadThread{Thread: code})
	if f := core.FailureOf(err); f.Key != core.KeyReason {
		t.Errorf("without a reason: %+v", f)
	}
	waiting := mustCall[core.Cases](his, core.Page, "cases", core.None{}).Threads
	if want := workday.Due(opened.Receipts[0].AdmittedAt, "U2"); len(waiting) != 1 || waiting[0].DueAt != want {
		t.Errorf("before the answer: %+v, want due %s", waiting, want)
	}
	mustCall[core.Conversation](his, core.Page, "read", core.ReadThread{Thread: code, Reason: act.ReasonNew})
	posted := mustCall[core.Posted](his, core.Page, "post", core.Post{Thread: code, Text: "Risposta " + canary})
	if !strings.HasPrefix(posted.Receipt, "R-") || len(posted.Conversation.Entries) != 2 {
		t.Errorf("posted: %+v", posted)
	}

	list := mustCall[core.Cases](hers, core.Page, "cases", core.None{})
	if len(list.Threads) != 2 {
		t.Fatalf("the list is %+v", list)
	}
	for _, l := range list.Threads {
		if l.Phase != thread.PhaseOpen || l.DueAt != "" {
			t.Errorf("after the answer it is the centre's turn, by no day: %+v", l)
		}
	}
	v := mustCall[core.Conversation](hers, core.Page, "read", core.ReadThread{Thread: code})
	if last := v.Entries[1]; last.Text != "Risposta "+canary || last.Self || last.Seat != act.SeatHolder || last.Receipt != posted.Receipt ||
		last.Name == "" {
		t.Errorf("she reads %+v", last)
	}
	readings := mustCall[core.Readings](hers, core.Page, "readings", core.OfThread{Thread: code})
	if len(readings.Readings) == 0 || readings.Readings[len(readings.Readings)-1].Person != n.ID(franca) {
		t.Errorf("who has read: %+v", readings)
	}
	// The page signs out when her core has ended, so without it.
	if status, _, err := hers.browser.Do(t.Context(), secret.String{}, "DELETE", "/v1/session", nil); err != nil || status != 204 {
		t.Fatalf("signing out: %d, %v", status, err)
	}
	_, err = call[core.Cases](hers, core.Page, "cases", core.None{})
	if f := core.FailureOf(err); f.Key != core.KeySignedOut {
		t.Errorf("after signing out: %+v", f)
	}
}

// Somebody new makes her keys in the same two Workers.
func TestEnrol(t *testing.T) {
	n := varcotest.New(t)
	r := n.Invite("nuova", "aurora")
	p := newPage(t, n, "nuova")
	if me := mustCall[core.Me](p, core.Page, "me", core.None{}); me.Keys {
		t.Errorf("she is %+v", me)
	}
	drawn := mustCall[core.Phrase](p, core.Page, "newPhrase", core.None{})
	if len(strings.Split(drawn.Phrase, "-")) != 6 {
		t.Error("not a phrase of six words")
	}
	self, err := p.unlock(r.Phrase)
	if err != nil || self.Listed || len(self.Words) != 6 {
		t.Fatalf("enrolled: %+v, %v", self, err)
	}
	again := newPage(t, n, "nuova")
	if _, err := again.unlock(r.Phrase); err != nil {
		t.Errorf("unlocking afterwards: %v", err)
	}
}

// What the page must never be able to ask, and what it is told instead of an error's text.
func TestFailures(t *testing.T) {
	n := varcotest.New(t)
	p := newPage(t, n, alba)
	for name, c := range map[string]struct {
		side   core.Side
		method string
		params any
		key    core.Key
	}{
		"another Worker's method": {core.Page, "unlock", core.Opened{}, core.KeyFailed},
		"its locks":               {core.Page, "locks", core.OfTask{}, core.KeyFailed},
		"the page's for a Worker": {core.Worker, "cases", core.None{}, core.KeyFailed},
		"no method":               {core.Page, "", core.None{}, core.KeyFailed},
		"a surplus parameter":     {core.Page, "cases", map[string]int{"x": 1}, core.KeyFailed},
		"locked":                  {core.Page, "cases", core.None{}, core.KeyLocked},
	} {
		_, err := call[core.None](p, c.side, c.method, c.params)
		if f := core.FailureOf(err); f.Key != c.key {
			t.Errorf("%s: %+v", name, f)
		}
	}
	_, err := p.unlock(secret.NewString("abaco-abaco-abaco-abaco-abaco-abaco"))
	if f := core.FailureOf(err); f.Key != core.KeyPhrase || f.Class != fault.ClassPhrase {
		t.Errorf("another phrase: %+v", f)
	}
	_, err = p.unlock(secret.NewString("abaco-abaco-abbacco-abaco-abaco-abaco"))
	if f := core.FailureOf(err); f.Key != core.KeyWord || f.Word != 3 || strings.Contains(fmt.Sprint(f), "abbacco") {
		t.Errorf("a word that is none: %+v", f)
	}
	p.browser.wire.Lie = func(_, path string, status int, answer []byte) (int, []byte) {
		if path == "/v1/keyring" {
			return 200, []byte(strings.Replace(string(answer), `"version":1`, `"version":1,"version":2`, 1))
		}
		return status, answer
	}
	_, err = p.unlock(n.Resident(alba).Phrase)
	if f := core.FailureOf(err); f.Key != core.KeyUntrusted {
		t.Errorf("a service that lies: %+v", f)
	}
}

// Whatever a service refuses, there is a text for it.
func TestEveryRefusalHasAText(t *testing.T) {
	n := varcotest.New(t)
	for _, kind := range fault.Kinds {
		p := newPage(t, n, alba)
		p.browser.wire.Lie = func(string, string, int, []byte) (int, []byte) {
			return 418, []byte(`{"type":"/problems/` + string(kind) + `","title":"","status":418,"class":"form","request":"q-1"}`)
		}
		_, err := call[core.Me](p, core.Page, "me", core.None{})
		if f := core.FailureOf(err); !slices.Contains(core.Keys, f.Key) || f.Kind != kind || f.Request != "q-1" {
			t.Errorf("%s: %+v", kind, f)
		}
	}
}

func TestCancel(t *testing.T) {
	n := varcotest.New(t)
	p := newPage(t, n, alba)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Call(ctx, core.Page, "service", []byte("{}"), nil); err != nil {
		if f := core.FailureOf(err); f.Key != core.KeyCancelled {
			t.Errorf("broken off: %+v", f)
		}
	}
}

// Whom to trust is compiled in; a service may say it of itself on this machine only.
func TestAnchors(t *testing.T) {
	n := varcotest.New(t)
	compiled := fmt.Sprintf("# comment\norigin = %q\n\nlog = %q\nroot = %q\n", varcotest.Origin, n.LogKey, n.RootKey)
	compiled += fmt.Sprintf("witnesses = [%q]\nquorum = 1\n", note.CosignerKey("w.example", cardtest.Public("w.example")))
	ours := api.Service{Origin: varcotest.Origin, Log: n.LogKey}
	demonstration := api.Service{Origin: varcotest.Origin, Log: n.LogKey, Root: n.RootKey, Demonstration: true}
	for name, c := range map[string]struct {
		address, anchors string
		service          api.Service
		key              core.Key // "" for no failure
	}{
		"compiled in":                 {"https://varco.example", compiled, ours, ""},
		"without witnesses":           {"https://varco.example", strings.Replace(compiled, "quorum = 1", "quorum = 0", 1), ours, core.KeyUntrusted},
		"none compiled in":            {"https://varco.example", "origin = \"\"\nlog = \"\"\nroot = \"\"\n", ours, core.KeyNoAnchors},
		"another log":                 {"https://varco.example", compiled, api.Service{Origin: "other.example/log"}, core.KeyUntrusted},
		"a demonstration here":        {"http://localhost:1", "", demonstration, ""},
		"a demonstration elsewhere":   {"https://varco.example", compiled, demonstration, core.KeyUntrusted},
		"a root without being one":    {"http://localhost:1", "", api.Service{Origin: varcotest.Origin, Log: n.LogKey, Root: n.RootKey}, core.KeyNoAnchors},
		"a demonstration of no roots": {"http://localhost:1", "", api.Service{Origin: varcotest.Origin, Demonstration: true}, core.KeyNoAnchors},
	} {
		p := &page{t, newCore(n, &browser{service: c.service}, c.address, c.anchors), nil}
		_, err := call[core.Service](p, core.Page, "service", core.None{})
		switch f := core.FailureOf(orNone(err)); {
		case err == nil && c.key != "":
			t.Errorf("%s: accepted", name)
		case err != nil && f.Key != c.key:
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func orNone(err error) error {
	if err == nil {
		return fault.New(fault.Internal, "nothing")
	}
	return err
}
