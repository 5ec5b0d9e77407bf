package thread

import (
	"slices"
	"strings"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// openRule begins a thread: written by the centre, with all members and the first message.
var openRule = rule{print: printOpen, scan: scanOpen, key: true, body: true, apply: applyOpen}

func printOpen(e *Entry, p *note.Printer) {
	orNone := func(s string) string {
		if s == "" {
			return note.None
		}
		return s
	}
	o := e.Opening
	p.Line("side", string(o.Side)).Line("with", orNone(string(o.With)))
	if o.Side == INPS {
		p.Line("topic", o.Topic, o.Urgency)
	}
	for _, m := range e.Members {
		p.Line("member", string(m.Person), string(m.Organisation), m.Card.String(), string(m.Seat))
	}
}

func scanOpen(e *Entry, s *note.Scanner) {
	e.Opening = &Opening{Side: Side(s.One("side"))}
	if with := s.One("with"); with != note.None {
		e.Opening.With = note.Parsed(s, with, ids.ParseOrganisation)
	}
	if e.Opening.Side == INPS {
		topic := s.Values("topic", 2)
		e.Opening.Topic, e.Opening.Urgency = topic[0], topic[1]
	}
	for _, v := range s.Many("member", 4, MaxMembers) {
		e.Members = append(e.Members, Member{note.Parsed(s, v[0], ids.ParsePerson),
			note.Parsed(s, v[1], ids.ParseOrganisation), s.Hash(v[2]), act.Seat(v[3])})
	}
}

func applyOpen(s *State, e *Entry, cards Cards) error {
	if e.Epoch != 1 {
		return fault.Refuse(fault.ClassEpoch, "opening a thread: epoch %d", e.Epoch)
	}
	s.Thread, s.Side, s.With = e.Thread, e.Opening.Side, e.Opening.With
	s.Topic, s.Urgency, s.Centre = e.Opening.Topic, e.Opening.Urgency, cards.of(e.Card).Organisation
	if s.With == s.Centre {
		return fault.Refuse(fault.ClassMembership, "opening a thread: the centre with itself")
	}
	if err := checkMembers(s, e.Members, cards); err != nil {
		return err
	}
	// The state outlives the entry: what it keeps of it is its own.
	s.Members = slices.Clone(e.Members)
	m := s.Member(e.Author)
	if m == nil || m.Seat != act.SeatCentre || m.Card != e.Card {
		return fault.Refuse(fault.ClassMembership, "opening a thread: its author has no seat of the centre")
	}
	return nil
}

// checkOpening refuses what can't open a thread, whoever wrote it.
func checkOpening(o *Opening, members []Member) error {
	refuse := func(format string, args ...any) error {
		return fault.Refuse(fault.ClassForm, "opening a thread: "+format, args...)
	}
	var agree bool
	switch o.Side {
	case INPS:
		agree = o.With != "" && code(o.Topic) && urgency(o.Urgency)
	case Partner:
		agree = o.With != "" && o.Topic == "" && o.Urgency == ""
	case Internal:
		agree = o.With == "" && o.Topic == "" && o.Urgency == ""
	}
	if !agree {
		return refuse("side, office and topic don't agree")
	}
	for i, m := range members {
		if i > 0 && members[i-1].Person >= m.Person {
			return refuse("members out of order or twice")
		}
		if !slices.Contains(act.Seats, m.Seat) {
			return refuse("no seat is called %.20q", m.Seat)
		}
	}
	return nil
}

// maxCode is the size limit of a topic's or urgency's code, in bytes.
const maxCode = 16

// code accepts what can be a topic or urgency. Which ones exist is data that changes.
func code(s string) bool {
	return s != "" && len(s) <= maxCode && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// urgency accepts what can be one: a header is for the service to read, so a field of it has no
// room for anything but a code.
func urgency(s string) bool { return len(s) == 2 && s[0] == 'U' && s[1] >= '1' && s[1] <= '9' }

// checkMembers refuses a member set that the side does not allow: everyone with her own
// card, in an organisation that belongs there.
func checkMembers(s *State, members []Member, cards Cards) error {
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
	want := map[Side]bool{
		INPS:     count[act.SeatHolder] == 1 && count[act.SeatSubstitute] <= 1 && count[act.SeatPartner] == 0,
		Partner:  count[act.SeatHolder] == 0 && count[act.SeatSubstitute] == 0 && count[act.SeatPartner] >= 1,
		Internal: count[act.SeatHolder] == 0 && count[act.SeatSubstitute] == 0 && count[act.SeatPartner] == 0,
	}
	if !want[s.Side] || count[act.SeatCentre] == 0 {
		return refuse("not the seats of a thread with side %s", s.Side)
	}
	return nil
}
