package thread_test

import (
	"testing"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
)

// TestVouchRefuses what the vectors can't say: that the caller has left something out.
func TestVouchRefuses(t *testing.T) {
	th := threadtest.NewCast(t).Begin(t, "vouch")
	e, err := thread.Parse(th.Headers[0])
	if err != nil {
		t.Fatal(err)
	}
	s, now := th.State, th.Admitted[0]
	if err := s.Vouch(&thread.State{}, e, th.Cards, th.Books, now); err != nil {
		t.Fatal(err)
	}
	nothing := func(ids.Organisation) *card.Book { return nil }
	threadtest.Refused(t, s.Vouch(&thread.State{}, e, th.Cards, nothing, now), fault.ClassMissing)
	threadtest.Refused(t, s.Vouch(&thread.State{}, e, thread.Cards{}, th.Books, now), fault.ClassMissing)

	message := th.Draft("elsa", thread.Message)
	threadtest.Refused(t, s.Vouch(&s, &message, th.Cards, th.Books, now), fault.ClassMembership)
	e.Rosters = nil
	threadtest.Refused(t, s.Vouch(&thread.State{}, e, th.Cards, nothing, now), fault.ClassMissing)
}

// TestVouchExpired: expiry blocks an opening and nothing that comes later.
func TestVouchExpired(t *testing.T) {
	th := threadtest.NewCast(t).Begin(t, "vouch")
	e, err := thread.Parse(th.Headers[0])
	if err != nil {
		t.Fatal(err)
	}
	later := th.People["anna"].Expires
	threadtest.Refused(t, th.State.Vouch(&thread.State{}, e, th.Cards, th.Books, later), fault.ClassStale)
	message := th.Draft("carla", thread.Message)
	if err := th.State.Vouch(&th.State, &message, th.Cards, th.Books, later); err != nil {
		t.Error(err)
	}
}

// TestRolesFor: every seat needs a role, and no role has the seats of two sides.
func TestRolesFor(t *testing.T) {
	sides := map[act.Role]string{}
	side := map[act.Seat]string{act.SeatCentre: "centre", act.SeatHolder: "office", act.SeatSubstitute: "office", act.SeatPartner: "partner"}
	for _, seat := range act.Seats {
		roles := thread.RolesFor(seat)
		if len(roles) == 0 {
			t.Errorf("the seat %s needs no role", seat)
		}
		for _, role := range roles {
			if other, ok := sides[role]; ok && other != side[seat] {
				t.Errorf("the role %s has seats of %s and %s", role, other, side[seat])
			}
			sides[role] = side[seat]
		}
	}
	if thread.RolesFor("guest") != nil {
		t.Error("a role for a seat that does not exist")
	}
}
