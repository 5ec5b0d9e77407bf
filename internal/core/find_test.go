package core_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/client"
	"varco/internal/core"
	"varco/internal/ids"
	"varco/internal/varcotest"
)

// What was read is found by words without accents and capitals; what was not read is not.
func TestFind(t *testing.T) {
	n := varcotest.New(t)
	opened, err := n.Person(alba).OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "La domanda è già perché serve l’ISEE di giugno."}, Colleagues: []ids.Person{n.ID(bruna)}, Holder: n.ID(franca)})
	if err != nil {
		t.Fatal(err)
	}
	p := newPage(t, n, bruna)
	if _, err := call[core.Found](p, core.Page, "find", core.Find{Text: "isee"}); core.FailureOf(err).Key != core.KeyLocked {
		t.Errorf("while locked: %v", err)
	}
	if _, err := p.unlock(n.Resident(bruna).Phrase); err != nil {
		t.Fatal(err)
	}
	if f := mustCall[core.Found](p, core.Page, "find", core.Find{Text: "isee"}); len(f.Threads) != 0 {
		t.Errorf("found before anything was read: %+v", f)
	}
	code := opened.Thread.State.Thread
	mustCall[core.Conversation](p, core.Page, "read", core.ReadThread{Thread: code})
	for text, want := range map[string]int{"isee": 1, " PERCHE ": 1, "È GIÀ": 1, "luglio": 0, "": 0, "  ": 0} {
		f := mustCall[core.Found](p, core.Page, "find", core.Find{Text: text})
		if len(f.Threads) != want {
			t.Errorf("%q: %+v, want %d", text, f, want)
		}
	}
	f := mustCall[core.Found](p, core.Page, "find", core.Find{Text: "già"})
	want := core.Found{Threads: []core.FoundIn{{Thread: code, Around: "La domanda è già perché serve l’ISEE di giugno.", Times: 1}}}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if c := mustCall[core.Cases](p, core.Page, "cases", core.None{}); c.Threads[0].Phase != "open" {
		t.Errorf("the list says %+v", c.Threads[0])
	}
}
