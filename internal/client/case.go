package client

import (
	"context"
	"slices"
	"strings"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/thread"
)

// NewCase is what an operator decides when she opens a case.
type NewCase struct {
	With    ids.Organisation // the INPS office
	Topic   string           // code of a topic
	Urgency string           // code of an urgency
	Content Content          // first message to the office
	Inside  Content          // first note of the internal thread; its text may be empty
	// Colleagues of the centre who get the case too: at least one, so that one lost phrase
	// never loses a case, unless Alone says that she knows.
	Colleagues []ids.Person
	Alone      bool
	// Exclude are officers who must not get it. It is said in the centre's own thread, and nobody
	// else is told who they are.
	Exclude []ids.Person
	// ExcludeOffices are other organisations of which nobody must get it: said in the same place.
	ExcludeOffices []ids.Organisation
	// Holder and Substitute choose officers; "" leaves it to chance.
	Holder, Substitute ids.Person
}

// Opened is a case that was opened.
type Opened struct {
	Case   ids.Case
	Thread *Conversation // with the office
	Inside *Conversation // the centre's own
	// Holder handles it. Substitute can take over, "" where the office has no second officer
	// who may have it: nobody can then while the holder is away.
	Holder, Substitute ids.Person
	Receipts           []ledger.Receipt // of Thread, then of Inside
}

// OpenCase opens a case: a thread with two officers of the office and one of the centre
// alone, each under a code and a key of its own, both in one request. Officers are those
// whom the office's newest roster designates today. Everyone gets it by a card that was
// verified now; somebody whose card has changed since this device knew her is not chosen,
// and is refused (class substituted) when she is named.
func (u *Unlocked) OpenCase(ctx context.Context, n NewCase) (*Opened, error) {
	if err := u.findCards(ctx); err != nil {
		return nil, err
	}
	d := u.directory
	office := d.Organisation(n.With)
	if office == nil || office.Kind != act.INPS {
		return nil, fault.New(fault.NotFound, "opening a case: no such INPS office in the directory")
	}
	centre, err := u.centreMembers(d, n)
	if err != nil {
		return nil, err
	}
	officers, err := u.chooseOfficers(office, n)
	if err != nil {
		return nil, err
	}
	if slices.Contains(n.ExcludeOffices, n.With) {
		return nil, fault.New(fault.Invalid, "opening a case: the office is chosen and excluded")
	}
	id := ids.NewCase(u.parts.Rand)
	opened := &Opened{Case: id, Holder: officers[0].ID}
	if len(officers) > 1 {
		opened.Substitute = officers[1].ID
	}
	o, err := u.opening(n.Content)
	if err != nil {
		return nil, err
	}
	o.side, o.with, o.topic, o.urgency, o.members = thread.INPS, n.With, n.Topic, n.Urgency, slices.Concat(centre, officers)
	outside, view, err := u.open(d, o)
	if err != nil {
		return nil, err
	}
	if o, err = u.opening(n.inside(id, view.id)); err != nil {
		return nil, err
	}
	o.side, o.members = thread.Internal, centre
	own, inside, err := u.open(d, o)
	if err != nil {
		return nil, err
	}
	opened.Thread, opened.Inside = view, inside
	opened.Receipts, err = u.begin(ctx, api.OpenCase{Case: id, Parcels: []api.Parcel{outside, own}}, view, inside)
	return opened, err
}

// inside is what the centre's own thread begins with: a note, which case it is of, the thread with
// the office, and who must not get the case.
func (n NewCase) inside(cs ids.Case, outside ids.Thread) Content {
	c := n.Inside
	c.Case = cs
	c.Threads = append(c.Threads, Linked{Thread: outside, Side: thread.INPS, With: n.With})
	for _, person := range n.Exclude {
		c.Exclude = append(c.Exclude, Exclusion{Organisation: n.With, Person: person})
	}
	for _, office := range n.ExcludeOffices {
		c.Exclude = append(c.Exclude, Exclusion{Organisation: office})
	}
	return c
}

// begin sends the entries that open threads, or follow in the one where it is said, and verifies
// their receipts: one parcel for each view.
func (u *Unlocked) begin(ctx context.Context, request api.OpenCase, views ...*Conversation) ([]ledger.Receipt, error) {
	var answer api.Receipts
	if err := u.ask(ctx, "POST", "/v1/cases", request, &answer); err != nil {
		return nil, err
	}
	if len(answer.Receipts) != len(views) {
		return nil, fault.Refuse(fault.ClassReceipt, "opening a case: %d receipts for %d threads", len(answer.Receipts), len(views))
	}
	receipts := make([]ledger.Receipt, len(views))
	for i, v := range views {
		var err error
		if receipts[i], err = u.appended(ctx, v, request.Parcels[i:i+1], answer.Receipts[i:i+1]); err != nil {
			return nil, err
		}
	}
	return receipts, nil
}

