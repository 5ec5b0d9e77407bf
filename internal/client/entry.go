package client

import (
	"context"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/thread"
)

// add verifies one entry and adds it to a conversation.
func (u *Unlocked) add(ctx context.Context, v *Conversation, served api.Served) error {
	e, receipt, err := v.verify(u.parts.Anchors, served)
	if err != nil {
		return err
	}
	state, err := v.admit(e, receipt)
	if err != nil {
		return err
	}
	if err := u.vouch(ctx, v, e, &state, receipt); err != nil {
		return err
	}
	shown := Shown{Entry: e, Receipt: receipt, body: served.Body, header: served.Header, receipt: served.Receipt}
	// A recusal's author is a member only before it, the author of open only after it.
	m := v.State.Member(e.Author)
	if m == nil {
		m = state.Member(e.Author)
	}
	shown.Seat, shown.Organisation = m.Seat, m.Organisation
	v.State = state
	v.used[e.ID] = true
	u.openKeys(v, e, served.Grants)
	shown.Content, shown.Unreadable = v.openBody(e, served.Body)
	v.Entries = append(v.Entries, shown)
	return nil
}

// verify checks an entry by itself: form, author's signature, receipt.
func (v *Conversation) verify(a Anchors, served api.Served) (*thread.Entry, ledger.Receipt, error) {
	var receipt ledger.Receipt
	header := []byte(served.Header)
	e, err := thread.Parse(header)
	if err != nil {
		return nil, receipt, err
	}
	if e.Thread != v.id {
		return nil, receipt, fault.Refuse(fault.ClassSequence, "verifying an entry: of another thread")
	}
	if v.used[e.ID] {
		return nil, receipt, fault.Refuse(fault.ClassDuplicate, "verifying an entry: %s was there before", e.ID)
	}
	if err := e.Verify(header, v.cards[e.Card]); err != nil {
		return nil, receipt, err
	}
	receipt, err = a.checkReceipt(served.Receipt, e)
	return e, receipt, err
}

// admit finds the state that an entry leads to, when it follows and its receipt goes on from that of
// the entry before.
func (v *Conversation) admit(e *thread.Entry, receipt ledger.Receipt) (thread.State, error) {
	state, err := v.State.Apply(e, v.cards, receipt.AdmittedAt)
	if err != nil {
		return state, err
	}
	if n := len(v.Entries); n > 0 {
		last := v.Entries[n-1].Receipt
		if receipt.Leaf <= last.Leaf || receipt.AdmittedAt.Before(last.AdmittedAt) {
			return state, fault.Refuse(fault.ClassReceipt, "verifying an entry: its receipt is older than that of the entry before")
		}
	}
	return state, nil
}

// checkReceipt reads a receipt that must be for this very header.
func (a Anchors) checkReceipt(msg string, e *thread.Entry) (ledger.Receipt, error) {
	r, err := a.OpenReceipt([]byte(msg))
	if err != nil {
		return r, err
	}
	if r.Thread != e.Thread || r.Entry != e.ID || r.Header != e.Hash() {
		return r, fault.Refuse(fault.ClassReceipt, "checking a receipt: it is for another entry")
	}
	return r, nil
}

// vouch asks the rosters who the people of an entry were, after fetching them anew if its
// author has seen a newer one than this device.
func (u *Unlocked) vouch(ctx context.Context, v *Conversation, e *thread.Entry, s *thread.State, r ledger.Receipt) error {
	d, err := u.known(ctx)
	if err != nil {
		return err
	}
	for _, seen := range e.Rosters {
		if book := d.books(seen.Organisation); book == nil || book.Version(seen.Version) == nil {
			if d, err = u.Directory(ctx); err != nil {
				return err
			}
			break
		}
	}
	return s.Vouch(&v.State, e, v.cards, d.books, r.AdmittedAt)
}

// openKeys opens what an entry grants the caller: the epoch that it starts, or older ones. What
// does not open is told where it is missed; what now opens is read again.
func (u *Unlocked) openKeys(v *Conversation, e *thread.Entry, served []api.Grant) {
	for _, g := range e.Given() {
		if had, ok := v.epochs[g.Epoch]; g.Person != u.Person() || ok && had.why == nil {
			continue
		}
		key, err := u.openGrant(v, g, served)
		v.epochs[g.Epoch] = epoch{key, err}
		if err == nil {
			v.reopen(g.Epoch)
		}
	}
}

func (u *Unlocked) openGrant(v *Conversation, g thread.Given, served []api.Grant) (seal.Epoch, error) {
	m := v.State.Member(u.Person())
	if m == nil {
		return seal.Epoch{}, fault.Refuse(fault.ClassGrant, "opening a grant: none was given to her")
	}
	var sealed []byte
	for _, s := range served {
		if s.Person == g.Person && s.Epoch == g.Epoch {
			sealed = s.Sealed
		}
	}
	if err := fits(sealed, g.Sealed, "grant"); err != nil {
		return seal.Epoch{}, err
	}
	c := v.cards[m.Card]
	if err := u.keys.Matches(c.Card); err != nil {
		return seal.Epoch{}, err
	}
	identity, err := u.keys.Identity(c.Serial)
	if err != nil {
		return seal.Epoch{}, err
	}
	binding := seal.GrantBinding{Thread: v.id, Epoch: g.Epoch, Card: m.Card}
	return seal.OpenGrant(identity, binding, v.State.Epochs[g.Epoch-1].Recipient, sealed)
}

// reopen opens the bodies of an epoch that could not be opened before.
func (v *Conversation) reopen(epoch int64) {
	for i := range v.Entries {
		if s := &v.Entries[i]; s.Entry.Epoch == epoch && s.Unreadable != nil {
			s.Content, s.Unreadable = v.openBody(s.Entry, s.body)
		}
	}
}

// openBody opens the body of an entry with the epoch that this device has.
func (v *Conversation) openBody(e *thread.Entry, body []byte) (Content, error) {
	if e.Body == nil {
		return Content{}, nil
	}
	if err := fits(body, *e.Body, "body"); err != nil {
		return Content{}, err
	}
	key, ok := v.epochs[e.Epoch]
	if !ok || key.why != nil {
		return Content{}, orElse(key.why, fault.Refuse(fault.ClassGrant, "opening a body: nothing was granted to her"))
	}
	plain, err := seal.OpenBody(key.key, bindingOf(e), body)
	if err != nil {
		return Content{}, err
	}
	c, err := ParseContent(plain)
	if err == nil {
		err = c.carries(e.Blobs)
	}
	if err == nil {
		err = c.belongs(e.Kind, v.State.Side)
	}
	if err != nil {
		return Content{}, err
	}
	return c, nil
}

// fits compares what was served with what the signed header says of it.
func fits(got []byte, want thread.Sealed, what string) error {
	if len(got) == 0 {
		return fault.Refuse(fault.ClassMissing, "opening an entry: its %s was left out", what)
	}
	if int64(len(got)) != want.Size || note.Sum(got) != want.Hash {
		return fault.Refuse(fault.ClassSubstitute, "opening an entry: another %s than its author's", what)
	}
	return nil
}

func bindingOf(e *thread.Entry) seal.Binding {
	return seal.Binding{Thread: e.Thread, Entry: e.ID, Epoch: e.Epoch, Author: e.Author, Kind: string(e.Kind)}
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// find returns the entry with an id, nil when there is none.
func (v *Conversation) find(id ids.Entry) *Shown {
	for i := range v.Entries {
		if v.Entries[i].Entry.ID == id {
			return &v.Entries[i]
		}
	}
	return nil
}
