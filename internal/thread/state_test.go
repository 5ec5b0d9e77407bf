package thread_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
)

func TestOpen(t *testing.T) {
	c := threadtest.NewCast(t)
	for _, test := range []struct {
		name   string
		side   thread.Side
		by     string
		people []string
		want   fault.Class // "" is accepted
	}{
		{"inps, alone", thread.INPS, "anna", []string{"anna centre", "carla holder"}, ""},
		{"inps, substitute", thread.INPS, "anna", []string{"anna centre", "bruna centre", "carla holder", "dora substitute"}, ""},
		{"internal", thread.Internal, "anna", []string{"anna centre", "berta centre"}, ""},
		{"partner", thread.Partner, "anna", []string{"anna centre", "fulvia partner"}, ""},
		{"partner, two", thread.Partner, "anna", []string{"anna centre", "fulvia partner", "gina partner"}, ""},

		{"no holder", thread.INPS, "anna", []string{"anna centre", "dora substitute"}, fault.ClassMembership},
		{"two holders", thread.INPS, "anna", []string{"anna centre", "carla holder", "dora holder"}, fault.ClassMembership},
		{"two substitutes", thread.INPS, "anna",
			[]string{"anna centre", "carla holder", "dora substitute", "elsa substitute"}, fault.ClassMembership},
		{"a partner with inps", thread.INPS, "anna", []string{"anna centre", "carla holder", "dora partner"}, fault.ClassMembership},
		{"an officer with a partner", thread.Partner, "anna", []string{"anna centre", "fulvia partner", "gina holder"}, fault.ClassMembership},
		{"a substitute with a partner", thread.Partner, "anna",
			[]string{"anna centre", "fulvia partner", "gina substitute"}, fault.ClassMembership},
		{"no partner", thread.Partner, "anna", []string{"anna centre"}, fault.ClassMembership},
		{"an officer inside", thread.Internal, "anna", []string{"anna centre", "carla holder"}, fault.ClassMembership},
		{"a partner inside", thread.Internal, "anna", []string{"anna centre", "fulvia partner"}, fault.ClassMembership},
		{"a stranger with a centre's seat", thread.Internal, "anna", []string{"anna centre", "fulvia centre"}, fault.ClassMembership},
		{"a colleague with the holder's seat", thread.INPS, "anna", []string{"anna centre", "bruna holder"}, fault.ClassMembership},
		{"an officer of another office", thread.INPS, "anna", []string{"anna centre", "fulvia holder"}, fault.ClassMembership},
		{"an author without seat", thread.INPS, "berta", []string{"anna centre", "carla holder"}, fault.ClassMembership},
		{"an author with another side's seat", thread.INPS, "carla", []string{"anna centre", "carla holder"}, fault.ClassMembership},
		{"nobody of the centre", thread.INPS, "carla", []string{"carla holder"}, fault.ClassMembership},
		{"the office with itself", thread.INPS, "carla", []string{"carla centre", "dora holder"}, fault.ClassMembership},
	} {
		t.Run(test.name, func(t *testing.T) {
			th := c.New(test.name)
			err := th.Submit(th.Opening(test.by, test.side, test.people...), test.by)
			if fault.ClassOf(err) != test.want || test.want == "" && err != nil {
				t.Fatalf("got %v, want class %q", err, test.want)
			}
			if test.want != "" {
				return
			}
			if got := th.State.Held(); got != (test.side == thread.INPS) {
				t.Errorf("held: %v", got)
			}
			if th.State.Epoch() != 1 || th.State.Next != 1 || th.State.Spent || len(th.State.Members) != len(test.people) {
				t.Errorf("opened %+v", th.State)
			}
		})
	}
}

