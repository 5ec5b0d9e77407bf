package core_test

import (
	"testing"

	"varco/internal/core"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// unlocked is somebody's page after unlocking.
func unlocked(t *testing.T, n *varcotest.Network, name string) *page {
	t.Helper()
	p := newPage(t, n, name)
	mustCall[core.Me](p, core.Page, "me", core.None{})
	if _, err := p.unlock(n.Resident(name).Phrase); err != nil {
		t.Fatal(err)
	}
	return p
}

// A case is opened with people who were seen before, and goes to nobody who was excluded.
func TestOpenCase(t *testing.T) {
	n := varcotest.New(t)
	p := unlocked(t, n, alba)
	choices := mustCall[core.Choices](p, core.Page, "choices", core.Among{})
	var office core.Reachable
	for _, o := range choices.Others {
		if o.ID == n.Organisation("levante") {
			office = o
		}
	}
	if len(office.People) < 2 || len(choices.Own.People) < 2 {
		t.Fatalf("choices: %+v", choices)
	}
	out := office.People[0].Person
	drawn := mustCall[core.Drawn](p, core.Page, "draw", core.Draw{With: office.ID, Exclude: []ids.Person{out}})
	if drawn.Holder == "" || drawn.Holder == out || drawn.Substitute == out {
		t.Errorf("drawn %+v without %s", drawn, out)
	}
	ask := core.NewCase{With: office.ID, Topic: "RDL-01", Urgency: "U2", Text: "Domanda " + canary, Colleagues: []ids.Person{n.ID(bruna)},
		Exclude: []ids.Person{out}, Holder: drawn.Holder, Substitute: drawn.Substitute}
	begun := mustCall[core.Begun](p, core.Page, "openCase", ask)
	if len(begun.Threads) != 2 || len(begun.Receipts) != 2 || begun.Threads[0].Case == "" || begun.Threads[0].DueAt == "" {
		t.Fatalf("begun: %+v", begun)
	}
	for i, side := range []thread.Side{thread.INPS, thread.Internal} {
		v := mustCall[core.Conversation](p, core.Page, "read", core.ReadThread{Thread: begun.Threads[i].Thread})
		if v.Side != side || len(v.Entries) != 1 {
			t.Errorf("read: %+v", v)
		}
		for _, m := range v.Members {
			if m.Person == out {
				t.Errorf("%s was excluded and reads", out)
			}
		}
	}
	ask.Colleagues = nil
	if _, err := call[core.Begun](p, core.Page, "openCase", ask); fault.KindOf(err) != fault.Invalid {
		t.Errorf("alone without saying so: %v", err)
	}
	ask.Alone, ask.ExcludeOffices = true, []ids.Organisation{office.ID}
	if _, err := call[core.Begun](p, core.Page, "openCase", ask); fault.KindOf(err) != fault.Invalid {
		t.Errorf("with an excluded office: %v", err)
	}
}

// What is found in a text is told where JavaScript finds it.
func TestLook(t *testing.T) {
	n := varcotest.New(t)
	p := newPage(t, n, alba)
	text := "è 😀 RSSMRA80A01H501U"
	found := mustCall[core.Looked](p, core.Page, "look", core.Look{Text: text}).Found
	if len(found) != 1 || found[0].From != 5 || found[0].To != 21 || !found[0].Checked {
		t.Errorf("found %+v", found)
	}
}
