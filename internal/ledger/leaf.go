package ledger

import (
	"crypto/sha256"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/note"
)

// leafPrefix separates what a leaf hashes from anything else that is hashed.
const leafPrefix = "varco/v1 leaf\n"

// Leaf is one record at its place in the log. When its text was erased after its
// retention its salt was erased with it, and only the tree still speaks of it.
type Leaf struct {
	Index int64
	Salt  [32]byte
	Text  string
}

// Commitment is the leaf's data in the tree.
func (l Leaf) Commitment() note.Hash { return Commit(l.Salt, l.Text) }

// NewSalt draws the salt of a leaf from rand.
func NewSalt(rand io.Reader) ([32]byte, error) {
	var salt [32]byte
	if _, err := io.ReadFull(rand, salt[:]); err != nil {
		return salt, fault.Wrap(fault.Internal, err, "drawing the salt of a leaf")
	}
	return salt, nil
}

// Commit computes the data of a leaf:
//
//	SHA-256("varco/v1 leaf\n" ‖ salt ‖ text)
//
// The salt has a fixed length, so no two pairs of salt and text give the same bytes.
func Commit(salt [32]byte, text string) note.Hash {
	h := sha256.New()
	h.Write([]byte(leafPrefix))
	h.Write(salt[:])
	h.Write([]byte(text))
	return note.Hash(h.Sum(nil))
}

// LeafHash is the hash of a leaf in the tree (RFC 6962 section 2.1).
func LeafHash(commitment note.Hash) tlog.Hash { return tlog.RecordHash(commitment[:]) }
