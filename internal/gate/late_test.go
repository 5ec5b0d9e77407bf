package gate_test

import (
	"crypto/rand"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"varco/internal/fault"
	"varco/internal/gate"
	"varco/internal/store"
)

// A conflict that can't be recorded is no answer.
func TestConflictIsRecorded(t *testing.T) {
	n, _ := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	stored, err := n.Gate.Keyring(t.Context(), alba)
	if err != nil {
		t.Fatal(err)
	}
	keys := nextKeyring(stored)
	keys.Version--
	for name, c := range map[string]struct {
		rand io.Reader // of the salts of records
		want fault.Kind
	}{"recorded": {rand.Reader, fault.Conflict}, "not recorded": {iotest.ErrReader(errors.New("no salt")), fault.Internal}} {
		s, err := store.Open(t.Context(), n.Database, store.Options{Now: n.Clock.Now, Rand: c.rand})
		if err != nil {
			t.Fatal(err)
		}
		parts := n.Gate.Parts
		parts.Store = s
		door, err := gate.New(parts)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := door.PutKeyring(t.Context(), alba, keys); fault.KindOf(err) != c.want {
			t.Errorf("%s: %v, want kind %s", name, err, c.want)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
