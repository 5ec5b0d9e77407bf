package storetest

import (
	"slices"
	"testing"

	"varco/internal/act"
	"varco/internal/ledger"
	"varco/internal/store"
)

// Records returns the records of a ledger that are of these acts, or all.
func Records(t testing.TB, s *store.Store, acts ...act.Act) []ledger.Record {
	t.Helper()
	var all []ledger.Record
	if err := s.Read(t.Context(), func(tx *store.Tx) error {
		size, err := tx.Size()
		if err != nil {
			return err
		}
		leaves, err := tx.Leaves(0, size)
		if err != nil {
			return err
		}
		for _, l := range leaves {
			r, err := ledger.ParseRecord(*l.Text)
			if err != nil {
				return err
			}
			if len(acts) == 0 || slices.Contains(acts, r.Act) {
				all = append(all, r)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}