// TestOpenRefuses what an opening says beside its seats.
func TestOpenRefuses(t *testing.T) {
	c := threadtest.NewCast(t)
	stranger := c.Other(t, "dora")
	for _, test := range []struct {
		name string
		edit func(*thread.Entry)
		want fault.Class
	}{
		{"a second epoch", func(e *thread.Entry) { e.Epoch = 2 }, fault.ClassEpoch},
		{"a member with another's card", func(e *thread.Entry) { e.Members[0].Card = e.Members[1].Card }, fault.ClassSubstitute},
		{"a member with another's organisation", func(e *thread.Entry) {
			for i, m := range e.Members {
				if m.Seat == act.SeatHolder {
					e.Members[i].Organisation = c.People["anna"].Organisation
				}
			}
		}, fault.ClassSubstitute},
		{"the author with another card than she signs with", func(e *thread.Entry) {
			other := c.Other(t, "anna")
			for i, m := range e.Members {
				if m.Person == other.Person {
					e.Members[i].Card = other.Hash
				}
			}
		}, fault.ClassMembership},
		{"a grant too few", func(e *thread.Entry) { e.Key.Grants = e.Key.Grants[1:] }, fault.ClassGrant},
		{"no grants", func(e *thread.Entry) { e.Key.Grants = nil }, fault.ClassGrant},
	} {
		t.Run(test.name, func(t *testing.T) {
			th := c.New(test.name)
			e := th.Opening("anna", thread.INPS, "anna centre", "carla holder", "dora substitute")
			test.edit(&e)
			threadtest.Refused(t, th.Submit(e, "anna"), test.want)
		})
	}
	t.Run("a member's card left out", func(t *testing.T) {
		th := c.New("left out")
		e := th.Opening("anna", thread.Internal, "anna centre", "bruna centre")
		few := *c
		few.Cards = thread.Cards{}
		for hash, known := range c.Cards {
			if hash != c.People["bruna"].Hash {
				few.Cards[hash] = known
			}
		}
		th.Cast = &few
		threadtest.Refused(t, th.Submit(e, "anna"), fault.ClassMissing)
	})
	t.Run("a card under another's hash", func(t *testing.T) {
		th := c.New("mixed up")
		e := th.Opening("anna", thread.INPS, "anna centre", "carla holder", "dora substitute")
		mixed := *c
		mixed.Cards = thread.Cards{}
		for hash, known := range c.Cards {
			mixed.Cards[hash] = known
		}
		mixed.Cards[c.People["dora"].Hash] = stranger.Signed
		th.Cast = &mixed
		threadtest.Refused(t, th.Submit(e, "anna"), fault.ClassMissing)
	})
}

// TestNotAfter: the last moment is still in time, and an author's clock that is ahead is
// no reason to refuse.
func TestNotAfter(t *testing.T) {
	th := threadtest.NewCast(t).Begin(t, "not after")
	e := th.Draft("anna", thread.Message)
	header, err := thread.Sign(e, th.People["anna"].Signer)
	if err != nil {
		t.Fatal(err)
	}
	for admitted, want := range map[time.Time]fault.Class{
		e.Time.Add(-time.Hour):           "",
		e.NotAfter:                       "",
		e.NotAfter.Add(time.Nanosecond):  fault.ClassLate,
		e.NotAfter.Add(time.Millisecond): fault.ClassLate,
		e.NotAfter.AddDate(1, 0, 0):      fault.ClassLate,
	} {
		if _, err := threadtest.Apply(th.State, th.Cards, header, admitted); fault.ClassOf(err) != want || want == "" && err != nil {
			t.Errorf("admitted %s later: %v", admitted.Sub(e.Time), err)
		}
	}
}

// TestDue: who left makes a new epoch due, which blocks bodies and nothing else.
func TestDue(t *testing.T) {
	th := threadtest.NewCast(t).Begin(t, "due")
	th.Must(t, th.Draft("carla", thread.Recuse), "carla")
	if !th.State.Spent || th.State.Held() || th.State.Epoch() != 1 {
		t.Fatalf("after the holder has left: %+v", th.State)
	}
	threadtest.Refused(t, th.Submit(th.Draft("anna", thread.Message), "anna"), fault.ClassEpoch)
	threadtest.Refused(t, th.Submit(th.Draft("carla", thread.Rekey), "carla"), fault.ClassMembership)
	other := th.Copy()
	other.Must(t, other.Draft("dora", thread.Recuse), "dora") // stopping always works
	other.Must(t, other.Draft("bruna", thread.Rekey), "bruna")
	other.Must(t, other.Draft("anna", thread.Message), "anna")
	th.Must(t, th.Draft("dora", thread.Rekey), "dora")
	if th.State.Spent || th.State.Epoch() != 2 || len(th.State.Epochs[1].Granted) != 3 {
		t.Errorf("after a new epoch: %+v", th.State)
	}
	th.Must(t, th.Draft("anna", thread.Message), "anna")
}

