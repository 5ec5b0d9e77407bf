package thread_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

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
	seats    map[string]act.Seat // of members; their cards are those of People
	left     map[string]bool     // who has been a member
	given    []cardtest.Person   // cards that members have given up
	granted  []map[string]bool   // who was ever granted each epoch
	epochs   []string            // recipients
	spent    bool
	phase    thread.Phase
	texts    []string // the state after each entry, as JSON
	accepted map[thread.Kind]int
	refused  map[string]int

	self  bool                              // sometimes gives herself another card
	hurry bool                              // prefers what starts an epoch, and makes it necessary
	cards map[note.Hash]cardtest.Person     // who holds a card that was given instead of hers
	other func(name string) cardtest.Person // the card of who has lost her phrase
}

// TestHistories writes random threads of all kinds. At each step either an entry that may follow is
// accepted or one that may not is refused, and everything that is said of State is checked anew.
func TestHistories(t *testing.T) {
	accepted, refused := map[thread.Kind]int{}, map[string]int{}
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			h := newHistory(t, seed)
			h.accepted, h.refused = accepted, refused
			h.steps(50)
			h.replay()
		})
	}
	t.Run("as long as it gets", func(t *testing.T) {
		h := newHistory(t, 0)
		h.accepted, h.refused, h.hurry = accepted, refused, true
		for range 20 {
			if h.steps(40); len(h.epochs) == thread.MaxEpochs {
				break
			}
		}
		h.steps(60)
		if len(h.epochs) != thread.MaxEpochs {
			t.Errorf("it has come to %d epochs", len(h.epochs))
		}
		h.replay()
	})
	for _, kind := range thread.Kinds {
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

// steps writes so many entries, well or badly, and rechecks everything after each.
func (h *history) steps(n int) {
	for range n {
		if h.rand.IntN(2) == 0 {
			h.writeWell()
		} else {
			h.writeBadly()
		}
		h.check()
	}
}

func newHistory(t *testing.T, seed uint64) *history {
	cast := threadtest.NewCast(t)
	h := &history{Thread: cast.New(fmt.Sprint("history ", seed)), t: t, rand: rand.New(rand.NewPCG(seed, 1)),
		names: map[ids.Person]string{}, seats: map[string]act.Seat{}, left: map[string]bool{}, cards: map[note.Hash]cardtest.Person{}}
	h.other = func(name string) cardtest.Person { return h.Other(t, name) }
	for name, p := range cast.People {
		h.names[p.Person] = name
	}
	return h
}

// pick returns one of the names in a fixed order, "" when there are none.
func (h *history) pick(names []string) string {
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return names[h.rand.IntN(len(names))]
}

// members returns the names of who is a member by the history's own book-keeping.
func (h *history) members(seats ...act.Seat) []string {
	var names []string
	for name, seat := range h.seats {
		if len(seats) == 0 || slices.Contains(seats, seat) {
			names = append(names, name)
		}
	}
	return names
}

func (h *history) outsiders() []string {
	var names []string
	for _, name := range h.names {
		if h.seats[name] == "" {
			names = append(names, name)
		}
	}
	return names
}

// draft returns an entry that may follow, and who writes it; sometimes she writes with a card that
// she has renewed.
func (h *history) draft() (thread.Entry, string) {
	if len(h.epochs) == 0 {
		return h.opening()
	}
	for {
		kind := thread.Kinds[1+h.rand.IntN(len(thread.Kinds)-1)]
		if h.hurry && h.rand.IntN(2) == 0 {
			kind = []thread.Kind{thread.Rekey, thread.Rekey, thread.Members, thread.Recuse}[h.rand.IntN(4)]
		}
		by := h.author(kind)
		if by == "" {
			continue
		}
		before := h.People[by]
		if h.rand.IntN(8) == 0 && len(before.Name) > 0 && before.Serial < 4 {
			h.renew(by)
		}
		if e, ok := h.write(kind, by); ok {
			return e, by
		}
		h.People[by] = before
	}
}

// renew gives somebody the card that succeeds hers.
func (h *history) renew(name string) {
	p := h.People[name].Renewed(h.t)
	h.People[name], h.Cards[p.Hash] = p, p.Signed
}

// author is somebody who may write a kind now, "" when nobody may.
func (h *history) author(kind thread.Kind) string {
	closed := h.phase == thread.PhaseClosed
	switch kind {
	case thread.Message, thread.Request:
		if h.spent || closed {
			return ""
		}
	case thread.Link, thread.Exclude:
		if h.spent || h.State.Side != thread.Internal {
			return ""
		}
	case thread.KindStatus:
		return h.pick(h.members(act.SeatCentre, act.SeatHolder, act.SeatSubstitute))
	case thread.Members:
		if len(h.epochs) == thread.MaxEpochs {
			return ""
		}
		return h.pick(h.members(act.SeatCentre))
	case thread.Rekey:
		if len(h.epochs) >= h.mostEpochs() {
			return ""
		}
	case thread.Recuse:
		if by := h.pick(h.members()); h.seats[by] != act.SeatCentre || len(h.members(act.SeatCentre)) > 1 {
			return by
		}
		return ""
	case thread.Open, thread.KindGrant:
	}
	return h.pick(h.members())
}

// mostEpochs is how many there may have been when a rekey starts no more.
func (h *history) mostEpochs() int {
	if h.spent {
		return 128
	}
	return 64
}

// write drafts an entry of a kind, if the thread gives occasion for it.
func (h *history) write(kind thread.Kind, by string) (thread.Entry, bool) {
	switch kind {
	case thread.Members:
		return h.change(by)
	case thread.KindGrant:
		return h.grant(by)
	case thread.KindStatus:
		phase := []thread.Phase{thread.PhaseOpen, thread.PhaseOpen, thread.PhaseResolved, thread.PhaseClosed}[h.rand.IntN(4)]
		return h.Standing(by, phase, "", ""), true
	case thread.Request:
		e := h.Draft(by, kind)
		e.Due = []thread.Day{"", "2026-11-30"}[h.rand.IntN(2)]
		e.Blobs = threadtest.Blobs(string(e.ID), h.rand.IntN(3))
		return e, true
	case thread.Open, thread.Message, thread.Rekey, thread.Recuse, thread.Link, thread.Exclude:
	}
	return h.Draft(by, kind), true
}

// change draws other members: some of those who are, and while it is open some who are not.
func (h *history) change(by string) (thread.Entry, bool) {
	people := []string{by + " centre"}
	other := h.candidates()
	changed := false
	for _, name := range slices.Sorted(slices.Values(append(h.members(), h.outsiders()...))) {
		seat, member := h.seats[name]
		comes := !member && h.phase != thread.PhaseClosed && h.rand.IntN(4) == 0 && other[name] != ""
		stays := member && h.rand.IntN(4) > 0
		switch {
		case name == by:
		case stays:
			people = append(people, name+" "+string(seat))
		case comes && !h.taken(people, other[name]):
			people, changed = append(people, name+" "+string(other[name])), true
		default:
			changed = changed || member
		}
	}
	if !changed {
		return thread.Entry{}, false
	}
	e := h.Change(by, people...)
	for i := range e.Members { // who writes may have renewed her card
		if e.Members[i].Person == e.Author {
			e.Members[i].Card = e.Card
		}
	}
	return e, true
}

// candidates are the seats that people could have in a thread of this side.
func (h *history) candidates() map[string]act.Seat {
	all := map[string]act.Seat{"anna": act.SeatCentre, "bruna": act.SeatCentre, "berta": act.SeatCentre}
	switch h.State.Side {
	case thread.INPS:
		all["carla"], all["dora"], all["elsa"] = act.SeatHolder, act.SeatSubstitute, act.SeatSubstitute
	case thread.Partner:
		all["fulvia"], all["gina"] = act.SeatPartner, act.SeatPartner
	case thread.Internal:
	}
	return all
}

// taken reports whether an officer's seat is somebody's, who stays or might.
func (h *history) taken(people []string, seat act.Seat) bool {
	if seat == act.SeatCentre || seat == act.SeatPartner {
		return false
	}
	return len(h.members(seat)) > 0 || slices.ContainsFunc(people, func(p string) bool {
		return len(p) > len(seat) && p[len(p)-len(seat):] == string(seat)
	})
}

// grant draws epochs that somebody may give, to a card of a member: the one that she has or, when
// she has lost her phrase, another.
func (h *history) grant(by string) (thread.Entry, bool) {
	name := h.pick(h.members())
	to := h.People[name]
	if (name != by || h.self) && h.rand.IntN(3) == 0 {
		to = h.other(name)
		h.cards[to.Hash] = to
	}
	var epochs []int64
	for i, had := range h.granted {
		if had[by] && (had[name] || h.seats[by] == act.SeatCentre) && h.rand.IntN(2) == 0 {
			epochs = append(epochs, int64(i+1))
		}
	}
	if len(epochs) == 0 && to.Hash == h.People[name].Hash {
		return thread.Entry{}, false
	}
	return h.Grant(by, to, epochs...), true
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
	before := h.State
	if err := h.Submit(e, by); err != nil {
		h.t.Fatalf("%s by %s: %v", e.Kind, by, err)
	}
	h.accepted[e.Kind]++
	h.keep(&e, by)
	if broken := stepBreaks(&before, &e, &h.State, h.Cards); broken != "" {
		h.t.Fatalf("%s by %s: %s", e.Kind, by, broken)
	}
	h.texts = append(h.texts, h.json(h.State))
}

// keep does the book-keeping of an accepted entry.
func (h *history) keep(e *thread.Entry, by string) {
	if len(e.Members) > 0 {
		for name := range h.seats {
			h.left[name] = true
		}
		h.seats = map[string]act.Seat{}
		for _, m := range e.Members {
			h.seats[h.names[m.Person]] = m.Seat
			delete(h.left, h.names[m.Person])
		}
	}
	if e.Kind == thread.Recuse {
		delete(h.seats, by)
		h.left[by], h.spent = true, true
	}
	if g := e.Giving; g != nil {
		name := h.names[g.Person]
		if p := h.People[name]; p.Hash != g.Card {
			h.given = append(h.given, p)
			h.People[name], h.spent = h.cards[g.Card], h.spent || !h.Cards[g.Card].Succeeds(p.Hash)
		}
		for _, give := range g.Epochs {
			h.granted[give.Epoch-1][name] = true
		}
	}
	if e.Status != nil {
		h.phase = e.Status.Phase
	}
	if e.Key != nil {
		had := map[string]bool{}
		for _, g := range e.Key.Grants {
			had[h.names[g.Person]] = true
		}
		h.spent, h.epochs, h.granted = false, append(h.epochs, e.Key.Recipient), append(h.granted, had)
	}
}

func (h *history) json(s thread.State) string {
	h.t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(text)
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
	for h.hurry && len(h.epochs) >= 64 && m.want != fault.ClassSize && h.rand.IntN(8) > 0 {
		m = mutations[h.rand.IntN(len(mutations))]
	}
	people := map[string]cardtest.Person{}
	for name, p := range h.People {
		people[name] = p
	}
	attempt := m.make(h)
	h.People = people // who renewed her card for what is refused has not
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
