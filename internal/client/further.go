package client

import (
	"context"
	"slices"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/thread"
)

// NewThread is what somebody of the centre decides when she opens a further thread in a case: with
// another office, or with a Comune or association.
type NewThread struct {
	With           ids.Organisation
	Topic, Urgency string // of a thread with an INPS office; "" for a partner, who learns of none
	Content        Content
	Colleagues     []ids.Person // as in NewCase
	Alone          bool
	// Holder and Substitute choose officers, as in NewCase.
	Holder, Substitute ids.Person
	// Partners are the people of a partner who get it, at least one.
	Partners []ids.Person
}

// OpenThread opens a further thread in a case, and names it in the centre's own thread, in one
// request. Who is excluded there is not chosen; its members learn nothing of the other threads.
//
// When somebody else was first there, all is chosen and signed again, from what that thread then
// says and with the same ids; but for who was drawn, or a service could draw again by answering so.
// It is not opened while somebody is a member there to whom nothing may be sealed today, nor when
// somebody became one meanwhile (fault.Conflict): as for Post. A new epoch starts there first, in a
// request of its own, where one has to.
func (u *Unlocked) OpenThread(ctx context.Context, cs ids.Case, inside *Conversation, n NewThread) (*Conversation, []ledger.Receipt, error) {
	if inside.State.Side != thread.Internal {
		return nil, nil, fault.New(fault.Invalid, "opening a thread: that is not the centre's own thread of the case")
	}
	// Which case it is of is a colleague's signed word, not the service's.
	if len(inside.Entries) == 0 || inside.Entries[0].Content.Case != cs {
		return nil, nil, fault.Refuse(fault.ClassSubstitute, "opening a thread: that is the centre's own thread of another case, or does not open here")
	}
	o, err := u.opening(n.Content)
	if err != nil {
		return nil, nil, err
	}
	link, known := u.draft(thread.Link, nil), slices.Clone(inside.State.Members)
	for range conflicts {
		if err := u.findCards(ctx); err != nil {
			return nil, nil, err
		}
		inside.bar(u.directory, u)
		if err := inside.heard(known, nil); err != nil {
			return nil, nil, err
		}
		if err := u.further(u.directory, inside, n, o); err != nil {
			return nil, nil, err
		}
		if inside.mustRekey() {
			if err := u.renewEpoch(ctx, inside, known); err != nil {
				return nil, nil, err
			}
			continue // what has come before the new epoch may exclude somebody
		}
		n.Holder, n.Substitute = o.holds(act.SeatHolder), o.holds(act.SeatSubstitute)
		parcel, view, err := u.open(u.directory, o)
		if err != nil {
			return nil, nil, err
		}
		if link.content, err = (Content{Threads: []Linked{{Thread: o.thread, Side: o.side, With: n.With}}}).Bytes(); err != nil {
			return nil, nil, err
		}
		named, err := u.parcels(ctx, inside, []*draft{link})
		if err != nil {
			return nil, nil, err
		}
		receipts, err := u.begin(ctx, api.OpenCase{Case: cs, Parcels: []api.Parcel{parcel, named[0]}}, view, inside)
		if fault.KindOf(err) != fault.Conflict {
			return view, receipts, err
		}
		if err := u.ReadOn(ctx, inside, ""); err != nil {
			return nil, nil, err
		}
		// As in append: a service may say that it was not recorded and show it in the chain.
		if found := inside.find(link.id); found != nil && link.signed[found.Entry.Hash()] {
			return u.opened(ctx, o, found.Receipt)
		}
	}
	return nil, nil, fault.New(fault.Conflict, "opening a thread: others were first %d times; repeat it", conflicts)
}

// opened reads a thread that was opened although the service denied it.
func (u *Unlocked) opened(ctx context.Context, o *opening, link ledger.Receipt) (*Conversation, []ledger.Receipt, error) {
	view, err := u.ReadThread(ctx, o.thread, "")
	if err != nil {
		return nil, nil, err
	}
	first := view.Entries[0]
	if !o.first.signed[first.Entry.Hash()] {
		return nil, nil, fault.Refuse(fault.ClassSubstitute, "opening a thread: it begins with what she did not sign")
	}
	return view, []ledger.Receipt{first.Receipt, link}, nil
}

// DrawFurther draws the officers of a further thread before it is opened: as Draw, and nobody whom
// the case excludes. OpenThread takes them by name.
func (u *Unlocked) DrawFurther(ctx context.Context, inside *Conversation, with ids.Organisation) (holder, substitute ids.Person, err error) {
	excluded, err := inside.excludedWith(with)
	if err != nil {
		return "", "", err
	}
	return u.Draw(ctx, NewCase{With: with, Exclude: excluded})
}

// excludedWith are the people who must not get a further thread with an organisation; it refuses (kind
// invalid) one that is excluded whole.
func (v *Conversation) excludedWith(with ids.Organisation) ([]ids.Person, error) {
	excluded, err := v.Exclusions()
	if err != nil {
		return nil, err
	}
	if slices.Contains(excluded, Exclusion{Organisation: with}) {
		return nil, fault.New(fault.Invalid, "opening a thread: the whole of %s is excluded in this case", with)
	}
	var people []ids.Person
	for _, x := range excluded {
		people = append(people, x.Person)
	}
	return people, nil
}

// further chooses the side and the members of the thread.
func (u *Unlocked) further(d *Directory, inside *Conversation, n NewThread, o *opening) error {
	other := d.Organisation(n.With)
	if other == nil || other == d.Own {
		return fault.New(fault.NotFound, "opening a thread: no such organisation in the directory")
	}
	excluded, err := inside.excludedWith(n.With)
	if err != nil {
		return err
	}
	chosen := NewCase{With: n.With, Colleagues: n.Colleagues, Alone: n.Alone, Exclude: excluded, Holder: n.Holder, Substitute: n.Substitute}
	members, err := u.centreMembers(d, chosen)
	if err != nil {
		return err
	}
	o.side, o.with = thread.Partner, n.With
	theirs, err := partners(other, chosen.Exclude, n.Partners)
	if other.Kind == act.INPS {
		o.side, o.topic, o.urgency = thread.INPS, n.Topic, n.Urgency
		theirs, err = u.chooseOfficers(other, chosen)
	}
	o.members = slices.Concat(members, theirs)
	return err
}

// partners are the named people of a partner.
func partners(other *Organisation, excluded, named []ids.Person) ([]seated, error) {
	if len(named) == 0 {
		return nil, fault.New(fault.Invalid, "opening a thread: say who of %s gets it", other.ID)
	}
	var all []seated
	for _, id := range slices.Compact(slices.Sorted(slices.Values(named))) {
		i := slices.IndexFunc(other.People, func(p Person) bool { return p.ID == id })
		if i < 0 || slices.Contains(excluded, id) {
			return nil, fault.New(fault.Invalid, "opening a thread: %s is not of %s, or is excluded", id, other.ID)
		}
		p := seated{&other.People[i], act.SeatPartner}
		if err := p.may(); err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}
