package thread_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
)

// check rechecks what holds of every state, and compares it with the history's own book-keeping.
func (h *history) check() {
	h.t.Helper()
	s := h.State
	if len(h.Headers) == 0 {
		if diff := cmp.Diff(thread.State{}, s); diff != "" {
			h.t.Fatalf("a thread without entries (-want +got)\n%s", diff)
		}
		return
	}
	if broken := breaks(&s, h.Cards); broken != "" {
		h.t.Fatal(broken)
	}
	if s.Next != int64(len(h.Headers)) || s.Head != note.Sum(h.Headers[len(h.Headers)-1]) {
		h.t.Fatalf("next %d and head do not belong to %d entries", s.Next, len(h.Headers))
	}
	got := map[string]act.Seat{}
	for _, m := range s.Members {
		got[h.names[m.Person]] = m.Seat
		if m.Card != h.People[h.names[m.Person]].Hash {
			h.t.Fatalf("%s has another card", h.names[m.Person])
		}
	}
	if diff := cmp.Diff(h.seats, got); diff != "" {
		h.t.Fatalf("members (-want +got)\n%s", diff)
	}
	if s.Epoch() != int64(len(h.epochs)) || s.Recipient() != h.epochs[len(h.epochs)-1] || s.Spent != h.spent {
		h.t.Fatalf("epoch %d, spent %v, want %d, %v", s.Epoch(), s.Spent, len(h.epochs), h.spent)
	}
	for i, epoch := range s.Epochs {
		had := map[string]bool{}
		for _, person := range epoch.Granted {
			had[h.names[person]] = true
		}
		if diff := cmp.Diff(h.granted[i], had); diff != "" || epoch.Recipient != h.epochs[i] {
			h.t.Fatalf("epoch %d has another recipient or other grants (-want +got)\n%s", i+1, diff)
		}
	}
	if held := len(h.members(act.SeatHolder)) > 0; held != s.Held() || s.Closed() != (h.phase == thread.PhaseClosed) {
		h.t.Fatalf("held %v, closed %v", s.Held(), s.Closed())
	}
	if last := h.texts[len(h.texts)-1]; last != h.json(s) {
		h.t.Fatalf("something has changed the state\n%s", cmp.Diff(last, h.json(s)))
	}
}

// breaks names what always holds of a state with entries and does not of this one, "" if all does.
func breaks(s *thread.State, cards thread.Cards) string {
	count := map[act.Seat]int{}
	for i, m := range s.Members {
		count[m.Seat]++
		c := cards[m.Card]
		home := s.With
		if m.Seat == act.SeatCentre {
			home = s.Centre
		}
		switch {
		case i > 0 && s.Members[i-1].Person >= m.Person:
			return "members are not in order, each once"
		case c == nil || c.Person != m.Person || c.Organisation != m.Organisation:
			return "a member's card is not hers"
		case m.Organisation != home:
			return "a member's seat is not of her organisation"
		}
	}
	switch {
	case count[act.SeatCentre] == 0:
		return "nobody of the centre is there"
	case count[act.SeatHolder] > 1 || count[act.SeatSubstitute] > 1:
		return "two people have an officer's seat"
	case s.Side != thread.INPS && count[act.SeatHolder]+count[act.SeatSubstitute] > 0:
		return "an officer is where no office is"
	case s.Side != thread.Partner && count[act.SeatPartner] > 0:
		return "a partner is where no partner is"
	}
	if broken := epochBreaks(s); broken != "" {
		return broken
	}
	closed := s.Status.Phase == thread.PhaseClosed
	switch {
	case closed && s.ClosedAtMS == 0 || closed == s.ClosedAt().IsZero():
		return "when it was closed does not go with whether it is"
	case closed && (s.Status.Waits != "" || s.Due != ""):
		return "something is waited for in a closed thread"
	case s.Status.Phase == thread.PhaseOpen && s.Status.Outcome != "":
		return "what is open has an outcome"
	}
	var again thread.State
	text, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil || !cmp.Equal(*s, again) {
		return "it does not come through JSON as it was"
	}
	return ""
}

