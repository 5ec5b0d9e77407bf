package gate_test

import (
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/store"
	"varco/internal/varcotest"
)

// A steward who was taken off the roster governs nothing, whatever her card says, and
// somebody who was taken off learns nothing more of the network.
func TestTakenOffStewardGovernsNothing(t *testing.T) {
	n := varcotest.New(t)
	zelda := n.Invite("zelda", "aurora")
	n.EnrolSteward("zelda", "aurora")
	n.SignRoster("carla-responsabile", func(d *client.RosterDraft) {
		if err := d.Endorse(client.Endorsement{Person: zelda.ID, Words: n.Words("zelda"), Name: "Zelda Nardi",
			Roles: []act.Role{act.Coordinator}}); err != nil {
			t.Fatal(err)
		}
	})
	n.SignRoster("zelda", func(d *client.RosterDraft) {
		if err := d.Remove(n.ID("carla-responsabile")); err != nil {
			t.Fatal(err)
		}
	})
	again := n.NewDevice("carla-responsabile") // her session has ended with her line
	// Denied before it is read: package card tests that it would be refused, too.
	_, err := n.Gate.PutRoster(t.Context(), caller.Caller{Person: n.ID("carla-responsabile"),
		Organisation: n.Organisation("aurora"), Session: sessionOf(t, n, again), Request: ids.NewRequest(rand.Reader),
		AuthenticatedAt: n.Clock.Now()}, api.PutRoster{Note: "varco/v1 roster\n"})
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("a roster by a steward who was taken off: %v", err)
	}
	if _, err := again.Client.Directory(t.Context()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the directory for somebody who was taken off: %v", err)
	}
}

// The substitute takes over when the holder has left the office without recusing.
func TestHolderLeavesTheOffice(t *testing.T) {
	n, o := opened(t)
	n.SignRoster("ines-direttrice", func(d *client.RosterDraft) {
		if err := d.Remove(n.ID("franca-referente")); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := n.Person("gino-referente").ReadThread(t.Context(), o.Thread.State.Thread, act.ReasonSubstitution); err != nil {
		t.Errorf("the substitute of a holder who has left: %v", err)
	}
}

// A list is as long as it is, and its record is not.
func TestLongList(t *testing.T) {
	n := varcotest.New(t)
	alba := n.Person("alba-operatrice")
	const cases = 40
	for range cases {
		if _, err := alba.OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
			Content: client.Content{Text: "Buongiorno."}, Alone: true}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := n.Gate.ListCases(t.Context(), callerOf(t, n, "alba-operatrice"))
	if err != nil || len(list.Threads) != 2*cases {
		t.Fatalf("%d threads, %v, want %d", len(list.Threads), err, 2*cases)
	}
}

// An auditor who asks for the proof of an entry that is not there gets none.
func TestProofOfNothing(t *testing.T) {
	n, _ := opened(t)
	_, err := n.Gate.Proof(t.Context(), callerOf(t, n, "quinto-controllo"), ids.NewEntry(rand.Reader), 0)
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("the proof of nothing: %v", err)
	}
	if got := records(t, n, 1)[0]; got.Outcome != act.Refuse || got.Class != fault.ClassMissing {
		t.Errorf("it was recorded as %+v", got)
	}
}

// Who sends what can't be an act of hers is on the record, once a minute for each kind.
func TestMalformedIsRecorded(t *testing.T) {
	n, o := opened(t)
	who := callerOf(t, n, "alba-operatrice")
	forged := string(o.Thread.State.Thread)
	refusals := func() (count int) {
		for _, r := range records(t, n, 1_000_000) {
			if r.Act == act.EntryAppend && r.Outcome == act.Refuse && r.Person == who.Person && r.Object == "" {
				count++
			}
		}
		return count
	}
	for range 3 {
		if _, err := n.Gate.AppendEntry(t.Context(), who, api.Append{Parcels: []api.Parcel{{Header: forged}}}); err == nil {
			t.Fatal("what is no note was appended")
		}
	}
	if got := refusals(); got != 1 {
		t.Errorf("%d records, want 1", got)
	}
	n.Clock.Advance(2 * time.Minute)
	if _, err := n.Gate.AppendEntry(t.Context(), who, api.Append{Parcels: []api.Parcel{{Header: forged}}}); err == nil {
		t.Fatal("what is no note was appended")
	}
	if last := records(t, n, 1)[0]; last.Count != 3 {
		t.Errorf("the second record stands for %d, want 3", last.Count)
	}
}

// A session that was left open is not enough to take somebody's keys from her.
func TestStaleSessionReplacesNoKeys(t *testing.T) {
	n := varcotest.New(t)
	alba := callerOf(t, n, "alba-operatrice")
	k, err := n.Gate.Keyring(t.Context(), alba)
	if err != nil {
		t.Fatal(err)
	}
	alba.AuthenticatedAt = n.Clock.Now().Add(-time.Hour)
	if _, err := n.Gate.PutKeyring(t.Context(), alba, nextKeyring(k)); fault.KindOf(err) != fault.FreshRequired {
		t.Errorf("replacing a keyring in an old session: %v", err)
	}
}

// More readers than connections, at the first use of every statement, end.
func TestManyFirstReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "varco.db")
	if err := store.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path, store.Options{Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			err := s.Read(t.Context(), func(tx *store.Tx) error {
				_, _, err := tx.Organisation(ids.Organisation(fmt.Sprint(i)))
				time.Sleep(time.Millisecond)
				if err == nil {
					_, _, err = tx.Case("c")
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
