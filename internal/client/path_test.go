package client_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/store/storetest"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// canary is what must be found nowhere but on the devices of the members.
const canary = "CANARINO-7391"

// The people of most tests.
const (
	alba   = "alba-operatrice"
	bruna  = "bruna-operatrice"
	carla  = "carla-responsabile"
	dina   = "dina-operatrice"
	franca = "franca-referente"
	gino   = "gino-referente"
	ines   = "ines-direttrice"
	luca   = "luca-referente"
	olga   = "olga-sportello"
	quinto = "quinto-controllo"
)

// newCase is what Alba decides: Franca holds it, so Gino is her substitute, and Bruna has it too.
func newCase(n *varcotest.Network) client.NewCase {
	return client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content:    client.Content{Text: "Prima domanda " + canary},
		Inside:     client.Content{Text: "Nota interna " + canary},
		Colleagues: []ids.Person{n.ID(bruna)}, Holder: n.ID(franca)}
}

func openCase(t *testing.T, n *varcotest.Network) *client.Opened {
	t.Helper()
	opened, err := n.Person(alba).OpenCase(t.Context(), newCase(n))
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func read(t *testing.T, n *varcotest.Network, name string, id ids.Thread, reason act.Reason) *client.Conversation {
	t.Helper()
	v, err := n.Person(name).ReadThread(t.Context(), id, reason)
	if err != nil {
		t.Fatalf("%s reads: %v", name, err)
	}
	return v
}

func post(t *testing.T, n *varcotest.Network, name string, v *client.Conversation, text string) {
	t.Helper()
	if _, err := n.Person(name).Post(t.Context(), v, client.Content{Text: text}); err != nil {
		t.Fatalf("%s posts: %v", name, err)
	}
}

// texts are what a person sees: name, seat and text of each entry, and why not.
func texts(v *client.Conversation) []string {
	var all []string
	for _, e := range v.Entries {
		line := string(e.Entry.Kind) + " " + string(e.Seat) + " " + e.Name + ": " + e.Content.Text
		if e.Unreadable != nil {
			line += "[" + string(fault.ClassOf(e.Unreadable)) + "]"
		}
		all = append(all, line)
	}
	return all
}

func wantKind(t *testing.T, what string, err error, want fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Fatalf("%s: got %v, want kind %s", what, err, want)
	}
}

func wantClass(t *testing.T, what string, err error, want fault.Class) {
	t.Helper()
	if err == nil || fault.ClassOf(err) != want {
		t.Fatalf("%s: got class %q (%v), want %q", what, fault.ClassOf(err), err, want)
	}
}

