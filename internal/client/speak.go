package client

import (
	"context"
	"slices"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/thread"
)

// Post says something to the members of a thread and returns the log's receipt. It starts a
// new epoch in the same request when one is due or when this device can't open the current
// one. When somebody else was first it reads on, verifies, and signs again with the same id.
//
// Members to whom nothing may be sealed today (Conversation.Barred) read what is posted to
// the epoch that they have: so Post refuses while there are any but those named in despite.
// A new epoch is never granted to them. Nor is anything signed again for somebody who became a
// member meanwhile: who says it has to see first that she reads it (fault.Conflict).
func (u *Unlocked) Post(ctx context.Context, v *Conversation, c Content, despite ...ids.Person) (ledger.Receipt, error) {
	return u.speak(ctx, v, thread.Message, c, nil, despite)
}

// Request asks for something, by a day or "" for none; Content.Items says what, one by one. It
// is posted like a message.
func (u *Unlocked) Request(ctx context.Context, v *Conversation, c Content, due thread.Day, despite ...ids.Person) (ledger.Receipt, error) {
	return u.speak(ctx, v, thread.Request, c, func(e *thread.Entry, _ place) error {
		e.Due = due
		return nil
	}, despite)
}

// SetStatus says how a thread stands, with words or, when the content has none, without. It is
// posted like a message; a closed thread is opened again by it.
func (u *Unlocked) SetStatus(ctx context.Context, v *Conversation, s thread.Status, c Content, despite ...ids.Person) (ledger.Receipt, error) {
	return u.speak(ctx, v, thread.KindStatus, c, func(e *thread.Entry, _ place) error {
		e.Status = &s
		return nil
	}, despite)
}

// Exclude says in the centre's own thread who must not be chosen as a member in this case, or may
// be again. The centre's devices keep to it (ChangeMembers); nobody else learns of it.
func (u *Unlocked) Exclude(ctx context.Context, inside *Conversation, c Content, despite ...ids.Person) (ledger.Receipt, error) {
	if len(c.Exclude) == 0 {
		return ledger.Receipt{}, fault.New(fault.Invalid, "excluding: it names nobody")
	}
	return u.speak(ctx, inside, thread.Exclude, c, nil, despite)
}

// speak appends one entry, after a new epoch where one has to start. What is said in words is
// sealed; what is not can be read by the service, so a status without words asks nothing of the
// members' cards.
func (u *Unlocked) speak(ctx context.Context, v *Conversation, kind thread.Kind, c Content,
	say func(*thread.Entry, place) error, despite []ids.Person) (ledger.Receipt, error) {
	content, err := c.Bytes()
	if err != nil {
		return ledger.Receipt{}, err
	}
	if kind == thread.KindStatus && c.Text == "" && c.Reference == "" {
		content = nil
	}
	words, rekey := u.draft(kind, content), u.rekey()
	words.say = say
	if words.blobs, err = c.blobs(); err != nil {
		return ledger.Receipt{}, err
	}
	known := slices.Clone(v.State.Members)
	return u.append(ctx, v, words, func(next *Conversation) ([]*draft, error) {
		if content != nil {
			if err := next.heard(known, despite); err != nil {
				return nil, err
			}
		}
		if content == nil || !next.mustRekey() { // a status without words may follow at any time
			return []*draft{words}, nil
		}
		if err := u.sealable(ctx, next); err != nil {
			return nil, err
		}
		return []*draft{rekey, words}, nil
	})
}

// heard checks that nobody hears what is said of whom its author does not know: nobody who was not
// known as a member (fault.Conflict), and nobody to whom nothing may be sealed today but those named
// in despite.
func (v *Conversation) heard(known []thread.Member, despite []ids.Person) error {
	for _, m := range v.State.Members {
		if !slices.ContainsFunc(known, func(k thread.Member) bool { return k.Person == m.Person }) {
			return fault.New(fault.Conflict, "speaking: %s became a member meanwhile", m.Person)
		}
	}
	for _, b := range v.Barred {
		if !slices.Contains(despite, b.Member.Person) {
			return b.Why
		}
	}
	return nil
}

// mustRekey reports whether a new epoch has to start before this device seals anything to the thread.
func (v *Conversation) mustRekey() bool { return v.State.Spent || !v.reads() }

// renewEpoch starts a new epoch in a request of its own, for what can't be sent together with it;
// unless somebody else has started one meanwhile, or somebody has become a member.
func (u *Unlocked) renewEpoch(ctx context.Context, v *Conversation, known []thread.Member) error {
	rekey := u.rekey()
	_, err := u.append(ctx, v, rekey, func(next *Conversation) ([]*draft, error) {
		if err := next.heard(known, nil); err != nil || !next.mustRekey() {
			return nil, err
		}
		return []*draft{rekey}, u.sealable(ctx, next)
	})
	return err
}

// sealable checks that a new epoch may be sealed to every member: it rests on the newest
// rosters there are.
func (u *Unlocked) sealable(ctx context.Context, v *Conversation) error {
	d, err := u.Directory(ctx)
	if err != nil {
		return err
	}
	if v.bar(d, u); len(v.Barred) > 0 {
		return v.Barred[0].Why
	}
	return nil
}
