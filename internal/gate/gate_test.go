package gate_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/gate"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// opened is a network with one case: Alba's, held by Franca, with Gino as substitute.
func opened(t *testing.T) (*varcotest.Network, *client.Opened) {
	t.Helper()
	n := varcotest.New(t)
	o, err := n.Person("alba-operatrice").OpenCase(t.Context(), client.NewCase{
		With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2", Content: client.Content{Text: "Buongiorno."},
		Colleagues: []ids.Person{n.ID("bruna-operatrice")}, Holder: n.ID("franca-referente"),
		Substitute: n.ID("gino-referente")})
	if err != nil {
		t.Fatal(err)
	}
	return n, o
}

// callerOf is somebody at a request.
func callerOf(t *testing.T, n *varcotest.Network, name string) caller.Caller {
	t.Helper()
	me, err := n.Person(name).Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return caller.Caller{Person: me.Person, Organisation: me.Organisation, Session: me.Session,
		Request: ids.NewRequest(rand.Reader), Assurance: "mfa", AuthenticatedAt: n.Clock.Now(), Source: "c291cmNl"}
}

// outsiders may not learn that the case exists. Gino is its substitute, while Franca is there.
var outsiders = []string{"dina-operatrice", "elsa-responsabile", "carla-responsabile", "gino-referente",
	"luca-referente", "ines-direttrice", "nora-direttrice", "olga-sportello", "rita-registro", "quinto-controllo"}

// attempts are what somebody can ask of a thread by its code.
var attempts = map[string]func(ctx context.Context, g *gate.Gate, who caller.Caller, id ids.Thread) error{
	"read": func(ctx context.Context, g *gate.Gate, who caller.Caller, id ids.Thread) error {
		_, err := g.ReadThread(ctx, who, id, api.Read{Reason: act.ReasonAnswer, Limit: 10})
		return err
	},
	"read without a reason": func(ctx context.Context, g *gate.Gate, who caller.Caller, id ids.Thread) error {
		_, err := g.ReadThread(ctx, who, id, api.Read{Limit: 10})
		return err
	},
	"readers": func(ctx context.Context, g *gate.Gate, who caller.Caller, id ids.Thread) error {
		_, err := g.Readers(ctx, who, id)
		return err
	},
}

// "Not yours" and "does not exist" are the same answer, after the same statements.
func TestNotYoursIsNotThere(t *testing.T) {
	n, o := opened(t)
	absent := ids.NewThread(rand.Reader)
	for _, name := range outsiders {
		who := callerOf(t, n, name)
		for act, attempt := range attempts {
			for side, id := range map[string]ids.Thread{"inps": o.Thread.State.Thread, "internal": o.Inside.State.Thread} {
				t.Run(name+"/"+act+"/"+side, func(t *testing.T) {
					var there, not error
					// Asked before, so that nothing is looked up for the first time.
					_ = attempt(t.Context(), n.Gate, who, absent)
					did := n.Statements(func() { there = attempt(t.Context(), n.Gate, who, id) })
					would := n.Statements(func() { not = attempt(t.Context(), n.Gate, who, absent) })
					if there == nil || not == nil {
						t.Fatalf("the answers are %v and %v", there, not)
					}
					if there.Error() != not.Error() || fault.KindOf(there) != fault.KindOf(not) {
						t.Errorf("the answers differ: %v, and %v", there, not)
					}
					if diff := cmp.Diff(besides(would), besides(did)); diff != "" {
						t.Errorf("the statements differ (-not there +not hers):\n%s", diff)
					}
				})
			}
		}
	}
}

// besides takes out of statements what the leaf's number alone decides: how many hashes of
// the tree a record completes.
func besides(statements []string) []string {
	for i, s := range statements {
		statements[i] = strings.ReplaceAll(s, ", (?, ?)", "")
	}
	return statements
}

