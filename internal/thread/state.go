package thread

import (
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// State is what the entries of a thread so far add up to. The zero State is a thread
// without entries; Apply makes every other.
type State struct {
	Thread  ids.Thread       `json:"thread"`
	Side    Side             `json:"side"`
	Centre  ids.Organisation `json:"centre"` // of the author of open
	With    ids.Organisation `json:"with,omitempty"`
	Topic   string           `json:"topic,omitempty"`
	Urgency string           `json:"urgency,omitempty"`
	Next    int64            `json:"next"` // sequence of the entry that may follow
	Head    note.Hash        `json:"head"` // header of the last entry
	Members []Member         `json:"members"`
	Epochs  []Epoch          `json:"epochs"`        // Epochs[0] is epoch 1
	Due     bool             `json:"due,omitempty"` // somebody left: a new epoch must start before the next body
}

// Epoch is the recipient that bodies are sealed to, and who was granted its identity.
type Epoch struct {
	Recipient string       `json:"recipient"`
	Granted   []ids.Person `json:"granted"`
}

// Member returns a person's membership, nil when she is no member now. It is not to be
// changed: states that follow each other share it.
func (s *State) Member(person ids.Person) *Member {
	for i := range s.Members {
		if s.Members[i].Person == person {
			return &s.Members[i]
		}
	}
	return nil
}

// Epoch returns the number of the current epoch, 0 before the first entry.
func (s *State) Epoch() int64 { return int64(len(s.Epochs)) }

// Recipient returns what bodies are sealed to now.
func (s *State) Recipient() string {
	if len(s.Epochs) == 0 {
		return ""
	}
	return s.Epochs[len(s.Epochs)-1].Recipient
}

// Held reports whether somebody has the holder's seat.
func (s *State) Held() bool {
	return slices.ContainsFunc(s.Members, func(m Member) bool { return m.Seat == act.SeatHolder })
}

// Apply says whether a verified entry may follow, and what the state then is. Cards must
// hold the author's card and those of all members that the entry names. Admitted is the
// time of the entry's receipt. The state itself is not changed.
func (s State) Apply(e *Entry, cards Cards, admitted time.Time) (State, error) {
	rule, err := ruleOf(e.Kind)
	if err != nil {
		return s, err
	}
	if !e.verified(rule) {
		return s, fault.New(fault.Internal, "applying an entry: its signature was not verified")
	}
	if err := s.follows(e); err != nil {
		return s, err
	}
	if admitted.After(e.NotAfter) {
		return s, fault.Refuse(fault.ClassLate, "applying an entry: admitted at %s, not after %s",
			note.FormatTime(admitted), note.FormatTime(e.NotAfter))
	}
	if cards.of(e.Card) == nil {
		return s, fault.Refuse(fault.ClassMissing, "applying an entry: its author's card was left out")
	}
	next := s
	if err := next.allows(e, rule); err != nil {
		return s, err
	}
	if err := rule.apply(&next, e, cards); err != nil {
		return s, err
	}
	if rule.key {
		if err := next.start(e.Key); err != nil {
			return s, err
		}
	}
	next.Next, next.Head = e.Sequence+1, e.hash
	return next, nil
}

// follows checks the place of the entry in the chain.
func (s *State) follows(e *Entry) error {
	if s.Next > 0 && e.Thread != s.Thread {
		return fault.Refuse(fault.ClassSequence, "applying an entry: of another thread")
	}
	if e.Sequence != s.Next {
		return fault.Refuse(fault.ClassSequence, "applying an entry: sequence %d, want %d", e.Sequence, s.Next)
	}
	if e.Previous != s.Head {
		return fault.Refuse(fault.ClassFork, "applying an entry: it follows another entry %d", s.Next-1)
	}
	return nil
}

// allows checks the author's membership and the epoch, which open has none of yet.
func (s *State) allows(e *Entry, rule rule) error {
	if e.Kind == Open {
		return nil
	}
	m := s.Member(e.Author)
	if m == nil {
		return fault.Refuse(fault.ClassMembership, "applying an entry: %s is no member", e.Author)
	}
	if m.Card != e.Card {
		return fault.Refuse(fault.ClassSubstitute, "applying an entry: not the card with which %s is a member", e.Author)
	}
	want := s.Epoch()
	if rule.key {
		want++
	}
	if e.Epoch != want {
		return fault.Refuse(fault.ClassEpoch, "applying an entry: epoch %d, want %d", e.Epoch, want)
	}
	if s.Due && !rule.key && !rule.ends {
		return fault.Refuse(fault.ClassEpoch, "applying an entry: somebody left, a new epoch must start first")
	}
	return nil
}

// start begins an epoch with exactly one grant for each member.
func (s *State) start(key *Key) error {
	granted := make([]ids.Person, len(key.Grants))
	for i, g := range key.Grants {
		granted[i] = g.Person
	}
	members := make([]ids.Person, len(s.Members))
	for i, m := range s.Members {
		members[i] = m.Person
	}
	if !slices.Equal(granted, members) {
		return fault.Refuse(fault.ClassGrant, "starting an epoch: not exactly one grant for each member")
	}
	if len(s.Epochs) >= MaxEpochs {
		return fault.Refuse(fault.ClassSize, "starting an epoch: a thread has at most %d", MaxEpochs)
	}
	for _, e := range s.Epochs {
		if e.Recipient == key.Recipient {
			return fault.Refuse(fault.ClassEpoch, "starting an epoch: its key was used before")
		}
	}
	s.Epochs = append(slices.Clip(s.Epochs), Epoch{Recipient: key.Recipient, Granted: granted})
	s.Due = false
	return nil
}
