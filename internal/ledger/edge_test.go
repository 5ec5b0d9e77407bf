package ledger_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// A random history of the writer: at each size some appends fail after a savepoint and are
// rolled back, then one stands. After each step the edge is the same as one computed from
// scratch, as one loaded from what was stored, and has the root of an independent library.
func TestEdgeHistory(t *testing.T) {
	rng := rand.New(source(5))
	var e ledger.Edge
	var tr tree
	independent := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	for size := int64(0); size <= 300; size++ {
		checkEdge(t, &e, &tr, size)
		if root := independentRoot(t, independent); e.Root() != root {
			t.Fatalf("%d leaves: Root = %s, want %s", size, e.Root(), root)
		}
		savepoint := e
		for range rng.IntN(9) {
			if _, _, _, err := e.Append(note.Sum([]byte{byte(rng.IntN(256))})); err != nil {
				t.Fatal(err)
			}
		}
		e = savepoint
		checkEdge(t, &e, &tr, size)
		tr.grow(t, &e, size+1)
		leaf := ledger.LeafHash(tr.commitments[size])
		if err := independent.Append(leaf[:], nil); err != nil {
			t.Fatal(err)
		}
		if e == savepoint || savepoint.Size() != size {
			t.Fatalf("appending to a copy changed the edge of %d leaves", size)
		}
	}
}

func checkEdge(t *testing.T, e *ledger.Edge, tr *tree, size int64) {
	t.Helper()
	scratch := new(tree)
	for i, c := range tr.commitments {
		hashes, err := tlog.StoredHashes(int64(i), c[:], scratch)
		if err != nil {
			t.Fatal(err)
		}
		scratch.stored = append(scratch.stored, hashes...)
	}
	want, err := tlog.TreeHash(size, scratch)
	if err != nil {
		t.Fatal(err)
	}
	if e.Size() != size || e.Root() != want {
		t.Fatalf("edge of %d leaves with root %s, want %d and %s", e.Size(), e.Root(), size, want)
	}
	loaded, err := ledger.LoadEdge(size, tr)
	if err != nil {
		t.Fatal(err)
	}
	if loaded != *e {
		t.Fatalf("the edge of %d leaves is not the same when it is loaded", size)
	}
}

func independentRoot(t *testing.T, r *compact.Range) tlog.Hash {
	t.Helper()
	if r.End() == 0 {
		return tlog.Hash(rfc6962.DefaultHasher.EmptyRoot())
	}
	root, err := r.GetRootHash(nil)
	if err != nil {
		t.Fatal(err)
	}
	return tlog.Hash(root)
}

func TestLoadEdgeFails(t *testing.T) {
	errRead := errors.New("the database is closed")
	for name, test := range map[string]struct {
		size int64
		read tlog.HashReaderFunc
	}{
		"negative": {-1, func([]int64) ([]tlog.Hash, error) { return nil, nil }},
		"too many": {ledger.MaxSize + 1, func(i []int64) ([]tlog.Hash, error) { return make([]tlog.Hash, len(i)), nil }},
		"too few":  {7, func(i []int64) ([]tlog.Hash, error) { return make([]tlog.Hash, len(i)-1), nil }},
		"reading":  {7, func([]int64) ([]tlog.Hash, error) { return nil, errRead }},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := ledger.LoadEdge(test.size, test.read)
			if fault.KindOf(err) != fault.Internal || e != (ledger.Edge{}) {
				t.Fatalf("LoadEdge = %d leaves, %v", e.Size(), err)
			}
			if name == "reading" && !errors.Is(err, errRead) {
				t.Fatalf("LoadEdge hides its cause: %v", err)
			}
		})
	}
}

func TestFullLogStaysAsItWas(t *testing.T) {
	same := tlog.HashReaderFunc(func(i []int64) ([]tlog.Hash, error) { return make([]tlog.Hash, len(i)), nil })
	e, err := ledger.LoadEdge(ledger.MaxSize, same)
	if err != nil {
		t.Fatal(err)
	}
	before := e
	if _, _, _, err := e.Append(commitment(1)); fault.KindOf(err) != fault.Internal || e != before {
		t.Fatalf("Append to a full log: %v", err)
	}
	// The last leaf before that finds every level in its place.
	if e, err = ledger.LoadEdge(ledger.MaxSize-1, same); err != nil {
		t.Fatal(err)
	}
	if index, stored, _, err := e.Append(commitment(1)); err != nil || index != ledger.MaxSize-1 || len(stored) != 1 {
		t.Fatalf("Append = %d with %d hashes, %v", index, len(stored), err)
	}
}

func BenchmarkEdgeAppend(b *testing.B) {
	var e ledger.Edge
	c := commitment(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := e.Append(c); err != nil {
			b.Fatal(err)
		}
	}
}

// One act of the writer: a savepoint, a salted leaf, and the hashes to store.
func BenchmarkEdgeSavepointCommitAppend(b *testing.B) {
	text, err := full().Text()
	if err != nil {
		b.Fatal(err)
	}
	var e, savepoint ledger.Edge
	var salt [32]byte
	b.ReportAllocs()
	for b.Loop() {
		savepoint = e
		if _, _, _, err := e.Append(ledger.Commit(salt, text)); err != nil {
			b.Fatal(err)
		}
	}
	if savepoint.Size() >= e.Size() {
		b.Fatal("the savepoint grew with the edge")
	}
}

func BenchmarkEdgeRoot(b *testing.B) {
	e, err := ledger.LoadEdge(1<<24-1, tlog.HashReaderFunc(func(i []int64) ([]tlog.Hash, error) {
		return make([]tlog.Hash, len(i)), nil
	}))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		e.Root()
	}
}
