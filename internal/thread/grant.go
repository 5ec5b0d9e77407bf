package thread

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// grantRule gives one member the identities of epochs: the centre lets a new member read what was
// before her, and any member gives another what she had before, on the card that she has now. It may
// follow while a new epoch is due: it gives only epochs that have begun.
var grantRule = rule{print: printGrant, scan: scanGrant, check: checkGrant, own: ownGiving, ends: true, closed: true,
	apply: applyGrant}

// Giving is what a grant gives, and to whom: a member, by the card that she then has.
type Giving struct {
	Person ids.Person
	Card   note.Hash
	Epochs []Give // in order; none when only her card changes
}

// Give is the sealed identity of one epoch; its bytes travel beside the header.
type Give struct {
	Epoch  int64
	Sealed Sealed
}

func printGrant(e *Entry, p *note.Printer) {
	p.Line("to", string(e.Giving.Person), e.Giving.Card.String())
	for _, g := range e.Giving.Epochs {
		p.Line("give", append([]string{strconv.FormatInt(g.Epoch, 10)}, g.Sealed.values()...)...)
	}
}

func scanGrant(e *Entry, s *note.Scanner) {
	to := s.Values("to", 2)
	e.Giving = &Giving{Person: note.Parsed(s, to[0], ids.ParsePerson), Card: s.Hash(to[1])}
	for _, v := range s.Many("give", 3, MaxEpochs) {
		e.Giving.Epochs = append(e.Giving.Epochs, Give{s.Int(v[0]), scanSealed(s, v[1:])})
	}
}

func checkGrant(e *Entry) error {
	for i, g := range e.Giving.Epochs {
		if i > 0 && e.Giving.Epochs[i-1].Epoch >= g.Epoch || g.Epoch < 1 || g.Sealed.Size < 1 {
			return fault.Refuse(fault.ClassForm, "reading a grant: epochs out of order, twice or empty")
		}
	}
	return nil
}

func applyGrant(s *State, e *Entry, cards Cards, _ time.Time) error {
	to := s.Member(e.Giving.Person)
	if to == nil {
		return fault.Refuse(fault.ClassMembership, "granting: %s is no member", e.Giving.Person)
	}
	if to.Card == e.Giving.Card && len(e.Giving.Epochs) == 0 {
		return fault.Refuse(fault.ClassGrant, "granting: nothing is given")
	}
	if err := s.newer(to, e.Giving.Card, cards); err != nil {
		return err
	}
	s.Epochs = slices.Clone(s.Epochs)
	for _, g := range e.Giving.Epochs {
		if err := s.give(e, g.Epoch); err != nil {
			return err
		}
	}
	return nil
}

// newer makes a card a member's: hers, of the same organisation, and with a higher serial than
// the one that she has. So nobody puts her back on a card that she has given up. A card that does
// not succeed hers says that the keys of that one may be another's, who opens the current epoch:
// nothing more is said in it.
func (s *State) newer(m *Member, hash note.Hash, cards Cards) error {
	if hash == m.Card {
		return nil
	}
	now, then := cards.of(hash), cards.of(m.Card)
	if now == nil || then == nil && !now.Succeeds(m.Card) {
		return fault.Refuse(fault.ClassMissing, "granting: a card of %s was left out", m.Person)
	}
	if now.Person != m.Person || now.Organisation != m.Organisation {
		return fault.Refuse(fault.ClassSubstitute, "granting: the card is not %s's", m.Person)
	}
	if then != nil && now.Serial <= then.Serial {
		return fault.Refuse(fault.ClassStale, "granting: the card of %s is older than the one that she has", m.Person)
	}
	s.Spent = s.Spent || !now.Succeeds(m.Card)
	s.recard(m.Person, hash)
	return nil
}

// give notes that somebody was granted an epoch: by one who was granted it, and if it is new to
// her, by the centre. The epochs are the state's own.
func (s *State) give(e *Entry, number int64) error {
	if number > s.Epoch() {
		return fault.Refuse(fault.ClassEpoch, "granting: there is no epoch %d yet", number)
	}
	epoch := &s.Epochs[number-1]
	if !slices.Contains(epoch.Granted, e.Author) {
		return fault.Refuse(fault.ClassGrant, "granting: epoch %d was never granted to %s", number, e.Author)
	}
	at, had := slices.BinarySearchFunc(epoch.Granted, e.Giving.Person,
		func(a, b ids.Person) int { return strings.Compare(string(a), string(b)) })
	if had {
		return nil
	}
	if s.Member(e.Author).Seat != act.SeatCentre {
		return fault.Refuse(fault.ClassMembership, "granting: only the centre lets %s read epoch %d", e.Giving.Person, number)
	}
	epoch.Granted = slices.Insert(slices.Clone(epoch.Granted), at, e.Giving.Person)
	return nil
}
