package bundle

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json"

	"varco/internal/fault"
)

// Reader reads a bundle line by line. Its errors are of kind Refused for what is wrong with
// the bundle, class missing when it only ends too early or lacks leaves, and of kind
// Unavailable when it can't be read. After an error or the end it stays there.
type Reader struct {
	in       *bufio.Reader
	manifest Manifest
	leaves   int64 // so far
	marked   int64 // size of the last checkpoint, -1 before the first
	end      error
}

// Line is one line after the manifest: a leaf or a checkpoint, the other is nil.
type Line struct {
	Leaf       *Leaf
	Checkpoint *Checkpoint
}

// NewReader reads the manifest of a bundle.
func NewReader(in io.Reader) (*Reader, error) {
	r := &Reader{in: bufio.NewReaderSize(in, MaxLineBytes), marked: -1}
	line, err := r.line()
	if err != nil {
		return nil, err
	}
	if err := parse(line, &r.manifest); err != nil {
		return nil, err
	}
	return r, r.manifest.check()
}

// Manifest returns the bundle's first line.
func (r *Reader) Manifest() Manifest { return r.manifest }

// Leaves returns how many leaves were read so far.
func (r *Reader) Leaves() int64 { return r.leaves }

// Next returns the next line, and io.EOF after the last one of a bundle that has all its
// lines in their order.
func (r *Reader) Next() (Line, error) {
	if r.end != nil {
		return Line{}, r.end
	}
	line, err := r.next()
	if err != nil {
		r.end = err
		return Line{}, err
	}
	return line, nil
}

func (r *Reader) next() (Line, error) {
	raw, err := r.line()
	if err != nil {
		return Line{}, err
	}
	line, err := parseLine(raw)
	if err != nil {
		return Line{}, err
	}
	if err := r.follows(line); err != nil {
		return Line{}, err
	}
	if line.Leaf != nil {
		r.leaves++
	} else {
		r.marked = line.Checkpoint.Size
	}
	return line, nil
}

// follows checks that a line is the next one.
func (r *Reader) follows(line Line) error {
	if line.Leaf != nil {
		switch at := line.Leaf.Index; {
		case at < r.leaves:
			return refuse(fault.ClassSequence, "leaf %d comes again or too late", at)
		case at >= r.manifest.Size:
			return refuse(fault.ClassForm, "leaf %d, and the size is %d", at, r.manifest.Size)
		case at > r.leaves:
			return r.gap()
		}
		return nil
	}
	switch size := line.Checkpoint.Size; {
	case size < r.leaves || size == r.marked:
		return refuse(fault.ClassSequence, "the checkpoint of size %d comes again or too late", size)
	case size > r.manifest.Size:
		return refuse(fault.ClassForm, "a checkpoint of size %d, and the size is %d", size, r.manifest.Size)
	case size > r.leaves:
		return r.gap()
	}
	return nil
}

// gap tells leaves that were left out from leaves that are in another place, by reading on.
func (r *Reader) gap() error {
	for {
		raw, err := r.rawLine()
		if fault.KindOf(err) == fault.Unavailable {
			return err
		}
		if err != nil {
			return refuse(fault.ClassMissing, "leaf %d was left out", r.leaves)
		}
		if line, err := parseLine(raw); err == nil && line.Leaf != nil && line.Leaf.Index == r.leaves {
			return refuse(fault.ClassSequence, "leaf %d is not in its place", r.leaves)
		}
	}
}

// line returns the next line that must be there, without its end, or io.EOF where the
// bundle may end. It is good until the next call.
func (r *Reader) line() ([]byte, error) {
	complete := r.marked == r.manifest.Size && r.marked > 0
	line, err := r.rawLine()
	switch {
	case errors.Is(err, io.EOF) && complete:
		return nil, io.EOF
	case errors.Is(err, io.EOF):
		return nil, refuse(fault.ClassMissing, "it ends after %d of %d leaves", r.leaves, r.manifest.Size)
	case err == nil && complete:
		return nil, refuse(fault.ClassForm, "it goes on after its last line")
	}
	return line, err
}

// rawLine returns the next line without its end, io.EOF when there is none that ends.
func (r *Reader) rawLine() ([]byte, error) {
	line, err := r.in.ReadSlice('\n')
	switch {
	case err == nil:
		return line[:len(line)-1], nil
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, refuse(fault.ClassSize, "a line is over %d bytes", MaxLineBytes)
	case errors.Is(err, io.EOF) && len(line) > 0 && r.marked == r.manifest.Size && r.marked > 0:
		return nil, refuse(fault.ClassForm, "it goes on after its last line")
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	}
	return nil, fault.Wrap(fault.Unavailable, err, "reading a bundle")
}

// checkpointKey begins every line that is not a leaf.
var checkpointKey = []byte(`{"checkpoint":`)

func parseLine(raw []byte) (Line, error) {
	if bytes.HasPrefix(raw, checkpointKey) {
		c := new(Checkpoint)
		if err := parse(raw, c); err != nil {
			return Line{}, err
		}
		return Line{Checkpoint: c}, c.check()
	}
	l := new(Leaf)
	if err := parse(raw, l); err != nil {
		return Line{}, err
	}
	return Line{Leaf: l}, l.check()
}

// parse reads a line and refuses every spelling but the one that a Writer writes.
func parse(raw []byte, into any) error {
	if err := json.Unmarshal(raw, into, json.RejectUnknownMembers(true)); err != nil {
		return fault.Refuse(fault.ClassForm, "reading a bundle: a line that does not belong here: %.200v", err)
	}
	again, err := json.Marshal(into)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "reading a bundle")
	}
	if !bytes.Equal(raw, again) {
		return refuse(fault.ClassForm, "a line is not in its one spelling")
	}
	return nil
}
