// Package card says who is who: cards, rosters, and the chain
// root → steward → roster → card by which a device trusts them.
//
// A card binds a person's pseudonym to the keys made on her device. One that is signed with
// the keys of her card before succeeds it, and changes quietly. A steward card is also
// signed by the network's root and states the organisation, its kind and a commitment to
// its name. A roster, signed by a steward, says which cards belong to the organisation,
// in which roles and from when to when. So names, roles and offices never rest on the
// service's word, and the service's own policies rest on the same signed text.
//
// The package is pure: it reads no clock and fetches nothing. Book answers for a given time.
package card

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// MaxLife is the longest time between a card's or roster's issue and its expiry: a year
// and a day, so that one renewed each year on the same day never lapses.
const MaxLife = 367 * 24 * time.Hour

// recipient of a native post-quantum hybrid age identity (ML-KEM-768 with X25519), in
// bech32 (BIP 173).
const (
	recipientPrefix  = "age1pq1"
	recipientLength  = 1959
	recipientSymbols = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
)

// Card is what a person's device says of itself.
type Card struct {
	Person       ids.Person
	Organisation ids.Organisation
	Serial       int64          // 1 for the first, never reused by the same person
	Previous     note.Hash      // her card that this one succeeds; zero if it succeeds none
	SealsTo      string         // age recipient, age1pq1…
	SignsWith    note.PublicKey // Ed25519
	Issued       time.Time
	Expires      time.Time
	Steward      *Steward // nil for an ordinary card
}

// Steward is what the network's root says of a steward's organisation.
type Steward struct {
	Kind           act.Kind
	NameCommitment note.Hash // Commit of the organisation's name
}

// Signed is a card whose own signature was verified, that of the card which it succeeds, and
// the root's if ParseSteward read it. The zero Signed is not a card.
type Signed struct {
	Card
	Hash     note.Hash // of the whole note
	note     []byte
	previous *Signed   // the card that it succeeds, nil if none
	endorsed bool      // signed by the root
	ends     time.Time // when it stops counting since its root was succeeded; zero if by itself
}

// ValidAt reports whether t lies between issue and expiry, and its root still counts then.
func (s *Signed) ValidAt(t time.Time) bool {
	return s.Card.ValidAt(t) && (s.ends.IsZero() || t.Before(s.ends))
}

// Note returns the bytes that were signed, signatures included. They are not to be changed.
func (s *Signed) Note() []byte { return s.note }

// Succeeds reports whether the card succeeds another one, at once or over cards between:
// whoever had the keys of that card has signed that these are hers now.
func (s *Signed) Succeeds(hash note.Hash) bool {
	for c := s.previous; c != nil; c = c.previous {
		if c.Hash == hash {
			return true
		}
	}
	return false
}

// Predecessor returns the card that it succeeds, nil if it succeeds none.
func (s *Signed) Predecessor() *Signed { return s.previous }

// SignatureName is the name under which a card signs.
func SignatureName(person ids.Person, serial int64) string {
	return string(person) + "/" + strconv.FormatInt(serial, 10)
}

// Verifier verifies what the card's holder signs.
func (c *Card) Verifier() note.Verifier {
	return c.SignsWith.Verifier(SignatureName(c.Person, c.Serial))
}

// ValidAt reports whether t lies between issue and expiry.
func (c *Card) ValidAt(t time.Time) bool { return !t.Before(c.Issued) && t.Before(c.Expires) }

// stewardKind is the kind of note that a steward card is.
const stewardKind = "steward-card"

func (c *Card) kind() string {
	if c.Steward != nil {
		return stewardKind
	}
	return "card"
}

func (c *Card) text() string {
	p := note.Print(c.kind()).
		Line("person", string(c.Person)).
		Line("organisation", string(c.Organisation))
	if c.Steward != nil {
		p.Line("kind", string(c.Steward.Kind)).Line("name", c.Steward.NameCommitment.String())
	}
	return p.Line("serial", strconv.FormatInt(c.Serial, 10)).
		Line("previous", orNone(c.Previous)).
		Line("seals-to", c.SealsTo).
		Line("signs-with", c.SignsWith.String()).
		Line("issued", note.FormatTime(c.Issued)).
		Line("expires", note.FormatTime(c.Expires)).
		String()
}

// Sign makes the note of a card with its own key and, if it names a predecessor, with that
// card's key, in this order. A steward card then needs the root's signature (note.Cosign)
// before anyone but the ceremony accepts it. Whether the predecessor may be one is checked
// by who reads the card.
func Sign(c Card, own note.Signer, predecessor ...note.Signer) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Previous.IsZero() == (len(predecessor) == 1) || len(predecessor) > 1 {
		return nil, fault.Refuse(fault.ClassSignature, "signing a card: it and its signers don't agree on whether it succeeds one")
	}
	// What is printed is read again: times lose what is below a millisecond.
	text := c.text()
	if _, err := scan(text, c.Steward != nil); err != nil {
		return nil, err
	}
	return note.Sign(text, append([]note.Signer{own}, predecessor...)...)
}

// Known finds a card that the reader has verified, nil when there is none with the hash. A
// nil Known has none.
type Known func(note.Hash) *Signed

// Parse reads an ordinary card and verifies its own signature and that of the card which it
// succeeds.
func Parse(msg []byte, known Known) (*Signed, error) { return parse(msg, false, nil, known) }

// ParseRequest reads a steward card that the root has not signed yet. The ceremony shows
// it to the people who hold the root; nobody else accepts it.
func ParseRequest(msg []byte, known Known) (*Signed, error) { return parse(msg, true, nil, known) }

