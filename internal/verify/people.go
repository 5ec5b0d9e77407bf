package verify

import (
	"time"

	"varco/internal/bundle"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
)

// card checks a card that was published: its signatures, its place after the one before, and
// that its holder published it.
func (c *chains) card(l *bundle.Leaf, r *ledger.Record) error {
	msg := []byte(l.Card)
	if r != nil && (r.Hash != note.Sum(msg) || r.Size != int64(len(msg))) {
		return refuse(fault.ClassSubstitute, "another card than the one that was recorded")
	}
	signed, err := c.parseCard(msg)
	if err != nil {
		return err
	}
	if r != nil {
		if r.Person != signed.Person || r.Organisation != signed.Organisation || r.Object != string(signed.Person) {
			return refuse(fault.ClassSubstitute, "a card that somebody else published")
		}
		if p := signed.Predecessor(); !signed.ValidAt(r.At) || p != nil && !p.ValidAt(r.At) {
			return refuse(fault.ClassStale, "a card that was not valid, or succeeds one that was not, when it was published")
		}
	}
	if want := c.serials[signed.Person] + 1; signed.Serial != want {
		return refuse(fault.ClassSequence, "serial %d of a card where %d comes next", signed.Serial, want)
	}
	c.serials[signed.Person] = signed.Serial
	c.cards[signed.Hash] = signed
	return nil
}

// parseCard reads a card into the book of its organisation.
func (c *chains) parseCard(msg []byte) (*card.Signed, error) {
	signed, err := card.Read(msg, c.root, func(hash note.Hash) *card.Signed { return c.cards[hash] })
	if err != nil {
		return nil, err
	}
	return c.book(signed.Organisation).Publish(msg)
}

// roster checks a roster that was published: the chain root → steward → roster, and that all
// its people had published their cards.
func (c *chains) roster(l *bundle.Leaf, r *ledger.Record, at time.Time) error {
	msg := []byte(l.Roster)
	if r != nil && (r.Hash != note.Sum(msg) || r.Size != int64(len(msg))) {
		return refuse(fault.ClassSubstitute, "another roster than the one that was recorded")
	}
	organisation, err := organisationOf(msg)
	if err != nil {
		return err
	}
	signed, err := c.book(organisation).Add(msg)
	if err != nil {
		return err
	}
	if r != nil {
		if r.Person != signed.Steward || r.Organisation != organisation || r.Object != string(organisation) {
			return refuse(fault.ClassSubstitute, "a roster that somebody else published")
		}
		if age := r.At.Sub(signed.Issued); age > card.Settling || age < -card.Settling {
			return refuse(fault.ClassStale, "a roster that was not issued when it was published")
		}
	}
	for _, seat := range signed.People {
		own := c.cards[seat.Card]
		if own == nil {
			return refuse(fault.ClassMissing, "the card of %s was left out", seat.Person)
		}
		if own.Person != seat.Person || own.Organisation != organisation {
			return refuse(fault.ClassSubstitute, "the card is not %s's", seat.Person)
		}
	}
	c.growth.add(l.Index, at, ledger.Head{Object: string(organisation), Next: signed.Version, Hash: signed.Hash})
	return nil
}

// organisationOf tells whose roster it is: which book must verify it.
func organisationOf(msg []byte) (ids.Organisation, error) {
	text, err := note.Text(msg)
	if err != nil {
		return "", err
	}
	s := note.Scan(text, "roster")
	organisation := note.Parsed(s, s.One("organisation"), ids.ParseOrganisation)
	return organisation, s.Err()
}