// seated is a person with the seat that she gets.
type seated struct {
	*Person
	seat act.Seat
}

// centreMembers are the author and her colleagues, each once.
func (u *Unlocked) centreMembers(d *Directory, n NewCase) ([]seated, error) {
	self := d.Person(d.Own.ID, u.Person())
	if self == nil || u.card == nil || self.Card.Hash != u.card.Hash {
		return nil, fault.New(fault.NotFound, "opening a case: she is not on her centre's roster yet")
	}
	members := []seated{{self, act.SeatCentre}}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(n.Colleagues))) {
		if id == u.Person() {
			continue
		}
		p := d.Person(d.Own.ID, id)
		if p == nil {
			return nil, fault.New(fault.Invalid, "opening a case: %s is no colleague on the centre's roster", id)
		}
		members = append(members, seated{p, act.SeatCentre})
	}
	if len(members) == 1 && !n.Alone {
		return nil, fault.New(fault.Invalid, "opening a case: at least one colleague must have it too, or a lost phrase loses it")
	}
	for _, m := range members {
		if err := m.may(); err != nil {
			return nil, err
		}
	}
	return members, nil
}

// may checks that somebody can be given her seat today.
func (s seated) may() error {
	if s.Barred != nil {
		return s.Barred
	}
	if !s.Has(thread.RolesFor(s.seat)...) {
		return fault.Refuse(fault.ClassMembership, "opening a case: %s has no role for the seat %s today", s.ID, s.seat)
	}
	if s.Changed {
		return fault.Refuse(fault.ClassSubstitute, "opening a case: the card of %s has changed: compare her words anew", s.ID)
	}
	return nil
}

// opening is a thread to be opened, under a code of its own. It may be signed more than once, with
// others as members; code and entry stay.
type opening struct {
	thread         ids.Thread
	first          *draft
	side           thread.Side
	with           ids.Organisation
	topic, urgency string
	members        []seated
}

// opening drafts a thread with its first entry.
func (u *Unlocked) opening(c Content) (*opening, error) {
	content, err := c.Bytes()
	if err != nil {
		return nil, err
	}
	o := &opening{thread: ids.NewThread(u.parts.Rand), first: u.draft(thread.Open, content)}
	o.first.blobs, err = c.blobs()
	return o, err
}

// holds is who was chosen for a seat, "" for nobody.
func (o *opening) holds(seat act.Seat) ids.Person {
	for _, m := range o.members {
		if m.seat == seat {
			return m.ID
		}
	}
	return ""
}

// open signs the entry that opens a thread, with a new epoch, and makes the view of the thread
// before it.
func (u *Unlocked) open(d *Directory, o *opening) (api.Parcel, *Conversation, error) {
	v := &Conversation{id: o.thread, cards: thread.Cards{}, epochs: map[int64]epoch{}, used: map[ids.Entry]bool{}}
	slices.SortFunc(o.members, func(a, b seated) int { return strings.Compare(string(a.ID), string(b.ID)) })
	members := make([]thread.Member, len(o.members))
	for i, m := range o.members {
		members[i] = thread.Member{Person: m.ID, Organisation: m.Organisation, Card: m.Card.Hash, Seat: m.seat}
		v.cards[m.Card.Hash] = m.Card
	}
	now, first := u.now(), o.first
	e := thread.Entry{Thread: v.id, ID: first.id, Epoch: 1, Author: u.Person(), Card: u.card.Hash, Kind: thread.Open, Time: now,
		NotAfter: now.Add(thread.MaxLife), Rosters: d.saw(d.Own.ID, o.with), Members: members,
		Opening: &thread.Opening{Side: o.side, With: o.with, Topic: o.topic, Urgency: o.urgency}}
	if err := first.startEpoch(v.id, 1, members, v.cards); err != nil {
		return api.Parcel{}, nil, err
	}
	e.Key = first.keyLine()
	e.Blobs = first.blobs
	if err := first.sealBody(&e, first.key.Recipient()); err != nil {
		return api.Parcel{}, nil, err
	}
	parcel, _, err := u.pack(first, e, u.card)
	return parcel, v, err
}
