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
	MaxBlobs   = 16
	// MaxEpochs bounds what a thread's state grows to. Who needs more begins a new thread.
	MaxEpochs = 128
	// KeptEpochs is how many of them, the last ones, no member can start at will.
	KeptEpochs = 64
	// MaxLife is the longest time between an entry's time and its not-after.
	MaxLife = 10 * time.Minute
)

// Kind of entry.
type Kind string

// The kinds of entry.
const (
	Open       Kind = "open"    // begins a thread, with its first message
	Message    Kind = "message" // says something
	Request    Kind = "request" // asks for something, perhaps by a day
	Members    Kind = "members" // says who is a member from now on, and starts a new epoch
	Rekey      Kind = "rekey"   // starts a new epoch for the same members
	KindGrant  Kind = "grant"   // gives one member older epochs, or all anew to her new card
	KindStatus Kind = "status"  // says how the thread stands
	Recuse     Kind = "recuse"  // its author leaves
	Link       Kind = "link"    // names other threads of the case
	Exclude    Kind = "exclude" // names who must not be chosen as a member, or no longer
)

// Kinds lists every kind, for schemas and tests that must cover them all.
var Kinds = []Kind{Open, Message, Request, Members, Rekey, KindGrant, KindStatus, Recuse, Link, Exclude}

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
	Members []Member // open, members: all of them after it, in order of person
	Due     Day      // request; "" when it names no day
	Giving  *Giving  // grant
	Status  *Status  // status
	Key     *Key     // open, members, rekey
	Body    *Sealed  // open, message, request, link, exclude; status may have one
	Blobs   []Blob   // open, message, request: at most MaxBlobs, in order of id

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

// Blob is an attachment: an age file that is stored by itself. Which key opens it, its name and
// its type are in the body.
type Blob struct {
	ID     ids.Blob
	Sealed Sealed
}

// Given is the sealed identity of an epoch for one person, as it travels beside a header.
type Given struct {
	Person ids.Person
	Epoch  int64
	Sealed Sealed
}

// Given lists the sealed identities that travel beside the header, in the order of its lines: of
// the epoch that it starts for each member, or of older ones for the member to whom it grants.
func (e *Entry) Given() []Given {
	var all []Given
	if e.Key != nil {
		for _, g := range e.Key.Grants {
			all = append(all, Given{g.Person, e.Epoch, g.Sealed})
		}
	}
	if e.Giving != nil {
		for _, g := range e.Giving.Epochs {
			all = append(all, Given{e.Giving.Person, g.Epoch, g.Sealed})
		}
	}
	return all
}

// Names lists the cards that the header names: its author's first, then those of the members and
// of whom it grants to.
func (e *Entry) Names() []note.Hash {
	all := []note.Hash{e.Card}
	for _, m := range e.Members {
		all = append(all, m.Card)
	}
	if e.Giving != nil {
		all = append(all, e.Giving.Card)
	}
	return all
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
