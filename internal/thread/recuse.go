package thread

import (
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
)

// recuseRule lets a member leave, at once and whatever the epoch. It gives no reason: why she
// leaves is nobody's business. The centre's last member stays, since nobody else could add
// anyone.
var recuseRule = rule{ends: true, closed: true, apply: applyRecuse}

func applyRecuse(s *State, e *Entry, _ Cards, _ time.Time) error {
	s.Members = slices.DeleteFunc(slices.Clone(s.Members), func(m Member) bool { return m.Person == e.Author })
	if !slices.ContainsFunc(s.Members, func(m Member) bool { return m.Seat == act.SeatCentre }) {
		return fault.Refuse(fault.ClassMembership, "recusing: nobody of the centre would be left")
	}
	s.Spent = true
	return nil
}
