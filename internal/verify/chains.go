package verify

import (
	"varco/internal/act"
	"varco/internal/bundle"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
)

// chains are what the notes of the records so far add up to.
type chains struct {
	root    note.Verifier
	cards   thread.Cards
	serials map[ids.Person]int64 // of the newest card
	books   map[ids.Organisation]*card.Book
	threads map[ids.Thread]*thread.State
	entries map[ids.Entry]ids.Thread
	heads   map[note.Hash]ids.Thread // of every header
	people  map[ids.Person]bool
	growth  growth
	uploads uploads
}

func newChains(root note.Verifier) chains {
	return chains{root: root, cards: thread.Cards{}, serials: map[ids.Person]int64{},
		books: map[ids.Organisation]*card.Book{}, threads: map[ids.Thread]*thread.State{},
		entries: map[ids.Entry]ids.Thread{}, heads: map[note.Hash]ids.Thread{}, people: map[ids.Person]bool{}, growth: growth{of: map[string][]grown{}},
		uploads: newUploads()}
}

// book returns the book of an organisation, an empty one if nothing of it was recorded.
func (c *chains) book(organisation ids.Organisation) *card.Book {
	b := c.books[organisation]
	if b == nil {
		b = card.NewBook(organisation, c.root)
		c.books[organisation] = b
	}
	return b
}

// kind of note that a leaf carries or that its record must have.
type kind string

const (
	noNote     kind = "nothing"
	cardNote   kind = "card"
	rosterNote kind = "roster"
	entryNote  kind = "entry"
)

// admit checks the note that a record admitted, and what the record says of it. The record
// is nil after it was erased: then the note must still stand by itself.
func (v *verifier) admit(l *bundle.Leaf, r *ledger.Record) error {
	has := carried(l)
	if r != nil {
		if err := v.chains.roles(r); err != nil {
			return err
		}
		want := named(r)
		if has == noNote && want != noNote {
			return refuse(fault.ClassMissing, "the %s that it recorded was left out", want)
		}
		if has != want {
			return refuse(fault.ClassSubstitute, "it carries a %s that it did not record", has)
		}
	}
	switch has {
	case cardNote:
		v.report.Cards++
		return v.chains.card(l, r)
	case rosterNote:
		v.report.Rosters++
		return v.chains.roster(l, r, v.report.Last)
	case entryNote:
		return v.entry(l, r)
	case noNote:
	}
	if r == nil || r.Outcome != act.Allow {
		return nil
	}
	switch r.Act { //nolint:exhaustive // the others say nothing of a chain
	case act.ThreadRead:
		return v.chains.reading(r)
	case act.BlobPut:
		return v.chains.uploads.put(r)
	case act.BlobDrop:
		return v.chains.uploads.drop(r)
	case act.BlobRead:
		return v.chains.fetching(r)
	case act.Heads:
		return v.chains.growth.heads(l.Index, r)
	}
	return nil
}

func carried(l *bundle.Leaf) kind {
	switch {
	case l.Card != "":
		return cardNote
	case l.Roster != "":
		return rosterNote
	case l.Header != "":
		return entryNote
	}
	return noNote
}

// named returns the kind of note that a record is about.
func named(r *ledger.Record) kind {
	if r.Outcome != act.Allow {
		return noNote
	}
	switch r.Act { //nolint:exhaustive // the others are about no note
	case act.CaseOpen, act.CaseExtend, act.EntryAppend:
		return entryNote
	case act.CardPut:
		return cardNote
	case act.RosterPut:
		return rosterNote
	}
	return noNote
}

// roles checks that whoever acted had the roles that the record says, by the newest roster
// that was recorded before.
func (c *chains) roles(r *ledger.Record) error {
	if len(r.Roles) == 0 {
		return nil
	}
	var seat *card.Seat
	if latest := c.book(r.Organisation).Latest(); latest != nil {
		seat = latest.Seat(r.Person)
	}
	for _, role := range r.Roles {
		if seat == nil || !seat.ValidAt(r.At) || !seat.Has(role) {
			return refuse(fault.ClassUntrusted, "no roster gave %s the role %s then", r.Person, role)
		}
	}
	return nil
}

// reading checks that what was read was there, and that a member read it.
func (c *chains) reading(r *ledger.Record) error {
	state := c.threads[ids.Thread(r.Object)]
	if state == nil {
		return refuse(fault.ClassMissing, "a thread was read that was never opened")
	}
	if r.Until > state.Next || r.Head.IsZero() != (r.Size == 0) || !r.Head.IsZero() && c.heads[r.Head] != state.Thread {
		return refuse(fault.ClassFork, "what was read is no entry of the thread")
	}
	return member(state, r)
}

// member checks that whoever read was a member then.
func member(state *thread.State, r *ledger.Record) error {
	if m := state.Member(r.Person); m == nil || m.Organisation != r.Organisation {
		return refuse(fault.ClassMembership, "%s has read and is no member", r.Person)
	}
	return nil
}
