package client_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/varcotest"
)

// Whatever answers are lost, what was asked is done once and its first receipt returned.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	n.Wire(alba).Lose = times(3, to("POST", "/cases"))
	opened := openCase(t, n)
	n.Wire(alba).Lose = times(3, to("POST", "/entries"))
	post(t, n, alba, opened.Thread, "una volta sola")
	if list, err := n.Person(alba).Cases(t.Context()); err != nil || len(list) != 2 {
		t.Fatalf("%d threads, %v", len(list), err)
	}
	want := []string{"open centre Alba Conti: Prima domanda " + canary, "message centre Alba Conti: una volta sola"}
	if diff := cmp.Diff(want, texts(read(t, n, bruna, opened.Thread.State.Thread, ""))); diff != "" {
		t.Errorf("what was recorded (-want +got):\n%s", diff)
	}
	n.Wire(alba).Lose = to("POST", "/entries")
	_, err := n.Person(alba).Post(t.Context(), opened.Thread, client.Content{Text: "mai"})
	wantKind(t, "no answer at all", err, fault.NotKnown)
	if len(opened.Thread.Entries) != 2 {
		t.Error("the conversation grew by what nobody confirmed")
	}
}

// Who lost the race signs again with the same id and says it after what she had not seen.
func TestConflict(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	brunas := read(t, n, bruna, id, "")
	others := 0
	n.Wire(bruna).Before = func(method, path string, _ []byte) {
		if to("POST", "/entries")(method, path) && others < 3 {
			others++
			post(t, n, alba, opened.Thread, "prima "+strconv.Itoa(others))
		}
	}
	post(t, n, bruna, brunas, "dopo")
	want := []string{"open centre Alba Conti: Prima domanda " + canary, "message centre Alba Conti: prima 1",
		"message centre Alba Conti: prima 2", "message centre Alba Conti: prima 3", "message centre Bruna Sala: dopo"}
	if diff := cmp.Diff(want, texts(brunas)); diff != "" {
		t.Errorf("what Bruna sees (-want +got):\n%s", diff)
	}
	var bodies, entries = map[string]bool{}, map[string]bool{}
	for _, e := range n.Wire(bruna).Seen() {
		if to("POST", "/entries")(e.Method, e.Path) {
			p := decode[api.Append](t, e.Request).Parcels[0]
			bodies[string(p.Body)] = true
			entries[entryLine(p.Header)] = true
		}
	}
	if len(bodies) != 1 || len(entries) != 1 {
		t.Errorf("%d bodies were sealed and %d ids drawn for one message", len(bodies), len(entries))
	}
}

// Two members answer a recusal at once: one of them starts the new epoch, the other seals
// again to that one.
func TestConflictOverEpoch(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	v := read(t, n, franca, id, act.ReasonNew)
	if _, err := n.Person(franca).Recuse(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	ginos := read(t, n, gino, id, act.ReasonSubstitution)
	if err := n.Person(alba).ReadOn(t.Context(), opened.Thread, ""); err != nil {
		t.Fatal(err)
	}
	done := false
	n.Wire(gino).Before = func(method, path string, _ []byte) {
		if to("POST", "/entries")(method, path) && !done {
			done = true
			post(t, n, alba, opened.Thread, "chi continua?")
		}
	}
	post(t, n, gino, ginos, "io")
	want := []string{"open centre Alba Conti: Prima domanda " + canary, "recuse holder Franca Villa: ",
		"rekey centre Alba Conti: ", "message centre Alba Conti: chi continua?", "message substitute Gino Serra: io"}
	if diff := cmp.Diff(want, texts(read(t, n, bruna, id, ""))); diff != "" {
		t.Errorf("what the centre sees (-want +got):\n%s", diff)
	}
}

// A recusal only signs again, and needs no epoch.
func TestRecuseConflict(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	v := read(t, n, franca, opened.Thread.State.Thread, act.ReasonNew)
	post(t, n, alba, opened.Thread, "nel frattempo")
	if _, err := n.Person(franca).Recuse(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	if len(v.Entries) != 3 || v.State.Held() {
		t.Errorf("after her recusal: %d entries, held %v", len(v.Entries), v.State.Held())
	}
	_, err := n.Person(franca).Post(t.Context(), v, client.Content{Text: "ancora"})
	wantClass(t, "posting after recusing", err, fault.ClassMembership)
}

// An opening lasts a quarter of an hour, also for what follows a conflict.
func TestOpeningEnds(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	v := read(t, n, franca, opened.Thread.State.Thread, act.ReasonAnswer)
	n.Clock.Advance(14 * time.Minute)
	if err := n.Person(franca).ReadOn(t.Context(), v, ""); err != nil {
		t.Errorf("within the opening: %v", err)
	}
	n.Clock.Advance(2 * time.Minute)
	wantKind(t, "after the opening", n.Person(franca).ReadOn(t.Context(), v, ""), fault.ReasonRequired)
	post(t, n, franca, v, "scritta senza rileggere")
}

// A long thread is read in pages.
func TestPages(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	for i := range 70 {
		post(t, n, alba, opened.Thread, strconv.Itoa(i))
	}
	v := read(t, n, franca, opened.Thread.State.Thread, act.ReasonNew)
	if len(v.Entries) != 71 || v.Entries[70].Content.Text != "69" {
		t.Fatalf("%d entries were read", len(v.Entries))
	}
	post(t, n, alba, opened.Thread, "e una")
	if err := n.Person(franca).ReadOn(t.Context(), v, ""); err != nil || v.Entries[71].Content.Text != "e una" {
		t.Fatalf("reading on: %v", err)
	}
}

// A service that always says "conflict" can't make anybody say something twice.
func TestSteering(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	conflict := func(method, path string, status int, answer []byte) (int, []byte) {
		if to("POST", "/entries")(method, path) {
			return 409, encode(t, api.Problem{Type: "/problems/conflict", Status: 409})
		}
		return status, answer
	}
	n.Wire(alba).Lie = conflict // and has recorded it
	receipt, err := n.Person(alba).Post(t.Context(), opened.Thread, client.Content{Text: "una volta"})
	if err != nil || receipt != opened.Thread.Entries[1].Receipt || len(opened.Thread.Entries) != 2 {
		t.Fatalf("recorded and denied: %v, %d entries", err, len(opened.Thread.Entries))
	}
	n.Wire(alba).Withhold = to("POST", "/entries") // and lies as before
	before := len(n.Wire(alba).Seen())
	err = deceived(t, n.Resident(alba).Device, func() error {
		_, err := n.Person(alba).Post(t.Context(), opened.Thread, client.Content{Text: "mai"})
		return err
	}, to("POST", "/entries"))
	wantKind(t, "conflict without end", err, fault.Conflict)
	entries := map[string]bool{}
	for _, e := range n.Wire(alba).Seen()[before:] {
		if to("POST", "/entries")(e.Method, e.Path) {
			entries[entryLine(decode[api.Append](t, e.Request).Parcels[0].Header)] = true
		}
	}
	if len(entries) != 1 || len(opened.Thread.Entries) != 2 {
		t.Errorf("she was led to write %d entries, and is shown %d", len(entries), len(opened.Thread.Entries))
	}
	if got := read(t, n, bruna, opened.Thread.State.Thread, ""); len(got.Entries) != 2 {
		t.Errorf("%d entries were recorded", len(got.Entries))
	}
}
