// Package keyring holds a person's private keys, and the locks that they are kept behind.
//
// For each card serial a keyring has an age identity, to which others seal, and an Ed25519
// key, with which she signs; both are made on her device. Stored, the keyring is one age
// file sealed to a key K of its own; K is sealed inside locks, one small age file for each
// way to open it: a phrase, always, and any number of passkeys. The service keeps both and
// can open neither. To take a way off is to draw a new K and make all locks anew: those of
// passkeys from their recipients, which the keyring holds, the phrase's with the phrase.
//
// The package opens sealed bytes, so it is never linked into the service. It does not know
// which keyring is the newest: its holder compares what she opened with her card (Matches).
//
// Private keys are drawn from crypto/rand and from nothing else, as age draws its own; no
// caller can make a keyring repeatable by mistake. To lock is to end the process or Worker
// that opened the keyring: Go does not clear memory.
package keyring

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"math"
	"slices"

	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
)

// MaxSerials is how many cards a keyring can hold keys for.
const MaxSerials = 64

// Keyring is a person's private keys, open. It prints nothing of them. It is not safe for
// use by several goroutines while Renew, Seal or Update change it.
type Keyring struct {
	person ids.Person
	pairs  []*pair // in order of serial; pointers, which fmt does not follow out of a holder's fields

	passkeys []Held // in order of id

	// What the stored file is sealed to, and the locks that hold it: always a set that
	// belongs together. Empty before the first Seal.
	key   hybrid.Identity
	locks []Lock
}

// pair is the private keys of one card.
type pair struct {
	serial   int64
	identity hybrid.Identity
	seed     secret.Bytes // of Ed25519, RFC 8032, 32 bytes
}

// New makes a keyring with keys for a person's first card, serial 1.
func New(person ids.Person) (*Keyring, error) { return NewAfter(person, 0) }

// NewAfter makes a keyring with keys for the card after the one with a serial: of somebody who
// has lost her keys, and whose cards count on.
func NewAfter(person ids.Person, last int64) (*Keyring, error) {
	if _, err := ids.ParsePerson(string(person)); err != nil || last < 0 || last == math.MaxInt64 {
		return nil, fault.New(fault.Invalid, "making a keyring: for no person, or after card %d", last)
	}
	k := &Keyring{person: person}
	return k, k.draw(last + 1)
}

// Renew makes keys for the person's next card and returns its serial. The keys of earlier
// cards stay, since what was sealed to them must still be opened.
func (k *Keyring) Renew() (int64, error) {
	if len(k.pairs) == MaxSerials {
		return 0, fault.Refuse(fault.ClassSize, "renewing keys: a keyring holds at most %d", MaxSerials)
	}
	serial := int64(1)
	if len(k.pairs) > 0 {
		serial = k.pairs[len(k.pairs)-1].serial + 1
	}
	return serial, k.draw(serial)
}

// draw makes the keys of a card.
func (k *Keyring) draw(serial int64) error {
	identity, err := hybrid.NewIdentity()
	if err != nil {
		return err
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "drawing a signing key")
	}
	k.pairs = append(k.pairs, &pair{serial, identity, secret.NewBytes(private.Seed())})
	return nil
}

// Clone returns a keyring that can be changed without changing k.
func (k *Keyring) Clone() *Keyring {
	c := *k
	c.pairs, c.passkeys, c.locks = slices.Clone(k.pairs), slices.Clone(k.passkeys), slices.Clone(k.locks)
	return &c
}

// Key is what the keyring was opened with or sealed to last: it opens a newer version too, as
// long as no lock was taken off.
func (k *Keyring) Key() Key { return Key{k.person, k.key} }

// Format hides the keys from every verb of fmt, which would else look into the fields.
func (Keyring) Format(f fmt.State, verb rune) { secret.Bytes{}.Format(f, verb) }

// MarshalText hides the keys from JSON and TOML.
func (Keyring) MarshalText() ([]byte, error) { return secret.Bytes{}.MarshalText() }

// Person is whose keyring it is.
func (k *Keyring) Person() ids.Person { return k.person }

// Serials are the cards that the keyring holds keys for, in order; the last is the newest.
func (k *Keyring) Serials() []int64 {
	var serials []int64
	for _, p := range k.pairs {
		serials = append(serials, p.serial)
	}
	return serials
}

// Locks are the locks that the stored keyring has, none before the first Seal.
func (k *Keyring) Locks() []Lock { return slices.Clone(k.locks) }

// Public returns what a card of that serial states: the recipient to which others seal and
// the key that verifies what she signs. It refuses a serial that the keyring does not hold
// (class missing), as do Identity and Signer.
func (k *Keyring) Public(serial int64) (sealsTo string, signsWith note.PublicKey, err error) {
	p, err := k.find(serial)
	if err != nil {
		return "", note.PublicKey{}, err
	}
	public, _ := p.private().Public().(ed25519.PublicKey)
	if signsWith, err = note.NewPublicKey(public); err != nil {
		return "", note.PublicKey{}, fault.Wrap(fault.Internal, err, "deriving a public key")
	}
	return p.identity.Recipient(), signsWith, nil
}

// Identity returns the identity that opens what was sealed to the card of that serial.
func (k *Keyring) Identity(serial int64) (hybrid.Identity, error) {
	p, err := k.find(serial)
	if err != nil {
		return hybrid.Identity{}, err
	}
	return p.identity, nil
}

// Signer signs as the card of that serial, under the name "<person>/<serial>".
func (k *Keyring) Signer(serial int64) (note.Signer, error) {
	p, err := k.find(serial)
	if err != nil {
		return nil, err
	}
	return note.NewSigner(card.SignatureName(k.person, serial), p.private()), nil
}

// Matches computes the public halves again and compares them with a card of hers, which
// the caller has verified. It refuses (class substituted) a keyring of another person or
// with other keys than the card's, and (class missing) one that has no keys for the card,
// as an older copy has: nothing may be signed or sealed with such a keyring.
func (k *Keyring) Matches(c card.Card) error {
	if c.Person != k.person {
		return fault.Refuse(fault.ClassSubstitute, "comparing a keyring with a card: not of the same person")
	}
	sealsTo, signsWith, err := k.Public(c.Serial)
	if err != nil {
		return err
	}
	if sealsTo != c.SealsTo || signsWith != c.SignsWith {
		return fault.Refuse(fault.ClassSubstitute, "comparing a keyring with a card: not the same keys")
	}
	return nil
}

func (k *Keyring) find(serial int64) (*pair, error) {
	for _, p := range k.pairs {
		if p.serial == serial {
			return p, nil
		}
	}
	return nil, fault.Refuse(fault.ClassMissing, "looking for keys: none for card %d", serial)
}

func (p *pair) private() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(p.seed.Reveal()) }
