package client

import (
	"context"
	"maps"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/thread"
)

// Conversation is a thread as this device has verified it, up to its last entry. It grows
// with ReadOn, Post and Recuse, and is left as it was when one of them fails.
type Conversation struct {
	State   thread.State
	Entries []Shown
	// Barred are the members to whom nothing may be sealed today: taken off the roster, with
	// another card on it, expired, or with a changed card that was not accepted.
	Barred []Barred
	// Fresh is asked when the thread is read from its beginning, again after an hour, and with each
	// reading as long as there is a doubt.
	Fresh Fresh

	id     ids.Thread
	asked  time.Time // when Fresh was asked, zero if it was not
	cards  thread.Cards
	epochs map[int64]epoch
	used   map[ids.Entry]bool
}

// epoch is what this device has of an epoch: its key, or why not.
type epoch struct {
	key seal.Epoch
	why error
}

// Shown is one entry as a person sees it.
type Shown struct {
	Entry *thread.Entry
	Seat  act.Seat // of the author
	// Organisation and Name of the author: by the newest rosters, "" where the caller is not
	// told or the author has left.
	Organisation ids.Organisation
	Name         string
	Content      Content
	// Unreadable says why there is no content, nil if there is or none belongs to the kind.
	Unreadable error
	Receipt    ledger.Receipt

	body            []byte // sealed: a later grant may open it
	header, receipt string // as they were served
}

// Barred is a member to whom nothing may be sealed today, and why.
type Barred struct {
	Member thread.Member
	Why    error
}

// ReadThread reads a thread whole and verifies all of it. An officer says why she opens it;
// the reason holds for some minutes (act.Reason). The service records each reading.
//
// A thread of which one header, card, receipt or place does not check is refused whole: an
// entry that was left out, moved or replaced (class sequence or fork), is not by who it says
// (signature, substituted, untrusted), was admitted late, or ends earlier than this device
// has seen (rollback). A kind that this program does not know is class unknown. A body or
// grant that does not open is told in its entry.
func (u *Unlocked) ReadThread(ctx context.Context, id ids.Thread, reason act.Reason) (*Conversation, error) {
	v := &Conversation{id: id}
	if err := u.ReadOn(ctx, v, reason); err != nil {
		return nil, err
	}
	return v, nil
}

// ReadOn reads what has come since. Names and Barred are made anew.
func (u *Unlocked) ReadOn(ctx context.Context, v *Conversation, reason act.Reason) error {
	next := v.copy()
	if err := u.pages(ctx, next, reason); err != nil {
		return err
	}
	if next.State.Next > 0 && u.mustProve(v) {
		var err error
		if next.Fresh, err = u.prove(ctx, next); err != nil {
			return err
		}
		next.asked = u.now()
	}
	return u.settle(ctx, v, next)
}

// pages reads a conversation to its end.
func (u *Unlocked) pages(ctx context.Context, v *Conversation, reason act.Reason) error {
	for {
		page, err := u.page(ctx, v.id, api.Read{Reason: reason, From: v.State.Next, Limit: api.MaxPage})
		if err != nil {
			return err
		}
		if err := u.take(ctx, v, page); err != nil {
			return err
		}
		if v.State.Next >= page.Next {
			return nil
		}
		if len(page.Entries) == 0 {
			return fault.Refuse(fault.ClassMissing, "reading a thread: entries from %d on were left out", v.State.Next)
		}
		reason = "" // given once, it holds for the pages that follow
	}
}

// page asks for entries of a thread.
func (u *Unlocked) page(ctx context.Context, id ids.Thread, what api.Read) (api.Page, error) {
	var page api.Page
	err := u.ask(ctx, "POST", pathTo("/v1/threads/%s/readings", id), what, &page)
	if err == nil && page.Thread != id {
		err = fault.Refuse(fault.ClassSubstitute, "reading a thread: the service answered with another one")
	}
	return page, err
}

