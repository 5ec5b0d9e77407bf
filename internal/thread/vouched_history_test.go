package thread_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
)

// vouched is a history whose people come, go, renew their cards and lose their keys, and whose
// designations end. What its rosters say is kept apart from the books.
type vouched struct {
	*history
	rosters map[ids.Organisation][]roster
	next    map[string]cardtest.Person // cards that a steward has put on the roster, and that are not in the thread yet
	entries []admittedEntry
	tally   map[string]int // what has happened
}

type roster struct {
	issued time.Time
	lines  map[string]line
}

type line struct {
	holder      cardtest.Person
	role        act.Role
	from, until time.Time
}

type admittedEntry struct {
	before, after thread.State
	entry         *thread.Entry
	at            time.Time
}

// TestVouchedHistories writes random threads while rosters change and time goes by, up to where cards
// have expired. Whether an entry's people were who it says is worked out here a second time; and
// what was once admitted is vouched for after every later roster.
func TestVouchedHistories(t *testing.T) {
	tally, accepted := map[string]int{}, map[thread.Kind]int{}
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			h := newVouched(t, seed)
			h.tally, h.accepted = tally, accepted
			for range 60 {
				switch h.rand.IntN(5) {
				case 0:
					h.wait()
				case 1:
					h.endorse()
				default:
					h.submit()
				}
				h.check()
				h.vouchAgain()
			}
			h.replay()
		})
	}
	for _, kind := range thread.Kinds {
		if accepted[kind] == 0 {
			t.Errorf("no %s was admitted", kind)
		}
	}
	for _, what := range []string{"removed", "back again", "renewed", "lost her keys", "designation ended", "demoted", "refused missing", "refused fork",
		"refused untrusted", "refused membership", "refused stale", "settling", "by an older roster", "expired card", "removed recuses"} {
		if tally[what] == 0 {
			t.Errorf("never: %s", what)
		}
	}
}

func newVouched(t *testing.T, seed uint64) *vouched {
	h := &vouched{history: newHistory(t, seed), rosters: map[ids.Organisation][]roster{}, next: map[string]cardtest.Person{}}
	h.rand, h.self = rand.New(rand.NewPCG(seed, 2)), true
	h.history.other = func(name string) cardtest.Person {
		if p, ok := h.next[name]; ok && p.Serial > h.People[name].Serial {
			return p
		}
		return h.Other(t, name)
	}
	for name, p := range h.People {
		id := p.Organisation
		if h.rosters[id] == nil {
			h.rosters[id] = []roster{{cardtest.Start, map[string]line{}}}
		}
		h.rosters[id][0].lines[name] = line{holder: p, role: roleIn(id), from: cardtest.Start}
	}
	return h
}

// roleIn is the role of all who write for an organisation of the cast.
func roleIn(id ids.Organisation) act.Role {
	switch id {
	case cardtest.Organisation(threadtest.Centre):
		return act.Operator
	case cardtest.Organisation(threadtest.Office):
		return act.Officer
	}
	return act.Partner
}

// wait lets time go by: minutes mostly, and sometimes months.
func (h *vouched) wait() {
	h.Now = h.Now.Add([]time.Duration{time.Minute, 4 * time.Minute, 16 * time.Minute, 24 * time.Hour, 150 * 24 * time.Hour}[h.rand.IntN(5)])
}

