package client

import (
	"context"
	"slices"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/seal"
	"varco/internal/thread"
)

// GrantAgain gives a member what she could read before, on the card that she has now: after she
// has lost her phrase and enrolled again. Her card must be one that something may be sealed to
// today; a changed one was accepted before (AcceptCard). Epochs that this device can't open are
// left out; it refuses (class grant) when there is nothing to give.
func (u *Unlocked) GrantAgain(ctx context.Context, v *Conversation, person ids.Person) (ledger.Receipt, error) {
	return u.grant(ctx, v, person, func(next *Conversation) ([]int64, error) {
		var epochs []int64
		for i, e := range next.State.Epochs {
			if number := int64(i) + 1; slices.Contains(e.Granted, person) && next.holds(number) {
				epochs = append(epochs, number)
			}
		}
		return epochs, nil
	})
}

// GrantHistory lets a member read what was said before she came, from an epoch on: an act of the
// centre's.
func (u *Unlocked) GrantHistory(ctx context.Context, v *Conversation, person ids.Person, from int64) (ledger.Receipt, error) {
	return u.grant(ctx, v, person, func(next *Conversation) ([]int64, error) { return next.opened(from) })
}

func (u *Unlocked) grant(ctx context.Context, v *Conversation, person ids.Person,
	choose func(*Conversation) ([]int64, error)) (ledger.Receipt, error) {
	g := u.draft(thread.KindGrant, nil)
	return u.append(ctx, v, g, func(next *Conversation) ([]*draft, error) {
		d, err := u.Directory(ctx)
		if err != nil {
			return nil, err
		}
		m := next.State.Member(person)
		if m == nil {
			return nil, fault.New(fault.NotFound, "granting: %s is no member of the thread", person)
		}
		p := d.Person(m.Organisation, person)
		if p == nil {
			return nil, fault.Refuse(fault.ClassUntrusted, "granting: %s is on no roster any more", person)
		}
		if err := (seated{p, m.Seat}).may(); err != nil {
			return nil, err
		}
		epochs, err := choose(next)
		if err != nil {
			return nil, err
		}
		if len(epochs) == 0 && p.Card.Hash == m.Card {
			return nil, fault.Refuse(fault.ClassGrant, "granting: this device opens nothing that she could read")
		}
		next.cards[p.Card.Hash] = p.Card
		g.say = g.give(next, p, epochs)
		return []*draft{g}, nil
	})
}

// give writes a grant of epochs to somebody's card; v is the conversation whose keys are given.
func (d *draft) give(v *Conversation, p *Person, epochs []int64) func(*thread.Entry, place) error {
	return func(e *thread.Entry, _ place) error {
		e.Giving = &thread.Giving{Person: p.ID, Card: p.Card.Hash}
		d.grants = nil
		for _, number := range epochs {
			sealed, err := seal.Grant(p.Card.SealsTo, seal.GrantBinding{Thread: e.Thread, Epoch: number, Card: p.Card.Hash},
				v.epochs[number].key)
			if err != nil {
				return err
			}
			d.grants = append(d.grants, api.Grant{Person: p.ID, Epoch: number, Sealed: sealed})
			e.Giving.Epochs = append(e.Giving.Epochs, thread.Give{Epoch: number, Sealed: sealedOf(sealed)})
		}
		return nil
	}
}

// holds reports whether this device opens an epoch.
func (v *Conversation) holds(number int64) bool {
	e, ok := v.epochs[number]
	return ok && e.why == nil
}

// opened lists the epochs from one on, all of which this device must open (class grant): who is
// let in from a day on is not to miss what nobody told her of.
func (v *Conversation) opened(from int64) ([]int64, error) {
	if from < 1 || from > v.State.Epoch() {
		return nil, fault.New(fault.Invalid, "granting: there is no epoch %d", from)
	}
	var all []int64
	for number := from; number <= v.State.Epoch(); number++ {
		if !v.holds(number) {
			return nil, fault.Refuse(fault.ClassGrant, "granting: this device can't open what was said in epoch %d: let a colleague do it", number)
		}
		all = append(all, number)
	}
	return all, nil
}
