package thread

import (
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/card"
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
	Epochs  []Epoch          `json:"epochs"` // Epochs[0] is epoch 1

	// Spent: somebody left, or has a card that does not succeed hers, so a new epoch must start
	// before anything is sealed to the thread.
	Spent bool `json:"spent,omitempty"`

	Status Status `json:"status,omitzero"`
	// ClosedAtMS is when it was closed first since the centre last said that it was not, in
	// milliseconds since 1970; 0 when it was not.
	ClosedAtMS int64 `json:"closed_at_ms,omitempty"`
	// Due is the day by which the newest request asks for an answer, "" when it names none, and
	// when the thread was resolved or closed since.
	Due Day `json:"due,omitempty"`
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

// Closed reports whether nothing more is said in the thread.
func (s *State) Closed() bool { return s.Status.Phase == PhaseClosed }

// ClosedAt returns when the thread was closed (see ClosedAtMS), the zero Time while it is not.
func (s *State) ClosedAt() time.Time {
	if !s.Closed() {
		return time.Time{}
	}
	return time.UnixMilli(s.ClosedAtMS).UTC()
}

// Held reports whether somebody has the holder's seat.
func (s *State) Held() bool {
	return slices.ContainsFunc(s.Members, func(m Member) bool { return m.Seat == act.SeatHolder })
}

// Apply says whether a verified entry may follow, and what the state then is. Cards must
// hold those that the entry names (see Entry.Names), and for a grant to another card, which does
// not succeed it, the one that the member has. Admitted is the time of the entry's receipt. The state itself is not changed.
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
	if err := next.allows(e, rule, cards); err != nil {
		return s, err
	}
	if rule.apply != nil {
		if err := rule.apply(&next, e, cards, admitted); err != nil {
			return s, err
		}
	}
	if rule.key {
		if err := next.start(e); err != nil {
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

// allows checks the author's membership, her seat, the status and the epoch, which open has none
// of yet. An author who writes with her renewed card has it from now on.
func (s *State) allows(e *Entry, rule rule, cards Cards) error {
	if e.Kind == Open {
		return nil
	}
	m := s.Member(e.Author)
	if m == nil {
		return fault.Refuse(fault.ClassMembership, "applying an entry: %s is no member", e.Author)
	}
	if err := s.renewed(m, cards.of(e.Card)); err != nil {
		return err
	}
	if !rule.writes(m.Seat, s.Side) {
		return fault.Refuse(fault.ClassMembership, "applying an entry: a %s is not written from the seat %s here", e.Kind, m.Seat)
	}
	if s.Closed() && !rule.closed {
		return fault.Refuse(fault.ClassClosed, "applying an entry: the thread is closed")
	}
	want := s.Epoch()
	if rule.key {
		want++
	}
	if e.Epoch != want {
		return fault.Refuse(fault.ClassEpoch, "applying an entry: epoch %d, want %d", e.Epoch, want)
	}
	if s.Spent && !rule.key && !rule.ends && (rule.body != either || e.Body != nil) {
		return fault.Refuse(fault.ClassEpoch, "applying an entry: somebody left or lost her keys, a new epoch must start first")
	}
	return nil
}

// start begins an epoch with exactly one grant for each member. The last epochs are kept for those
// who come, who leave and who lost their keys: so no member can use up what the others need.
func (s *State) start(e *Entry) error {
	key := e.Key
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
	for _, e := range s.Epochs {
		if e.Recipient == key.Recipient {
			return fault.Refuse(fault.ClassEpoch, "starting an epoch: its key was used before")
		}
	}
	if len(s.Epochs) >= MaxEpochs {
		return fault.Refuse(fault.ClassSize, "starting an epoch: a thread has at most %d", MaxEpochs)
	}
	if e.Kind == Rekey && !s.Spent && len(s.Epochs) >= MaxEpochs-KeptEpochs {
		return fault.Refuse(fault.ClassSize, "starting an epoch: the last %d are for changes of members and lost keys", KeptEpochs)
	}
	s.Epochs = append(slices.Clip(s.Epochs), Epoch{Recipient: key.Recipient, Granted: granted})
	s.Spent = false
	return nil
}

// renewed checks that a card is the member's, or succeeds hers and so takes its place: who had
// the keys of the one has signed the other.
func (s *State) renewed(m *Member, c *card.Signed) error {
	if m.Card == c.Hash {
		return nil
	}
	if !c.Succeeds(m.Card) || c.Organisation != m.Organisation {
		return fault.Refuse(fault.ClassSubstitute, "applying an entry: not the card with which %s is a member", m.Person)
	}
	s.recard(m.Person, c.Hash)
	return nil
}

// recard gives a member another card.
func (s *State) recard(person ids.Person, hash note.Hash) {
	s.Members = slices.Clone(s.Members)
	s.Member(person).Card = hash
}
