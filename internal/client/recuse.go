package client

import (
	"context"
	"errors"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
)

// Recuse leaves a thread, at once and whatever else is the matter, even with an expired card
// or while a new epoch is due. It gives no reason. The last one of the centre can't leave.
func (u *Unlocked) Recuse(ctx context.Context, v *Conversation) (ledger.Receipt, error) {
	recuse := u.draft(thread.Recuse, nil)
	return u.append(ctx, v, recuse, func(*Conversation) ([]*draft, error) { return []*draft{recuse}, nil })
}

// RecuseUnread leaves a thread without reading it: somebody who recognises a case by its code must
// not have to open it first, and who may not read it yet must be able to leave it too. Where its end
// is, the service says and nobody signs; what it gains by a lie is a recusal that it has to refuse,
// and no receipt.
func (u *Unlocked) RecuseUnread(ctx context.Context, id ids.Thread) (ledger.Receipt, error) {
	m, err := u.parts.Memory.Load(ctx)
	if err != nil {
		return ledger.Receipt{}, fault.Wrap(fault.Unavailable, err, "reading what this device remembers")
	}
	if err := u.findCards(ctx); err != nil {
		return ledger.Receipt{}, err
	}
	at := api.Place{Thread: id, Next: 1, Head: note.Sum([]byte(id)), Epoch: 1} // none: the answer tells the right one
	recuse := u.draft(thread.Recuse, nil)
	for range conflicts {
		state := thread.State{Thread: id, Next: at.Next, Head: at.Head, Epochs: make([]thread.Epoch, at.Epoch)}
		parcel, e, err := u.parcel(recuse, place{state: state, card: u.card})
		if err != nil {
			return ledger.Receipt{}, err
		}
		var answer api.Receipts
		err = u.ask(ctx, "POST", "/v1/entries", api.Append{Parcels: []api.Parcel{parcel}}, &answer)
		if err == nil {
			if len(answer.Receipts) != 1 {
				return ledger.Receipt{}, fault.Refuse(fault.ClassReceipt, "recusing: %d receipts", len(answer.Receipts))
			}
			return u.parts.Anchors.checkReceipt(answer.Receipts[0], e)
		}
		refused, ok := errors.AsType[*ServiceError](err)
		if !ok || refused.Place == nil || refused.Place.Thread != id || refused.Place.Epoch < 1 || refused.Place.Epoch > thread.MaxEpochs {
			return ledger.Receipt{}, err
		}
		at = *refused.Place
		switch seen := m.Threads[id]; {
		case at.Next < seen.Next:
			return ledger.Receipt{}, fault.Refuse(fault.ClassRollback, "recusing: the thread has %d entries, and more were seen", at.Next)
		case at.Next == seen.Next && at.Head != seen.Hash:
			return ledger.Receipt{}, fault.Refuse(fault.ClassFork, "recusing: the thread ends otherwise than was seen")
		}
	}
	return ledger.Receipt{}, fault.New(fault.Conflict, "recusing: others were first %d times; repeat it", conflicts)
}
