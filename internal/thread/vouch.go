package thread

import (
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
)

// Books finds what is verified of an organisation, nil when nothing is known of it.
type Books func(ids.Organisation) *card.Book

// RolesFor returns the roles of which a person needs one to be given a seat.
func RolesFor(seat act.Seat) []act.Role {
	switch seat {
	case act.SeatCentre:
		return []act.Role{act.Operator, act.Coordinator}
	case act.SeatHolder, act.SeatSubstitute:
		return []act.Role{act.Officer}
	case act.SeatPartner:
		return []act.Role{act.Partner}
	}
	return nil
}

// Vouch checks by the rosters that the people of an entry were who it says when it was
// admitted; s is the state that Apply returned for it, and before the one that it followed. Who admits an entry and everyone who
// is served it ask the same, so that no admitted entry makes a thread unreadable.
//
// The rosters that the author names must be those of the thread's organisations, and must be
// in the books. The author's card was on the roster that she had seen, in a role for her seat;
// expiry never blocks reading or stopping, so no dates are asked. For each member who comes, and
// for her to whom a grant gives, this holds with dates: her seat counted, and her card had not
// expired. A recusal needs no roster: stopping always works, and whose card it is was checked
// when its author was given her seat.
func (s *State) Vouch(before *State, e *Entry, cards Cards, books Books, admitted time.Time) error {
	for _, seen := range e.Rosters {
		if seen.Organisation != s.Centre && seen.Organisation != s.With {
			return fault.Refuse(fault.ClassMembership, "vouching for an entry: it names the roster of an organisation that is not of this thread")
		}
		book, err := books.of(seen.Organisation)
		if err != nil {
			return err
		}
		if err := book.Holds(seen); err != nil {
			return err
		}
	}
	if e.Kind == Recuse {
		return nil
	}
	author := s.Member(e.Author)
	if author == nil {
		return fault.Refuse(fault.ClassMembership, "vouching for an entry: %s is no member", e.Author)
	}
	// The card that has signed is asked for, and not the one that a grant to oneself then gives: who
	// holds one that was taken back gives herself no new one with it.
	signer := *author
	signer.Card = e.Card
	if err := vouchFor(&signer, e, cards, books, admitted, false); err != nil {
		return err
	}
	for _, m := range s.Receive(before, e) {
		if err := vouchFor(&m, e, cards, books, admitted, true); err != nil {
			return err
		}
	}
	return nil
}

// Receive lists the members to whom something is sealed by an entry's own choice: those who come,
// and her to whom a grant gives. They must be who it says when it is admitted; who stays has been
// asked about before. s is the state that Apply returned for the entry, and before the one that
// it followed.
func (s *State) Receive(before *State, e *Entry) []Member {
	var all []Member
	for _, m := range s.Members {
		if before.Member(m.Person) == nil || e.Giving != nil && e.Giving.Person == m.Person {
			all = append(all, m)
		}
	}
	return all
}

// vouchFor checks a member by the roster that the author of an entry had seen; dated asks
// whether her seat and card counted then.
func vouchFor(m *Member, e *Entry, cards Cards, books Books, admitted time.Time, dated bool) error {
	book, err := books.of(m.Organisation)
	if err != nil {
		return err
	}
	c := cards.of(m.Card)
	if c == nil {
		return fault.Refuse(fault.ClassMissing, "vouching for a member: the card of %s was left out", m.Person)
	}
	seen := e.Saw(m.Organisation)
	if err := book.Vouches(c, seen, admitted, RolesFor(m.Seat)...); err != nil {
		return err
	}
	seat := book.Version(seen.Version).Seat(m.Person)
	if dated && (!seat.ValidAt(admitted) || !c.ValidAt(admitted)) {
		return fault.Refuse(fault.ClassStale, "vouching for a member: the seat or card of %s does not count then", m.Person)
	}
	return nil
}

func (b Books) of(organisation ids.Organisation) (*card.Book, error) {
	if book := b(organisation); book != nil {
		return book, nil
	}
	return nil, fault.Refuse(fault.ClassMissing, "vouching for an entry: nothing is known of %s", organisation)
}
