package gate_test

import (
	"crypto/rand"
	"testing"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/store"
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
