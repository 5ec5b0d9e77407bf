package card

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// Book is all that is verified of one organisation: its cards, its stewards and every version
// of its roster, in order. It never forgets a version, since an old entry was signed under it.
//
// A Book is filled in the order root → cards → rosters, by Publish and Add, which refuse what
// does not follow; it is not safe for concurrent use. An ordinary card that is not in it can
// still be asked about: it is there to know what succeeds what.
type Book struct {
	Organisation ids.Organisation
	Kind         act.Kind // "" until the first steward is endorsed
	root         note.Verifier
	cards        map[note.Hash]*Signed // of both kinds
	stewards     map[note.Hash]*Signed
	rosters      []*SignedRoster
}

// NewBook begins the book of an organisation under a root.
func NewBook(organisation ids.Organisation, root note.Verifier) *Book {
	return &Book{Organisation: organisation, root: root, cards: map[note.Hash]*Signed{}, stewards: map[note.Hash]*Signed{}}
}

// Publish adds a card of either kind; the one that it succeeds was added before.
func (b *Book) Publish(msg []byte) (*Signed, error) {
	c, err := Read(msg, b.root, b.Card)
	if err != nil {
		return nil, err
	}
	return c, b.publish(c)
}

// Endorse adds a steward card, and refuses an ordinary one.
func (b *Book) Endorse(msg []byte) (*Signed, error) {
	c, err := ParseSteward(msg, b.root, b.Card)
	if err != nil {
		return nil, err
	}
	return c, b.publish(c)
}

func (b *Book) publish(c *Signed) error {
	if c.Organisation != b.Organisation || c.Steward != nil && b.Kind != "" && c.Steward.Kind != b.Kind {
		return fault.Refuse(fault.ClassSubstitute, "publishing a card: for another organisation or kind")
	}
	b.cards[c.Hash] = c
	if c.Steward != nil {
		b.Kind, b.stewards[c.Hash] = c.Steward.Kind, c
	}
	return nil
}

// Card returns the card with the hash, nil when the book does not hold it. It is a Known.
func (b *Book) Card(hash note.Hash) *Signed { return b.cards[hash] }

// CardsOf returns a person's cards in order of serial.
func (b *Book) CardsOf(person ids.Person) []*Signed {
	var all []*Signed
	for _, c := range b.cards {
		if c.Person == person {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *Signed) int { return cmp.Compare(a.Serial, b.Serial) })
	return all
}

// Add adds the next version of the roster.
func (b *Book) Add(msg []byte) (*SignedRoster, error) {
	text, err := note.Text(msg)
	if err != nil {
		return nil, err
	}
	r, err := scanRoster(text)
	if err != nil {
		return nil, err
	}
	if r.Organisation != b.Organisation {
		return nil, fault.Refuse(fault.ClassSubstitute, "adding a roster: of another organisation")
	}
	steward := b.stewards[r.StewardCard]
	if steward == nil || steward.Person != r.Steward || !steward.ValidAt(r.Issued) {
		return nil, fault.Refuse(fault.ClassUntrusted, "adding a roster: not by a steward of the organisation")
	}
	if !b.governs(steward) {
		return nil, fault.Refuse(fault.ClassUntrusted, "adding a roster: its steward was taken off the one before")
	}
	if _, err := note.Open(msg, steward.Verifier()); err != nil {
		return nil, err
	}
	signed := &SignedRoster{Roster: r, Hash: note.Sum(msg), note: bytes.Clone(msg)}
	if err := b.follows(signed); err != nil {
		return nil, err
	}
	b.rosters = append(b.rosters, signed)
	return signed, nil
}

// governs reports whether a steward may sign the next roster: a steward who was taken off
// can't put herself back. One whom the root has endorsed since the newest roster may, so that
// an organisation which has lost all its stewards goes on.
func (b *Book) governs(steward *Signed) bool {
	last := b.Latest()
	return last == nil || last.Seat(steward.Person) != nil || !b.Named(steward.Person) || steward.Issued.After(last.Issued)
}

// StewardAt reports whether a person may govern the organisation at t: by a steward card that
// counts, and not taken off the roster since.
func (b *Book) StewardAt(person ids.Person, t time.Time) bool {
	for _, s := range b.stewards {
		if s.Person == person && s.ValidAt(t) && b.governs(s) {
			return true
		}
	}
	return false
}

