package ledger

import (
	"strings"

	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/note"
)

// Checkpoint is what the log says about itself: how many leaves it has, and their root.
type Checkpoint struct {
	Origin string // names the log, and signs its checkpoints and receipts
	Size   int64
	Root   tlog.Hash
}

// SignCheckpoint prints the checkpoint of a log and signs it. The signer's name is the
// origin. Origins have no space and no "+", and don't begin with "varco/", which all other
// signed texts do.
func SignCheckpoint(origin string, size int64, root tlog.Hash, s note.Signer) ([]byte, error) {
	c := Checkpoint{origin, size, root}
	if err := c.check(s.Name()); err != nil {
		return nil, err
	}
	return note.Sign(c.text(), s)
}

// OpenCheckpoint reads a checkpoint of the log with the origin, signed by the log and by
// nobody else, without extension lines.
func OpenCheckpoint(msg []byte, origin string, v note.Verifier) (Checkpoint, error) {
	text, err := note.Open(msg, v)
	if err != nil {
		return Checkpoint{}, err
	}
	return parseCheckpoint(text, origin, v.Name())
}

// OpenCosigned reads a checkpoint of the log with the origin, signed by the log first, and
// returns who of the quorum's witnesses has cosigned it; see note.OpenCosigned for the others.
// Whether they are enough the quorum says.
func OpenCosigned(msg []byte, origin string, v note.Verifier, q Quorum) (Checkpoint, []note.Cosigned, error) {
	text, by, err := note.OpenCosigned(msg, v, q.Keys())
	if err != nil {
		return Checkpoint{}, nil, err
	}
	c, err := parseCheckpoint(text, origin, v.Name())
	return c, by, err
}

// ReadCheckpoint reads the text of a checkpoint of whatever log, without a signature: what a
// witness does to find out whose it is. Nothing may be believed because of it.
func ReadCheckpoint(text string) (Checkpoint, error) {
	origin, _, _ := strings.Cut(text, "\n")
	return parseCheckpoint(text, origin, origin)
}

// OriginOf says of which log a signed checkpoint claims to be, and refuses what is none of any log.
// No signature is verified.
func OriginOf(msg []byte) (string, error) {
	text, err := note.CosignedText(msg)
	if err != nil {
		return "", err
	}
	c, err := ReadCheckpoint(text)
	return c.Origin, err
}

func parseCheckpoint(text, origin, name string) (Checkpoint, error) {
	var wire log.Checkpoint
	rest, err := wire.Unmarshal([]byte(text))
	if err != nil || len(rest) > 0 || len(wire.Hash) != tlog.HashSize || wire.Size > uint64(MaxSize) {
		return Checkpoint{}, fault.Refuse(fault.ClassForm, "reading a checkpoint: not origin, size and root")
	}
	c := Checkpoint{wire.Origin, int64(wire.Size), tlog.Hash(wire.Hash)}
	if c.Origin != origin {
		return Checkpoint{}, fault.Refuse(fault.ClassSubstitute, "reading a checkpoint: of another log")
	}
	if err := c.check(name); err != nil {
		return Checkpoint{}, err
	}
	if err := note.Same(text, c.text()); err != nil {
		return Checkpoint{}, err
	}
	return c, nil
}

func (c Checkpoint) text() string {
	size := uint64(c.Size) //nolint:gosec // never negative: check was called before
	return string(log.Checkpoint{Origin: c.Origin, Size: size, Hash: c.Root[:]}.Marshal())
}

func (c Checkpoint) check(name string) error {
	if err := checkOrigin(c.Origin, name); err != nil {
		return err
	}
	if !within(0, c.Size, MaxSize) || c.Size == 0 && c.Root != emptyRoot {
		return fault.Refuse(fault.ClassForm, "checking a checkpoint: impossible size or root")
	}
	return nil
}

// checkOrigin refuses what can't name a log, and a name that is not that of who signs.
func checkOrigin(origin, name string) error {
	if !isWord(origin) || strings.Contains(origin, "+") || strings.HasPrefix(origin, "varco/") {
		return fault.Refuse(fault.ClassForm, "checking an origin: %q can't name a log", origin)
	}
	if origin != name {
		return fault.Refuse(fault.ClassSignature, "checking an origin: signed under another name")
	}
	return nil
}
