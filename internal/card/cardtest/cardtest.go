// Package cardtest makes people, cards and rosters for tests. Everything is drawn from
// names, so a name gives the same keys, identifiers and notes at every run.
//
// Its recipients have the shape of age's and no key behind them: nothing can be sealed to
// them. The package is for tests only.
package cardtest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/ids"
	"varco/internal/note"
)

// Start is when every card and first roster was issued; Expires is when they end.
var (
	Start   = time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC)
	Expires = Start.AddDate(1, 0, 0)
)

// RootName is the name under which the network's root signs.
const RootName = "root.example"

// Rand returns the random bytes that belong to a name.
func Rand(name string) io.Reader { return rand.NewChaCha8(sha256.Sum256([]byte(name))) }

// Key returns the private key that belongs to a name.
func Key(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("key of " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

// Public returns the public key that belongs to a name.
func Public(name string) note.PublicKey {
	raw, ok := Key(name).Public().(ed25519.PublicKey)
	if !ok {
		panic("internal error: an Ed25519 key without public half")
	}
	key, err := note.NewPublicKey(raw)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	return key
}

// Root signs steward cards.
func Root() note.Signer { return note.NewSigner(RootName, Key(RootName)) }

// RootVerifier verifies what Root signs.
func RootVerifier() note.Verifier { return Public(RootName).Verifier(RootName) }

// Organisation returns the identifier that belongs to a name.
func Organisation(name string) ids.Organisation { return ids.NewOrganisation(Rand(name)) }

// Recipient returns a text of the shape of a post-quantum age recipient.
func Recipient(name string) string {
	const symbols = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	raw := make([]byte, 1959-len("age1pq1"))
	if _, err := io.ReadFull(Rand("recipient of "+name), raw); err != nil {
		panic("internal error: " + err.Error())
	}
	var b strings.Builder
	b.WriteString("age1pq1")
	for _, c := range raw {
		b.WriteByte(symbols[c%32])
	}
	return b.String()
}

// Person is somebody with a card.
type Person struct {
	*card.Signed
	Name   string
	Signer note.Signer // signs as the card does
}

// New returns a person of an organisation with an ordinary card; edit may change the card
// before it is signed.
func New(t testing.TB, name, organisation string, edit ...func(*card.Card)) Person {
	t.Helper()
	c := Card(name, organisation)
	for _, change := range edit {
		change(&c)
	}
	signer := note.NewSigner(card.SignatureName(c.Person, c.Serial), Key(name))
	msg, err := card.Sign(c, signer)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := card.Parse(msg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Person{signed, name, signer}
}

// NewSteward returns a person with a steward card, signed by Root.
func NewSteward(t testing.TB, name, organisation string, kind act.Kind, edit ...func(*card.Card)) Person {
	t.Helper()
	c := Card(name, organisation)
	c.Steward = &card.Steward{Kind: kind, NameCommitment: Named(organisation).Commitment()}
	for _, change := range edit {
		change(&c)
	}
	signer := note.NewSigner(card.SignatureName(c.Person, c.Serial), Key(name))
	msg, err := card.Sign(c, signer)
	if err != nil {
		t.Fatal(err)
	}
	if msg, err = note.Cosign(msg, Root()); err != nil {
		t.Fatal(err)
	}
	signed, err := card.ParseSteward(msg, RootVerifier(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return Person{signed, name, signer}
}

// Renewed returns a person with the card that succeeds hers, of the same kind, issued an hour
// after it; edit may change the card before it is signed.
func (p Person) Renewed(t testing.TB, edit ...func(*card.Card)) Person {
	t.Helper()
	c := p.Card
	c.Serial, c.Previous, c.Issued = c.Serial+1, p.Hash, c.Issued.Add(time.Hour)
	for _, change := range edit {
		change(&c)
	}
	keys := fmt.Sprint(p.Name, " ", c.Serial)
	c.SealsTo, c.SignsWith = Recipient(keys), Public(keys)
	signer := note.NewSigner(card.SignatureName(c.Person, c.Serial), Key(keys))
	msg, err := card.Sign(c, signer, p.Signer)
	if err == nil && c.Steward != nil {
		msg, err = note.Cosign(msg, Root())
	}
	if err != nil {
		t.Fatal(err)
	}
	signed, err := card.Read(msg, RootVerifier(), p.Known)
	if err != nil {
		t.Fatal(err)
	}
	return Person{signed, p.Name, signer}
}

// Known knows the person's card and those that it succeeds.
func (p Person) Known(hash note.Hash) *card.Signed {
	for c := p.Signed; c != nil; c = c.Predecessor() {
		if c.Hash == hash {
			return c
		}
	}
	return nil
}

// Card returns the first card of a person, unsigned.
func Card(name, organisation string) card.Card {
	return card.Card{
		Person:       ids.NewPerson(Rand(name)),
		Organisation: Organisation(organisation),
		Serial:       1,
		SealsTo:      Recipient(name),
		SignsWith:    Public(name),
		Issued:       Start,
		Expires:      Expires,
	}
}

// Named returns a name as it is displayed, with its salt.
func Named(name string) card.Name {
	n, err := card.NewName(name, Rand("salt of "+name))
	if err != nil {
		panic("internal error: " + err.Error())
	}
	return n
}

// Seat returns a person's line on a roster.
func (p Person) Seat(roles ...act.Role) card.Seat {
	return card.Seat{Person: p.Person, Card: p.Hash, NameCommitment: Named(p.Name).Commitment(), Roles: roles, From: Start}
}

// Roster returns the version of a roster that follows previous, unsigned; previous is nil
// for the first. Each version is issued an hour after the one before.
func (p Person) Roster(previous *card.SignedRoster, people ...card.Seat) card.Roster {
	r := card.Roster{Organisation: p.Organisation, Version: 1, Issued: Start, Expires: Expires,
		Steward: p.Person, StewardCard: p.Hash, People: people}
	if previous != nil {
		r.Version, r.Previous, r.Issued = previous.Version+1, previous.Hash, previous.Issued.Add(time.Hour)
	}
	return r
}

// Book returns the book of the steward's organisation with one roster.
func (p Person) Book(t testing.TB, people ...card.Seat) *card.Book {
	t.Helper()
	b := card.NewBook(p.Organisation, RootVerifier())
	if _, err := b.Endorse(p.Note()); err != nil {
		t.Fatal(err)
	}
	p.Next(t, b, people...)
	return b
}

// Next signs the next roster of a book and adds it.
func (p Person) Next(t testing.TB, b *card.Book, people ...card.Seat) *card.SignedRoster {
	t.Helper()
	msg, err := card.SignRoster(p.Roster(b.Latest(), people...), p.Signer)
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.Add(msg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
