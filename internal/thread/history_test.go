package thread_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
)

// history is a thread and, kept apart from State, what it must have come to.
type history struct {
	*threadtest.Thread
	t        *testing.T
	rand     *rand.Rand
	names    map[ids.Person]string
	opened   []thread.Member
	left     map[ids.Person]bool
	epochs   []string // recipients
	granted  [][]ids.Person
	due      bool
	texts    []string // the state after each entry, as JSON
	accepted map[thread.Kind]int
	refused  map[string]int
}

// TestHistories writes random threads. At each step either an entry that may follow is
// accepted or one that may not is refused, and everything that is said of State is checked
// anew.
func TestHistories(t *testing.T) {
	accepted, refused := map[thread.Kind]int{}, map[string]int{}
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			h := newHistory(t, seed)
			h.accepted, h.refused = accepted, refused
			for range 40 {
				if h.rand.IntN(3) == 0 {
					h.writeWell()
				} else {
					h.writeBadly()
				}
				h.check()
			}
			h.replay()
		})
	}
	for _, kind := range []thread.Kind{thread.Open, thread.Message, thread.Rekey, thread.Recuse} {
		if accepted[kind] == 0 {
			t.Errorf("no %s was accepted", kind)
		}
	}
	for _, m := range mutations {
		if refused[m.name] == 0 {
			t.Errorf("never tried: %s", m.name)
		}
	}
}

func newHistory(t *testing.T, seed uint64) *history {
	cast := threadtest.NewCast(t)
	h := &history{Thread: cast.New(fmt.Sprint("history ", seed)), t: t, rand: rand.New(rand.NewPCG(seed, 1)),
		names: map[ids.Person]string{}, left: map[ids.Person]bool{}}
	for name, p := range cast.People {
		h.names[p.Person] = name
	}
	return h
}

// pick returns one of the names in a fixed order.
func (h *history) pick(names []string) string {
	slices.Sort(names)
	return names[h.rand.IntN(len(names))]
}

// members returns the names of who is a member by the history's own book-keeping.
func (h *history) members(seats ...act.Seat) []string {
	var names []string
	for _, m := range h.opened {
		if !h.left[m.Person] && (len(seats) == 0 || slices.Contains(seats, m.Seat)) {
			names = append(names, h.names[m.Person])
		}
	}
	return names
}

func (h *history) outsiders() []string {
	var names []string
	for name := range h.People {
		if !slices.Contains(h.members(), name) {
			names = append(names, name)
		}
	}
	return names
}

// draft returns an entry that may follow, and who writes it.
func (h *history) draft() (thread.Entry, string) {
	if len(h.opened) == 0 {
		return h.opening()
	}
	leaving := h.members(act.SeatHolder, act.SeatSubstitute, act.SeatPartner)
	switch n := h.rand.IntN(10); {
	case n == 0 && len(leaving) > 0:
		by := h.pick(leaving)
		return h.Draft(by, thread.Recuse), by
	case n <= 3 || h.due:
		by := h.pick(h.members())
		return h.Draft(by, thread.Rekey), by
	default:
		by := h.pick(h.members())
		return h.Draft(by, thread.Message), by
	}
}

func (h *history) opening() (thread.Entry, string) {
	side := []thread.Side{thread.INPS, thread.INPS, thread.Partner, thread.Internal}[h.rand.IntN(4)]
	people := []string{"anna centre", "bruna centre", "berta centre"}[:1+h.rand.IntN(3)]
	switch side {
	case thread.INPS:
		people = append(people, "carla holder", "dora substitute")[:len(people)+1+h.rand.IntN(2)]
	case thread.Partner:
		people = append(people, "fulvia partner", "gina partner")[:len(people)+1+h.rand.IntN(2)]
	case thread.Internal:
	}
	return h.Opening("anna", side, people...), "anna"
}

// writeWell appends an entry that may follow.
func (h *history) writeWell() {
	e, by := h.draft()
	if err := h.Submit(e, by); err != nil {
		h.t.Fatalf("%s by %s: %v", e.Kind, by, err)
	}
	h.accepted[e.Kind]++
	switch e.Kind {
	case thread.Open:
		h.opened = e.Members
	case thread.Recuse:
		h.left[e.Author], h.due = true, true
	case thread.Message, thread.Rekey, thread.Request, thread.Members, thread.KindGrant, thread.KindStatus, thread.Link, thread.Exclude:
	}
	if e.Key != nil {
		h.due = false
		h.epochs = append(h.epochs, e.Key.Recipient)
		var granted []ids.Person
		for _, g := range e.Key.Grants {
			granted = append(granted, g.Person)
		}
		h.granted = append(h.granted, granted)
	}
	h.texts = append(h.texts, h.json(h.State))
}

func (h *history) json(s thread.State) string {
	h.t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(text)
}

