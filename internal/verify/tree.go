package verify

import (
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/bundle"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// MaxGap is the longest time between two checkpoints, and between two records of heads, of a service
// that runs as it should.
const MaxGap = time.Hour

// tree is the tree of the leaves so far, recomputed.
type tree struct {
	edge   ledger.Edge
	good   int64     // size of the last checkpoint that the tree fits
	goodAt time.Time // of the last record before it
	since  *ledger.Checkpoint
	then   tlog.Hash // root at the size of since

	witnessedAt time.Time // of the last checkpoint that the quorum had cosigned
}

func (t *tree) append(commitment note.Hash) error {
	if _, _, _, err := t.edge.Append(commitment); err != nil {
		return err
	}
	if t.since != nil && t.edge.Size() == t.since.Size {
		t.then = t.edge.Root()
	}
	return nil
}

// checkpoint checks that the log has signed the tree as it is here.
func (v *verifier) checkpoint(c *bundle.Checkpoint) error {
	signed, by, err := v.open([]byte(c.Note))
	if err != nil {
		return err
	}
	if signed.Size != c.Size {
		return refuse(fault.ClassSubstitute, "the checkpoint of size %d is of size %d", c.Size, signed.Size)
	}
	if signed.Root != v.tree.edge.Root() {
		return refuse(fault.ClassProof, "the leaves are not those of the checkpoint of size %d", c.Size)
	}
	v.gap()
	v.tree.good, v.tree.goodAt = c.Size, v.report.Last
	v.report.Checkpoints++
	v.report.Checkpoint = []byte(c.Note)
	if at, ok := v.trust.Quorum.Witnessed(by); ok {
		v.witnessed(c.Size, at, by)
	}
	return v.begins()
}

func (v *verifier) open(msg []byte) (ledger.Checkpoint, []note.Cosigned, error) {
	if v.alone {
		c, err := ledger.OpenCheckpoint(msg, v.trust.Origin, v.trust.Log)
		return c, nil, err
	}
	return ledger.OpenCosigned(msg, v.trust.Origin, v.trust.Log, v.trust.Quorum)
}

// witnessed notes that the quorum vouches for the log up to a size, since a time.
func (v *verifier) witnessed(size int64, at time.Time, by []note.Cosigned) {
	if before := v.tree.witnessedAt; !before.IsZero() {
		v.report.WitnessGap = max(v.report.WitnessGap, int64(at.Sub(before)/time.Second))
	}
	v.tree.witnessedAt = at
	v.report.Witnessed = &Witnessed{Size: size, At: at}
	for _, one := range by {
		v.report.Witnessed.By = append(v.report.Witnessed.By, one.Name)
	}
}

// begins checks, once the log has signed what follows, that it begins with what it was when
// the auditor kept a checkpoint. If not, it has signed two histories.
func (v *verifier) begins() error {
	since := v.tree.since
	if since == nil || v.report.Since != nil || since.Size > v.tree.good {
		return nil
	}
	if since.Size == 0 {
		v.tree.then = new(ledger.Edge).Root()
	}
	if v.tree.then != since.Root {
		v.where = span{0, max(since.Size-1, 0)}
		return refuse(fault.ClassFork, "its first %d leaves are not those of the kept checkpoint", since.Size)
	}
	v.report.Since = &since.Size
	return nil
}

// gap counts a time without checkpoints. They have no time of their own: the one of the
// last record that they cover stands for it.
func (v *verifier) gap() {
	before := v.tree.goodAt
	if before.IsZero() {
		before = v.report.First
	}
	if passed := v.report.Last.Sub(before); passed > MaxGap {
		v.report.Gaps++
		if v.report.Gap == nil {
			v.report.Gap = &Gap{before, v.report.Last}
		}
		v.report.LongestGap = max(v.report.LongestGap, int64(passed/time.Second))
	}
}
