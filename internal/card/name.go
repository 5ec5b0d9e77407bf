package card

import (
	"crypto/sha256"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"varco/internal/fault"
	"varco/internal/note"
)

// MaxName is the size limit of a displayed name, in bytes.
const MaxName = 200

// nameLabel separates commitments to names from every other hash.
const nameLabel = "varco/v1 name\n"

// Name is a displayed name of a person or an organisation with the salt of its
// commitment. Signed notes hold the commitment; the service keeps the Name in sealed
// columns and hands it only to those who deal with that person or organisation.
type Name struct {
	Salt [32]byte
	Text string
}

// NewName salts a displayed name.
func NewName(text string, rand io.Reader) (Name, error) {
	n := Name{Text: text}
	if _, err := io.ReadFull(rand, n.Salt[:]); err != nil {
		return Name{}, fault.Wrap(fault.Internal, err, "salting a name")
	}
	return n, n.check()
}

// Commitment is SHA-256("varco/v1 name\n" ‖ salt ‖ text): it says nothing about the name
// to who lacks the salt, and fits no other name.
func (n Name) Commitment() note.Hash {
	h := sha256.New()
	h.Write([]byte(nameLabel))
	h.Write(n.Salt[:])
	h.Write([]byte(n.Text))
	return note.Hash(h.Sum(nil))
}

// Opens checks that the name is the one that was committed to.
func (n Name) Opens(commitment note.Hash) error {
	if err := n.check(); err != nil {
		return err
	}
	if n.Commitment() != commitment {
		return fault.Refuse(fault.ClassSubstitute, "checking a name: not the name that was signed")
	}
	return nil
}

func (n Name) check() error {
	if n.Text == "" || len(n.Text) > MaxName || !utf8.ValidString(n.Text) {
		return fault.Refuse(fault.ClassForm, "reading a name: empty, too long or not UTF-8")
	}
	// Controls, characters without a shape of their own, those that turn the direction of
	// writing, and spaces that don't show could make one name look like another on a screen.
	if strings.ContainsFunc(n.Text, func(r rune) bool { return !unicode.IsPrint(r) }) ||
		strings.Join(strings.Fields(n.Text), " ") != n.Text {
		return fault.Refuse(fault.ClassForm, "reading a name: a character or space that does not show")
	}
	return nil
}
