package card_test

import (
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/note/notetest"
)

func TestBook(t *testing.T) {
	o := newOffice(t)
	b := card.NewBook(o.mara.Organisation, cardtest.RootVerifier())
	if b.Latest() != nil || b.Version(1) != nil || b.SeatAt(o.carla.Person, cardtest.Start) != nil || b.Kind != "" {
		t.Error("a new book is not empty")
	}
	for range 2 { // a card that is known may come again
		if _, err := b.Endorse(o.mara.Note()); err != nil {
			t.Fatal(err)
		}
	}
	if b.Kind != act.INPS || len(b.Stewards()) != 1 || b.Steward(o.mara.Hash).Person != o.mara.Person || b.Steward(o.carla.Hash) != nil {
		t.Error("not the steward that was endorsed")
	}
	first := o.mara.Next(t, b, o.people...)
	second := o.mara.Next(t, b, o.people[:2]...)
	if b.Latest() != second || b.Version(1) != first || b.Version(2) != second {
		t.Error("not the rosters that were added")
	}
	for _, v := range []int64{-1, 0, 3, 1 << 62} {
		if b.Version(v) != nil {
			t.Errorf("there is a version %d", v)
		}
	}
	if first.Seat(o.dora.Person) == nil || second.Seat(o.dora.Person) != nil {
		t.Error("the second version has not taken dora off")
	}
}

