// Package bundle is what an auditor takes away: the ledger up to a checkpoint, with every
// note that its records are about, in one file that needs no service to be read.
//
// The file is JSON Lines: one object a line, each line in its one spelling, so that a
// changed byte is either noticed here or changes something that is hashed or signed. The
// first line is the Manifest. Then come the leaves in the order of the log, each with the
// note that its record admitted, and between them the checkpoints, each right after the last
// leaf that it covers. The last line is the checkpoint of the manifest's size:
//
//	{"format":"varco-bundle/v2","origin":"log.example","size":2}
//	{"leaf":0,"commitment":"…","salt":"…","text":"…","card":"…"}
//	{"checkpoint":"…","size":1}
//	{"leaf":1,"commitment":"…"}
//	{"checkpoint":"…","size":2}
//
// Salt and text are absent after a record was erased; its note is not erased with it, since
// later ones rest on it.
//
// Writer and Reader hold one line at a time, however long the log is. They promise the form
// and the order of the lines, and nothing about what the lines say: package verify checks
// that, and believes nobody.
package bundle

import (
	"strings"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// Format is the first value of every bundle that is written now. Format1 is that of earlier
// ones, whose checkpoints have no cosignatures.
const (
	Format  = "varco-bundle/v2"
	Format1 = "varco-bundle/v1"
)

// MaxLineBytes is the size limit of a line with its end. JSON can't more than double the
// characters of a note, and a leaf carries two at most, a header and its receipt.
const MaxLineBytes = 4*note.MaxBytes + 4*ledger.MaxRecordBytes

const saltBytes = len(ledger.Leaf{}.Salt)

// Manifest says which log a bundle is of, and how many leaves it holds.
type Manifest struct {
	Format string `json:"format"` // Format or Format1
	Origin string `json:"origin"`
	Size   int64  `json:"size"` // at least 1
}

// Leaf is one leaf of the log and the note that its record admitted, if it admitted one.
type Leaf struct {
	Index      int64     `json:"leaf"`
	Commitment note.Hash `json:"commitment"`
	Salt       []byte    `json:"salt,omitempty"` // absent together with Text after the record was erased
	Text       string    `json:"text,omitempty"`

	// At most one of these, a header together with its receipt.
	Card    string `json:"card,omitempty"`
	Roster  string `json:"roster,omitempty"`
	Header  string `json:"header,omitempty"`
	Receipt string `json:"receipt,omitempty"`
}

// Erased reports whether the record was erased after its retention.
func (l *Leaf) Erased() bool { return l.Text == "" }

// Checkpoint is a checkpoint as the log has signed it, with the cosignatures that it has, and
// the size that it states.
type Checkpoint struct {
	Note string `json:"checkpoint"`
	Size int64  `json:"size"`
}

func (m *Manifest) check() error {
	if m.Format != Format && m.Format != Format1 {
		return refuse(fault.ClassForm, "the first line is not a manifest of %s", Format)
	}
	if m.Origin == "" || strings.ContainsFunc(m.Origin, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return refuse(fault.ClassForm, "its origin can't name a log")
	}
	if m.Size < 1 || m.Size > ledger.MaxSize {
		return refuse(fault.ClassForm, "its size is %d", m.Size)
	}
	return nil
}

func (l *Leaf) check() error {
	if (len(l.Salt) == 0) != (l.Text == "") || len(l.Salt) != 0 && len(l.Salt) != saltBytes {
		return refuse(fault.ClassForm, "leaf %d: salt and record don't belong together", l.Index)
	}
	notes := 0
	for _, n := range []string{l.Card, l.Roster, l.Header} {
		if n != "" {
			notes++
		}
	}
	if notes > 1 || (l.Header == "") != (l.Receipt == "") {
		return refuse(fault.ClassForm, "leaf %d: notes that don't belong together", l.Index)
	}
	return nil
}

func (c *Checkpoint) check() error {
	if c.Note == "" || c.Size < 0 {
		return refuse(fault.ClassForm, "a checkpoint without note or size")
	}
	return nil
}

func refuse(class fault.Class, format string, args ...any) error {
	return fault.Refuse(class, "reading a bundle: "+format, args...)
}
