package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
)

// What follows holds on both kinds of database.

// open migrates and opens a database, with a clock that the test moves.
func open(t testing.TB, database string, now func() time.Time) *store.Store {
	t.Helper()
	if err := store.Migrate(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), database, store.Options{Now: now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newStore(t testing.TB, kind storetest.Kind) *store.Store {
	t.Helper()
	s := open(t, kind.New(t), time.Now)
	t.Cleanup(func() { closing(t, s) })
	return s
}

func closing(t testing.TB, s *store.Store) {
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func record(s *store.Store, ctx context.Context, object ids.Thread) (leaf int64, err error) {
	err = s.Write(ctx, func(tx *store.Tx) error {
		leaf, err = tx.Record(ledger.Record{Act: act.ThreadRead, Outcome: act.Allow, Object: string(object)})
		return err
	})
	return leaf, err
}

// whole recomputes the tree from its leaves and compares it with what is stored.
func whole(t testing.TB, s *store.Store, size int64) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *store.Tx) error {
		leaves, err := tx.Leaves(0, size+1)
		if err != nil {
			return err
		}
		if int64(len(leaves)) != size {
			return fmt.Errorf("%d leaves, want %d", len(leaves), size)
		}
		var edge ledger.Edge
		last := time.Time{}
		for i, l := range leaves {
			if l.Index != int64(i) {
				return fmt.Errorf("leaf %d at place %d", l.Index, i)
			}
			if got := ledger.Commit([32]byte(l.Salt), *l.Text); got != l.Hash() {
				return fmt.Errorf("leaf %d does not commit to its record", i)
			}
			r, err := ledger.ParseRecord(*l.Text)
			if err != nil {
				return err
			}
			if r.At.Before(last) {
				return fmt.Errorf("leaf %d is older than the one before", i)
			}
			last = r.At
			if _, _, _, err := edge.Append(l.Hash()); err != nil {
				return err
			}
		}
		stored, err := tlog.TreeHash(size, tx.Hashes())
		if err != nil {
			return err
		}
		if stored != edge.Root() {
			return errors.New("the stored tree is not that of the leaves")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Many writers at once, some of which fail: every acknowledged record is there, every
// failed one is not, and the tree is gapless.
func TestGroupCommit(t *testing.T) { storetest.Each(t, groupCommit) }

func groupCommit(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	boom := errors.New("boom")
	var wg sync.WaitGroup
	var mu sync.Mutex
	leaves := map[int64]bool{}
	for w := range 16 {
		wg.Go(func() {
			for i := range 30 {
				var leaf int64
				err := s.Write(t.Context(), func(tx *store.Tx) error {
					var err error
					if leaf, err = tx.Record(ledger.Record{Act: act.ThreadRead, Outcome: act.Allow}); err != nil {
						return err
					}
					switch (w + i) % 5 {
					case 0:
						return boom
					case 1:
						panic("a job that panics")
					}
					return nil
				})
				switch (w + i) % 5 {
				case 0:
					if !errors.Is(err, boom) {
						t.Errorf("Write = %v, want boom", err)
					}
				case 1:
					if fault.KindOf(err) != fault.Internal || err == nil {
						t.Errorf("Write = %v, want an internal error", err)
					}
				default:
					if err != nil {
						t.Errorf("Write: %v", err)
					}
					mu.Lock()
					if leaves[leaf] {
						t.Errorf("leaf %d was acknowledged twice", leaf)
					}
					leaves[leaf] = true
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	for i := range int64(len(leaves)) {
		if !leaves[i] {
			t.Fatalf("leaf %d is missing", i)
		}
	}
	whole(t, s, int64(len(leaves)))
}

// A second process on the same database: each appends after what the other has appended.
func TestTwoWriters(t *testing.T) { storetest.Each(t, twoWriters) }

func twoWriters(t *testing.T, kind storetest.Kind) {
	database := kind.New(t)
	one, two := open(t, database, time.Now), open(t, database, time.Now)
	t.Cleanup(func() { closing(t, one) })
	t.Cleanup(func() { closing(t, two) })
	var wg sync.WaitGroup
	for _, s := range []*store.Store{one, two} {
		wg.Go(func() {
			for range 40 {
				if _, err := record(s, t.Context(), ids.NewThread(rand.Reader)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	whole(t, one, 80)
	whole(t, two, 80)
}

// Time in the ledger never goes back, also over a restart, whatever the clock does.
func TestTimeNeverGoesBack(t *testing.T) { storetest.Each(t, timeNeverGoesBack) }

func timeNeverGoesBack(t *testing.T, kind storetest.Kind) {
	database := kind.New(t)
	now := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	s := open(t, database, clock)
	for _, step := range []time.Duration{time.Hour, -2 * time.Hour, time.Minute} {
		now = now.Add(step)
		if _, err := record(s, t.Context(), ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(-24 * time.Hour)
	s = open(t, database, clock)
	t.Cleanup(func() { closing(t, s) })
	if _, err := record(s, t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	whole(t, s, 4)
}

func TestReopenedTreeGrowsOn(t *testing.T) { storetest.Each(t, reopenedTreeGrowsOn) }

func reopenedTreeGrowsOn(t *testing.T, kind storetest.Kind) {
	database := kind.New(t)
	for size := int64(1); size <= 9; size++ {
		s := open(t, database, time.Now)
		if leaf, err := record(s, t.Context(), ""); err != nil || leaf != size-1 {
			t.Fatalf("record = %d, %v, want %d", leaf, err, size-1)
		}
		whole(t, s, size)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestServingNeverMakesADatabase(t *testing.T) { storetest.Each(t, servingNeverMakesADatabase) }

func servingNeverMakesADatabase(t *testing.T, kind storetest.Kind) {
	database := kind.New(t)
	for range 2 { // the first leaves nothing for the second
		s, err := store.Open(t.Context(), database, store.Options{Now: time.Now, Rand: rand.Reader})
		if err == nil {
			closing(t, s)
			t.Fatal("a database that is not there was opened")
		}
		if store.IsFile(database) {
			if _, err := os.Stat(database); err == nil {
				t.Fatal("a file was made")
			}
		} else if got := schemaOf(t, database); len(got) > 0 {
			t.Fatalf("tables were made: %v", got)
		}
	}
}

func TestSnapshotCantBeWritten(t *testing.T) { storetest.Each(t, snapshotCantBeWritten) }

func snapshotCantBeWritten(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	err := s.Read(t.Context(), func(tx *store.Tx) error {
		return tx.PutName(note.Hash{1}, []byte("x"))
	})
	if err == nil {
		t.Fatal("a snapshot was written")
	}
	err = s.Read(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Record(ledger.Record{Act: act.ThreadRead, Outcome: act.Allow})
		return err
	})
	if fault.KindOf(err) != fault.Internal || err == nil {
		t.Fatalf("Record in a snapshot = %v", err)
	}
}

// A caller who has gone is not written for, and costs the others nothing.
func TestCancelledCaller(t *testing.T) { storetest.Each(t, cancelledCaller) }

func cancelledCaller(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := record(s, ctx, ""); fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("Write after cancellation = %v", err)
	}
	if leaf, err := record(s, t.Context(), ""); err != nil || leaf != 0 {
		t.Fatalf("record = %d, %v", leaf, err)
	}
}
