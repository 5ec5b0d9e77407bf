package store_test

import (
	"crypto/rand"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
	"varco/internal/thread"
)

func write(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// What is kept is read as it was: every byte, nothing for nothing, numbers to their ends.
func TestValues(t *testing.T) { storetest.Each(t, values) }

func values(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	centre, id, cs := ids.NewOrganisation(rand.Reader), ids.NewThread(rand.Reader), ids.NewCase(rand.Reader)
	entry := func(sequence int64, body []byte) store.Entry {
		return store.Entry{ID: ids.NewEntry(rand.Reader), Thread: id, Sequence: sequence, Author: ids.NewPerson(rand.Reader),
			Header: "perché? 'sì'; -- \\ $1 ?\n", Hash: all[:32], Cards: []byte{}, Body: body, Size: 1 << 62, Receipt: "r", Leaf: sequence,
			AtMS: -1 << 62}
	}
	entries := []store.Entry{entry(0, nil), entry(1, all), entry(2, []byte{})}
	entries[1].Size, entries[2].Size = 0, 1
	body := centre
	refuge := store.Organisation{ID: ids.NewOrganisation(rand.Reader), Kind: act.Centre, Body: &body, NameSealed: all}
	write(t, s, func(tx *store.Tx) error {
		err := errors.Join(tx.PutOrganisation(store.Organisation{ID: centre, Kind: act.Centre, NameSealed: []byte{0}}),
			tx.PutOrganisation(refuge), tx.PutCase(store.Case{ID: cs, Centre: centre}),
			tx.PutThread(cs, thread.State{Thread: id}, act.SeatHolder))
		for _, e := range entries {
			err = errors.Join(err, tx.PutEntry(e, []store.Grant{{Entry: e.ID, Person: e.Author, Epoch: 1, Sealed: all}}))
		}
		return err
	})
	read(t, s, func(tx *store.Tx) error {
		got, err := tx.Entries(id, 0, 9)
		if diff := cmp.Diff(entries, got, cmpopts.EquateEmpty()); diff != "" || (got[0].Body == nil) != true {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
		span, errSpan := tx.Span(id, 0, 9, math.MaxInt64)
		want := store.Span{Count: 3, Size: 1<<62 + 1, Head: all[:32]}
		if diff := cmp.Diff(want, span); diff != "" {
			t.Errorf("span (-want +got):\n%s", diff)
		}
		none, errNone := tx.Span(id, 7, 9, math.MaxInt64)
		if diff := cmp.Diff(store.Span{}, none); diff != "" {
			t.Errorf("span of nothing (-want +got):\n%s", diff)
		}
		o, _, errOne := tx.Organisation(refuge.ID)
		if diff := cmp.Diff(refuge, o); diff != "" {
			t.Errorf("organisation (-want +got):\n%s", diff)
		}
		c, _, errTwo := tx.Organisation(centre)
		if c.Body != nil {
			t.Errorf("a centre has the body %s", *c.Body)
		}
		edition, errThree := tx.Edition(centre)
		if edition != (store.Edition{}) {
			t.Errorf("edition of nothing: %v", edition)
		}
		return errors.Join(err, errSpan, errNone, errOne, errTwo, errThree)
	})
}

// Text is ordered by its bytes, whatever the database's language.
func TestOrder(t *testing.T) { storetest.Each(t, order) }

func order(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	want := []string{"A", "B", "Z", "a", "a-b", "a.b", "ab", "z", "ß", "à"}
	write(t, s, func(tx *store.Tx) (err error) {
		for _, url := range slices.Backward(want) {
			err = errors.Join(err, tx.PutIssuer(store.Issuer{URL: url}))
		}
		return err
	})
	read(t, s, func(tx *store.Tx) error {
		issuers, err := tx.Issuers()
		var got []string
		for _, i := range issuers {
			got = append(got, i.URL)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
		return err
	})
}

// Text that one of the databases has no place for is refused by both, the same way.
func TestTextWithoutPlace(t *testing.T) { storetest.Each(t, textWithoutPlace) }

func textWithoutPlace(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	for _, text := range []string{"a\x00b", "\xff", "\xed\xa0\x80"} {
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutIssuer(store.Issuer{URL: "x", Label: text}) }); fault.KindOf(err) != fault.Invalid {
			t.Errorf("writing %q: %v", text, err)
		}
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			_, _, err := tx.Account(text)
			return err
		}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("reading %q: %v", text, err)
		}
	}
}

// After a statement that failed nothing counts any more, also for a job that goes on as if
// nothing had happened, and the others in its batch don't notice.
func TestGoingOnAfterAnError(t *testing.T) { storetest.Each(t, goingOnAfterAnError) }

