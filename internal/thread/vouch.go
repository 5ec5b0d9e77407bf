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
// admitted; s is the state that Apply returned for it. Who admits an entry and everyone who
// is served it ask the same, so that no admitted entry makes a thread unreadable.
//
// The rosters that the author names must be those of the thread's organisations, and must be
// in the books. For open, every member's card was on the roster that the author had seen, in
// a role for her seat that counted, and had not expired; for every other kind this holds of
// the author's card, without dates. A recusal needs no roster: stopping always works, and
// whose card it is was checked when its author was given her seat.
func (s *State) Vouch(e *Entry, cards Cards, books Books, admitted time.Time) error {
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
	switch e.Kind {
	case Recuse:
		return nil
	case Open:
		for i := range e.Members {
			if err := vouchFor(&e.Members[i], e, cards, books, admitted); err != nil {
				return err
			}
		}
		return nil
	default:
		m := s.Member(e.Author)
		if m == nil {
			return fault.Refuse(fault.ClassMembership, "vouching for an entry: %s is no member", e.Author)
		}
		return vouchFor(m, e, cards, books, admitted)
	}
}

func vouchFor(m *Member, e *Entry, cards Cards, books Books, admitted time.Time) error {
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
	if e.Kind == Open && (!seat.ValidAt(admitted) || !c.ValidAt(admitted)) {
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
