package client

import (
	"context"
	"slices"
	"strings"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/thread"
)

// Change says who is a member of a thread from now on.
type Change struct {
	Add    []Joining
	Remove []ids.Person
	// Seats gives members who stay another seat: the substitute becomes holder.
	Seats map[ids.Person]act.Seat
	// Inside is the centre's own thread of the case, which is read to its end: who is excluded there
	// is not added and gets no other seat. Somebody of another organisation is chosen only with it.
	Inside *Conversation
}

// SeatFor is the seat that somebody of an organisation gets in a thread: an officer is the holder where
// there is none.
func (v *Conversation) SeatFor(home ids.Organisation) act.Seat {
	switch {
	case home == v.State.Centre:
		return act.SeatCentre
	case v.State.Side == thread.Partner:
		return act.SeatPartner
	case v.State.Held():
		return act.SeatSubstitute
	}
	return act.SeatHolder
}

// Joining is somebody who comes.
type Joining struct {
	Organisation ids.Organisation
	Person       ids.Person
	Seat         act.Seat
	// From is the first epoch that she may read: 1 for all that was ever said, 0 for what is said
	// from now on.
	From int64
}

// ChangeMembers adds and removes members in one act of the centre's. A new epoch starts with it:
// who was removed opens nothing that is said afterwards, though she may have kept what she had.
// Who is added gets the epochs that were chosen for her, as far as this device opens them.
//
// Everyone who is added or stays must be somebody to whom may be sealed today: an error says who
// is not. It refuses (kind conflict) who is excluded in the case: who chose her may not have seen that yet.
func (u *Unlocked) ChangeMembers(ctx context.Context, v *Conversation, c Change) (ledger.Receipt, error) {
	if len(c.Add)+len(c.Remove)+len(c.Seats) == 0 {
		return ledger.Receipt{}, fault.New(fault.Invalid, "changing members: nothing changes")
	}
	change, grants := u.draft(thread.Members, nil), make([]*draft, len(c.Add))
	for i := range c.Add {
		grants[i] = u.draft(thread.KindGrant, nil)
	}
	last := change
	return u.append(ctx, v, last, func(next *Conversation) ([]*draft, error) {
		chosen := c.chosen(next)
		if err := u.allowed(ctx, c, chosen, next); err != nil {
			return nil, err
		}
		if change.while = nil; len(chosen) > 0 {
			change.while = c.Inside
		}
		d, err := u.Directory(ctx)
		if err != nil {
			return nil, err
		}
		after, err := c.after(d, next, u)
		if err != nil {
			return nil, err
		}
		change.say = func(e *thread.Entry, p place) error {
			e.Members = after
			return change.begin(e, after, p.cards)
		}
		drafts := []*draft{change}
		for i, j := range c.Add {
			if j.From == 0 {
				continue
			}
			epochs, err := next.opened(j.From)
			if err != nil {
				return nil, err
			}
			g := grants[i]
			g.say = g.give(next, d.Person(j.Organisation, j.Person), epochs)
			drafts = append(drafts, g)
		}
		return drafts, nil
	})
}

// chosen are those who come or get another seat and could be excluded.
func (c Change) chosen(v *Conversation) []Joining {
	chosen := slices.Clone(c.Add)
	for person := range c.Seats {
		if m := v.State.Member(person); m != nil { // who is none is refused later
			chosen = append(chosen, Joining{Organisation: m.Organisation, Person: person})
		}
	}
	return slices.DeleteFunc(chosen, func(j Joining) bool { return j.Organisation == v.State.Centre })
}

