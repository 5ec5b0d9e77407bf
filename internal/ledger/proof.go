package ledger

import (
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
)

// emptyRoot is the root of the tree without leaves (RFC 6962 section 2.1).
var emptyRoot = new(Edge).Root()

// ProveInclusion proves that the tree with size leaves, whose stored hashes r reads, holds
// the leaf at index.
func ProveInclusion(size, index int64, r tlog.HashReader) (tlog.RecordProof, error) {
	if !within(index, size-1, MaxSize-1) {
		return nil, fault.Refuse(fault.ClassProof, "proving a leaf: no leaf %d among %d", index, size)
	}
	proof, err := tlog.ProveRecord(size, index, r)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "proving a leaf")
	}
	return proof, nil
}

// CheckInclusion checks that the tree with size leaves and the root holds leaf at index.
// The leaf is given by LeafHash.
func CheckInclusion(proof tlog.RecordProof, size int64, root tlog.Hash, index int64, leaf tlog.Hash) error {
	if !within(index, size-1, MaxSize-1) || tlog.CheckRecord(proof, size, root, index, leaf) != nil {
		return fault.Refuse(fault.ClassProof, "checking a leaf: %d is not proven to be among %d", index, size)
	}
	return nil
}

// ProveConsistency proves that the tree with size leaves, whose stored hashes r reads,
// begins with the old leaves of the tree as it was.
func ProveConsistency(size, old int64, r tlog.HashReader) (tlog.TreeProof, error) {
	if !within(old, size, MaxSize) {
		return nil, fault.Refuse(fault.ClassProof, "proving that a log grew: from %d to %d leaves", old, size)
	}
	if old == 0 {
		return tlog.TreeProof{}, nil // every tree begins with no leaves
	}
	proof, err := tlog.ProveTree(size, old, r)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "proving that a log grew")
	}
	return proof, nil
}

// CheckConsistency checks that the tree with size leaves and the root begins with the
// tree with old leaves and the root oldRoot.
func CheckConsistency(proof tlog.TreeProof, size int64, root tlog.Hash, old int64, oldRoot tlog.Hash) error {
	var proven bool
	switch {
	case !within(old, size, MaxSize):
	case old == 0:
		proven = len(proof) == 0 && oldRoot == emptyRoot && (size > 0 || root == emptyRoot)
	default:
		proven = tlog.CheckTree(proof, size, root, old, oldRoot) == nil
	}
	if !proven {
		return fault.Refuse(fault.ClassProof, "checking that a log grew: %d leaves are not proven to begin %d", old, size)
	}
	return nil
}

// within reports whether 0 ≤ small ≤ great ≤ limit.
func within(small, great, limit int64) bool { return 0 <= small && small <= great && great <= limit }