// TestLostKeys: a card that does not succeed hers ends the epoch, which the lost keys open; while a
// new one is due, others who lost their keys are granted again and the thread can be closed.
func TestLostKeys(t *testing.T) {
	c := threadtest.NewCast(t)
	th := c.Begin(t, "lost keys")
	th.Must(t, th.Grant("anna", c.People["carla"], 1), "anna")
	if th.State.Spent {
		t.Fatal("a grant on the same card ends an epoch")
	}
	next := c.People["dora"].Renewed(t)
	c.Cards[next.Hash] = next.Signed
	th.Must(t, th.Grant("anna", next), "anna")
	if th.State.Spent || th.State.Member(next.Person).Card != next.Hash {
		t.Fatal("a card that succeeds hers ends an epoch")
	}
	th.Must(t, th.Grant("anna", c.Other(t, "carla"), 1), "anna")
	if !th.State.Spent {
		t.Fatal("the epoch goes on that the lost keys open")
	}
	for _, kind := range []thread.Kind{thread.Message, thread.Request} {
		threadtest.Refused(t, th.Submit(th.Draft("anna", kind), "anna"), fault.ClassEpoch)
	}
	words := th.Draft("anna", thread.KindStatus)
	words.Body = threadtest.Sealed("words")
	threadtest.Refused(t, th.Submit(words, "anna"), fault.ClassEpoch)
	th.Must(t, th.Grant("anna", c.Other(t, "bruna"), 1), "anna")
	closed := th.Copy()
	closed.Must(t, closed.Standing("anna", thread.PhaseClosed, "", ""), "anna")
	if !closed.State.Spent || !closed.State.Closed() {
		t.Error("closing it ends what was due")
	}
	th.Must(t, th.Draft("anna", thread.Rekey), "anna")
	th.Must(t, th.Draft("anna", thread.Message), "anna")
}

// TestClosedFirst: who opens a thread again and closes it has no more time to read it, unless the
// centre opened it.
func TestClosedFirst(t *testing.T) {
	th := threadtest.NewCast(t).Begin(t, "closed")
	set := func(by string, phase thread.Phase) {
		t.Helper()
		th.Must(t, th.Standing(by, phase, "", ""), by)
	}
	set("anna", thread.PhaseClosed)
	first := th.State.ClosedAt()
	for _, phase := range []thread.Phase{thread.PhaseOpen, thread.PhaseResolved} {
		set("carla", phase)
		if !th.State.ClosedAt().IsZero() {
			t.Errorf("%s since %s", phase, th.State.ClosedAt())
		}
		set("carla", thread.PhaseClosed)
		if got := th.State.ClosedAt(); !got.Equal(first) {
			t.Errorf("closed by the officer after %s: %s, want %s", phase, got, first)
		}
	}
	set("carla", thread.PhaseOpen)
	set("anna", thread.PhaseOpen)
	set("carla", thread.PhaseClosed)
	if got := th.State.ClosedAt(); !got.After(first) {
		t.Errorf("closed after the centre had opened it: %s", got)
	}
}

