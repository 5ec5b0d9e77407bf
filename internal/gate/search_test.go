package gate_test

import (
	"crypto/rand"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/store"
	"varco/internal/varcotest"
)

// A search by case finds what was done to its threads, their entries and what those attach, denials
// included, and nothing of another case.
func TestSearchByCase(t *testing.T) {
	n, o := opened(t)
	alba, dina := callerOf(t, n, "alba-operatrice"), callerOf(t, n, "dina-operatrice")
	entry := o.Thread.Entries[0].Entry.ID
	blob := ids.NewBlob(rand.Reader)
	if err := n.Store.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutBlob(blob, alba.Person, 1); err != nil {
			return err
		}
		_, err := tx.FinishBlob(blob, make([]byte, 32))
		if err == nil {
			_, err = tx.BindBlob(blob, entry)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := n.Gate.ReadBlob(t.Context(), dina, blob, 0); err == nil {
		t.Fatal("another centre reads an attachment")
	}
	if _, err := n.Gate.Proof(t.Context(), alba, entry, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Gate.Proof(t.Context(), dina, ids.NewEntry(rand.Reader), 0); err == nil {
		t.Fatal("what is not there was proven")
	}
	cases, err := n.Gate.ListCases(t.Context(), alba)
	if err != nil {
		t.Fatal(err)
	}
	found, err := n.Gate.SearchLedger(t.Context(), callerOf(t, n, "quinto-controllo"),
		api.Search{Object: string(cases.Threads[0].Case), Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range found.Leaves {
		got = append(got, summary(t, l.Text))
	}
	want := []string{string(act.ProofRead) + " allow", string(act.BlobRead) + " deny"}
	if len(got) < len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("the newest are %v, want %v", got, want)
	}
}

func summary(t *testing.T, text string) string {
	t.Helper()
	r, err := ledger.ParseRecord(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(r.Act) + " " + string(r.Outcome)
}

// The seed, the act and the leaves of a sample are in the log before it is known what was drawn, also
// when nothing could be; who may not draw leaves a denial.
func TestDrawSample(t *testing.T) {
	n, _ := opened(t)
	quinto := callerOf(t, n, "quinto-controllo")
	started := n.Clock.Now()
	s, err := n.Gate.DrawSample(t.Context(), quinto, api.DrawSample{Act: act.EntryAppend, Count: 2})
	must(t, err)
	text := recordAt(t, n, s.Leaf)
	r, err := ledger.ParseRecord(text)
	must(t, err)
	if r.Act != act.AuditSample || r.Hash != s.Seed || r.Of != act.EntryAppend || r.From != 0 || r.Until != s.Until || s.Until > s.Leaf ||
		r.Count != 2 || r.Person != quinto.Person {
		t.Errorf("the record of %+v is\n%s", s, text)
	}
	n.Clock.Advance(time.Hour)
	for name, c := range map[string]struct {
		req  api.DrawSample
		want fault.Kind
	}{
		"no act":          {api.DrawSample{Act: "walk", Count: 2}, fault.Invalid},
		"one":             {api.DrawSample{Act: act.EntryAppend, Count: 1}, fault.Invalid},
		"too many":        {api.DrawSample{Act: act.EntryAppend, Count: ledger.MaxSample + 1}, fault.Invalid},
		"a time that ran": {api.DrawSample{Act: act.EntryAppend, Count: 2, From: started, Until: started.Add(-time.Second)}, fault.Invalid},
		"before all":      {api.DrawSample{Act: act.EntryAppend, Count: 2, Until: started.AddDate(-1, 0, 0)}, fault.NotFound},
		"after all":       {api.DrawSample{Act: act.EntryAppend, Count: 2, From: n.Clock.Now().Add(time.Hour)}, fault.NotFound},
	} {
		if _, err := n.Gate.DrawSample(t.Context(), quinto, c.req); fault.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for _, name := range []string{"alba-operatrice", "carla-responsabile", "ines-direttrice"} {
		who := callerOf(t, n, name)
		if _, err := n.Gate.DrawSample(t.Context(), who, api.DrawSample{Act: act.EntryAppend, Count: 2}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s draws: %v", name, err)
		}
	}
	for outcome, want := range map[act.Outcome]int{act.Allow: 1, act.Refuse: 2, act.Deny: 3} {
		found, err := n.Gate.SearchLedger(t.Context(), quinto, api.Search{Act: string(act.AuditSample), Outcome: string(outcome), Limit: 100})
		must(t, err)
		if len(found.Leaves) != want {
			t.Errorf("%d records of a sample with the outcome %s, want %d", len(found.Leaves), outcome, want)
		}
	}
}

// recordAt is the text of a leaf's record.
func recordAt(t *testing.T, n *varcotest.Network, leaf int64) string {
	t.Helper()
	page, err := n.Gate.Audit(t.Context(), callerOf(t, n, "quinto-controllo"), leaf, 1)
	must(t, err)
	return page.Leaves[0].Text
}