// ParseSteward reads a steward card and verifies its own signature, that of the card which
// it succeeds, and the root's: the one that is given, or one of a Root's.
func ParseSteward(msg []byte, root note.Verifier, known Known) (*Signed, error) {
	if root == nil {
		return nil, fault.Refuse(fault.ClassUntrusted, "reading a steward card: no root to check it with")
	}
	return parse(msg, true, root, known)
}

// Read reads a card of either kind as Parse and ParseSteward do.
func Read(msg []byte, root note.Verifier, known Known) (*Signed, error) {
	text, err := note.Text(msg)
	if err != nil {
		return nil, err
	}
	if note.KindOf(text) == stewardKind {
		return ParseSteward(msg, root, known)
	}
	return Parse(msg, known)
}

// BySerial returns notes of cards in an order in which each comes after the one that it
// succeeds. It verifies nothing: what is no card is refused where it is read.
func BySerial(notes []string) []string {
	serial := func(msg string) int64 {
		_, rest, _ := strings.Cut(msg, "\nserial ")
		digits, _, _ := strings.Cut(rest, "\n")
		n, _ := strconv.ParseInt(digits, 10, 64)
		return n
	}
	return slices.SortedStableFunc(slices.Values(notes), func(a, b string) int { return cmp.Compare(serial(a), serial(b)) })
}

func parse(msg []byte, steward bool, root note.Verifier, known Known) (*Signed, error) {
	text, err := note.Text(msg)
	if err != nil {
		return nil, err
	}
	c, err := scan(text, steward)
	if err != nil {
		return nil, err
	}
	previous, err := c.predecessor(known)
	if err != nil {
		return nil, err
	}
	verifiers := []note.Verifier{c.Verifier()}
	if previous != nil {
		verifiers = append(verifiers, previous.Verifier())
	}
	s := &Signed{Card: c, Hash: note.Sum(msg), note: bytes.Clone(msg), previous: previous, endorsed: root != nil}
	if root != nil {
		s.ends, err = endorser(root, msg, verifiers, c.Issued)
	} else {
		_, err = note.Open(msg, verifiers...)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// predecessor returns the card that c says it succeeds, nil if it says none, and refuses one
// that it can't succeed.
func (c *Card) predecessor(known Known) (*Signed, error) {
	if c.Previous.IsZero() {
		return nil, nil
	}
	var p *Signed
	if known != nil {
		p = known(c.Previous)
	}
	switch {
	case p == nil:
		return nil, fault.Refuse(fault.ClassMissing, "reading a card: the one that it succeeds was left out")
	case p.Person != c.Person || p.Organisation != c.Organisation:
		return nil, fault.Refuse(fault.ClassSubstitute, "reading a card: the one that it succeeds is somebody else's")
	case c.Serial <= p.Serial:
		return nil, fault.Refuse(fault.ClassSequence, "reading a card: serial %d succeeds serial %d", c.Serial, p.Serial)
	case !p.ValidAt(c.Issued):
		// Who finds expired keys must not make new ones with them.
		return nil, fault.Refuse(fault.ClassStale, "reading a card: the one that it succeeds was not good when it was issued")
	}
	return p, nil
}

func scan(text string, steward bool) (Card, error) {
	c := Card{}
	if steward {
		c.Steward = new(Steward)
	}
	s := note.Scan(text, c.kind())
	c.Person = note.Parsed(s, s.One("person"), ids.ParsePerson)
	c.Organisation = note.Parsed(s, s.One("organisation"), ids.ParseOrganisation)
	if steward {
		c.Steward.Kind = act.Kind(s.One("kind"))
		c.Steward.NameCommitment = s.Hash(s.One("name"))
	}
	c.Serial = s.Int(s.One("serial"))
	c.Previous = s.HashOrNone(s.One("previous"))
	c.SealsTo = s.One("seals-to")
	c.SignsWith = note.Parsed(s, s.One("signs-with"), note.ParsePublicKey)
	c.Issued = s.Time(s.One("issued"))
	c.Expires = s.Time(s.One("expires"))
	if err := s.Done(); err != nil {
		return Card{}, err
	}
	if err := c.check(); err != nil {
		return Card{}, err
	}
	return c, note.Same(text, c.text())
}

// check refuses a card that no honest device makes.
func (c *Card) check() error {
	if c.Serial < 1 {
		return fault.Refuse(fault.ClassForm, "reading a card: serial %d", c.Serial)
	}
	if err := CheckRecipient(c.SealsTo); err != nil {
		return err
	}
	if err := checkLife(c.Issued, c.Expires); err != nil {
		return err
	}
	if c.Steward != nil {
		switch c.Steward.Kind {
		case act.Centre, act.INPS, act.Associate, act.Oversight:
		case act.Refuge: // acts under its managing body
			fallthrough
		default:
			return fault.Refuse(fault.ClassForm, "reading a steward card: no steward of kind %.20q", c.Steward.Kind)
		}
	}
	return nil
}

// CheckRecipient refuses (class key) what has not the shape of a post-quantum recipient.
// Whether it decodes is checked where something is sealed to it (seal) and where the
// service takes it (envelope): this package does not know age.
func CheckRecipient(s string) error {
	symbols, ok := strings.CutPrefix(s, recipientPrefix)
	if !ok || len(s) != recipientLength || strings.Trim(symbols, recipientSymbols) != "" {
		return fault.Refuse(fault.ClassKey, "reading a recipient: not a post-quantum one")
	}
	return nil
}

func checkLife(issued, expires time.Time) error {
	if !issued.Before(expires) || expires.Sub(issued) > MaxLife {
		return fault.Refuse(fault.ClassForm, "reading times of issue and expiry: not within a year and a day")
	}
	return nil
}