// endorse lets a steward change one line of the next roster.
func (h *vouched) endorse() {
	organisation := []string{threadtest.Centre, threadtest.Centre, threadtest.Office, threadtest.Association}[h.rand.IntN(4)]
	book, steward := h.Rosters[organisation], h.Stewards[organisation]
	all := h.rosters[book.Organisation]
	last := all[len(all)-1]
	next := roster{h.Now, map[string]line{}}
	var names []string
	for name, p := range h.People {
		if p.Organisation == book.Organisation {
			names = append(names, name)
		}
		if l, on := last.lines[name]; on {
			next.lines[name] = l
		}
	}
	name := h.pick(names)
	l, on := next.lines[name]
	var event string
	switch {
	case !on:
		l, event = line{holder: h.newest(name), role: roleIn(book.Organisation), from: h.Now}, "back again"
	case h.rand.IntN(4) == 0 && len(next.lines) > 1:
		event = "removed"
	case h.rand.IntN(4) == 0:
		l.until, event = h.Now.Add(time.Duration(1+h.rand.IntN(48))*time.Hour), "designation ended"
	case h.rand.IntN(4) == 0 && organisation != threadtest.Association:
		l.role, event = map[act.Role]act.Role{act.Operator: act.Coordinator, act.Coordinator: act.Operator,
			act.Officer: act.Manager, act.Manager: act.Officer}[l.role], "demoted"
	case l.holder.Hash == h.People[name].Hash && l.holder.Serial < 6 && l.holder.ValidAt(h.Now) && h.rand.IntN(2) == 0:
		l.holder, event = h.People[name].Renewed(h.t, func(c *card.Card) { c.Issued, c.Expires = h.Now, h.Now.AddDate(1, 0, 0) }), "renewed"
		h.take(book, l.holder)
	case l.holder.Hash == h.People[name].Hash && l.holder.Serial < 6:
		l.holder, event = h.Other(h.t, name), "lost her keys"
		h.take(book, l.holder)
	default:
		l.until, event = time.Time{}, "back again"
	}
	next.lines[name] = l
	if event == "removed" {
		delete(next.lines, name)
	}
	if l.holder.Hash != h.People[name].Hash {
		h.next[name] = l.holder
	}
	r := steward.Roster(book.Latest())
	for _, l := range next.lines {
		seat := l.holder.Seat(l.role)
		seat.From, seat.Until = l.from, l.until
		r.People = append(r.People, seat)
	}
	slices.SortFunc(r.People, func(a, b card.Seat) int { return compare(a.Person, b.Person) })
	r.Issued, r.Expires = h.Now, h.Now.AddDate(1, 0, 0)
	msg, err := card.SignRoster(r, steward.Signer)
	if err == nil {
		_, err = book.Add(msg)
	}
	if err != nil {
		if fault.ClassOf(err) == fault.ClassUntrusted && !steward.ValidAt(h.Now) {
			return // her card has expired
		}
		h.t.Fatal(err)
	}
	h.rosters[book.Organisation] = append(all, next)
	h.tally[event]++
	h.Now = h.Now.Add(time.Second)
}

// newest is the card that somebody comes back with.
func (h *vouched) newest(name string) cardtest.Person {
	if p, ok := h.next[name]; ok {
		return p
	}
	return h.People[name]
}

// take puts a card in the book, and among those that entries may name.
func (h *vouched) take(book *card.Book, p cardtest.Person) {
	if book.Card(p.Hash) == nil {
		for c := p.Signed; c != nil; c = c.Predecessor() {
			if book.Card(c.Hash) == nil && c.Predecessor() == nil {
				if _, err := book.Publish(c.Note()); err != nil {
					h.t.Fatal(err)
				}
			}
		}
		if book.Card(p.Hash) == nil {
			if _, err := book.Publish(p.Note()); err != nil {
				h.t.Fatal(err)
			}
		}
	}
	h.Cards[p.Hash], h.cards[p.Hash] = p.Signed, p
}

// submit drafts an entry that follows, by people whom the rosters vouch for or not.
func (h *vouched) submit() {
	people := map[string]cardtest.Person{}
	for name, p := range h.People {
		people[name] = p
		if next, ok := h.next[name]; ok && next.Succeeds(p.Hash) && h.rand.IntN(2) == 0 {
			h.People[name] = next
		}
	}
	e, by := h.draft()
	for name, p := range people { // but for who writes
		if name != by {
			h.People[name] = p
		}
	}
	h.sees(&e)
	before := h.State
	header, err := thread.Sign(e, h.People[by].Signer)
	if err != nil {
		h.t.Fatal(err)
	}
	at := h.Now.Add(time.Second)
	after, err := threadtest.Apply(before, h.Cards, header, at)
	if err != nil {
		h.t.Fatalf("%s by %s: %v", e.Kind, by, err)
	}
	signed, err := thread.Parse(header)
	if err != nil {
		h.t.Fatal(err)
	}
	want := h.refusal(&before, &after, signed, by, at)
	err = after.Vouch(&before, signed, h.Cards, h.Books, at)
	if fault.ClassOf(err) != want || (err == nil) != (want == "") {
		h.t.Fatalf("%s by %s at %s: %v, want class %q", e.Kind, by, at, err, want)
	}
	if want != "" {
		h.People = people
		h.tally["refused "+string(want)]++
		return
	}
	h.note(signed, by, at)
	if err := h.Take(header, at); err != nil {
		h.t.Fatal(err)
	}
	h.accepted[e.Kind]++
	for _, m := range signed.Members {
		if p, ok := h.cards[m.Card]; ok && before.Member(m.Person) == nil {
			h.People[h.names[m.Person]] = p // she comes with the card that is on the roster
		}
	}
	h.keep(signed, by)
	if broken := stepBreaks(&before, signed, &h.State, h.Cards); broken != "" {
		h.t.Fatalf("%s by %s: %s", e.Kind, by, broken)
	}
	h.texts = append(h.texts, h.json(h.State))
	h.entries = append(h.entries, admittedEntry{before, h.State, signed, at})
}

