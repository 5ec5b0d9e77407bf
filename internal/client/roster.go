package client

import (
	"context"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// RosterDraft is the next roster of a steward's organisation while she changes it. Nothing
// counts before SignRoster.
type RosterDraft struct {
	// Roster is what will be signed; Version, Previous and the times are set then.
	Roster card.Roster
	// Renewed are those whose line has got a card that succeeds the one that was there.
	Renewed []Renewal

	u        *Unlocked
	own      *Organisation
	names    []api.Name               // of new lines
	compared map[ids.Person]note.Hash // cards whose words were compared
	from     time.Time                // when new seats begin if nothing else is said
}

// Renewal is a line of a roster whose card was renewed by its holder.
type Renewal struct {
	Person   ids.Person
	Old, New *card.Signed
}

// Endorsement puts somebody on the roster, or gives her a new card, name or roles there.
type Endorsement struct {
	Person ids.Person
	// Words are the verification words of her card, as she read them out. They are not
	// needed for the steward's own.
	Words string
	Name  string // as it is displayed; "" keeps the one that she has
	Roles []act.Role
	Act   string    // number of the act of designation, "" if there is none
	From  time.Time // zero: at once
	Until time.Time // zero: no end but the roster's
}

// DraftRoster begins the next roster from the newest one, or the first from nothing. The
// first one holds the steward herself as soon as she adds herself. Who has renewed her card
// has the new one on the draft.
func (u *Unlocked) DraftRoster(ctx context.Context) (*RosterDraft, error) {
	if err := u.findCards(ctx); err != nil {
		return nil, err
	}
	if u.steward == nil {
		return nil, fault.New(fault.NotFound, "drafting a roster: she holds no steward card that is good today")
	}
	own := u.directory.Own
	d := &RosterDraft{u: u, own: own, compared: map[ids.Person]note.Hash{}, from: u.now().Add(-slack)}
	if own.Roster != nil {
		d.Roster.People = slices.Clone(own.Roster.People)
		now := u.now()
		for _, s := range own.Roster.Substitutions {
			if now.Before(s.Until) {
				d.Roster.Substitutions = append(d.Roster.Substitutions, s)
			}
		}
		d.takeRenewed()
	}
	return d, nil
}

// takeRenewed puts on each line the newest card that waits and succeeds the one that is there. A
// line stays whose holder has also published a card that does not succeed it: the steward
// compares words.
func (d *RosterDraft) takeRenewed() {
	for i := range d.Roster.People {
		line := &d.Roster.People[i]
		old := d.own.book.Card(line.Card)
		if next := renewedBy(d.own, old); next != nil && next.ValidAt(d.u.now()) {
			line.Card = next.Hash
			d.Renewed = append(d.Renewed, Renewal{line.Person, old, next})
		}
	}
}

// renewedBy is the newest card that waits to be put on the roster and succeeds another one. There
// is none when a newer card of the same person waits that does not: she has enrolled again, and a
// card with the keys that she has lost must not be taken quietly.
func renewedBy(o *Organisation, old *card.Signed) *card.Signed {
	if old == nil {
		return nil
	}
	var found *card.Signed
	for _, c := range o.Waiting {
		switch {
		case c.Person != old.Person || c.Serial <= old.Serial || c.Steward != nil:
		case !c.Succeeds(old.Hash):
			return nil
		case found == nil || c.Serial > found.Serial:
			found = c
		}
	}
	return found
}

// Endorse puts somebody on the draft, or changes her line. Without words a line keeps the
// card that it has; with words it gets her newest card. Words that are not that card's are
// refused (class substituted), and so is somebody who has published no card (missing).
func (d *RosterDraft) Endorse(e Endorsement) error {
	line := d.line(e.Person)
	c, err := d.cardFor(e, line)
	if err != nil {
		return err
	}
	if !c.ValidAt(d.u.now()) {
		return fault.Refuse(fault.ClassStale, "endorsing %s: her card has expired", e.Person)
	}
	seat := card.Seat{Person: e.Person, Card: c.Hash, Roles: slices.Compact(slices.Sorted(slices.Values(e.Roles))),
		Act: e.Act, From: e.From, Until: e.Until}
	if seat.From.IsZero() {
		seat.From = d.from
		if line != nil {
			seat.From = line.From
		}
	}
	if line != nil {
		seat.NameCommitment = line.NameCommitment
	}
	if e.Name != "" || line == nil {
		name, err := card.NewName(e.Name, d.u.parts.Rand)
		if err != nil {
			return err
		}
		seat.NameCommitment = name.Commitment()
		d.names = append(d.names, api.Name{Salt: name.Salt[:], Text: name.Text})
	}
	if line != nil {
		*line = seat
		return nil
	}
	d.Roster.People = append(d.Roster.People, seat)
	return nil
}

// cardFor returns the card that an endorsement is for, compared if it has to be.
func (d *RosterDraft) cardFor(e Endorsement, line *card.Seat) (*card.Signed, error) {
	all := d.cards()
	if line != nil && e.Words == "" {
		i := slices.IndexFunc(all, func(c *card.Signed) bool { return c.Hash == line.Card })
		if i < 0 {
			return nil, fault.Refuse(fault.ClassMissing, "endorsing %s: the card on her line was left out", e.Person)
		}
		return all[i], nil
	}
	c := newest(all, e.Person)
	if c == nil {
		return nil, fault.Refuse(fault.ClassMissing, "endorsing %s: she has published no card", e.Person)
	}
	if own := d.u.keys.Matches(c.Card) == nil; own && e.Words == "" {
		return c, nil
	}
	if err := compareWords(c, e.Words); err != nil {
		return nil, err
	}
	d.compared[e.Person] = c.Hash
	return c, nil
}

// Remove takes somebody off, with her substitutions: from the roster's record on she reads
// and writes nothing more, and nothing is sealed to her.
func (d *RosterDraft) Remove(person ids.Person) error {
	if d.line(person) == nil {
		return fault.New(fault.Invalid, "removing %s from a roster: she is not on it", person)
	}
	d.Roster.People = slices.DeleteFunc(d.Roster.People, func(s card.Seat) bool { return s.Person == person })
	d.Roster.Substitutions = slices.DeleteFunc(d.Roster.Substitutions, func(s card.Substitution) bool {
		return s.Who == person || s.For == person
	})
	return nil
}

// Substitute says that one officer stands in for another from a time until another.
func (d *RosterDraft) Substitute(s card.Substitution) error {
	if d.line(s.Who) == nil || d.line(s.For) == nil || s.Who == s.For || !s.From.Before(s.Until) {
		return fault.New(fault.Invalid, "entering a substitution: want two people of the roster, and an end after the beginning")
	}
	d.Roster.Substitutions = append(d.Roster.Substitutions, s)
	return nil
}

// EndSubstitutions takes off every substitution by one officer for another.
func (d *RosterDraft) EndSubstitutions(who, whom ids.Person) {
	d.Roster.Substitutions = slices.DeleteFunc(d.Roster.Substitutions, func(s card.Substitution) bool {
		return s.Who == who && s.For == whom
	})
}

// cards are those that may be put on the draft.
func (d *RosterDraft) cards() []*card.Signed {
	all := append(slices.Clone(d.own.Waiting), d.own.book.Stewards()...)
	for i := range d.own.People {
		all = append(all, d.own.People[i].Card)
	}
	return all
}

func (d *RosterDraft) line(person ids.Person) *card.Seat {
	i := slices.IndexFunc(d.Roster.People, func(s card.Seat) bool { return s.Person == person })
	if i < 0 {
		return nil
	}
	return &d.Roster.People[i]
}

// SignRoster signs the draft, good for a year from now, publishes it, and returns the
// directory as it then is. Signing an unchanged draft renews the roster. Another roster that
// was published meanwhile is a conflict: the steward looks at it and begins again.
func (u *Unlocked) SignRoster(ctx context.Context, d *RosterDraft) (*Directory, error) {
	r := d.Roster
	r.Organisation, r.Version = d.own.ID, 1
	r.Issued = u.now()
	if last := d.own.Roster; last != nil {
		r.Version, r.Previous = last.Version+1, last.Hash
		if r.Issued.Before(last.Issued) { // signed by a clock that was ahead
			r.Issued = last.Issued
		}
	}
	r.Expires = r.Issued.AddDate(1, 0, 0)
	r.Steward, r.StewardCard = u.Person(), u.steward.Hash
	signer, err := u.signerOf(u.steward)
	if err != nil {
		return nil, err
	}
	msg, err := card.SignRoster(r, signer)
	if err != nil {
		return nil, err
	}
	var recorded api.Recorded
	if err := u.ask(ctx, "POST", "/v1/rosters", api.PutRoster{Note: string(msg), Names: d.names}, &recorded); err != nil {
		return nil, err
	}
	if err := u.remember(ctx, func(m *Memory) error {
		for person, hash := range d.compared {
			put(&m.Cards, person, hash)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if err := u.findCards(ctx); err != nil {
		return nil, err
	}
	if u.directory.Own.book.Holds(card.Seen{Organisation: r.Organisation, Version: r.Version, Hash: note.Sum(msg)}) != nil {
		return nil, fault.Refuse(fault.ClassMissing, "publishing a roster: the service took it and does not show it")
	}
	return u.directory, nil
}