// epochBreaks names what does not hold of a state's epochs: each has a key of its own; while it is
// not spent the current one is granted to the members and nobody else, else to them at least.
func epochBreaks(s *thread.State) string {
	if len(s.Epochs) == 0 || len(s.Epochs) > thread.MaxEpochs {
		return "no epoch, or too many"
	}
	seen := map[string]bool{}
	for _, e := range s.Epochs {
		if seen[e.Recipient] {
			return "two epochs have one key"
		}
		seen[e.Recipient] = true
		if !slices.IsSortedFunc(e.Granted, func(a, b ids.Person) int { return strings.Compare(string(a), string(b)) }) ||
			len(slices.Compact(slices.Clone(e.Granted))) != len(e.Granted) {
			return "grants are not in order, each once"
		}
	}
	current := s.Epochs[len(s.Epochs)-1].Granted
	for _, m := range s.Members {
		if !slices.Contains(current, m.Person) {
			return "a member was not granted the current epoch"
		}
	}
	if !s.Spent && len(current) != len(s.Members) {
		return "the current epoch is granted to somebody who is no member"
	}
	return ""
}

// stepBreaks names what one entry has done that its kind or its author can't do.
func stepBreaks(before *thread.State, e *thread.Entry, after *thread.State, cards thread.Cards) string {
	if before.Next == 0 {
		return ""
	}
	author := before.Member(e.Author)
	switch {
	case author == nil:
		return "its author was no member"
	case after.Thread != before.Thread || after.Side != before.Side || after.Centre != before.Centre || after.With != before.With ||
		after.Topic != before.Topic || after.Urgency != before.Urgency:
		return "what the opening said has changed"
	case after.Status != before.Status && e.Kind != thread.KindStatus:
		return "how the thread stands has changed"
	case before.ClosedAtMS != 0 && after.ClosedAtMS != before.ClosedAtMS && (after.ClosedAtMS != 0 || after.Closed() ||
		e.Kind != thread.KindStatus || author.Seat != act.SeatCentre):
		return "when it was closed has changed, and the centre did not open it again"
	case before.Closed() && (e.Kind == thread.Message || e.Kind == thread.Request):
		return "something was said in a closed thread"
	case len(after.Epochs) != len(before.Epochs) && e.Key == nil:
		return "an epoch began by itself"
	case before.Spent && e.Body != nil:
		return "something was sealed to an epoch that somebody who left has"
	}
	for _, m := range after.Members {
		old := before.Member(m.Person)
		switch {
		case old == nil && (e.Kind != thread.Members || author.Seat != act.SeatCentre || before.Closed()):
			return "somebody came whom the centre did not let in"
		case old != nil && old.Card != m.Card && m.Person != e.Author && (e.Giving == nil || e.Giving.Person != m.Person):
			return "somebody's card was changed by another entry than a grant to her"
		case old != nil && old.Card != m.Card && cards[m.Card].Serial <= cards[old.Card].Serial:
			return "somebody is back on an older card"
		case old != nil && old.Card != m.Card && !cards[m.Card].Succeeds(old.Card) && !after.Spent:
			return "an epoch goes on that may be open to whoever has somebody's lost keys"
		}
	}
	for _, m := range before.Members {
		if after.Member(m.Person) == nil && e.Kind != thread.Members && (e.Kind != thread.Recuse || m.Person != e.Author) {
			return "somebody was made to leave"
		}
	}
	for i, epoch := range before.Epochs {
		for _, person := range after.Epochs[i].Granted {
			if !slices.Contains(epoch.Granted, person) && (e.Kind != thread.KindGrant || author.Seat != act.SeatCentre ||
				e.Giving.Person != person || !slices.Contains(epoch.Granted, e.Author)) {
				return "somebody may read what was before her, and the centre did not say so"
			}
		}
		if len(after.Epochs[i].Granted) < len(epoch.Granted) {
			return "a grant was forgotten"
		}
	}
	return ""
}
