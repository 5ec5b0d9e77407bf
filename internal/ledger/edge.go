package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/note"
)

const (
	levels = 48

	// MaxSize is the greatest number of leaves of a log. At a hundred thousand records a
	// second it lasts for ninety years. Every size that comes from outside is held
	// against it, since tlog loops for ever on one above 2⁶².
	MaxSize int64 = 1<<levels - 1
)

// Edge is the right edge of the tree: the roots of the perfect subtrees that its leaves
// fill, at most one at each level. It is all that appending needs, so appending reads
// nothing. The zero Edge is that of the empty tree.
//
// An Edge is a plain value. The writer copies it where it sets a savepoint and puts the
// copy back where it rolls back; two Edges of the same tree are equal by ==.
type Edge struct {
	size int64
	full [levels]tlog.Hash // full[l] is set where size has bit l, and zero elsewhere
}

// LoadEdge reads the right edge of the tree with size leaves from its stored hashes.
// Whether they are the right ones the caller learns by comparing Root with a checkpoint.
func LoadEdge(size int64, r tlog.HashReader) (Edge, error) {
	if size < 0 || size > MaxSize {
		return Edge{}, fault.New(fault.Internal, "loading the tree's edge: %d leaves", size)
	}
	e := Edge{size: size}
	var indexes []int64
	for level := levels - 1; level >= 0; level-- {
		if e.has(level) {
			indexes = append(indexes, e.index(level))
		}
	}
	hashes, err := r.ReadHashes(indexes)
	if err != nil {
		return Edge{}, fault.Wrap(fault.Internal, err, "loading the tree's edge")
	}
	if len(hashes) != len(indexes) {
		return Edge{}, fault.New(fault.Internal, "loading the tree's edge: %d hashes, want %d", len(hashes), len(indexes))
	}
	for level := levels - 1; level >= 0; level-- {
		if e.has(level) {
			e.full[level], hashes = hashes[0], hashes[1:]
		}
	}
	return e, nil
}

// Size is the number of leaves.
func (e *Edge) Size() int64 { return e.size }

// Root is the root of the tree (RFC 6962 section 2.1).
func (e *Edge) Root() tlog.Hash {
	root, err := tlog.TreeHash(e.size, tlog.HashReaderFunc(e.read))
	if err != nil {
		panic("internal error: hashing the tree's edge: " + err.Error())
	}
	return root
}

// Append adds a leaf. It returns the leaf's index, and the hashes to store, the first of
// them at firstStored and the others after it (see tlog.StoredHashIndex). It does no I/O,
// and after an error the edge is as it was.
func (e *Edge) Append(commitment note.Hash) (index int64, stored []tlog.Hash, firstStored int64, err error) {
	if e.size >= MaxSize {
		return 0, nil, 0, fault.New(fault.Internal, "appending a leaf: the log is full")
	}
	index = e.size
	stored, err = tlog.StoredHashesForRecordHash(index, LeafHash(commitment), tlog.HashReaderFunc(e.read))
	if err != nil {
		return 0, nil, 0, fault.Wrap(fault.Internal, err, "appending a leaf")
	}
	// The leaf and the subtrees below the top one that it completes are parts of that one.
	top := len(stored) - 1
	clear(e.full[:top])
	e.full[top] = stored[top]
	e.size++
	return index, stored, tlog.StoredHashIndex(0, index), nil
}

// has reports whether a perfect subtree of 2^level leaves is on the edge.
func (e *Edge) has(level int) bool { return e.size>>level&1 == 1 }

// index is where the hash of the edge's subtree at level is stored.
func (e *Edge) index(level int) int64 { return tlog.StoredHashIndex(level, e.size>>level-1) }

// read answers tlog, which asks for subtrees of the edge and for nothing else.
func (e *Edge) read(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, _ := tlog.SplitStoredHashIndex(index)
		if level >= levels || !e.has(level) || e.index(level) != index {
			return nil, fmt.Errorf("reading the stored hash %d: not on the edge of %d leaves", index, e.size)
		}
		hashes[i] = e.full[level]
	}
	return hashes, nil
}
