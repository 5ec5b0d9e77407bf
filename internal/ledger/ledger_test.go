package ledger_test

import (
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

const origin = "log.varco.example"

var admitted = time.Date(2026, 11, 22, 8, 0, 0, 123e6, time.UTC)

// source gives the same random bytes in every run of a test.
func source(seed uint64) *rand.ChaCha8 {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	return rand.NewChaCha8(key)
}

// key makes a key whose name is the origin, from a seed.
func key(t testing.TB, name string, seed byte) (note.Signer, note.Verifier) {
	t.Helper()
	private := ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed))
	public, ok := private.Public().(ed25519.PublicKey)
	if !ok {
		t.Fatal("no Ed25519 key")
	}
	checked, err := note.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return note.NewSigner(name, private), checked.Verifier(name)
}

// tree is the simplest store of a log: all its commitments and hashes in memory.
type tree struct {
	commitments []note.Hash
	stored      []tlog.Hash
}

// ReadHashes answers as a store does.
func (tr *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(tr.stored)) {
			return nil, fmt.Errorf("no hash is stored at %d", index)
		}
		hashes[i] = tr.stored[index]
	}
	return hashes, nil
}

func commitment(i int64) note.Hash { return note.Sum(fmt.Appendf(nil, "leaf %d", i)) }

// grow appends leaves until there are n, and checks where each goes.
func (tr *tree) grow(t testing.TB, e *ledger.Edge, n int64) {
	t.Helper()
	for e.Size() < n {
		c := commitment(e.Size())
		index, stored, first, err := e.Append(c)
		if err != nil {
			t.Fatalf("Append: %v", err)
		}
		if index != int64(len(tr.commitments)) || first != int64(len(tr.stored)) {
			t.Fatalf("Append put leaf %d at %d, want %d at %d", index, first, len(tr.commitments), len(tr.stored))
		}
		tr.commitments = append(tr.commitments, c)
		tr.stored = append(tr.stored, stored...)
	}
}

func wantClass(t *testing.T, err error, want fault.Class) {
	t.Helper()
	if err == nil || fault.ClassOf(err) != want || fault.KindOf(err) != fault.Refused {
		t.Errorf("got class %q, kind %q (%v), want class %q", fault.ClassOf(err), fault.KindOf(err), err, want)
	}
}