// check rechecks the whole invariant.
func (h *history) check() {
	h.t.Helper()
	s := h.State
	if len(h.Headers) == 0 {
		if diff := cmp.Diff(thread.State{}, s); diff != "" {
			h.t.Fatalf("a thread without entries (-want +got)\n%s", diff)
		}
		return
	}
	if s.Next != int64(len(h.Headers)) || s.Head != note.Sum(h.Headers[len(h.Headers)-1]) {
		h.t.Fatalf("next %d and head do not belong to %d entries", s.Next, len(h.Headers))
	}
	var want []thread.Member
	for _, m := range h.opened {
		if !h.left[m.Person] {
			want = append(want, m)
		}
		if got := s.Member(m.Person); (got == nil) != h.left[m.Person] {
			h.t.Fatalf("%s: %v", h.names[m.Person], got)
		}
	}
	if diff := cmp.Diff(want, s.Members); diff != "" {
		h.t.Fatalf("members (-want +got)\n%s", diff)
	}
	h.checkEpochs()
	if held := len(h.members(act.SeatHolder)) > 0; held != s.Held() {
		h.t.Fatalf("held: %v, want %v", s.Held(), held)
	}
	var again thread.State
	if err := json.Unmarshal([]byte(h.json(s)), &again); err != nil {
		h.t.Fatal(err)
	}
	if diff := cmp.Diff(s, again); diff != "" {
		h.t.Fatalf("through JSON (-want +got)\n%s", diff)
	}
	if last := h.texts[len(h.texts)-1]; last != h.json(s) {
		h.t.Fatalf("something has changed the state\n%s", cmp.Diff(last, h.json(s)))
	}
}

func (h *history) checkEpochs() {
	h.t.Helper()
	s := h.State
	if s.Epoch() != int64(len(h.epochs)) || s.Recipient() != h.epochs[len(h.epochs)-1] || s.Spent != h.due {
		h.t.Fatalf("epoch %d, due %v, want %d, %v", s.Epoch(), s.Spent, len(h.epochs), h.due)
	}
	seen := map[string]bool{}
	for i, epoch := range s.Epochs {
		if epoch.Recipient != h.epochs[i] || seen[epoch.Recipient] {
			h.t.Fatalf("epoch %d has another recipient, or one of before", i+1)
		}
		seen[epoch.Recipient] = true
		if diff := cmp.Diff(h.granted[i], epoch.Granted); diff != "" {
			h.t.Fatalf("grants of epoch %d (-want +got)\n%s", i+1, diff)
		}
	}
	var members []ids.Person
	for _, m := range s.Members {
		members = append(members, m.Person)
	}
	if last := s.Epochs[len(s.Epochs)-1]; !h.due && !slices.Equal(last.Granted, members) {
		h.t.Fatalf("the current epoch is granted to %v, members are %v", last.Granted, members)
	}
}

// replay runs the accepted headers again from the beginning: each state comes out as it did.
func (h *history) replay() {
	h.t.Helper()
	var s thread.State
	for i, header := range h.Headers {
		next, err := threadtest.Apply(s, h.Cards, header, h.Admitted[i])
		if err != nil {
			h.t.Fatalf("entry %d: %v", i, err)
		}
		if s = next; h.json(s) != h.texts[i] {
			h.t.Fatalf("entry %d (-first +again)\n%s", i, cmp.Diff(h.texts[i], h.json(s)))
		}
	}
}

// writeBadly changes an entry that may follow so that it may not.
func (h *history) writeBadly() {
	if len(h.Headers) == 0 {
		return
	}
	m := mutations[h.rand.IntN(len(mutations))]
	attempt := m.make(h)
	if attempt == nil {
		return
	}
	h.refused[m.name]++
	before := h.json(h.State)
	next, err := threadtest.Apply(h.State, attempt.cards, attempt.header, attempt.admitted)
	if fault.ClassOf(err) != m.want || err == nil {
		h.t.Fatalf("%s: got %v, want class %s", m.name, err, m.want)
	}
	if h.json(next) != before || h.json(h.State) != before {
		h.t.Fatalf("%s: the state has changed", m.name)
	}
}

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
		h.t.Fatal(err)
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
		for _, m := range h.opened {
			if h.left[m.Person] {
				by := h.names[m.Person]
				return h.try(h.Draft(by, []thread.Kind{thread.Message, thread.Rekey, thread.Recuse}[h.rand.IntN(3)]), by)
			}
		}
		return nil
	}},
	{"the last of the centre recuses", fault.ClassMembership, func(h *history) *attempt {
		if len(h.members(act.SeatCentre)) > 1 {
			return nil
		}
		by := h.pick(h.members(act.SeatCentre))
		return h.try(h.Draft(by, thread.Recuse), by)
	}},
	{"a message while a new epoch is due", fault.ClassEpoch, func(h *history) *attempt {
		if !h.due {
			return nil
		}
		by := h.pick(h.members())
		return h.try(h.Draft(by, thread.Message), by)
	}},
	{"kept back", fault.ClassLate, func(h *history) *attempt {
		a := changed(func(*history, *thread.Entry) {})(h)
		a.admitted = h.Now.Add(thread.MaxLife + time.Millisecond)
		return a
	}},
	{"signed by another", fault.ClassSignature, func(h *history) *attempt {
		e, _ := h.draft()
		for _, name := range h.outsiders() {
			return h.try(e, name)
		}
		return nil
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
}
