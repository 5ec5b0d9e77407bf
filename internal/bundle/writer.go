package bundle

import (
	"bufio"
	"io"

	"github.com/go-json-experiment/json"

	"varco/internal/fault"
)

// Writer writes a bundle. It refuses leaves that are not the next ones, and puts the
// checkpoints in their places.
type Writer struct {
	out         *bufio.Writer
	size        int64
	leaves      int64 // so far
	checkpoints []Checkpoint
}

// NewWriter begins the bundle of the log with the origin. The checkpoints are all that the
// log has signed up to the last of them, oldest first; the bundle ends at the last one.
func NewWriter(out io.Writer, origin string, checkpoints []Checkpoint) (*Writer, error) {
	for i, c := range checkpoints {
		if err := c.check(); err != nil {
			return nil, err
		}
		if i > 0 && checkpoints[i-1].Size >= c.Size {
			return nil, fault.Refuse(fault.ClassSequence, "writing a bundle: checkpoints out of order or twice")
		}
	}
	if len(checkpoints) == 0 {
		return nil, fault.Refuse(fault.ClassMissing, "writing a bundle: no checkpoint to end at")
	}
	w := &Writer{out: bufio.NewWriter(out), size: checkpoints[len(checkpoints)-1].Size, checkpoints: checkpoints}
	m := Manifest{Format, origin, w.size}
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := w.line(m); err != nil {
		return nil, err
	}
	return w, w.mark()
}

// Size returns how many leaves the bundle will hold.
func (w *Writer) Size() int64 { return w.size }

// Leaves returns how many leaves were written: the index of the one that comes next.
func (w *Writer) Leaves() int64 { return w.leaves }

// Leaf writes the next leaf.
func (w *Writer) Leaf(l Leaf) error {
	if l.Index != w.leaves {
		return fault.Refuse(fault.ClassSequence, "writing a bundle: leaf %d where %d comes next", l.Index, w.leaves)
	}
	if l.Index >= w.size {
		return fault.Refuse(fault.ClassSequence, "writing a bundle: leaf %d, and its size is %d", l.Index, w.size)
	}
	if err := l.check(); err != nil {
		return err
	}
	if err := w.line(l); err != nil {
		return err
	}
	w.leaves++
	return w.mark()
}

// Page is a page of the ledger as a service answers it: leaves without notes, and apart
// from them the notes that their records are about, with a receipt for each header.
type Page struct {
	Leaves   []Leaf
	Cards    []string
	Rosters  []string
	Headers  []string
	Receipts []string
}

// Page writes the next leaves, each with its note. Leaves at and after the bundle's size are
// left for a later bundle.
//
// Nothing is judged here: what is wrong is evidence for the verifier. A record gets the note
// whose hash it states; one whose note is not there gets the first note of its kind that no
// record states, since that may be what somebody has put in its place. Notes that are left
// over then prove nothing, and are left out.
func (w *Writer) Page(p Page) error {
	if len(p.Headers) != len(p.Receipts) {
		return fault.Refuse(fault.ClassMissing, "writing a bundle: %d headers and %d receipts", len(p.Headers),
			len(p.Receipts))
	}
	for _, l := range p.paired() {
		if l.Index >= w.size {
			break
		}
		if err := w.Leaf(l); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the bundle, and refuses to when leaves are missing. It does not close what the
// bundle was written to.
func (w *Writer) Close() error {
	if w.leaves != w.size {
		return fault.Refuse(fault.ClassMissing, "writing a bundle: %d leaves of %d", w.leaves, w.size)
	}
	return written(w.out.Flush())
}

// mark writes the checkpoint that belongs after the leaves so far, if there is one.
func (w *Writer) mark() error {
	if len(w.checkpoints) == 0 || w.checkpoints[0].Size != w.leaves {
		return nil
	}
	c := w.checkpoints[0]
	w.checkpoints = w.checkpoints[1:]
	return w.line(c)
}

func (w *Writer) line(v any) error {
	line, err := json.Marshal(v)
	if err != nil { // text that is not UTF-8
		return fault.Refuse(fault.ClassForm, "writing a bundle: %v", err)
	}
	if len(line) >= MaxLineBytes {
		return fault.Refuse(fault.ClassSize, "writing a bundle: a line of %d bytes", len(line))
	}
	_, err = w.out.Write(append(line, '\n'))
	return written(err)
}

func written(err error) error {
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "writing a bundle")
	}
	return nil
}