// TestRefusedRosterChangesNothing: after every refusal the book goes on as before.
func TestRefusedRosterChangesNothing(t *testing.T) {
	o := newOffice(t)
	b := o.book(t)
	bad := o.mara.Roster(nil, o.people...)
	bad.People[1].Roles = []act.Role{act.Operator}
	msg, err := card.SignRoster(bad, o.mara.Signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Add(msg); fault.ClassOf(err) != fault.ClassUntrusted || b.Latest() != nil {
		t.Fatalf("added: %v", err)
	}
	o.people[1].Roles = []act.Role{act.Officer}
	o.mara.Next(t, b, o.people...)
}

// TestStewardTakenOff: who was taken off the roster signs none that follows, and can't put
// herself back; one whom the root endorses after that can.
func TestStewardTakenOff(t *testing.T) {
	o := newOffice(t)
	nora := cardtest.NewSteward(t, "nora", "an office", act.INPS)
	late := cardtest.NewSteward(t, "late", "an office", act.INPS, func(c *card.Card) {
		c.Issued, c.Expires = c.Issued.Add(24*time.Hour), c.Expires.Add(24*time.Hour)
	})
	b := card.NewBook(o.mara.Organisation, cardtest.RootVerifier())
	for _, s := range []cardtest.Person{o.mara, nora, late} {
		if _, err := b.Endorse(s.Note()); err != nil {
			t.Fatal(err)
		}
	}
	both := []card.Seat{o.mara.Seat(act.Manager), nora.Seat(act.Manager)}
	o.mara.Next(t, b, both...)
	nora.Next(t, b, both[1])
	now := b.Latest().Issued
	if b.StewardAt(o.mara.Person, now) || !b.StewardAt(nora.Person, now) {
		t.Error("the steward who was taken off governs, or the other does not")
	}
	back, err := card.SignRoster(o.mara.Roster(b.Latest(), both...), o.mara.Signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Add(back); fault.ClassOf(err) != fault.ClassUntrusted {
		t.Errorf("a roster by a steward who was taken off: %v", err)
	}
	if !b.Named(o.mara.Person) || b.Named(late.Person) {
		t.Error("who was named on a roster")
	}
	r := late.Roster(b.Latest(), late.Seat(act.Manager))
	r.Issued, r.Expires = r.Issued.Add(25*time.Hour), r.Expires.Add(25*time.Hour)
	msg, err := card.SignRoster(r, late.Signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Add(msg); err != nil {
		t.Errorf("a roster by a steward of whom no roster knew yet: %v", err)
	}
}

// TestRolesOfKinds: each kind of organisation gives its own roles and no others.
func TestRolesOfKinds(t *testing.T) {
	may := map[act.Kind]map[act.Role]bool{
		act.Centre:    {act.Operator: true, act.Coordinator: true},
		act.INPS:      {act.Officer: true, act.Manager: true},
		act.Associate: {act.Partner: true},
		act.Oversight: {act.Auditor: true, act.Registrar: true, act.Observer: true},
	}
	for kind, roles := range may {
		for _, role := range act.Roles {
			steward := cardtest.NewSteward(t, "steward", string(kind), kind)
			b := card.NewBook(steward.Organisation, cardtest.RootVerifier())
			if _, err := b.Endorse(steward.Note()); err != nil {
				t.Fatal(err)
			}
			msg, err := card.SignRoster(steward.Roster(nil, steward.Seat(role)), steward.Signer)
			if err != nil {
				t.Fatal(err)
			}
			want := "untrusted"
			if roles[role] {
				want = "ok"
			}
			if _, err := b.Add(msg); notetest.Verdict(err) != want {
				t.Errorf("%s, %s: got %v, want %s", kind, role, err, want)
			}
		}
	}
}

func TestSeatAt(t *testing.T) {
	o := newOffice(t)
	b := o.mara.Book(t, o.people...)
	for name, test := range map[string]struct {
		person cardtest.Person
		at     time.Time
		want   bool
	}{
		"on the first day":         {o.carla, cardtest.Start, true},
		"before her seat began":    {o.carla, cardtest.Start.Add(-1), false},
		"on the roster's last day": {o.carla, cardtest.Expires.Add(-1), true},
		"after the roster":         {o.carla, cardtest.Expires, false},
		"until her seat ends":      {o.dora, o.people[2].Until.Add(-1), true},
		"after her seat":           {o.dora, o.people[2].Until, false},
		"somebody else":            {cardtest.New(t, "eva", "an office"), cardtest.Start, false},
	} {
		if got := b.SeatAt(test.person.Person, test.at); (got != nil) != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	// The next version is issued an hour later by its steward's clock, and counts at once.
	o.mara.Next(t, b, o.people[:2]...)
	if b.SeatAt(o.dora.Person, cardtest.Start) != nil || b.SeatAt(o.carla.Person, cardtest.Start) == nil {
		t.Error("the newest version does not count")
	}
}

func TestSubstitutes(t *testing.T) {
	o := newOffice(t)
	b := o.book(t)
	if b.Substitutes(o.dora.Person, o.carla.Person, cardtest.Start) {
		t.Error("without a roster")
	}
	msg, err := card.SignRoster(o.roster(), o.mara.Signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Add(msg); err != nil {
		t.Fatal(err)
	}
	day := func(n int) time.Time { return cardtest.Start.AddDate(0, 0, n) }
	for name, test := range map[string]struct {
		who, whom cardtest.Person
		at        time.Time
		want      bool
	}{
		"not yet":             {o.dora, o.carla, day(1).Add(-1), false},
		"from":                {o.dora, o.carla, day(1), true},
		"until":               {o.dora, o.carla, day(10), false},
		"the second time":     {o.dora, o.carla, day(25), true},
		"the other way round": {o.carla, o.dora, day(5), false},
		"after the roster":    {o.dora, o.carla, cardtest.Expires, false},
	} {
		if got := b.Substitutes(test.who.Person, test.whom.Person, test.at); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestSettling: a card that a later roster took off vouches until Settling after its issue,
// to the millisecond.
func TestSettling(t *testing.T) {
	o := newOffice(t)
	b := o.mara.Book(t, o.people...)
	seen := b.Latest().Seen()
	second := o.mara.Next(t, b, o.people[:2]...)
	over := second.Issued.Add(card.Settling)
	if err := b.Vouches(o.dora.Signed, seen, over.Add(-time.Millisecond)); err != nil {
		t.Errorf("before: %v", err)
	}
	if err := b.Vouches(o.dora.Signed, seen, over); fault.ClassOf(err) != fault.ClassUntrusted {
		t.Errorf("after: %v", err)
	}
	// Who is put on again later was still off in between.
	o.mara.Next(t, b, o.people...)
	if err := b.Vouches(o.dora.Signed, seen, over.Add(24*time.Hour)); fault.ClassOf(err) != fault.ClassUntrusted {
		t.Errorf("put on again: %v", err)
	}
	if err := b.Vouches(o.dora.Signed, b.Latest().Seen(), over.Add(24*time.Hour)); err != nil {
		t.Errorf("put on again and seen: %v", err)
	}
	// Expiry does not block reading.
	if err := b.Vouches(o.carla.Signed, seen, cardtest.Expires.AddDate(5, 0, 0)); err != nil {
		t.Errorf("expired: %v", err)
	}
}
