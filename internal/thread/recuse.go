package thread

import (
	"slices"

	"varco/internal/act"
	"varco/internal/fault"
)

// recuseRule lets an officer or partner leave, at once and whatever the epoch. It gives no
// reason: why she recuses is nobody's business.
var recuseRule = rule{ends: true, apply: applyRecuse}

func applyRecuse(s *State, e *Entry, _ Cards) error {
	if s.Member(e.Author).Seat == act.SeatCentre {
		return fault.Refuse(fault.ClassMembership, "recusing: the centre's side does not recuse")
	}
	s.Members = slices.DeleteFunc(slices.Clone(s.Members), func(m Member) bool { return m.Person == e.Author })
	s.Due = true
	return nil
}
