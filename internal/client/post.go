package client

import (
	"context"

	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/thread"
)

// conflicts is how often an entry is signed anew after another one was first.
const conflicts = 5

// append appends the drafts that plan chooses for the conversation as it is, last is the
// final one. The conversation grows by them, and by what has come since. With no drafts there is
// nothing to append any more, and no receipt.
func (u *Unlocked) append(ctx context.Context, v *Conversation, last *draft,
	plan func(*Conversation) ([]*draft, error)) (ledger.Receipt, error) {
	for range conflicts {
		drafts, err := plan(v)
		if err != nil {
			return ledger.Receipt{}, err
		}
		if len(drafts) == 0 {
			return ledger.Receipt{}, nil
		}
		parcels, err := u.parcels(ctx, v, drafts)
		if err != nil {
			return ledger.Receipt{}, err
		}
		var answer api.Receipts
		err = u.ask(ctx, "POST", "/v1/entries", api.Append{Parcels: parcels, While: while(drafts)}, &answer)
		if err == nil {
			return u.appended(ctx, v, parcels, answer.Receipts)
		}
		if fault.KindOf(err) != fault.Conflict {
			return ledger.Receipt{}, err
		}
		if err := u.ReadOn(ctx, v, ""); err != nil {
			return ledger.Receipt{}, err
		}
		// A service may say that it was not recorded and show it in the chain.
		if found := v.find(last.id); found != nil && last.signed[found.Entry.Hash()] {
			return found.Receipt, nil
		}
	}
	return ledger.Receipt{}, fault.New(fault.Conflict, "appending an entry: others were first %d times; repeat it", conflicts)
}

// while is where the conversation ends by which a draft was chosen.
func while(drafts []*draft) *api.End {
	for _, d := range drafts {
		if d.while != nil {
			return &api.End{Thread: d.while.id, Head: d.while.State.Head}
		}
	}
	return nil
}

// parcels seals and signs drafts, each in the place after the one before.
func (u *Unlocked) parcels(ctx context.Context, v *Conversation, drafts []*draft) ([]api.Parcel, error) {
	m := v.State.Member(u.Person())
	if m == nil {
		return nil, fault.Refuse(fault.ClassMembership, "appending an entry: she is no member of this thread any more")
	}
	d, err := u.known(ctx)
	if err != nil {
		return nil, err
	}
	p := place{state: v.State, card: u.cardIn(v, m), cards: v.cards, saw: d.saw(v.State.Centre, v.State.With)}
	parcels := make([]api.Parcel, len(drafts))
	for i, one := range drafts {
		var e *thread.Entry
		if parcels[i], e, err = u.parcel(one, p); err != nil {
			return nil, err
		}
		// Applied as if it were admitted when it was signed: what does not follow is not sent.
		if p.state, err = p.state.Apply(e, v.cards, e.Time); err != nil {
			return nil, err
		}
	}
	return parcels, nil
}

// cardIn is the card with which she writes in a thread: the one that she is a member with, or
// the one on the roster that succeeds it, and then becomes hers in the thread.
func (u *Unlocked) cardIn(v *Conversation, m *thread.Member) *card.Signed {
	if p := u.directory.Person(u.directory.Own.ID, m.Person); p != nil && p.Card.Succeeds(m.Card) && u.Holds(p.Card) {
		v.cards[p.Card.Hash] = p.Card
		return p.Card
	}
	return v.cards[m.Card]
}

// appended verifies the receipts by the same way as entries that are read, and returns the
// last one.
func (u *Unlocked) appended(ctx context.Context, v *Conversation, parcels []api.Parcel, receipts []string) (ledger.Receipt, error) {
	if len(receipts) != len(parcels) {
		return ledger.Receipt{}, fault.Refuse(fault.ClassReceipt, "appending entries: %d receipts for %d", len(receipts), len(parcels))
	}
	next := v.copy()
	for i, p := range parcels {
		served := api.Served{Header: p.Header, Receipt: receipts[i], Body: p.Body}
		for _, g := range p.Grants {
			if g.Person == u.Person() {
				served.Grants = append(served.Grants, g)
			}
		}
		if err := u.add(ctx, next, served); err != nil {
			return ledger.Receipt{}, err
		}
	}
	if err := u.settle(ctx, v, next); err != nil {
		return ledger.Receipt{}, err
	}
	return v.Entries[len(v.Entries)-1].Receipt, nil
}