// allowed checks who is chosen against the exclusions of the case, as they are now.
func (u *Unlocked) allowed(ctx context.Context, c Change, chosen []Joining, v *Conversation) error {
	if len(chosen) == 0 {
		return nil
	}
	if c.Inside == nil || c.Inside.State.Side != thread.Internal || c.Inside.State.Centre != v.State.Centre {
		return fault.New(fault.Invalid, "changing members: who is excluded in the case is not known: read the centre's own thread")
	}
	if err := u.ReadOn(ctx, c.Inside, ""); err != nil {
		return err
	}
	// That it is the one of this case is a colleague's signed word, not the service's.
	if !c.Inside.names(v.id) {
		return fault.Refuse(fault.ClassSubstitute, "changing members: that is the centre's own thread of another case")
	}
	for _, j := range chosen {
		excluded, err := c.Inside.Excludes(j.Organisation, j.Person)
		if err != nil {
			return err
		}
		if excluded {
			return fault.New(fault.Conflict, "changing members: %s is excluded in this case", j.Person)
		}
	}
	return nil
}

// after is who is a member after the change, in order of person. The cards of those who come are
// added to the conversation's: they were verified with the directory.
func (c Change) after(d *Directory, v *Conversation, u *Unlocked) ([]thread.Member, error) {
	var after []thread.Member
	for _, m := range v.State.Members {
		if slices.Contains(c.Remove, m.Person) {
			continue
		}
		if seat, ok := c.Seats[m.Person]; ok {
			m.Seat = seat
		}
		if err := d.admits(v.cards, m, u); err != nil {
			return nil, err
		}
		after = append(after, m)
	}
	if removed := len(v.State.Members) - len(after); removed != len(slices.Compact(slices.Sorted(slices.Values(c.Remove)))) {
		return nil, fault.New(fault.Invalid, "changing members: somebody who is to be removed is no member")
	}
	for _, j := range c.Add {
		p := d.Person(j.Organisation, j.Person)
		if p == nil {
			return nil, fault.New(fault.NotFound, "changing members: %s is on no roster", j.Person)
		}
		if v.State.Member(j.Person) != nil {
			return nil, fault.New(fault.Invalid, "changing members: %s is a member already", j.Person)
		}
		if err := (seated{p, j.Seat}).may(); err != nil {
			return nil, err
		}
		v.cards[p.Card.Hash] = p.Card
		after = append(after, thread.Member{Person: p.ID, Organisation: p.Organisation, Card: p.Card.Hash, Seat: j.Seat})
	}
	slices.SortFunc(after, func(a, b thread.Member) int { return strings.Compare(string(a.Person), string(b.Person)) })
	return after, nil
}

// names reports whether the centre has said in this thread, its own, that another is of the same case.
func (v *Conversation) names(id ids.Thread) bool {
	return slices.ContainsFunc(v.Entries, func(s Shown) bool {
		return slices.ContainsFunc(s.Content.Threads, func(l Linked) bool { return l.Thread == id })
	})
}

// Excludes reports whether the centre has said in this thread, its own, that somebody or her
// whole organisation must not be chosen as a member. It fails as Exclusions does.
func (v *Conversation) Excludes(organisation ids.Organisation, person ids.Person) (bool, error) {
	all, err := v.Exclusions()
	return slices.ContainsFunc(all, func(x Exclusion) bool {
		return x.Person == person && person != "" || x.Person == "" && x.Organisation == organisation
	}), err
}

// Exclusions are those that are in force at the end of the thread, in the order in which they
// were said. It fails when an entry that may exclude somebody does not open here (class as of
// Shown.Unreadable): who was excluded must not be chosen because somebody has kept that back.
func (v *Conversation) Exclusions() ([]Exclusion, error) {
	var all []Exclusion
	for _, s := range v.Entries {
		if k := s.Entry.Kind; s.Unreadable != nil && (k == thread.Open || k == thread.Exclude) {
			return nil, s.Unreadable
		}
		for _, x := range s.Content.Exclude {
			all = slices.DeleteFunc(all, func(old Exclusion) bool {
				return old.Organisation == x.Organisation && old.Person == x.Person
			})
			if !x.Lift {
				all = append(all, x)
			}
		}
	}
	return all, nil
}