// take verifies a page and adds its entries.
func (u *Unlocked) take(ctx context.Context, v *Conversation, page api.Page) error {
	if err := u.takeCards(ctx, v, page.Cards); err != nil {
		return err
	}
	for _, served := range page.Entries {
		if err := u.add(ctx, v, served); err != nil {
			return err
		}
	}
	// What the service says of the end is not signed; that it contradicts itself is enough.
	if v.State.Next > page.Next {
		return fault.Refuse(fault.ClassRollback, "reading a thread: %d entries, and %d were seen", page.Next, v.State.Next)
	}
	if v.State.Next == page.Next && v.State.Head != page.Head {
		return fault.Refuse(fault.ClassFork, "reading a thread: its end is not what the service says")
	}
	return nil
}

// takeCards verifies the cards that entries name, each after the one that it succeeds.
func (u *Unlocked) takeCards(ctx context.Context, v *Conversation, notes []string) error {
	d, err := u.known(ctx)
	if err != nil {
		return err
	}
	for _, msg := range notes {
		c, err := card.Read([]byte(msg), d.root, v.known)
		if err != nil {
			return err
		}
		v.cards[c.Hash] = c
	}
	return nil
}

// known finds a card of the thread that was verified before.
func (v *Conversation) known(hash note.Hash) *card.Signed { return v.cards[hash] }

// settle takes a conversation that was read to its end for the one to show: if it goes on
// from what was seen before.
func (u *Unlocked) settle(ctx context.Context, v, next *Conversation) error {
	if next.State.Next == 0 {
		return fault.Refuse(fault.ClassMissing, "reading a thread: it has no entry")
	}
	d, err := u.known(ctx)
	if err != nil {
		return err
	}
	if err := u.remember(ctx, func(m *Memory) error {
		return m.thread(&next.State, func(sequence int64) note.Hash { return next.Entries[sequence].Entry.Hash() })
	}); err != nil {
		return err
	}
	next.name(d)
	next.bar(d, u)
	*v = *next
	return nil
}

// copy returns a conversation that can grow without changing v.
func (v *Conversation) copy() *Conversation {
	next := *v
	next.Entries = slices.Clone(v.Entries)
	next.cards, next.epochs, next.used = maps.Clone(v.cards), maps.Clone(v.epochs), maps.Clone(v.used)
	if v.cards == nil {
		next.cards, next.epochs, next.used = thread.Cards{}, map[int64]epoch{}, map[ids.Entry]bool{}
	}
	return &next
}

// name fills in the names of the authors, as the directory has them today.
func (v *Conversation) name(d *Directory) {
	for i := range v.Entries {
		s := &v.Entries[i]
		s.Name = ""
		if p := d.Person(s.Organisation, s.Entry.Author); p != nil {
			s.Name = p.Name
		}
	}
}

// bar finds the members to whom nothing may be sealed today.
func (v *Conversation) bar(d *Directory, u *Unlocked) {
	v.Barred = nil
	for _, m := range v.State.Members {
		if err := d.admits(v.cards, m, u); err != nil {
			v.Barred = append(v.Barred, Barred{m, err})
		}
	}
}

// admits checks that something may be sealed to a member today.
func (d *Directory) admits(cards thread.Cards, m thread.Member, u *Unlocked) error {
	book, c := d.books(m.Organisation), cards[m.Card]
	if book == nil || c == nil {
		return fault.Refuse(fault.ClassMissing, "checking a member: nothing is known of %s", m.Person)
	}
	if err := book.Admits(c, u.now()); err != nil {
		return err
	}
	if p := d.Person(m.Organisation, m.Person); p != nil && p.Changed {
		return fault.Refuse(fault.ClassSubstitute, "checking a member: the card of %s has changed: compare her words anew", m.Person)
	}
	return nil
}

// reads reports whether this device can open what is sealed to the current epoch.
func (v *Conversation) reads() bool {
	e, ok := v.epochs[v.State.Epoch()]
	return ok && e.why == nil
}
