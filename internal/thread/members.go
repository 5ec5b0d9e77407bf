package thread

import (
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// membersRule says who is a member from now on: the centre adds, removes and seats people, and a
// new epoch starts for those who then are. What a new member may read of before is given by
// entries of the kind grant.
var membersRule = rule{print: printMembers, scan: scanMembers, check: checkMembers, own: ownMembers, key: true,
	seats: []act.Seat{act.SeatCentre}, closed: true, apply: applyMembers}

func printMembers(e *Entry, p *note.Printer) {
	for _, m := range e.Members {
		p.Line("member", string(m.Person), string(m.Organisation), m.Card.String(), string(m.Seat))
	}
}

func scanMembers(e *Entry, s *note.Scanner) {
	for _, v := range s.Many("member", 4, MaxMembers) {
		e.Members = append(e.Members, Member{note.Parsed(s, v[0], ids.ParsePerson),
			note.Parsed(s, v[1], ids.ParseOrganisation), s.Hash(v[2]), act.Seat(v[3])})
	}
}

// checkMembers refuses what can't be the members of a thread, whoever wrote it.
func checkMembers(e *Entry) error {
	for i, m := range e.Members {
		if i > 0 && e.Members[i-1].Person >= m.Person {
			return fault.Refuse(fault.ClassForm, "reading members: out of order or twice")
		}
		if !slices.Contains(act.Seats, m.Seat) {
			return fault.Refuse(fault.ClassForm, "reading members: no seat is called %.20q", m.Seat)
		}
	}
	return nil
}

func applyMembers(s *State, e *Entry, cards Cards, _ time.Time) error {
	if slices.Equal(s.Members, e.Members) {
		return fault.Refuse(fault.ClassMembership, "changing members: nothing changes")
	}
	for i := range e.Members {
		if err := s.stays(&e.Members[i]); err != nil {
			return err
		}
	}
	if err := s.seats(e.Members, cards, false); err != nil {
		return err
	}
	// The state outlives the entry: what it keeps of it is its own.
	s.Members = slices.Clone(e.Members)
	if s.Member(e.Author) == nil {
		return fault.Refuse(fault.ClassMembership, "changing members: its author leaves by recusing")
	}
	return nil
}

// stays checks what a member may become: who stays keeps her card, which changes by her own hand
// or by a grant; and in a closed thread nobody comes, and nobody gets another seat.
func (s *State) stays(m *Member) error {
	old := s.Member(m.Person)
	if s.Closed() && (old == nil || old.Seat != m.Seat) {
		return fault.Refuse(fault.ClassClosed, "changing members: only removing them may follow")
	}
	if old != nil && (old.Card != m.Card || old.Organisation != m.Organisation) {
		return fault.Refuse(fault.ClassSubstitute, "changing members: not the card with which %s is a member", m.Person)
	}
	return nil
}

// seats refuses a member set that the side does not allow: everyone with her own card, in an
// organisation that belongs there. To begin with there is somebody on the other side; later she
// may have left.
func (s *State) seats(members []Member, cards Cards, begin bool) error {
	refuse := func(format string, args ...any) error {
		return fault.Refuse(fault.ClassMembership, "checking members: "+format, args...)
	}
	count := map[act.Seat]int{}
	for _, m := range members {
		c := cards.of(m.Card)
		if c == nil {
			return fault.Refuse(fault.ClassMissing, "checking members: the card of %s was left out", m.Person)
		}
		if c.Person != m.Person || c.Organisation != m.Organisation {
			return fault.Refuse(fault.ClassSubstitute, "checking members: the card is not %s's", m.Person)
		}
		home := s.With
		if m.Seat == act.SeatCentre {
			home = s.Centre
		}
		if m.Organisation != home {
			return refuse("%s does not belong to the organisation of her seat", m.Person)
		}
		count[m.Seat]++
	}
	if !s.Side.seats(count, begin) || count[act.SeatCentre] == 0 {
		return refuse("not the seats of a thread with side %s", s.Side)
	}
	return nil
}

// seats reports whether a thread of the side may have so many members on each of the other
// side's seats.
func (side Side) seats(count map[act.Seat]int, begin bool) bool {
	holders, substitutes, partners := count[act.SeatHolder], count[act.SeatSubstitute], count[act.SeatPartner]
	switch side {
	case INPS:
		return holders <= 1 && substitutes <= 1 && partners == 0 && (holders == 1 || !begin)
	case Partner:
		return holders+substitutes == 0 && (partners > 0 || !begin)
	case Internal:
		return holders+substitutes+partners == 0
	}
	return false
}