// sign signs a header with somebody's own key, which no honest client would have signed.
func sign(t *testing.T, n *varcotest.Network, name string, e thread.Entry) string {
	t.Helper()
	e.Card = n.Person(name).Card().Hash
	header, err := thread.Sign(e, signerOf(t, n, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(header)
}

// signerOf opens somebody's keyring, as only her own device does.
func signerOf(t *testing.T, n *varcotest.Network, name string) note.Signer {
	t.Helper()
	stored, err := n.Gate.Keyring(t.Context(), callerOf(t, n, name))
	if err != nil {
		t.Fatal(err)
	}
	sealed := keyring.Sealed{File: stored.File}
	for _, l := range stored.Locks {
		sealed.Locks = append(sealed.Locks, keyring.Lock(l))
	}
	keys, err := keyring.Open(sealed, n.Resident(name).Phrase, varcotest.Work())
	if err != nil {
		t.Fatal(err)
	}
	signer, err := keys.Signer(1)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// An outsider's entry is denied before its place in the chain is looked at: a wrong
// sequence must not tell that the thread exists.
func TestOutsiderAppends(t *testing.T) {
	n, o := opened(t)
	for _, name := range []string{"dina-operatrice", "luca-referente", "gino-referente"} {
		who := callerOf(t, n, name)
		var texts []string
		for _, id := range []ids.Thread{o.Thread.State.Thread, o.Inside.State.Thread, ids.NewThread(rand.Reader)} {
			for _, sequence := range []int64{1, 7} {
				header := sign(t, n, name, thread.Entry{Thread: id, ID: ids.NewEntry(rand.Reader), Sequence: sequence,
					Previous: o.Thread.State.Head, Epoch: 2, Author: who.Person, Kind: thread.Recuse,
					Time: n.Clock.Now(), NotAfter: n.Clock.Now().Add(time.Minute)})
				_, err := n.Gate.AppendEntry(t.Context(), who, api.Append{Parcels: []api.Parcel{{Header: header}}})
				if name == "gino-referente" && id == o.Thread.State.Thread {
					continue // a substitute may recuse from her own thread
				}
				if fault.KindOf(err) != fault.NotFound {
					t.Errorf("%s appending at %d = %v, want not found", name, sequence, err)
				}
				texts = append(texts, err.Error())
			}
		}
		for _, text := range texts {
			if text != texts[0] {
				t.Errorf("%s got %q and %q", name, texts[0], text)
			}
		}
	}
}

// Nobody who is not signed in gets through any door.
func TestNobody(t *testing.T) {
	n, o := opened(t)
	g, nobody, ctx, id := n.Gate, caller.Caller{}, t.Context(), o.Thread.State.Thread
	for name, attempt := range map[string]func() error{
		"list":       func() error { _, err := g.ListCases(ctx, nobody); return err },
		"read":       func() error { _, err := g.ReadThread(ctx, nobody, id, api.Read{Limit: 1}); return err },
		"readers":    func() error { _, err := g.Readers(ctx, nobody, id); return err },
		"proof":      func() error { _, err := g.Proof(ctx, nobody, o.Thread.Entries[0].Entry.ID, 0); return err },
		"directory":  func() error { _, err := g.Directory(ctx, nobody); return err },
		"keyring":    func() error { _, err := g.Keyring(ctx, nobody); return err },
		"me":         func() error { _, err := g.Me(ctx, nobody); return err },
		"audit":      func() error { _, err := g.Audit(ctx, nobody, 0, 1); return err },
		"checkpoint": func() error { _, err := g.AuditCheckpoint(ctx, nobody, 0); return err },
		"search":     func() error { _, err := g.SearchLedger(ctx, nobody, api.Search{Limit: 1}); return err },
		"roster":     func() error { _, err := g.PutRoster(ctx, nobody, api.PutRoster{}); return err },
	} {
		if err := attempt(); fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("%s by nobody = %v", name, err)
		}
	}
}

// records returns the last records of the ledger.
func records(t *testing.T, n *varcotest.Network, last int) []ledger.Record {
	t.Helper()
	all := storetest.Records(t, n.Store)
	return all[max(0, len(all)-last):]
}

// Every reading and every denial is recorded, the denial with no more than was asked.
func TestReadingAndDenialAreRecorded(t *testing.T) {
	n, o := opened(t)
	id := o.Thread.State.Thread
	franca, luca := callerOf(t, n, "franca-referente"), callerOf(t, n, "luca-referente")
	page, err := n.Gate.ReadThread(t.Context(), franca, id, api.Read{Reason: act.ReasonNew, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	got := records(t, n, 1)[0]
	if got.Act != act.ThreadRead || got.Outcome != act.Allow || got.Person != franca.Person || got.Object != string(id) ||
		got.Reason != act.ReasonNew || got.Head != page.Head || got.Size == 0 || len(got.Policies) == 0 {
		t.Errorf("the reading was recorded as %+v", got)
	}
	if _, err := n.Gate.ReadThread(t.Context(), luca, id, api.Read{Reason: act.ReasonNew, Limit: 10}); err == nil {
		t.Fatal("an officer of another office reads")
	}
	got = records(t, n, 1)[0]
	if got.Outcome != act.Deny || got.Person != luca.Person || got.Object != string(id) || !got.Head.IsZero() ||
		got.Size != 0 || len(got.Policies) != 0 {
		t.Errorf("the denial was recorded as %+v", got)
	}
}

// An opening lasts fifteen minutes, in one session, for one thread.
func TestOpening(t *testing.T) {
	n, o := opened(t)
	id := o.Thread.State.Thread
	franca := callerOf(t, n, "franca-referente")
	read := func(who caller.Caller, id ids.Thread, reason act.Reason) fault.Kind {
		_, err := n.Gate.ReadThread(t.Context(), who, id, api.Read{Reason: reason, Limit: 10})
		if err == nil {
			return ""
		}
		return fault.KindOf(err)
	}
	if got := read(franca, id, ""); got != fault.ReasonRequired {
		t.Errorf("without a reason: %q", got)
	}
	if got := read(franca, id, act.ReasonAnswer); got != "" {
		t.Errorf("with a reason: %q", got)
	}
	n.Clock.Advance(gate.OpeningLife - time.Second)
	if got := read(franca, id, ""); got != "" {
		t.Errorf("within the opening: %q", got)
	}
	other := franca
	other.Session = sessionOf(t, n, n.NewDevice("franca-referente"))
	if got := read(other, id, ""); got != fault.ReasonRequired {
		t.Errorf("in another session: %q", got)
	}
	n.Clock.Advance(2 * time.Second)
	if got := read(franca, id, ""); got != fault.ReasonRequired {
		t.Errorf("after the opening: %q", got)
	}
}

// A list is recorded once a minute in each session, however often it is refreshed.
func TestListIsRecordedOnceAMinute(t *testing.T) {
	n, _ := opened(t)
	franca := callerOf(t, n, "franca-referente")
	lists := func() int {
		count := 0
		for _, r := range records(t, n, 1_000_000) {
			if r.Act == act.CaseList && r.Person == franca.Person {
				count++
			}
		}
		return count
	}
	before := lists()
	for range 5 {
		if _, err := n.Gate.ListCases(t.Context(), franca); err != nil {
			t.Fatal(err)
		}
		n.Clock.Advance(5 * time.Second)
	}
	if got := lists() - before; got != 1 {
		t.Errorf("%d records of five lists in a minute, want 1", got)
	}
	n.Clock.Advance(time.Minute)
	if _, err := n.Gate.ListCases(t.Context(), franca); err != nil {
		t.Fatal(err)
	}
	if got := lists() - before; got != 2 {
		t.Errorf("%d records after a minute more, want 2", got)
	}
}

// The state that is kept beside a thread's entries is what they add up to.
func TestStateIsThatOfTheChain(t *testing.T) {
	n, o := opened(t)
	alba := n.Person("alba-operatrice")
	for range 3 {
		if _, err := alba.Post(t.Context(), o.Thread, client.Content{Text: "Ancora una domanda."}); err != nil {
			t.Fatal(err)
		}
	}
	var kept thread.State
	err := n.Store.Read(t.Context(), func(tx *store.Tx) error {
		th, _, err := tx.Thread(o.Thread.State.Thread)
		kept = th.State
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := n.Unlock("alba-operatrice", n.NewDevice("alba-operatrice")).ReadThread(t.Context(), o.Thread.State.Thread, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fresh.State, kept); diff != "" {
		t.Errorf("the state differs (-chain +kept):\n%s", diff)
	}
}

// After the agreement's end no case is opened; what is open goes on.
func TestAgreementEnds(t *testing.T) {
	n, o := opened(t)
	alba := n.Person("alba-operatrice")
	n.EndAgreements()
	_, err := alba.OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "Un altro caso."}, Alone: true})
	if err == nil {
		t.Error("a case was opened after the agreement's end")
	}
	if _, err := alba.Post(t.Context(), o.Thread, client.Content{Text: "Il caso aperto continua."}); err != nil {
		t.Errorf("posting to an open case: %v", err)
	}
	// Also on a device that knows nothing yet of the office whose agreement has ended.
	for name, reason := range map[string]act.Reason{"bruna-operatrice": "", "franca-referente": act.ReasonAnswer} {
		u := n.Unlock(name, n.NewDevice(name))
		v, err := u.ReadThread(t.Context(), o.Thread.State.Thread, reason)
		if err != nil {
			t.Fatalf("%s reading an open case: %v", name, err)
		}
		if _, err := u.Post(t.Context(), v, client.Content{Text: "Continua."}); err != nil {
			t.Errorf("%s posting to an open case: %v", name, err)
		}
	}
}

// No name, and nothing of what was written, is in the record of anything.
func TestRecordsHoldPseudonyms(t *testing.T) {
	n, _ := opened(t)
	for _, r := range records(t, n, 1_000_000) {
		text, err := r.Text()
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"Alba", "Conti", "Levante", "Aurora", "Buongiorno", "varcotest", "provider"} {
			if strings.Contains(text, word) {
				t.Errorf("the record holds %q:\n%s", word, text)
			}
		}
	}
}