// note counts what is remarkable in an entry that is admitted.
func (h *vouched) note(e *thread.Entry, by string, at time.Time) {
	all := h.rosters[h.People[by].Organisation]
	_, on := all[len(all)-1].lines[by]
	switch {
	case !on && e.Kind == thread.Recuse:
		h.tally["removed recuses"]++
	case !on || !all[len(all)-1].gives(by, h.Cards[e.Card], at):
		h.tally["settling"]++
	}
	if seen := e.Saw(h.People[by].Organisation); seen.Version < int64(len(all)) {
		h.tally["by an older roster"]++
	}
	if !h.Cards[e.Card].ValidAt(at) {
		h.tally["expired card"]++
	}
}

// sees lets the author name older rosters, or now and then one that is not there.
func (h *vouched) sees(e *thread.Entry) {
	for i := range e.Rosters {
		seen := &e.Rosters[i]
		book := h.Books(seen.Organisation)
		switch h.rand.IntN(12) {
		case 0, 1, 2:
			v := max(1, seen.Version-int64(h.rand.IntN(3)))
			*seen = book.Version(v).Seen()
		case 3:
			if h.rand.IntN(3) == 0 {
				seen.Version++
			} else if h.rand.IntN(2) == 0 {
				seen.Hash = note.Sum([]byte("another"))
			}
		}
	}
}

// refusal works out the class with which Vouch must refuse an entry, by the text of the protocol.
func (h *vouched) refusal(before, after *thread.State, e *thread.Entry, by string, at time.Time) fault.Class {
	for _, seen := range e.Rosters {
		all := h.rosters[seen.Organisation]
		if seen.Version > int64(len(all)) {
			return fault.ClassMissing
		}
		if h.Books(seen.Organisation).Version(seen.Version).Hash != seen.Hash {
			return fault.ClassFork
		}
	}
	if e.Kind == thread.Recuse {
		return ""
	}
	author := after.Member(e.Author)
	if class := h.stands(e, by, author.Seat, e.Card, at); class != "" {
		return class
	}
	for _, m := range after.Members {
		if before.Member(m.Person) != nil && (e.Giving == nil || e.Giving.Person != m.Person) {
			continue
		}
		name := h.names[m.Person]
		if class := h.stands(e, name, m.Seat, m.Card, at); class != "" {
			return class
		}
		l := h.rosters[m.Organisation][e.Saw(m.Organisation).Version-1].lines[name]
		if at.Before(l.from) || !l.until.IsZero() && !at.Before(l.until) || !h.Cards[m.Card].ValidAt(at) {
			return fault.ClassStale
		}
	}
	return ""
}

// stands asks every roster from the one that was seen on that had settled.
func (h *vouched) stands(e *thread.Entry, name string, seat act.Seat, hash note.Hash, at time.Time) fault.Class {
	c := h.Cards[hash]
	first := e.Saw(c.Organisation).Version - 1
	for i, r := range h.rosters[c.Organisation][first:] {
		if i > 0 && at.Before(r.issued.Add(15*time.Minute)) {
			break
		}
		if !r.gives(name, c, at) {
			return fault.ClassUntrusted
		}
		right := map[act.Seat][]act.Role{act.SeatCentre: {act.Operator, act.Coordinator}, act.SeatHolder: {act.Officer},
			act.SeatSubstitute: {act.Officer}, act.SeatPartner: {act.Partner}}[seat]
		if !slices.Contains(right, r.lines[name].role) {
			return fault.ClassMembership
		}
	}
	return ""
}

// gives reports whether a roster's line for somebody has this card, or one that succeeds it while
// it is valid.
func (r roster) gives(name string, c *card.Signed, at time.Time) bool {
	l, on := r.lines[name]
	return on && (l.holder.Hash == c.Hash || l.holder.Succeeds(c.Hash) && c.ValidAt(at))
}

// vouchAgain asks the rosters of now about everything that was admitted.
func (h *vouched) vouchAgain() {
	h.t.Helper()
	for i, x := range h.entries {
		if err := x.after.Vouch(&x.before, x.entry, h.Cards, h.Books, x.at); err != nil {
			h.t.Fatalf("entry %d was admitted and is refused now: %v", i, err)
		}
	}
}

func compare(a, b ids.Person) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