func goingOnAfterAnError(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	issuer := func(url string) func(*store.Tx) error {
		return func(tx *store.Tx) error { return tx.PutIssuer(store.Issuer{URL: url}) }
	}
	holding, release, answers := make(chan struct{}), make(chan struct{}), make(chan error, 3)
	go func() {
		answers <- s.Write(t.Context(), func(tx *store.Tx) error {
			close(holding)
			<-release
			return issuer("before")(tx)
		})
	}()
	<-holding
	failed := make(chan error, 1)
	go func() {
		failed <- s.Write(t.Context(), func(tx *store.Tx) error {
			_ = issuer("lost")(tx)
			_ = tx.PutPerson(store.Person{ID: ids.NewPerson(rand.Reader), Organisation: "nobody's"}) // breaks a reference
			_, _ = tx.Record(ledger.Record{Act: act.ThreadRead, Outcome: act.Allow})
			return nil
		})
	}()
	go func() { answers <- s.Write(t.Context(), issuer("after")) }()
	close(release)
	if err := <-failed; err == nil || fault.KindOf(err) != fault.Internal {
		t.Errorf("Write = %v, want the error of the statement", err)
	}
	if err := errors.Join(<-answers, <-answers); err != nil {
		t.Errorf("the others: %v", err)
	}
	read(t, s, func(tx *store.Tx) error {
		issuers, err := tx.Issuers()
		size, errSize := tx.Size()
		if len(issuers) != 2 || size != 0 {
			t.Errorf("%v and %d leaves are kept", issuers, size)
		}
		return errors.Join(err, errSize)
	})
	whole(t, s, 0)
}

// A snapshot stays as it was at its first statement, and what was written is read at once
// by whoever was told so.
func TestSnapshotStays(t *testing.T) { storetest.Each(t, snapshotStays) }

func snapshotStays(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	read(t, s, func(tx *store.Tx) error {
		before, err := tx.Size()
		if err != nil {
			return err
		}
		if _, err := record(s, t.Context(), ""); err != nil {
			return err
		}
		after, err := tx.Size()
		if before != 0 || after != 0 {
			t.Errorf("the snapshot had %d leaves and then %d", before, after)
		}
		read(t, s, func(tx *store.Tx) error {
			if size, err := tx.Size(); err != nil || size != 1 {
				t.Errorf("a new snapshot has %d leaves: %v", size, err)
			}
			return nil
		})
		return err
	})
}

// Everything that is said of one name is said by the last one to say it.
func TestReplacing(t *testing.T) { storetest.Each(t, replacing) }

func replacing(t *testing.T, kind storetest.Kind) {
	s := newStore(t, kind)
	hash, person, centre := note.Hash{1}, ids.NewPerson(rand.Reader), ids.NewOrganisation(rand.Reader)
	write(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.PutOrganisation(store.Organisation{ID: centre, Kind: act.Centre, NameSealed: []byte{0}}),
			tx.PutPerson(store.Person{ID: person, Organisation: centre}), tx.PutName(hash, []byte("one")),
			tx.PutName(hash, []byte("two")), tx.PutSigning(hash, []byte("sealed"), tx.Now.Add(time.Hour)))
	})
	write(t, s, func(tx *store.Tx) error {
		for _, put := range []struct {
			version int64
			keep    bool
			want    []int64
		}{{1, false, []int64{1}}, {2, true, []int64{1, 2}}, {3, true, []int64{1, 2, 3}}, {4, false, []int64{4}}, {5, true, []int64{4, 5}}} {
			k := store.Keyring{Version: put.version, File: []byte{byte(put.version)},
				Locks: []store.Lock{{ID: "l", Kind: "phrase", File: []byte{byte(put.version)}}}}
			if err := tx.PutKeyring(person, k, put.keep); err != nil {
				return err
			}
			all, err := tx.Keyrings(person)
			if err != nil {
				return err
			}
			var versions []int64
			for i, k := range all {
				versions = append(versions, k.Version)
				if (k.ReplacedAtMS == nil) != (i == len(all)-1) || k.ReplacedAtMS != nil && *k.ReplacedAtMS != tx.Now.UnixMilli() ||
					len(k.Locks) != 1 || k.File[0] != byte(k.Version) || k.Locks[0].File[0] != byte(k.Version) {
					t.Errorf("after version %d: %+v", put.version, k)
				}
			}
			if !slices.Equal(versions, put.want) {
				t.Errorf("after version %d: %v, want %v", put.version, versions, put.want)
			}
		}
		for _, want := range []bool{true, false} {
			sealed, found, err := tx.TakeSigning(hash)
			if err != nil || found != want || found && string(sealed) != "sealed" {
				t.Errorf("TakeSigning = %q, %t, %v, want %t", sealed, found, err, want)
			}
		}
		name, _, err := tx.Name(hash)
		if string(name) != "one" {
			t.Errorf("the name is %q", name)
		}
		return err
	})
}

// Whatever a connection string is, what is said of it repeats no password.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"varco.db", "postgres://varco@localhost/varco", "postgresql://a@db.example/varco?sslmode=verify-full",
		"postgres://%zz", "postgres:///x?host=/tmp&port=1", "postgres://[::1]:70000/x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, database string) {
		if err := store.Check(database); err != nil && store.IsFile(database) {
			t.Fatalf("a file: %v", err)
		}
		const password = "8f1c0e7a"
		err := store.Check("postgres://varco:" + password + "@" + database)
		if err == nil || strings.Contains(err.Error(), password) {
			t.Fatalf("a password: %v", err)
		}
	})
}