// TestEpochsAreKept: no member can use up the epochs that are needed when somebody comes, leaves or
// loses her keys.
func TestEpochsAreKept(t *testing.T) {
	c := threadtest.NewCast(t)
	th := c.Begin(t, "kept")
	for th.State.Epoch() < thread.MaxEpochs-thread.KeptEpochs {
		th.Must(t, th.Draft("carla", thread.Rekey), "carla")
	}
	threadtest.Refused(t, th.Submit(th.Draft("carla", thread.Rekey), "carla"), fault.ClassSize)
	th.Must(t, th.Draft("carla", thread.Message), "carla")
	th.Must(t, th.Draft("dora", thread.Recuse), "dora")
	th.Must(t, th.Draft("carla", thread.Rekey), "carla")
	threadtest.Refused(t, th.Submit(th.Draft("carla", thread.Rekey), "carla"), fault.ClassSize)
	for both := false; th.State.Epoch() < thread.MaxEpochs; both = !both {
		people := []string{"anna centre", "carla holder", "bruna centre"}
		if !both {
			people = people[:2]
		}
		th.Must(t, th.Change("anna", people...), "anna")
	}
	threadtest.Refused(t, th.Submit(th.Change("anna", "anna centre"), "anna"), fault.ClassSize)
	th.Must(t, th.Draft("carla", thread.Recuse), "carla")
	threadtest.Refused(t, th.Submit(th.Draft("anna", thread.Rekey), "anna"), fault.ClassSize)
	th.Must(t, th.Standing("anna", thread.PhaseClosed, "", ""), "anna")
}

// TestStatesShareNothing: two continuations of one state don't disturb each other, and a
// state does not change with the entry that made it.
func TestStatesShareNothing(t *testing.T) {
	th := threadtest.NewCast(t).Begin(t, "shared")
	th.Must(t, th.Draft("anna", thread.Rekey), "anna") // room behind the epochs
	text := func(s thread.State) string {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	before := text(th.State)
	one, two := th.Copy(), th.Copy()
	one.Must(t, one.Draft("anna", thread.Rekey), "anna")
	kept := text(one.State)
	two.Must(t, two.Draft("carla", thread.Recuse), "carla")
	two.Must(t, two.Draft("bruna", thread.Rekey), "bruna")
	if diff := cmp.Diff(kept, text(one.State)); diff != "" {
		t.Errorf("the other continuation changed this one\n%s", diff)
	}
	if diff := cmp.Diff(before, text(th.State)); diff != "" {
		t.Errorf("a continuation changed the state before it\n%s", diff)
	}

	s := good(t)["open inps"]
	header := s.sign(t)
	e, err := thread.Parse(header)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Verify(header, s.Cards[e.Card]); err != nil {
		t.Fatal(err)
	}
	state, err := s.State.Apply(e, s.Cards, s.Now)
	if err != nil {
		t.Fatal(err)
	}
	before = text(state)
	e.Members[0].Seat, e.Key.Recipient, e.Key.Grants[0].Person = "changed", "changed", "changed"
	if diff := cmp.Diff(before, text(state)); diff != "" {
		t.Errorf("the entry changed the state that it made\n%s", diff)
	}
}

// TestStateJSON: the names under which a state is stored are part of the store's form.
func TestStateJSON(t *testing.T) {
	th := threadtest.NewCast(t).Begin(t, "stored")
	th.Must(t, th.Draft("carla", thread.Recuse), "carla")
	th.State.Due, th.State.ClosedAtMS = "2026-11-30", 1
	b, err := json.Marshal(th.State)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"thread", "side", "centre", "with", "topic", "urgency", "next", "head", "members", "epochs", "spent", "status", "due", "closed_at_ms"} {
		if _, ok := fields[name]; !ok {
			t.Errorf("no field %s in %s", name, b)
		}
		delete(fields, name)
	}
	if len(fields) > 0 {
		t.Errorf("more fields: %v", fields)
	}
}

// TestZeroState answers without entries.
func TestZeroState(t *testing.T) {
	var s thread.State
	if s.Epoch() != 0 || s.Recipient() != "" || s.Held() || s.Member("p-x") != nil {
		t.Errorf("an empty thread says something")
	}
}

// TestHostileCards: Apply does not fail on cards that say nothing.
func TestHostileCards(t *testing.T) {
	s := good(t)["open inps"]
	header := s.sign(t)
	e, err := thread.Parse(header)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Verify(header, s.Cards[e.Card]); err != nil {
		t.Fatal(err)
	}
	for name, cards := range map[string]thread.Cards{
		"none": nil, "a nil card": {e.Card: nil}, "an empty card": {e.Card: new(card.Signed)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.State.Apply(e, cards, s.Now)
			threadtest.Refused(t, err, fault.ClassMissing)
		})
	}
}