// Named reports whether any version of the roster ever had a line for a person.
func (b *Book) Named(person ids.Person) bool {
	return slices.ContainsFunc(b.rosters, func(r *SignedRoster) bool { return r.Seat(person) != nil })
}

// follows refuses a roster that is not the next one. One that the book holds already is
// stale; another of the same version is a fork: its steward has signed two.
func (b *Book) follows(r *SignedRoster) error {
	last := b.Latest()
	if last == nil {
		if r.Version != 1 {
			return fault.Refuse(fault.ClassMissing, "adding a roster: version %d without the ones before", r.Version)
		}
		return b.permits(&r.Roster)
	}
	switch {
	case r.Version <= last.Version && r.Hash != b.Version(r.Version).Hash:
		return fault.Refuse(fault.ClassFork, "adding a roster: another version %d is known", r.Version)
	case r.Version <= last.Version:
		return fault.Refuse(fault.ClassStale, "adding a roster: version %d after %d", r.Version, last.Version)
	case r.Version > last.Version+1:
		return fault.Refuse(fault.ClassMissing, "adding a roster: version %d after %d", r.Version, last.Version)
	case r.Previous != last.Hash:
		return fault.Refuse(fault.ClassFork, "adding a roster: version %d follows another version %d", r.Version, last.Version)
	case r.Issued.Before(last.Issued):
		return fault.Refuse(fault.ClassStale, "adding a roster: issued before the one that it follows")
	}
	return b.permits(&r.Roster)
}

// RolesOf are the roles that an organisation of a kind may give, none for a kind without a roster.
func RolesOf(kind act.Kind) []act.Role {
	switch kind {
	case act.Centre:
		return []act.Role{act.Operator, act.Coordinator}
	case act.INPS:
		return []act.Role{act.Officer, act.Manager}
	case act.Associate:
		return []act.Role{act.Partner}
	case act.Oversight:
		return []act.Role{act.Auditor, act.Registrar, act.Observer}
	default:
		return []act.Role{}
	}
}

// permits refuses roles that an organisation of this kind can't give: no centre makes an
// officer, no office an auditor.
func (b *Book) permits(r *Roster) error {
	may := RolesOf(b.Kind)
	for _, s := range r.People {
		for _, role := range s.Roles {
			if !slices.Contains(may, role) {
				return fault.Refuse(fault.ClassUntrusted, "adding a roster: a %s can't give the role %s", b.Kind, role)
			}
		}
	}
	return nil
}

// Latest returns the newest roster, nil when there is none.
func (b *Book) Latest() *SignedRoster {
	if len(b.rosters) == 0 {
		return nil
	}
	return b.rosters[len(b.rosters)-1]
}

// Version returns a version of the roster, nil when the book does not hold it.
func (b *Book) Version(v int64) *SignedRoster {
	if v < 1 || v > int64(len(b.rosters)) {
		return nil
	}
	return b.rosters[v-1]
}

// Stewards returns the steward cards that the root has signed, in no order.
func (b *Book) Stewards() []*Signed {
	all := make([]*Signed, 0, len(b.stewards))
	for _, s := range b.stewards {
		all = append(all, s)
	}
	return all
}

// Steward returns the steward card with the hash, nil when the root has signed none.
func (b *Book) Steward(hash note.Hash) *Signed { return b.stewards[hash] }

// SeatAt returns a person's seat on the newest roster if roster and seat count at t. The
// newest roster counts as soon as it is there, even if its steward's clock was ahead:
// taking somebody off works at once, and nobody else loses her seat for it.
func (b *Book) SeatAt(person ids.Person, t time.Time) *Seat {
	latest := b.Latest()
	if latest == nil || !t.Before(latest.Expires) {
		return nil
	}
	if s := latest.Seat(person); s != nil && s.ValidAt(t) {
		return s
	}
	return nil
}

// Seat returns a person's line, nil when she has none.
func (r *Roster) Seat(person ids.Person) *Seat {
	for i := range r.People {
		if r.People[i].Person == person {
			return &r.People[i]
		}
	}
	return nil
}

// Substitutes reports whether who stands in for whom at t by the newest roster.
func (b *Book) Substitutes(who, whom ids.Person, t time.Time) bool {
	if b.SeatAt(who, t) == nil {
		return false
	}
	return slices.ContainsFunc(b.Latest().Substitutions, func(s Substitution) bool {
		return s.Who == who && s.For == whom && !t.Before(s.From) && t.Before(s.Until)
	})
}