// TestMainPath is the main job, from the first question to the auditor.
func TestMainPath(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	if opened.Holder != n.ID(franca) || opened.Substitute != n.ID(gino) {
		t.Fatalf("holder %s, substitute %s", opened.Holder, opened.Substitute)
	}

	// The officer sees it in her queue, without a case and without names of people.
	queue, err := n.Person(franca).Cases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(queue) != 1 || queue[0].Thread != id || queue[0].Case != "" || queue[0].CentreName != "Centro antiviolenza Aurora" ||
		queue[0].Seat != act.SeatHolder || queue[0].Topic != "RDL-01" {
		t.Fatalf("the officer's queue: %+v", queue)
	}

	// She says why, reads, and answers.
	_, err = n.Person(franca).ReadThread(t.Context(), id, "")
	wantKind(t, "reading without a reason", err, fault.ReasonRequired)
	v := read(t, n, franca, id, act.ReasonNew)
	if diff := cmp.Diff([]string{"open centre : Prima domanda " + canary}, texts(v)); diff != "" {
		t.Fatalf("what the officer sees (-want +got):\n%s", diff)
	}
	post(t, n, franca, v, "Risposta "+canary)

	// The centre reads the answer, and who has read.
	want := []string{"open centre Alba Conti: Prima domanda " + canary, "message holder Franca Villa: Risposta " + canary}
	for _, name := range []string{alba, bruna} {
		if diff := cmp.Diff(want, texts(read(t, n, name, id, ""))); diff != "" {
			t.Fatalf("what %s sees (-want +got):\n%s", name, diff)
		}
	}
	readings, _, err := n.Person(bruna).Readers(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(readings) // the oldest first
	if len(readings) != 3 || readings[0].Name != "Franca Villa" || readings[0].Reason != act.ReasonNew ||
		readings[0].OrganisationName != "INPS Levante" || readings[1].Name != "Alba Conti" {
		t.Fatalf("who has read: %+v", readings)
	}

	// The substitute has nothing to see until the officer recuses; then a new epoch begins
	// with the first thing that is said.
	denied(t, n, gino, id, "")
	receipt, err := n.Person(franca).Recuse(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	denied(t, n, franca, id, receipt.Entry)
	taken := read(t, n, gino, id, act.ReasonSubstitution)
	if !taken.State.Spent || taken.State.Held() {
		t.Fatal("after the recusal no epoch is due, or somebody still holds the thread")
	}
	post(t, n, gino, taken, "Continuo io "+canary)
	want = append(want, "recuse holder Franca Villa: ", "rekey substitute Gino Serra: ", "message substitute Gino Serra: Continuo io "+canary)
	v = read(t, n, alba, id, "")
	if diff := cmp.Diff(want, texts(v)); diff != "" {
		t.Fatalf("what the centre sees at the end (-want +got):\n%s", diff)
	}
	if v.State.Epoch() != 2 || len(v.State.Epochs[1].Granted) != 3 {
		t.Fatalf("epochs after the recusal: %+v", v.State.Epochs)
	}

	// Every receipt is proven, and the auditor takes the whole log away.
	for _, e := range v.Entries {
		if _, err := n.Person(alba).VerifyReceipt(t.Context(), e.Receipt); err != nil {
			t.Fatalf("proving entry %d: %v", e.Entry.Sequence, err)
		}
	}
	leaves, headers := audit(t, n)
	if leaves < 50 || headers != 6 {
		t.Fatalf("the audit holds %d leaves and %d headers", leaves, headers)
	}
	sweep(t, n)
}

// audit counts leaves and headers that the auditor is handed.
func audit(t *testing.T, n *varcotest.Network) (leaves int64, headers int) {
	t.Helper()
	a, err := n.Person(quinto).BeginAudit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Leaves(t.Context(), func(p api.AuditPage) error {
		leaves += int64(len(p.Leaves))
		headers += len(p.Headers)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if leaves != a.Checkpoint.Size || len(a.Checkpoints) == 0 {
		t.Fatalf("%d leaves of %d, %d checkpoints", leaves, a.Checkpoint.Size, len(a.Checkpoints))
	}
	return leaves, headers
}

// sweep looks for what was said in all that the service has and in all that it was sent.
func sweep(t *testing.T, n *varcotest.Network) {
	t.Helper()
	for _, name := range []string{alba, bruna, franca, gino, quinto} {
		for _, e := range n.Wire(name).Seen() {
			if bytes.Contains(e.Request, []byte(canary)) || bytes.Contains(e.Answer, []byte(canary)) {
				t.Errorf("%s %s of %s went over the wire in clear", e.Method, e.Path, name)
			}
		}
	}
	for _, f := range storetest.Files(t, n.Database) {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(canary)) || strings.Contains(string(content), "Franca Villa") {
			t.Errorf("%s holds in clear what was said or who somebody is", f)
		}
	}
}

// denied checks that to somebody a thread is the same as one that does not exist: on every
// way to it, to the byte. Entry is one of the thread; "" for a substitute, who may ask for
// proofs of a thread that she can't read.
func denied(t *testing.T, n *varcotest.Network, name string, id ids.Thread, entry ids.Entry) {
	t.Helper()
	nowhere, nothing := ids.NewThread(rng("no thread")), ids.NewEntry(rng("no entry"))
	if entry == "" {
		nothing = ""
	}
	d := n.NewDevice(name)
	u := n.Unlock(name, d)
	list, err := u.Cases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		if l.Thread == id {
			t.Fatalf("%s sees the thread in her list", name)
		}
	}
	ask := func(id ids.Thread, entry ids.Entry) []varcotest.Exchange {
		before := len(d.Wire.Seen())
		_, readErr := u.ReadThread(t.Context(), id, "")
		_, reasonErr := u.ReadThread(t.Context(), id, act.ReasonNew)
		_, _, readersErr := u.Readers(t.Context(), id)
		failed := []error{readErr, reasonErr, readersErr}
		if entry != "" {
			_, err := u.VerifyReceipt(t.Context(), n.Receipt(id, entry))
			failed = append(failed, err)
		}
		for _, err := range failed {
			if k := fault.KindOf(err); err == nil || k != fault.NotFound && k != fault.ReasonRequired {
				t.Fatalf("%s asks for what is not hers: %v", name, err)
			}
		}
		var answers []varcotest.Exchange
		for _, e := range d.Wire.Seen()[before:] {
			answers = append(answers, varcotest.Exchange{Status: e.Status, Answer: e.Answer})
		}
		return answers
	}
	if diff := cmp.Diff(ask(nowhere, nothing), ask(id, entry)); diff != "" {
		t.Fatalf("%s can tell the thread from one that does not exist (-nothing +thread):\n%s", name, diff)
	}
}

func TestOutsidersSeeNothing(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	for _, name := range []string{carla, dina, "elsa-responsabile", ines, luca, "nora-direttrice", olga, "rita-registro"} {
		denied(t, n, name, opened.Thread.State.Thread, opened.Receipts[0].Entry)
		denied(t, n, name, opened.Inside.State.Thread, opened.Receipts[1].Entry)
	}
	for _, name := range []string{franca, gino} {
		denied(t, n, name, opened.Inside.State.Thread, opened.Receipts[1].Entry)
	}
	denied(t, n, gino, opened.Thread.State.Thread, "")
}

// A person on leave is stood in for by whom the roster says, for as long as it says.
func TestSubstitution(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	n.SignRoster(ines, func(d *client.RosterDraft) {
		now := n.Clock.Now()
		if err := d.Substitute(cardSubstitution(n, gino, franca, now, now.Add(24*time.Hour))); err != nil {
			t.Fatal(err)
		}
	})
	v := read(t, n, gino, id, act.ReasonSubstitution)
	post(t, n, gino, v, "Sostituisco")
	if v.State.Epoch() != 1 {
		t.Error("a substitution started a new epoch")
	}
	n.Clock.Advance(25 * time.Hour)
	denied(t, n, gino, id, "")
}

func TestOnlyOneOfficer(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	c := newCase(n)
	c.Holder, c.Exclude = "", []ids.Person{n.ID(franca)}
	opened, err := n.Person(alba).OpenCase(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if opened.Holder != n.ID(gino) || opened.Substitute != "" || len(opened.Thread.State.Members) != 3 {
		t.Fatalf("holder %s, substitute %q, %d members", opened.Holder, opened.Substitute, len(opened.Thread.State.Members))
	}
	denied(t, n, franca, opened.Thread.State.Thread, opened.Receipts[0].Entry)
	c.Exclude = append(c.Exclude, n.ID(gino))
	_, err = n.Person(alba).OpenCase(t.Context(), c)
	wantKind(t, "opening a case that no officer may have", err, fault.NotFound)
}

func TestOpenCaseRefuses(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	for name, edit := range map[string]func(*client.NewCase){
		"nobody else has it":      func(c *client.NewCase) { c.Colleagues = nil },
		"a stranger as colleague": func(c *client.NewCase) { c.Colleagues = []ids.Person{n.ID(dina)} },
		"a manager as holder":     func(c *client.NewCase) { c.Holder = n.ID(ines) },
		"another office's holder": func(c *client.NewCase) { c.Holder = n.ID(luca) },
		"holder and substitute":   func(c *client.NewCase) { c.Substitute = c.Holder },
		"chosen and excluded":     func(c *client.NewCase) { c.Exclude = []ids.Person{c.Holder} },
		"no office":               func(c *client.NewCase) { c.With = n.Organisation("valfiore") },
		"an unknown organisation": func(c *client.NewCase) { c.With = n.Organisation("betulla") },
		"no topic":                func(c *client.NewCase) { c.Topic = "" },
		"an unknown topic":        func(c *client.NewCase) { c.Topic = "XYZ-99" },
		"too long":                func(c *client.NewCase) { c.Content.Text = strings.Repeat("a", client.MaxText+1) },
	} {
		c := newCase(n)
		edit(&c)
		if _, err := n.Person(alba).OpenCase(t.Context(), c); err == nil {
			t.Errorf("%s: a case was opened", name)
		}
	}
	if _, err := n.Person(franca).OpenCase(t.Context(), newCase(n)); err == nil {
		t.Error("an officer opened a case")
	}
	if list, err := n.Person(alba).Cases(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("after refusals: %d threads, %v", len(list), err)
	}
	alone := newCase(n)
	alone.Colleagues, alone.Alone = nil, true
	if _, err := n.Person(alba).OpenCase(t.Context(), alone); err != nil {
		t.Errorf("alone, and knowing it: %v", err)
	}
}

// The internal thread is the centre's. Its header and the other thread's share what people
// are known by, the time and the words of the form, and nothing else.
func TestThreadsShareNothing(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	if got := opened.Inside.State; got.Side != thread.Internal || len(got.Members) != 2 || got.Topic != "" {
		t.Fatalf("the internal thread: %+v", got)
	}
	request := decode[api.OpenCase](t, lastTo(t, n.Wire(alba), "/v1/cases").Request)
	var words [2]map[string]bool
	for i, p := range request.Parcels {
		words[i] = map[string]bool{}
		for _, w := range strings.Fields(p.Header) {
			words[i][w] = true
		}
		if strings.Contains(p.Header, string(opened.Case)) {
			t.Error("a header holds the case's id")
		}
	}
	known := map[string]bool{"varco/v1": true, "entry": true, "-": true, "0": true, "1": true, "open": true, "centre": true, "—": true}
	for key := range strings.FieldsSeq("thread sequence previous epoch author kind time not-after roster side with member epoch-key grant body") {
		known[key] = true
	}
	e := opened.Inside.Entries[0].Entry
	known[note.FormatTime(e.Time)], known[note.FormatTime(e.NotAfter)] = true, true
	known[e.Rosters[0].Hash.String()], known[string(e.Rosters[0].Organisation)] = true, true
	known[string(e.Author)+"/1"] = true
	for _, m := range e.Members {
		known[string(m.Person)], known[m.Card.String()] = true, true
	}
	known["2683"] = true // size of every grant, and of a short body
	for w := range words[0] {
		if words[1][w] && !known[w] {
			t.Errorf("both headers hold %q", w)
		}
	}
}
