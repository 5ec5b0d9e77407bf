package client

import (
	"slices"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/words"
)

// Organisation is one organisation as its stewards have signed it.
type Organisation struct {
	ID   ids.Organisation
	Kind act.Kind // "" as long as the root has endorsed no steward
	Name string   // on the newest steward card; "" as long as there is none
	// Province is two letters, of an office only. It is the service's word.
	Province string
	// Roster is the newest version, nil as long as there is none.
	Roster *card.SignedRoster
	// People are those on the newest roster, in its order.
	People []Person
	// Waiting are cards of the caller's own organisation that are on no roster yet: for a
	// steward all of them, for anybody else her own.
	Waiting []*card.Signed

	book  *card.Book
	names map[note.Hash]string // that the service has opened
}

// Person is somebody on the newest roster of an organisation.
type Person struct {
	ID           ids.Person
	Organisation ids.Organisation
	Name         string // "" where the caller is not told
	Card         *card.Signed
	Seat         card.Seat // her line on the roster, with dates
	// Roles are those that count today.
	Roles []act.Role
	// Changed: this device knew her by another card. Her words must be compared anew
	// (Client.AcceptCard) before anything is sealed to it.
	Changed bool
	// Known is the card by which this device knew her, when it was changed.
	Known note.Hash
	// Barred says why nothing may be sealed to her today, nil if it may.
	Barred error
}

// StewardAt reports whether somebody could sign the roster at t.
func (o *Organisation) StewardAt(person ids.Person, t time.Time) bool {
	return o.book.StewardAt(person, t)
}

// Words are the verification words of her card.
func (p *Person) Words() [words.Six]string { return Words(p.Card) }

// Has reports whether she has one of the roles today.
func (p *Person) Has(roles ...act.Role) bool {
	return slices.ContainsFunc(p.Roles, func(r act.Role) bool { return slices.Contains(roles, r) })
}

// Words are the six verification words of a card, to be compared by another way than
// through the service: who sees the same words sees the same card.
func Words(c *card.Signed) [words.Six]string { return words.Of(c.Hash) }

// WordsOf are the verification words of a card by its hash alone.
func WordsOf(card note.Hash) [words.Six]string { return words.Of(card) }

// compareWords refuses words that are not those of a card, whatever is between them.
func compareWords(c *card.Signed, typed string) error {
	said := strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return r < 'a' || r > 'z' })
	if want := Words(c); !slices.Equal(said, want[:]) {
		return fault.Refuse(fault.ClassSubstitute, "comparing verification words: not those of this card")
	}
	return nil
}

// openOrganisation verifies cards, stewards and rosters, and adds the cards to all.
func openOrganisation(wire api.Organisation, root note.Verifier, all map[note.Hash]*card.Signed) (*Organisation, error) {
	o := &Organisation{ID: wire.ID, Province: wire.Province, book: card.NewBook(wire.ID, root), names: map[note.Hash]string{}}
	if err := o.publish(wire); err != nil {
		return nil, err
	}
	if err := o.endorse(wire.Stewards, all); err != nil {
		return nil, err
	}
	if o.Kind = o.book.Kind; o.Kind != "" && o.Kind != wire.Kind {
		return nil, fault.Refuse(fault.ClassSubstitute, "opening the directory: %s is no %.20s", wire.ID, wire.Kind)
	}
	seated := map[note.Hash]ids.Person{}
	for _, msg := range wire.Rosters {
		r, err := o.book.Add([]byte(msg))
		if err != nil {
			return nil, err
		}
		for _, s := range r.People {
			seated[s.Card] = s.Person
			if c := o.book.Card(s.Card); c != nil && c.Person == s.Person {
				for c = c.Predecessor(); c != nil; c = c.Predecessor() {
					seated[c.Hash] = c.Person
				}
			}
		}
	}
	o.Roster = o.book.Latest()
	for _, msg := range wire.Cards {
		c := o.book.Card(note.Sum([]byte(msg)))
		if who, ok := seated[c.Hash]; !ok || who != c.Person {
			return nil, fault.Refuse(fault.ClassSubstitute, "opening the directory: a card of %s that no roster gives her", c.Person)
		}
		all[c.Hash] = c
	}
	for _, msg := range wire.Waiting {
		c := o.book.Card(note.Sum([]byte(msg)))
		if _, ok := seated[c.Hash]; ok {
			return nil, fault.Refuse(fault.ClassSubstitute, "opening the directory: a card of %s does not wait here", c.Person)
		}
		o.Waiting = append(o.Waiting, c)
	}
	return o, o.open(wire.Names)
}

