package checkpoint_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
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
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

const origin = "log.example/one"

var start = time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "varco.db")
	if err := store.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path, store.Options{Now: func() time.Time { return start }, Rand: rand.Reader})
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
		all, err := tx.Checkpoints(1 << 40)
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
		{time.Second, 0, []int64{2}}, // ten seconds after it was seen, for both
		{time.Hour, 0, []int64{2}},   // and none while nothing happens
		{time.Hour, 1, []int64{2}},
		{-time.Hour, 1, []int64{2}}, // the clock is set back: it settles anew
		{9 * time.Second, 0, []int64{2}},
		{time.Second, 0, []int64{2, 4}},
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
	if diff := cmp.Diff([]int64{2, 4, 5}, sizes(t, s, verifier)); diff != "" {
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
	if diff := cmp.Diff([]int64{1}, sizes(t, s, verifier)); diff != "" {
		t.Errorf("checkpoints (-want +got):\n%s", diff)
	}
	if got := strings.Count(log.String(), "the key is away"); got != 2 {
		t.Errorf("%d failures are logged, want 2:\n%s", got, log.String())
	}
}
