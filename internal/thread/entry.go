// Package thread is the signed chain of a conversation: its entries, and the state machine
// that says whether an entry may follow.
//
// An entry's header is a signed note that the service reads; its body is sealed and no
// business of this package. State.Apply is pure: it reads no clock, no roster and no
// revocation, so the service that admits an entry and every client that is served it come
// to the same answer. Whether a card counts today is asked of package card, with a time.
//
// A feature of the channel is a Kind here, one file each, in one table (ruleOf).
package thread

import (
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// Limits of a header.
const (
	MaxMembers = 32
	MaxRosters = 8
	// MaxEpochs bounds what a thread's state grows to. Who needs more begins a new thread.
	MaxEpochs = 128
	// MaxLife is the longest time between an entry's time and its not-after.
	MaxLife = 10 * time.Minute
)

// Kind of entry.
type Kind string

// The kinds of entry.
const (
	Open    Kind = "open"    // begins a thread, with its first message
	Message Kind = "message" // says something
	Rekey   Kind = "rekey"   // starts a new epoch for the same members
	Recuse  Kind = "recuse"  // its author leaves
)

// Side of the network that a thread is with.
type Side string

// The sides.
const (
	INPS     Side = "inps"     // centre and officers
	Internal Side = "internal" // the centre alone
	Partner  Side = "partner"  // centre and one Comune or association
)

// Entry is the header of one entry.
type Entry struct {
	Thread   ids.Thread
	ID       ids.Entry
	Sequence int64     // 0 for open
	Previous note.Hash // of the header before, zero for open
	Epoch    int64     // 1 for the first
	Author   ids.Person
	Card     note.Hash // the card that signs
	Kind     Kind
	Time     time.Time // by the author's clock
	NotAfter time.Time
	Rosters  []Seen // newest versions that the author had seen, in order of organisation

	Opening *Opening // open
	Members []Member // open; in order of person
	Key     *Key     // open, rekey
	Body    *Sealed  // open, message

	hash note.Hash
	// signed is the text whose signature was verified. Apply compares it with what the
	// fields print, so that an entry changed after Verify is not taken for a signed one.
	signed string
}

// Seen is a version of a roster.
type Seen = card.Seen

// Opening is what an open entry says of its thread.
type Opening struct {
	Side    Side
	With    ids.Organisation // the office or partner; "" for internal
	Topic   string           // "" for internal and partner
	Urgency string           // "" for internal and partner
}

// Member is one person of the thread.
type Member struct {
	Person       ids.Person       `json:"person"`
	Organisation ids.Organisation `json:"organisation"`
	Card         note.Hash        `json:"card"`
	Seat         act.Seat         `json:"seat"`
}

// Key starts an epoch: its public recipient, and a grant of its identity for each member.
type Key struct {
	Recipient string
	Grants    []Grant // in order of person
}

// Grant is the sealed identity of an epoch for one member's card; its bytes travel beside the header.
type Grant struct {
	Person ids.Person
	Sealed Sealed
}

// Sealed is the hash and the size in bytes of something that travels beside the header.
type Sealed struct {
	Hash note.Hash
	Size int64
}

// Hash of the whole signed header that Parse read, zero for an entry made otherwise.
func (e *Entry) Hash() note.Hash { return e.hash }

// Saw returns the version of an organisation's roster that the author had seen, zero when
// the entry names none.
func (e *Entry) Saw(organisation ids.Organisation) Seen {
	for _, r := range e.Rosters {
		if r.Organisation == organisation {
			return r
		}
	}
	return Seen{Organisation: organisation}
}

// Sign makes the note of a header with the author's key. Members, grants and rosters must
// be in order.
func Sign(e Entry, author note.Signer) ([]byte, error) {
	rule, err := ruleOf(e.Kind)
	if err != nil {
		return nil, err
	}
	if err := e.check(rule); err != nil {
		return nil, err
	}
	// What is printed is read again: times lose what is below a millisecond, and a value
	// must not hold a line of its own.
	text := e.text(rule)
	if _, err := scan(text); err != nil {
		return nil, err
	}
	return note.Sign(text, author)
}

// Parse reads a header. Who signed it is not verified yet: see Verify.
func Parse(header []byte) (*Entry, error) {
	text, err := note.Text(header)
	if err != nil {
		return nil, err
	}
	e, err := scan(text)
	if err != nil {
		return nil, err
	}
	e.hash = note.Sum(header)
	return e, nil
}

// Verify checks that header, which was parsed as e, is signed by the author's card.
func (e *Entry) Verify(header []byte, c *card.Signed) error {
	if c == nil || c.Hash != e.Card {
		return fault.Refuse(fault.ClassMissing, "verifying an entry: its author's card was left out")
	}
	if c.Person != e.Author {
		return fault.Refuse(fault.ClassSubstitute, "verifying an entry: the card is not its author's")
	}
	if e.hash != note.Sum(header) {
		return fault.Refuse(fault.ClassSignature, "verifying an entry: another header")
	}
	text, err := note.Open(header, c.Verifier())
	if err != nil {
		return err
	}
	e.signed = text
	return nil
}

// verified reports whether the entry says what its author signed.
func (e *Entry) verified(rule rule) bool {
	return e.signed != "" && e.check(rule) == nil && e.text(rule) == e.signed
}
