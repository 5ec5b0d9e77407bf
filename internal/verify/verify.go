// Package verify is the auditor's verifier: it says whether a bundle is a whole log, and
// what the log says in sum.
//
// It needs no service and believes none. It shares with the service the forms and what they
// mean (packages ledger, note, card, thread, bundle), and trusts the log's key, the
// network's root, and an earlier checkpoint if the auditor kept one. Everything else it
// recomputes: leaves, tree, checkpoints, cards and rosters from the root down, who signed
// each entry and whether she might, receipts, the order of time.
//
// What it can't see: what is sealed, whether a policy was wise, and what a service did
// without recording it, other than by what is missing in the chains that people signed.
//
// It reads the bundle once. Its memory grows with people, threads and entries, and by eight bytes
// with each leaf, which a sample may have been drawn of.
package verify

import (
	"errors"
	"io"
	"time"

	"varco/internal/act"
	"varco/internal/bundle"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// Trust is what an auditor knows beforehand, from another source than the bundle.
type Trust struct {
	Origin string        // names the log
	Log    note.Verifier // checkpoints and receipts
	Root   note.Verifier // cards of stewards
	// Quorum says who witnesses the log. With none the log is vouched for by itself alone.
	Quorum ledger.Quorum
}

// Verify checks a bundle from its first line to its last. Since is a checkpoint that the
// auditor verified and kept at an earlier time, nil if there is none: the log must begin
// with what it was then.
//
// What is wrong with the bundle is in the report. The error is for what kept it from being
// checked: it can't be read, or since is of another log.
func Verify(r io.Reader, trust Trust, since *ledger.Checkpoint) (Report, error) {
	if trust.Origin == "" || trust.Log == nil || trust.Root == nil {
		return Report{}, fault.New(fault.Invalid, "verifying a bundle: no log or no root to trust")
	}
	if since != nil && since.Origin != trust.Origin {
		return Report{}, fault.New(fault.Invalid, "verifying a bundle: the kept checkpoint is of another log")
	}
	v := &verifier{trust: trust, report: Report{Acts: Acts{}, Quorum: !trust.Quorum.IsNone()}, tree: tree{since: since}, chains: newChains(trust.Root), done: map[act.Act][]int64{}}
	in, err := bundle.NewReader(r)
	if err == nil {
		err = v.begin(in.Manifest())
	}
	for err == nil {
		err = v.step(in)
	}
	return v.conclude(err)
}

// verifier is what a bundle adds up to so far.
type verifier struct {
	trust  Trust
	report Report
	where  span // what is being checked
	alone  bool // an earlier bundle: its checkpoints have no cosignatures
	tree   tree
	erased erased
	// heads is when heads were last recorded, or of the first record before; zero where that may be erased.
	heads  time.Time
	chains chains
	done   map[act.Act][]int64 // leaves of what was done
	// partial: something is missing, so that only leaves and tree can still be checked.
	partial bool
}

// span is a run of leaves from the first to the last.
type span struct{ first, last int64 }

func (v *verifier) begin(m bundle.Manifest) error {
	v.report.Origin, v.report.Size = m.Origin, m.Size
	v.alone = m.Format == bundle.Format1
	v.where = span{0, m.Size - 1}
	if m.Origin != v.trust.Origin {
		return refuse(fault.ClassSubstitute, "it is of another log")
	}
	if since := v.tree.since; since != nil && since.Size > m.Size {
		v.where = span{m.Size, since.Size - 1}
		return refuse(fault.ClassRollback, "%d leaves, and there were %d", m.Size, since.Size)
	}
	return nil
}

// step checks the next line.
func (v *verifier) step(in *bundle.Reader) error {
	line, err := in.Next()
	if err != nil {
		v.where = span{in.Leaves(), in.Leaves()}
		if fault.ClassOf(err) == fault.ClassMissing {
			v.where.last = v.report.Size - 1
		}
		return err
	}
	if line.Checkpoint != nil {
		v.where = span{v.tree.good, max(line.Checkpoint.Size-1, 0)}
		return v.checkpoint(line.Checkpoint)
	}
	v.where = span{line.Leaf.Index, line.Leaf.Index}
	return v.leaf(line.Leaf)
}

// conclude turns what ended the reading into the report.
func (v *verifier) conclude(err error) (Report, error) {
	if errors.Is(err, io.EOF) {
		err = v.lawful()
	}
	v.headless(v.report.Last)
	switch {
	case err == nil:
	case fault.KindOf(err) != fault.Refused:
		return Report{}, err
	case incomplete(err):
		v.lack(err)
	default:
		v.report.Finding, v.report.Result = v.finding(err), Tampered
	}
	if v.report.Result == "" {
		v.report.Result = Whole
	}
	return v.report, nil
}

// incomplete tells what keeps something from being checked from what is false.
func incomplete(err error) bool {
	class := fault.ClassOf(err)
	return class == fault.ClassMissing || class == fault.ClassUnknown
}

// lack notes the first thing that can't be checked. Leaves and tree are checked on.
func (v *verifier) lack(err error) {
	if !v.partial && v.report.Finding == nil {
		v.report.Finding, v.report.Result = v.finding(err), Incomplete
	}
	v.partial = true
}

func (v *verifier) finding(err error) *Finding {
	return &Finding{First: v.where.first, Last: v.where.last, Class: fault.ClassOf(err), Why: err.Error()}
}

func refuse(class fault.Class, format string, args ...any) error {
	return fault.Refuse(class, "verifying a bundle: "+format, args...)
}
