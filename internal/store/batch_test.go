package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
)

var errUndone = errors.New("undone")

// Jobs that share a batch see what those before them have done, and nothing of one that was
// undone, however it was: also if it has read the ledger's records, which are written for all
// at once, and if its own writing fails after its last line.
func TestSharedBatch(t *testing.T) { storetest.Each(t, sharedBatch) }

func sharedBatch(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	thread := string(ids.NewThread(rand.Reader))
	jobs := []func(*store.Tx) error{
		func(*store.Tx) error { return nil },
		func(*store.Tx) error { return errUndone },
		func(tx *store.Tx) error { _, err := seen(tx, thread); return orUndone(err) },
		func(*store.Tx) error { panic("on purpose") },
		func(tx *store.Tx) error { return tx.PutPerson(store.Person{ID: "p-nobody", Organisation: "o-nowhere"}) }, // refers to none
		func(tx *store.Tx) error { // its own statement is ignored, and fails all the same
			_ = tx.PutPerson(store.Person{ID: "p-nobody", Organisation: "o-nowhere"})
			return nil
		},
		func(tx *store.Tx) error {
			n, err := seen(tx, thread)
			if err == nil && n == 0 {
				err = errors.New("its own record is not there")
			}
			return err
		},
	}
	answers, names := make([]error, 4*len(jobs)), make([]note.Hash, 4*len(jobs))
	holding, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { // occupies the writer while the others queue
		if err := s.Write(context.Background(), func(*store.Tx) error { close(holding); <-release; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-holding
	for i := range answers {
		_, _ = rand.Read(names[i][:]) // never fails
		all.Go(func() {
			answers[i] = s.Write(context.Background(), func(tx *store.Tx) error {
				if _, err := tx.Record(ledger.Record{Act: act.ThreadRead, Outcome: act.Allow, Object: thread, Hash: names[i]}); err != nil {
					return err
				}
				if i%3 > 0 { // some write nothing but their record
					if err := tx.PutName(names[i], []byte("x")); err != nil {
						return err
					}
				}
				return jobs[i%len(jobs)](tx)
			})
		})
	}
	time.Sleep(100 * time.Millisecond)
	close(release)
	all.Wait()
	var want []note.Hash
	for i, err := range answers {
		if done := i%len(jobs) == 0 || i%len(jobs) == 6; done != (err == nil) || fault.KindOf(err) == fault.Unavailable && err != nil {
			t.Errorf("job %d of kind %d: %v", i, i%len(jobs), err)
		} else if done {
			want = append(want, names[i])
		}
	}
	if err := s.Read(t.Context(), func(tx *store.Tx) error { return kept(tx, thread, names, want) }); err != nil {
		t.Error(err)
	}
	whole(t, s, int64(len(want)))
}

func orUndone(err error) error {
	if err != nil {
		return err
	}
	return errUndone
}

// seen is how many records of a thread's readings a transaction sees.
func seen(tx *store.Tx, thread string) (int, error) {
	leaves, err := tx.Readings(thread, string(act.ThreadRead), string(act.Allow), 1000)
	return len(leaves), err
}

// kept checks that the records are those of the names, and that no other name was kept.
func kept(tx *store.Tx, thread string, all, want []note.Hash) error {
	leaves, err := tx.Readings(thread, string(act.ThreadRead), string(act.Allow), 1000)
	if err != nil || len(leaves) != len(want) {
		return fmt.Errorf("%d records, want %d: %w", len(leaves), len(want), err)
	}
	for _, l := range leaves {
		r, err := ledger.ParseRecord(*l.Text)
		if err != nil || !slices.Contains(want, r.Hash) {
			return fmt.Errorf("the record of a job that was undone: %w", err)
		}
	}
	for i, name := range all {
		_, found, err := tx.Name(name)
		if err != nil || found != (i%3 > 0 && slices.Contains(want, name)) {
			return fmt.Errorf("name %d: %t, %w", i, found, err)
		}
	}
	return nil
}

// What a batch remembers of an organisation is forgotten when a job changes it, and when the
// change is undone.
func TestRememberedInABatch(t *testing.T) { storetest.Each(t, rememberedInABatch) }

func rememberedInABatch(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	id := ids.NewOrganisation(rand.Reader)
	province := func(tx *store.Tx, want string) error {
		o, _, err := tx.Organisation(id)
		if err == nil && o.Province != want {
			err = fmt.Errorf("the province is %q, want %q", o.Province, want)
		}
		return err
	}
	put := func(tx *store.Tx, province string) error {
		return tx.PutOrganisation(store.Organisation{ID: id, Kind: act.INPS, Province: province, NameSealed: []byte("x")})
	}
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		return errors.Join(province(tx, ""), put(tx, "MI"), province(tx, "MI"), put(tx, "TO"), province(tx, "TO"))
	}); err != nil {
		t.Error(err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := s.Write(t.Context(), func(tx *store.Tx) error {
				return orUndone(errors.Join(province(tx, "TO"), put(tx, "RM"), province(tx, "RM")))
			}); !errors.Is(err, errUndone) {
				t.Error(err)
			}
			if err := s.Write(t.Context(), func(tx *store.Tx) error { return province(tx, "TO") }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