// publish verifies all cards, each after the one that it succeeds.
func (o *Organisation) publish(wire api.Organisation) error {
	var notes []string
	for _, s := range wire.Stewards {
		notes = append(notes, s.Note)
	}
	for _, msg := range card.BySerial(slices.Concat(notes, wire.Cards, wire.Waiting)) {
		if o.book.Card(note.Sum([]byte(msg))) != nil {
			continue // a steward's, that a roster names too
		}
		if _, err := o.book.Publish([]byte(msg)); err != nil {
			return err
		}
	}
	return nil
}

// endorse opens the names that the stewards' cards commit to: of every steward card one.
func (o *Organisation) endorse(stewards []api.StewardCard, all map[note.Hash]*card.Signed) error {
	var newest *card.Signed
	named := map[note.Hash]bool{}
	for _, s := range stewards {
		c := o.book.Steward(note.Sum([]byte(s.Note)))
		if c == nil {
			return fault.Refuse(fault.ClassForm, "opening the directory: an ordinary card among the stewards'")
		}
		name, err := openName(s.Name)
		if err != nil {
			return err
		}
		if err := name.Opens(c.Steward.NameCommitment); err != nil {
			return err
		}
		all[c.Hash], named[c.Hash] = c, true
		if newest == nil || c.Issued.After(newest.Issued) {
			newest, o.Name = c, name.Text
		}
	}
	if len(named) < len(o.book.Stewards()) {
		return fault.Refuse(fault.ClassMissing, "opening the directory: a steward of %s was left out", o.ID)
	}
	return nil
}

// open keeps the names that were opened. One that nobody committed to is refused.
func (o *Organisation) open(names []api.Name) error {
	for _, n := range names {
		name, err := openName(n)
		if err != nil {
			return err
		}
		o.names[name.Commitment()] = name.Text
	}
	if o.Roster == nil {
		return nil
	}
	for commitment := range o.names {
		if !slices.ContainsFunc(o.Roster.People, func(s card.Seat) bool { return s.NameCommitment == commitment }) {
			return fault.Refuse(fault.ClassSubstitute, "opening the directory: a name that no roster of %s gives", o.ID)
		}
	}
	return nil
}

// seat lists the people of the newest roster with their cards and, where they must be there,
// their names: of colleagues all, of others those who may have a seat in a thread.
func (o *Organisation) seat(cards map[note.Hash]*card.Signed, named, own bool, now time.Time) error {
	if o.Roster == nil {
		return nil
	}
	for _, s := range o.Roster.People {
		c := cards[s.Card]
		if c == nil {
			return fault.Refuse(fault.ClassMissing, "opening the directory: the card of %s was left out", s.Person)
		}
		if c.Person != s.Person || c.Organisation != o.ID {
			return fault.Refuse(fault.ClassSubstitute, "opening the directory: the card is not %s's", s.Person)
		}
		name, ok := o.names[s.NameCommitment]
		if named && !ok && (own || s.Has(act.Officer, act.Partner)) {
			return fault.Refuse(fault.ClassMissing, "opening the directory: the name of %s was left out", s.Person)
		}
		p := Person{ID: s.Person, Organisation: o.ID, Name: name, Card: c, Seat: s, Barred: o.book.Admits(c, now)}
		if o.book.SeatAt(s.Person, now) != nil {
			p.Roles = s.Roles
		}
		o.People = append(o.People, p)
	}
	return nil
}

func openName(n api.Name) (card.Name, error) {
	name := card.Name{Text: n.Text}
	if len(n.Salt) != len(name.Salt) {
		return name, fault.Refuse(fault.ClassForm, "opening a name: its salt has %d bytes", len(n.Salt))
	}
	name.Salt = [len(name.Salt)]byte(n.Salt)
	return name, nil
}
