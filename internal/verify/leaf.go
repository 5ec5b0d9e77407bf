package verify

import (
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/bundle"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
)

// leaf checks one leaf: that it hashes what it says, that time goes on, and what its record
// and its note mean after all that came before.
func (v *verifier) leaf(l *bundle.Leaf) error {
	if err := v.record(l); err != nil {
		if !incomplete(err) {
			return err
		}
		v.lack(err)
	}
	v.report.Leaves++
	v.chains.growth.pass(l.Index, v.report.Last)
	return v.tree.append(l.Commitment)
}

func (v *verifier) record(l *bundle.Leaf) error {
	if l.Erased() {
		v.report.Erased++
		v.erased.add(l.Index)
		v.chains.uploads.forgotten = true
		v.headless(v.report.Last)
		v.heads = time.Time{} // there may have been some
		if v.partial {
			return nil
		}
		return v.admit(l, nil)
	}
	if ledger.Commit([32]byte(l.Salt), l.Text) != l.Commitment {
		return refuse(fault.ClassProof, "the leaf does not hash its record")
	}
	r, err := ledger.ParseRecord(l.Text)
	if err != nil {
		return err
	}
	if err := v.pass(r.At); err != nil {
		return err
	}
	v.erased.before(r.At)
	v.report.Acts.add(r.Act, r.Outcome)
	v.count(r.Person)
	if err := v.sample(l.Index, &r); err != nil {
		return err
	}
	v.lives(&r)
	if v.partial {
		return nil
	}
	return v.admit(l, &r)
}

// pass lets time go on to that of the next record.
func (v *verifier) pass(at time.Time) error {
	if at.Before(v.report.Last) {
		return refuse(fault.ClassStale, "its time is before that of the record before it")
	}
	if v.report.First.IsZero() {
		v.report.First = at
	}
	v.report.Last = at
	return nil
}

// sample draws again what a sample of the log was, by its record. It can't have been of what came later.
func (v *verifier) sample(leaf int64, r *ledger.Record) error {
	if r.Outcome != act.Allow {
		return nil
	}
	if r.Act == act.AuditSample {
		if r.Until > leaf {
			return refuse(fault.ClassSequence, "a sample of leaves that were not there yet")
		}
		all := v.done[r.Of]
		from, _ := slices.BinarySearch(all, r.From)
		until, _ := slices.BinarySearch(all, r.Until)
		v.report.Samples = append(v.report.Samples, Sample{Leaf: leaf, At: r.At, Person: r.Person, Of: r.Of, From: r.From, Until: r.Until,
			Count: r.Count, Seed: r.Hash, Leaves: ledger.Sample(r.Hash, all[from:until], r.Count)})
	}
	v.done[r.Act] = append(v.done[r.Act], leaf)
	return nil
}

func (v *verifier) count(person ids.Person) {
	if person != "" && !v.chains.people[person] {
		v.chains.people[person] = true
		v.report.People++
	}
}

// Records are kept for 24 months at least (Garante, 27 November 2008 and 192/2011).
const (
	retentionYears = 2
	// quietMonths is how long a log may have been silent after a record that was erased: its
	// own time can't be read any more, only that of the next one.
	quietMonths = 1
)

// erased is the newest run of erased records.
type erased struct {
	span
	any  bool
	open bool      // the run goes on
	at   time.Time // of the record after it: they are no newer
}

func (e *erased) add(leaf int64) {
	if !e.open {
		e.first = leaf
	}
	e.last, e.any, e.open = leaf, true, true
}

func (e *erased) before(at time.Time) {
	if e.open {
		e.at, e.open = at, false
	}
}

// lawful checks at the end that no record was erased before its retention ended: erasing
// must not be a way to hide what happened.
func (v *verifier) lawful() error {
	e := v.erased
	if !e.any || !e.open && !e.at.After(v.report.Last.AddDate(-retentionYears, quietMonths, 0)) {
		return nil
	}
	v.where = e.span
	return refuse(fault.ClassMissing, "records were erased within %d years", retentionYears)
}
