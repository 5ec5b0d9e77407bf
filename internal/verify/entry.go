package verify

import (
	"time"

	"varco/internal/act"
	"varco/internal/bundle"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
)

// entry checks an entry that was appended: that record and receipt are of this header, that
// its author signed it and might, and that it follows in its thread.
func (v *verifier) entry(l *bundle.Leaf, r *ledger.Record) error {
	header := []byte(l.Header)
	if r != nil && r.Hash != note.Sum(header) {
		return refuse(fault.ClassSubstitute, "another header than the one that was recorded")
	}
	e, err := thread.Parse(header)
	if err != nil {
		return err
	}
	admitted, err := v.receipt(l, e, r)
	if err != nil {
		return err
	}
	author := v.chains.cards[e.Card]
	if err := e.Verify(header, author); err != nil {
		return err
	}
	if r != nil && !tells(r, e, author, len(header)) {
		return refuse(fault.ClassSubstitute, "the record does not tell what the entry is")
	}
	if err := v.chains.append(e, admitted); err != nil {
		return err
	}
	v.chains.growth.add(l.Index, admitted, ledger.Head{Object: string(e.Thread), Next: e.Sequence + 1, Hash: e.Hash()})
	v.report.Entries++
	v.report.Threads = len(v.chains.threads)
	return nil
}

// receipt checks the receipt of an entry and returns when the entry was admitted.
func (v *verifier) receipt(l *bundle.Leaf, e *thread.Entry, r *ledger.Record) (time.Time, error) {
	receipt, err := ledger.OpenReceipt([]byte(l.Receipt), v.trust.Log)
	if err != nil {
		return time.Time{}, err
	}
	if receipt.Log != v.trust.Origin || receipt.Thread != e.Thread || receipt.Entry != e.ID ||
		receipt.Header != e.Hash() || receipt.Leaf != l.Index || r != nil && !receipt.AdmittedAt.Equal(r.At) {
		return time.Time{}, refuse(fault.ClassReceipt, "the receipt is not for this entry at this leaf")
	}
	return receipt.AdmittedAt, v.pass(receipt.AdmittedAt)
}

// tells reports whether a record says of an entry what the entry is.
func tells(r *ledger.Record, e *thread.Entry, author *card.Signed, header int) bool {
	size := int64(header)
	if e.Body != nil {
		size += e.Body.Size
	}
	for _, g := range e.Given() {
		size += g.Sealed.Size
	}
	return r.Person == e.Author && r.Organisation == author.Organisation && r.Object == string(e.Thread) &&
		r.Entry == e.ID && r.Head == e.Hash() && r.Size == size && (r.Act == act.CaseOpen || r.Act == act.CaseExtend) == (e.Kind == thread.Open)
}

// append checks that an entry follows in its thread, and that the rosters that were recorded
// before it vouch for its people.
func (c *chains) append(e *thread.Entry, admitted time.Time) error {
	if c.entries[e.ID] != "" {
		return refuse(fault.ClassDuplicate, "the entry's id was used before")
	}
	state := c.threads[e.Thread]
	if state == nil {
		state = new(thread.State)
	}
	next, err := state.Apply(e, c.cards, admitted)
	if err != nil {
		return err
	}
	known := func(organisation ids.Organisation) *card.Book { return c.books[organisation] }
	if err := next.Vouch(state, e, c.cards, known, admitted); err != nil {
		return err
	}
	if err := c.uploads.carry(e); err != nil {
		return err
	}
	c.threads[next.Thread], c.entries[e.ID], c.heads[next.Head] = &next, next.Thread, next.Thread
	return nil
}
