package thread_test

import (
	"maps"
	"slices"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
)

// attempt is a header that must be refused.
type attempt struct {
	header   []byte
	admitted time.Time
	cards    thread.Cards
}

// try signs an entry as somebody.
func (h *history) try(e thread.Entry, by string) *attempt {
	header, err := thread.Sign(e, h.People[by].Signer)
	if err != nil {
		h.t.Fatalf("%s by %s: %v", e.Kind, by, err)
	}
	return &attempt{header, h.Now.Add(time.Second), h.Cards}
}

// changed is an entry that may follow, with one thing changed.
func changed(change func(*history, *thread.Entry)) func(*history) *attempt {
	return func(h *history) *attempt {
		e, by := h.draft()
		change(h, &e)
		return h.try(e, by)
	}
}

// rekeyed is a rekey that may follow, with its key changed.
func rekeyed(change func(*history, *thread.Key)) func(*history) *attempt {
	return func(h *history) *attempt {
		by := h.pick(h.members())
		e := h.Draft(by, thread.Rekey)
		change(h, e.Key)
		return h.try(e, by)
	}
}

func (h *history) grantFor(name string) thread.Grant {
	return thread.Grant{Person: h.People[name].Person, Sealed: *threadtest.Sealed(name)}
}

func sortGrants(key *thread.Key) {
	slices.SortFunc(key.Grants, func(a, b thread.Grant) int { return strings.Compare(string(a.Person), string(b.Person)) })
}

