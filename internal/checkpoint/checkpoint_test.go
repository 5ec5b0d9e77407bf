package checkpoint_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/card/cardtest"
	"varco/internal/checkpoint"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/witness"
)

const origin = "log.example/one"

var start = time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	return openStoreAt(t, func() time.Time { return start })
}

func openStoreAt(t *testing.T, now func() time.Time) *store.Store {
	t.Helper()
	return openStoreWith(t, store.Options{Now: now, Rand: rand.Reader})
}

func openStoreWith(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "varco.db")
	if err := store.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func grow(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Record(ledger.Record{Act: act.PolicyLoad, Outcome: act.Allow})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sizes verifies all checkpoints and returns their sizes.
func sizes(t *testing.T, s *store.Store, v note.Verifier) []int64 {
	t.Helper()
	got := []int64{}
	err := s.Read(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Checkpoints(0, 1<<40, 1000)
		for _, c := range all {
			opened, err := ledger.OpenCheckpoint([]byte(c.Note), origin, v)
			if err != nil {
				return err
			}
			root, err := tlog.TreeHash(c.Size, tx.Hashes())
			if err != nil {
				return err
			}
			if opened.Size != c.Size || opened.Root != root {
				t.Errorf("the checkpoint of %d says %+v, want the root %v", c.Size, opened, root)
			}
			got = append(got, c.Size)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestLook(t *testing.T) {
	s := openStore(t)
	signer, verifier := note.NewSigner(origin, cardtest.Key(origin)), cardtest.Public(origin).Verifier(origin)
	now := start
	k := &checkpoint.Keeper{Store: s, Now: func() time.Time { return now }, Settle: 10 * time.Second,
		Sign: func(size int64, root tlog.Hash) ([]byte, error) {
			return ledger.SignCheckpoint(origin, size, root, signer)
		}}
	for i, step := range []struct {
		after time.Duration
		grows int
		want  []int64
	}{
		{0, 0, []int64{}}, // nothing to say of an empty log
		{time.Hour, 0, []int64{}},
		{time.Second, 1, []int64{}},
		{9 * time.Second, 1, []int64{}},
		{time.Second, 0, []int64{3}},      // ten seconds after it was seen, for both and the heads
		{50 * time.Minute, 0, []int64{3}}, // and none while nothing happens
		{time.Hour, 1, []int64{3}},        // heads again
		{-time.Hour, 1, []int64{3}},       // the clock is set back: heads at once, and it settles anew
		{9 * time.Second, 0, []int64{3}},
		{time.Second, 0, []int64{3, 7}},
	} {
		now = now.Add(step.after)
		for range step.grows {
			grow(t, s)
		}
		if err := k.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, sizes(t, s, verifier)); diff != "" {
			t.Errorf("step %d (-want +got):\n%s", i, diff)
		}
	}
	grow(t, s)
	for range 2 {
		if err := k.SignNow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]int64{3, 7, 8}, sizes(t, s, verifier)); diff != "" {
		t.Errorf("at once (-want +got):\n%s", diff)
	}
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(b)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// What fails is logged, tried again, and forgotten when it works.
func TestRun(t *testing.T) {
	s := openStore(t)
	signer, verifier := note.NewSigner(origin, cardtest.Key(origin)), cardtest.Public(origin).Verifier(origin)
	grow(t, s)
	var log safeBuffer
	failures := 2
	signed := make(chan struct{})
	k := &checkpoint.Keeper{Store: s, Now: time.Now, Settle: time.Nanosecond, Every: time.Millisecond,
		Log: slog.New(slog.NewTextHandler(&log, nil)),
		Sign: func(size int64, root tlog.Hash) ([]byte, error) {
			if failures--; failures >= 0 {
				return nil, errors.New("the key is away")
			}
			defer close(signed)
			return ledger.SignCheckpoint(origin, size, root, signer)
		}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k.Run(ctx)
	}()
	<-signed
	cancel()
	<-ended
	if diff := cmp.Diff([]int64{2}, sizes(t, s, verifier)); diff != "" {
		t.Errorf("checkpoints (-want +got):\n%s", diff)
	}
	if got := strings.Count(log.String(), "the key is away"); got != 2 {
		t.Errorf("%d failures are logged, want 2:\n%s", got, log.String())
	}
}

// Heads that were read long ago would be called a lie by every verifier: they are read again.
func TestHeadsThatTakeLong(t *testing.T) {
	now, s := start, (*store.Store)(nil)
	var meanwhile func()
	s = openStoreWith(t, store.Options{Now: func() time.Time { return now }, Rand: rand.Reader, Trace: func(statement string) {
		if meanwhile != nil && strings.Contains(statement, "FROM threads") {
			do := meanwhile
			meanwhile = nil
			do()
		}
	}})
	grow(t, s)
	k := &checkpoint.Keeper{Store: s, Now: func() time.Time { return now }}

	for _, test := range []struct {
		grows int
		takes time.Duration
		late  bool
	}{
		{0, time.Hour, false}, // nothing is newer
		{1, ledger.MaxHeadsAge, false},
		{1, ledger.MaxHeadsAge + time.Millisecond, true},
		{0, 0, false},
	} {
		meanwhile = func() {
			for range test.grows {
				grow(t, s)
			}
			now = now.Add(test.takes)
		}
		err := k.RecordHeads(t.Context())
		if late := err != nil && fault.KindOf(err) == fault.Unavailable; late != test.late || err != nil && !late {
			t.Errorf("%d more, %s later: %v", test.grows, test.takes, err)
		}
		if meanwhile != nil {
			t.Error("no heads were read")
		}
	}
}

// The heads are recorded each hour, also when nobody asks for anything: so the log shows that it lives.
func TestHourly(t *testing.T) {
	now := start
	s := openStoreAt(t, func() time.Time { return now })
	signer := note.NewSigner(origin, cardtest.Key(origin))
	k := &checkpoint.Keeper{Store: s, Now: func() time.Time { return now }, Sign: func(size int64, root tlog.Hash) ([]byte, error) {
		return ledger.SignCheckpoint(origin, size, root, signer)
	}}
	look := func(last time.Time) {
		for ; !now.After(last); now = now.Add(5 * time.Second) {
			if err := k.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	look(start.Add(3 * time.Hour)) // a ledger that has not begun has no life to show
	grow(t, s)
	begun := now
	look(begun.Add(24 * time.Hour))
	var kept []store.Checkpoint
	var hourly []store.Leaf
	if err := s.Read(t.Context(), func(tx *store.Tx) (err error) {
		if kept, err = tx.Checkpoints(0, 1<<40, 1000); err != nil {
			return err
		}
		hourly, err = tx.Search(store.Search{Act: string(act.Heads), Limit: 1000})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(hourly) < 24 || len(hourly) > 27 || len(kept) != len(hourly) {
		t.Errorf("%d records of heads and %d checkpoints in a day", len(hourly), len(kept))
	}
	for i := 1; i < len(kept); i++ {
		if gap := kept[i].At().Sub(kept[i-1].At()); gap > time.Hour {
			t.Errorf("%s between two checkpoints", gap)
		}
	}
}

// Witnesses cosign the newest checkpoint; who is away is asked again, and nobody waits.
func TestWitness(t *testing.T) {
	now := start
	s := openStoreAt(t, func() time.Time { return now })
	signer, verifier := note.NewSigner(origin, cardtest.Key(origin)), cardtest.Public(origin).Verifier(origin)
	logKey := note.VerifierKey(origin, cardtest.Public(origin))
	quorum, away := "", map[string]bool{}
	var mu sync.Mutex
	for _, name := range []string{"b.example", "a.example", "c.example"} {
		folder := filepath.Join(t.TempDir(), name)
		vkey, err := witness.Create(folder, name, cardtest.Rand(name))
		if err != nil {
			t.Fatal(err)
		}
		if err := witness.Add(folder, logKey); err != nil {
			t.Fatal(err)
		}
		w, err := witness.Open(folder, func() time.Time { return start })
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if away[name] {
				out.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			w.ServeHTTP(out, r)
		}))
		t.Cleanup(func() { server.Close(); _ = w.Close() })
		quorum += "witness " + name + " " + vkey + " " + server.URL + "\n"
	}
	q, err := ledger.ParseQuorum(quorum + "group g 2 a.example b.example c.example\nquorum g\n")
	if err != nil {
		t.Fatal(err)
	}
	asker, err := witness.NewAsker(q, 0)
	if err != nil {
		t.Fatal(err)
	}
	k := &checkpoint.Keeper{Store: s, Now: func() time.Time { return now }, Asker: asker,
		Sign: func(size int64, root tlog.Hash) ([]byte, error) {
			return ledger.SignCheckpoint(origin, size, root, signer)
		}}
	for i, step := range []struct {
		away      []string
		grows     int
		by        int
		witnessed int64 // size of the newest that a quorum has cosigned
	}{
		{nil, 1, 3, 1},
		{[]string{"a.example"}, 3, 2, 4},
		{[]string{"a.example", "b.example"}, 1, 1, 4},
		{[]string{"b.example"}, 0, 2, 5}, // a comes back
		{nil, 0, 3, 5},
		{[]string{"a.example", "b.example", "c.example"}, 1, 0, 5},
		{nil, 100, 3, 106},
	} {
		mu.Lock()
		away = map[string]bool{}
		for _, name := range step.away {
			away[name] = true
		}
		mu.Unlock()
		for range step.grows {
			grow(t, s)
		}
		if err := k.SignNow(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := k.Witness(t.Context()); (err != nil) != (len(step.away) > 0) {
			t.Errorf("step %d: %v", i, err)
		}
		var latest, witnessed store.Checkpoint
		if err := s.Read(t.Context(), func(tx *store.Tx) (err error) {
			if latest, _, err = tx.LatestCheckpoint(); err != nil {
				return err
			}
			witnessed, _, err = tx.LatestWitnessed()
			return err
		}); err != nil {
			t.Fatal(err)
		}
		msg, err := latest.Cosigned()
		if err != nil {
			t.Fatal(err)
		}
		_, by, err := ledger.OpenCosigned([]byte(msg), origin, verifier, q)
		_, met := q.Witnessed(by)
		if err != nil || len(by) != step.by || met != (step.by >= 2) || witnessed.Size != step.witnessed {
			t.Errorf("step %d: by %v, %v; witnessed are %d leaves, want %d", i, by, err, witnessed.Size, step.witnessed)
		}
	}
}
