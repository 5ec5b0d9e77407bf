package client

import (
	"context"
	"slices"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
)

// Glimpse is the end of a long thread, to be read while the whole is being verified. Nothing can
// be said by it or sealed to its members, since it knows none: that takes a Conversation.
//
// Of each entry it is sure that its author signed it, with a card that the root vouches for, for
// this place after the entry before; that the log admitted it; and that it opens with a key that
// was granted to the caller. It is not sure that its author was a member then, nor of anything
// that lies between the first entry and these.
type Glimpse struct {
	Thread  ids.Thread
	Entries []Shown
	Earlier int64 // entries before these, by the service's word
}

// Glimpse reads the newest entries of a thread, at most so many, and the first one, which is
// verified whole. There is none, but nil, of a thread that is no longer than that, which is read whole
// as fast, and of one whose end is sealed to an epoch that the first entry does not grant. Both
// readings are recorded, like every other.
func (u *Unlocked) Glimpse(ctx context.Context, id ids.Thread, newest int64, reason act.Reason) (*Glimpse, error) {
	v := (&Conversation{id: id}).copy()
	first, err := u.page(ctx, id, api.Read{Reason: reason, Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(first.Entries) != 1 {
		return nil, fault.Refuse(fault.ClassMissing, "reading a thread: its first entry was left out")
	}
	if err := u.take(ctx, v, first); err != nil {
		return nil, err
	}
	from := first.Next - newest
	if from < 1 {
		return nil, nil //nolint:nilnil // there is none, and nothing is wrong
	}
	last, err := u.page(ctx, id, api.Read{From: from, Limit: int(newest)})
	if err != nil {
		return nil, err
	}
	return u.end(ctx, v, from, last)
}

// end verifies a page from the end of a thread of which v knows the first entry.
func (u *Unlocked) end(ctx context.Context, v *Conversation, from int64, page api.Page) (*Glimpse, error) {
	if len(page.Entries) == 0 || from+int64(len(page.Entries)) != page.Next {
		return nil, nil //nolint:nilnil // they were too large for one page, or more have come: it is no end
	}
	if err := u.takeCards(ctx, v, page.Cards); err != nil {
		return nil, err
	}
	d, err := u.known(ctx)
	if err != nil {
		return nil, err
	}
	g := &Glimpse{Thread: v.id, Earlier: from, Entries: make([]Shown, len(page.Entries))}
	var before *Shown
	for i, served := range page.Entries {
		s := &g.Entries[i]
		if *s, err = v.glance(u.parts.Anchors, served, from+int64(i), before); err != nil {
			return nil, err
		}
		if key, ok := v.epochs[s.Entry.Epoch]; !ok || key.why != nil {
			return nil, nil //nolint:nilnil // what opens it lies between, and is found when the whole is read
		}
		if p := d.Person(s.Organisation, s.Entry.Author); p != nil {
			s.Name = p.Name
		}
		before = s
	}
	if before.Entry.Hash() != page.Head {
		return nil, fault.Refuse(fault.ClassFork, "reading a thread: its end is not what the service says")
	}
	return g, nil
}

// glance verifies an entry in its place after the one before, nil for the first of them.
func (v *Conversation) glance(a Anchors, served api.Served, at int64, before *Shown) (Shown, error) {
	e, receipt, err := v.verify(a, served)
	if err != nil {
		return Shown{}, err
	}
	v.used[e.ID] = true
	if e.Sequence != at {
		return Shown{}, fault.Refuse(fault.ClassSequence, "verifying an entry: sequence %d, want %d", e.Sequence, at)
	}
	if before != nil && e.Previous != before.Entry.Hash() {
		return Shown{}, fault.Refuse(fault.ClassFork, "verifying an entry: it follows another entry %d", at-1)
	}
	if before != nil && (receipt.Leaf <= before.Receipt.Leaf || receipt.AdmittedAt.Before(before.Receipt.AdmittedAt)) {
		return Shown{}, fault.Refuse(fault.ClassReceipt, "verifying an entry: its receipt is older than that of the entry before")
	}
	if receipt.AdmittedAt.After(e.NotAfter) {
		return Shown{}, fault.Refuse(fault.ClassLate, "verifying an entry: admitted at %s, not after %s",
			note.FormatTime(receipt.AdmittedAt), note.FormatTime(e.NotAfter))
	}
	s := Shown{Entry: e, Organisation: v.cards[e.Card].Organisation, Receipt: receipt}
	// The seat as the thread began; of who came later, that of her side.
	same := func(m thread.Member) bool { return m.Organisation == s.Organisation }
	if m := v.State.Member(e.Author); m != nil {
		s.Seat = m.Seat
	} else if at := slices.IndexFunc(v.State.Members, same); at >= 0 {
		s.Seat = v.State.Members[at].Seat
	} else {
		return Shown{}, fault.Refuse(fault.ClassMembership, "verifying an entry: %s is of no organisation of this thread", e.Author)
	}
	s.Content, s.Unreadable = v.openBody(e, served.Body)
	return s, nil
}