// mutations are the ways in which an entry that may follow becomes one that may not. A nil
// attempt means that the thread gives no occasion for it.
var mutations = []struct {
	name string
	want fault.Class
	make func(*history) *attempt
}{
	{"a later sequence", fault.ClassSequence, changed(func(_ *history, e *thread.Entry) { e.Sequence++ })},
	{"another thread", fault.ClassSequence, changed(func(_ *history, e *thread.Entry) {
		e.Thread = ids.NewThread(cardtest.Rand("another"))
	})},
	{"another predecessor", fault.ClassFork, changed(func(_ *history, e *thread.Entry) { e.Previous = note.Sum(nil) })},
	{"a later epoch", fault.ClassEpoch, changed(func(_ *history, e *thread.Entry) { e.Epoch++ })},
	{"an earlier epoch", fault.ClassEpoch, func(h *history) *attempt {
		e, by := h.draft()
		if e.Epoch == 1 {
			return nil
		}
		e.Epoch--
		return h.try(e, by)
	}},
	{"a replay", fault.ClassSequence, func(h *history) *attempt {
		return &attempt{h.Headers[h.rand.IntN(len(h.Headers))], h.Now, h.Cards}
	}},
	{"a second opening", fault.ClassSequence, func(h *history) *attempt {
		e, by := h.opening()
		e.Sequence, e.Previous, e.Epoch = 0, note.Hash{}, 1
		return h.try(e, by)
	}},
	{"an author who is no member", fault.ClassMembership, func(h *history) *attempt {
		by := h.pick(h.outsiders())
		return h.try(h.Draft(by, thread.Message), by)
	}},
	{"an author who has left", fault.ClassMembership, func(h *history) *attempt {
		by := h.pick(slices.Collect(maps.Keys(h.left)))
		if by == "" {
			return nil
		}
		return h.try(h.Draft(by, []thread.Kind{thread.Message, thread.Rekey, thread.Recuse}[h.rand.IntN(3)]), by)
	}},
	{"the last of the centre recuses", fault.ClassMembership, func(h *history) *attempt {
		if len(h.members(act.SeatCentre)) > 1 {
			return nil
		}
		by := h.pick(h.members(act.SeatCentre))
		return h.try(h.Draft(by, thread.Recuse), by)
	}},
	{"a message while the epoch is spent", fault.ClassEpoch, func(h *history) *attempt {
		if !h.spent || h.phase == thread.PhaseClosed {
			return nil
		}
		by := h.pick(h.members())
		return h.try(h.Draft(by, thread.Message), by)
	}},
	{"a status in words while the epoch is spent", fault.ClassEpoch, func(h *history) *attempt {
		by := h.pick(h.members(act.SeatCentre))
		if !h.spent {
			return nil
		}
		e := h.Draft(by, thread.KindStatus)
		e.Body = threadtest.Sealed("words")
		return h.try(e, by)
	}},
	{"kept back", fault.ClassLate, func(h *history) *attempt {
		a := changed(func(*history, *thread.Entry) {})(h)
		a.admitted = h.Now.Add(thread.MaxLife + time.Millisecond)
		return a
	}},
	{"signed by another", fault.ClassSignature, func(h *history) *attempt {
		e, _ := h.draft()
		return h.try(e, h.pick(h.outsiders()))
	}},
	{"another's card", fault.ClassSubstitute, func(h *history) *attempt {
		e, _ := h.draft()
		other := h.pick(h.outsiders())
		e.Card = h.People[other].Hash
		return h.try(e, other)
	}},
	{"her own other card", fault.ClassSubstitute, func(h *history) *attempt {
		e, by := h.draft()
		other := h.Other(h.t, by)
		e.Card = other.Hash
		header, err := thread.Sign(e, other.Signer)
		if err != nil {
			h.t.Fatal(err)
		}
		return &attempt{header, h.Now, h.Cards}
	}},
	{"no card", fault.ClassMissing, func(h *history) *attempt {
		a := changed(func(*history, *thread.Entry) {})(h)
		a.cards = thread.Cards{}
		return a
	}},
	{"a grant too few", fault.ClassGrant, rekeyed(func(h *history, key *thread.Key) {
		key.Grants = slices.Delete(key.Grants, 0, 1)
	})},
	{"no grants", fault.ClassGrant, rekeyed(func(_ *history, key *thread.Key) { key.Grants = nil })},
	{"a grant too many", fault.ClassGrant, rekeyed(func(h *history, key *thread.Key) {
		key.Grants = append(key.Grants, h.grantFor(h.pick(h.outsiders())))
		sortGrants(key)
	})},
	{"a grant for another", fault.ClassGrant, rekeyed(func(h *history, key *thread.Key) {
		key.Grants[0] = h.grantFor(h.pick(h.outsiders()))
		sortGrants(key)
	})},
	{"an epoch's key again", fault.ClassEpoch, rekeyed(func(h *history, key *thread.Key) {
		key.Recipient = h.epochs[h.rand.IntN(len(h.epochs))]
	})},
	{"a rekey at will after sixty-four epochs", fault.ClassSize, func(h *history) *attempt {
		if h.spent || len(h.epochs) < 64 {
			return nil
		}
		by := h.pick(h.members())
		return h.try(h.Draft(by, thread.Rekey), by)
	}},
	{"a rekey after the last epoch", fault.ClassSize, func(h *history) *attempt {
		if len(h.epochs) < 128 {
			return nil
		}
		by := h.pick(h.members())
		return h.try(h.Draft(by, thread.Rekey), by)
	}},
	{"other members after the last epoch", fault.ClassSize, func(h *history) *attempt {
		by := h.pick(h.members(act.SeatCentre))
		who := h.pick(slices.DeleteFunc([]string{"anna", "bruna", "berta"}, func(name string) bool { return h.seats[name] != "" }))
		if len(h.epochs) < 128 || h.phase == thread.PhaseClosed || who == "" {
			return nil
		}
		return h.try(h.Change(by, append(h.seated(), who+" centre")...), by)
	}},
	{"a message in a closed thread", fault.ClassClosed, func(h *history) *attempt {
		if h.phase != thread.PhaseClosed {
			return nil
		}
		by := h.pick(h.members())
		return h.try(h.Draft(by, []thread.Kind{thread.Message, thread.Request}[h.rand.IntN(2)]), by)
	}},
	{"somebody comes into a closed thread", fault.ClassClosed, func(h *history) *attempt {
		who := "berta"
		if h.phase != thread.PhaseClosed || h.seats[who] != "" {
			return nil
		}
		by := h.pick(h.members(act.SeatCentre))
		return h.try(h.Change(by, append(h.seated(), who+" centre")...), by)
	}},
	{"members that stay as they are", fault.ClassMembership, func(h *history) *attempt {
		by := h.pick(h.members(act.SeatCentre))
		return h.try(h.Change(by, h.seated()...), by)
	}},
	{"members by another than the centre", fault.ClassMembership, func(h *history) *attempt {
		by := h.pick(h.members(act.SeatHolder, act.SeatSubstitute, act.SeatPartner))
		if by == "" {
			return nil
		}
		return h.try(h.Change(by, by+" "+string(h.seats[by]), h.pick(h.members(act.SeatCentre))+" centre"), by)
	}},
	{"members without their author", fault.ClassMembership, func(h *history) *attempt {
		by := h.pick(h.members(act.SeatCentre))
		others := slices.DeleteFunc(h.seated(), func(s string) bool { return s == by+" centre" })
		if len(others) == 0 {
			return nil
		}
		return h.try(h.Change(by, others...), by)
	}},
	{"a note of the case outside", fault.ClassMembership, func(h *history) *attempt {
		if h.State.Side == thread.Internal {
			return nil
		}
		by := h.pick(h.members())
		return h.try(h.Draft(by, []thread.Kind{thread.Link, thread.Exclude}[h.rand.IntN(2)]), by)
	}},
	{"a status by a partner", fault.ClassMembership, func(h *history) *attempt {
		by := h.pick(h.members(act.SeatPartner))
		if by == "" {
			return nil
		}
		return h.try(h.Draft(by, thread.KindStatus), by)
	}},
	{"a grant of nothing", fault.ClassGrant, func(h *history) *attempt {
		by := h.pick(h.members())
		return h.try(h.Grant(by, h.People[h.pick(h.members())]), by)
	}},
	{"a grant to an outsider", fault.ClassMembership, func(h *history) *attempt {
		by := h.pick(h.members())
		return h.try(h.Grant(by, h.People[h.pick(h.outsiders())], h.State.Epoch()), by)
	}},
	{"a grant of an epoch to come", fault.ClassEpoch, func(h *history) *attempt {
		by := h.pick(h.members())
		return h.try(h.Grant(by, h.People[h.pick(h.members())], h.State.Epoch()+1), by)
	}},
	{"a grant of what one never had", fault.ClassGrant, func(h *history) *attempt {
		by := h.pick(h.members())
		if h.granted[0][by] {
			return nil
		}
		return h.try(h.Grant(by, h.People[h.pick(h.members())], 1), by)
	}},
	{"an officer gives what was before", fault.ClassMembership, func(h *history) *attempt {
		by := h.pick(h.members(act.SeatHolder, act.SeatSubstitute, act.SeatPartner))
		to := h.pick(slices.DeleteFunc(h.members(), func(name string) bool { return h.granted[0][name] }))
		if by == "" || to == "" || !h.granted[0][by] {
			return nil
		}
		return h.try(h.Grant(by, h.People[to], 1), by)
	}},
	{"a card that was given up", fault.ClassStale, func(h *history) *attempt {
		for _, p := range h.given {
			if by := h.pick(h.members()); h.seats[h.names[p.Person]] != "" {
				return h.try(h.Grant(by, p, h.State.Epoch()), by)
			}
		}
		return nil
	}},
}

// seated are the members in the form of Change.
func (h *history) seated() []string {
	var all []string
	for name, seat := range h.seats {
		all = append(all, name+" "+string(seat))
	}
	slices.Sort(all)
	return all
}
