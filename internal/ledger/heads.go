package ledger

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/note"
)

// MaxHeadsAge is how old the first record may be that recorded heads leave out: heads that are
// recorded late would let a service hide what is newer, and call it proven.
const MaxHeadsAge = time.Minute

// Head is how far something has come that only grows: a thread or an organisation's rosters.
type Head struct {
	Object string    // identifier of the thread, or of the organisation
	Next   int64     // entries of the thread; version of the newest roster
	Hash   note.Hash // of the thread's last header; of the newest roster
}

// Line is what a Head's leaf in the tree of heads hashes.
func (h Head) Line() string { return fmt.Sprintf("head %s %d %s\n", h.Object, h.Next, h.Hash) }

func (h Head) leaf() tlog.Hash { return tlog.RecordHash([]byte(h.Line())) }

// Heads are all heads at one moment: a tree of its own, whose root a record of the log holds.
// Who is shown one head with its proof knows that everybody who asked was shown the same, and
// a verifier, who has seen all that grew, that it was the newest.
type Heads struct {
	heads  []Head // in order of Object
	stored []tlog.Hash
}

// NewHeads makes the tree of heads, at most one of each object.
func NewHeads(heads []Head) (*Heads, error) {
	h := &Heads{heads: slices.SortedFunc(slices.Values(heads), func(a, b Head) int { return strings.Compare(a.Object, b.Object) })}
	for i, head := range h.heads {
		if i > 0 && head.Object == h.heads[i-1].Object {
			return nil, fault.New(fault.Internal, "making the tree of heads: two of %s", head.Object)
		}
		stored, err := tlog.StoredHashesForRecordHash(int64(i), head.leaf(), h)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "making the tree of heads")
		}
		h.stored = append(h.stored, stored...)
	}
	return h, nil
}

// ReadHashes reads the tree's stored hashes, for tlog.
func (h *Heads) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(h.stored)) {
			return nil, fmt.Errorf("reading the tree of heads: no stored hash %d", at)
		}
		hashes[i] = h.stored[at]
	}
	return hashes, nil
}

// Size is how many heads there are.
func (h *Heads) Size() int64 { return int64(len(h.heads)) }

// Root is the root of the tree (RFC 6962 section 2.1).
func (h *Heads) Root() (note.Hash, error) {
	root, err := tlog.TreeHash(h.Size(), h)
	if err != nil {
		return note.Hash{}, fault.Wrap(fault.Internal, err, "hashing the tree of heads")
	}
	return note.Hash(root), nil
}

// Recorded are heads with the record that says so.
type Recorded struct {
	*Heads

	At    time.Time // of the record
	Leaf  int64     // of the record
	Until int64     // what the leaves before it say, the heads are of
}

// Placed is a head with its proof in a tree of heads.
type Placed struct {
	Head
	Position, Size int64       // in order of the objects' identifiers; heads in the tree
	Path           []note.Hash // RFC 6962 inclusion proof, lowest first
}

// Of finds the head of an object; found is false if it has none.
func (h *Heads) Of(object string) (placed Placed, found bool, err error) {
	at, found := slices.BinarySearchFunc(h.heads, object, func(head Head, object string) int { return strings.Compare(head.Object, object) })
	if !found {
		return Placed{}, false, nil
	}
	path, err := ProveInclusion(h.Size(), int64(at), h)
	if err != nil {
		return Placed{}, true, err
	}
	placed = Placed{Head: h.heads[at], Position: int64(at), Size: h.Size()}
	for _, hash := range path {
		placed.Path = append(placed.Path, note.Hash(hash))
	}
	return placed, true, nil
}

// Check checks that the tree with a root holds the head (class proof).
func (p Placed) Check(root note.Hash) error {
	path := make(tlog.RecordProof, len(p.Path))
	for i, h := range p.Path {
		path[i] = tlog.Hash(h)
	}
	return CheckInclusion(path, p.Size, tlog.Hash(root), p.Position, p.leaf())
}
