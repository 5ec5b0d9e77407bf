package gate_test

import (
	"context"
	"sync"
	"testing"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/ids"
	"varco/internal/varcotest"
)

// counts are the refusals of one person's entries: in how many records, and how many they stand for.
func counts(t *testing.T, n *varcotest.Network, person ids.Person) (count, sum int64) {
	t.Helper()
	for _, r := range records(t, n, 1_000_000) {
		if r.Act == act.EntryAppend && r.Outcome == act.Refuse && r.Person == person && r.Object == "" {
			count++
			sum += max(1, r.Count)
		}
	}
	return count, sum
}

// Many refusals at once make one record, and those that it does not stand for another one, though
// no further refusal comes: none is lost, and none is counted twice.
func TestRefusalsAtOnce(t *testing.T) {
	n, o := opened(t)
	who := callerOf(t, n, "alba-operatrice")
	const times = 100
	storm(t.Context(), n, who, string(o.Thread.State.Thread), times)
	if count, sum := counts(t, n, who.Person); count != 1 || sum != 1 {
		t.Errorf("at once: %d records stand for %d, want 1 for 1", count, sum)
	}
	for range 2 {
		if err := n.Gate.RecordRefusals(t.Context()); err != nil {
			t.Fatal(err)
		}
		if count, sum := counts(t, n, who.Person); count != 2 || sum != times {
			t.Errorf("in the end: %d records stand for %d, want 2 for %d", count, sum, times)
		}
	}
}

// What a failed commit lost is counted into the next record.
func TestLostRefusals(t *testing.T) {
	n, o := opened(t)
	who := callerOf(t, n, "alba-operatrice")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	storm(gone, n, who, string(o.Thread.State.Thread), 3)
	if count, _ := counts(t, n, who.Person); count != 0 {
		t.Fatalf("%d records by who was gone", count)
	}
	storm(t.Context(), n, who, string(o.Thread.State.Thread), 1)
	if err := n.Gate.RecordRefusals(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, sum := counts(t, n, who.Person); sum != 4 {
		t.Errorf("the records stand for %d, want 4", sum)
	}
}

// storm appends so many entries at once that are no notes.
func storm(ctx context.Context, n *varcotest.Network, who caller.Caller, forged string, times int) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for range times {
		all.Go(func() {
			<-start
			_, _ = n.Gate.AppendEntry(ctx, who, api.Append{Parcels: []api.Parcel{{Header: forged}}})
		})
	}
	close(start)
	all.Wait()
}
