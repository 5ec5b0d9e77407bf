package ledger_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/ledger"
)

// sizes of the trees that proofs are made for: all small ones, and around powers of two.
func sizes() []int64 {
	all := []int64{100, 127, 128, 129, 255, 256, 257}
	for size := range int64(35) {
		all = append(all, size)
	}
	return all
}

// roots grows a tree and returns its root at each size.
func roots(t testing.TB, size int64) (*tree, []tlog.Hash) {
	t.Helper()
	var e ledger.Edge
	tr := new(tree)
	all := []tlog.Hash{e.Root()}
	for n := range size {
		tr.grow(t, &e, n+1)
		all = append(all, e.Root())
	}
	return tr, all
}

func raw(hashes []tlog.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}

func TestInclusion(t *testing.T) {
	tr, root := roots(t, 257)
	for _, size := range sizes() {
		for index := range size {
			leaf := ledger.LeafHash(commitment(index))
			p, err := ledger.ProveInclusion(size, index, tr)
			if err != nil {
				t.Fatal(err)
			}
			if err := ledger.CheckInclusion(p, size, root[size], index, leaf); err != nil {
				t.Fatal(err)
			}
			// An independent library agrees.
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(size), leaf[:], raw(p),
				root[size][:]); err != nil {
				t.Fatalf("leaf %d of %d: %v", index, size, err)
			}
			refuseInclusion(t, p, size, root[size], index, leaf)
		}
	}
}

func refuseInclusion(t *testing.T, p tlog.RecordProof, size int64, root tlog.Hash, index int64, leaf tlog.Hash) {
	t.Helper()
	refuse := func(p tlog.RecordProof, size int64, root tlog.Hash, index int64, leaf tlog.Hash) {
		t.Helper()
		wantClass(t, ledger.CheckInclusion(p, size, root, index, leaf), fault.ClassProof)
	}
	refuse(p, size, root, index, ledger.LeafHash(commitment(index+1)))
	refuse(p, size, tlog.Hash{}, index, leaf)
	refuse(p, size, root, size, leaf)
	refuse(p, size, root, -1, leaf)
	refuse(append(slices.Clone(p), leaf), size, root, index, leaf)
	for i := range p {
		changed := slices.Clone(p)
		changed[i][0] ^= 1
		refuse(changed, size, root, index, leaf)
		refuse(slices.Delete(slices.Clone(p), i, i+1), size, root, index, leaf)
	}
}

func TestConsistency(t *testing.T) {
	tr, root := roots(t, 257)
	for _, size := range sizes() {
		for old := range size + 1 {
			p, err := ledger.ProveConsistency(size, old, tr)
			if err != nil {
				t.Fatal(err)
			}
			if err := ledger.CheckConsistency(p, size, root[size], old, root[old]); err != nil {
				t.Fatal(err)
			}
			if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(old), uint64(size), raw(p), root[old][:],
				root[size][:]); err != nil {
				t.Fatalf("%d of %d: %v", old, size, err)
			}
			refuseConsistency(t, p, size, root[size], old, root[old])
		}
	}
}

func refuseConsistency(t *testing.T, p tlog.TreeProof, size int64, root tlog.Hash, old int64, oldRoot tlog.Hash) {
	t.Helper()
	refuse := func(p tlog.TreeProof, size int64, root tlog.Hash, old int64, oldRoot tlog.Hash) {
		t.Helper()
		wantClass(t, ledger.CheckConsistency(p, size, root, old, oldRoot), fault.ClassProof)
	}
	refuse(p, size, root, old, tlog.Hash{})
	refuse(p, size, root, size+1, oldRoot)
	refuse(p, size, root, -1, oldRoot)
	refuse(append(slices.Clone(p), root), size, root, old, oldRoot)
	if old > 0 {
		refuse(p, size, tlog.Hash{}, old, oldRoot)
	}
	for i := range p {
		changed := slices.Clone(p)
		changed[i][0] ^= 1
		refuse(changed, size, root, old, oldRoot)
		refuse(slices.Delete(slices.Clone(p), i, i+1), size, root, old, oldRoot)
	}
}

// An empty log that claims a root is no beginning of anything, nor its end.
func TestConsistencyFromNothing(t *testing.T) {
	_, root := roots(t, 1)
	if err := ledger.CheckConsistency(nil, 0, root[0], 0, root[0]); err != nil {
		t.Fatal(err)
	}
	wantClass(t, ledger.CheckConsistency(nil, 0, root[1], 0, root[0]), fault.ClassProof)
	wantClass(t, ledger.CheckConsistency(nil, 1, root[1], 0, root[1]), fault.ClassProof)
}

// tlog loops for ever on sizes above 2⁶²: they must not reach it.
func TestEndlessSizes(t *testing.T) {
	_, root := roots(t, 1)
	none := tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, nil })
	for _, size := range []int64{math.MaxInt64, 1<<62 + 1, ledger.MaxSize + 1, math.MinInt64} {
		wantClass(t, ledger.CheckInclusion(tlog.RecordProof(root), size, root[1], 0, root[1]), fault.ClassProof)
		wantClass(t, ledger.CheckConsistency(tlog.TreeProof(root), size, root[1], 1, root[1]), fault.ClassProof)
		_, err := ledger.ProveInclusion(size, 0, none)
		wantClass(t, err, fault.ClassProof)
		_, err = ledger.ProveConsistency(size, 1, none)
		wantClass(t, err, fault.ClassProof)
	}
}

func TestProveRefuses(t *testing.T) {
	tr, _ := roots(t, 5)
	for _, index := range []int64{-1, 5, 6} {
		_, err := ledger.ProveInclusion(5, index, tr)
		wantClass(t, err, fault.ClassProof)
	}
	for _, old := range []int64{-1, 6} {
		_, err := ledger.ProveConsistency(5, old, tr)
		wantClass(t, err, fault.ClassProof)
	}
	errRead := errors.New("the database is closed")
	closed := tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, errRead })
	if _, err := ledger.ProveInclusion(5, 1, closed); fault.KindOf(err) != fault.Internal || !errors.Is(err, errRead) {
		t.Errorf("ProveInclusion: %v", err)
	}
	if _, err := ledger.ProveConsistency(5, 3, closed); fault.KindOf(err) != fault.Internal || !errors.Is(err, errRead) {
		t.Errorf("ProveConsistency: %v", err)
	}
}
