package card

import (
	"time"

	"varco/internal/act"
	"varco/internal/fault"
)

// Admits checks that something may be sealed to a card at t: it is hers by the newest
// roster, its seat counts, and neither roster nor card has expired. It vouches for c.Person
// and nobody else: who wants to reach somebody compares that first.
//
// Hers is the card on her line, or one that the card on her line succeeds: to renew is not to
// take back. A card that succeeds the one on her line counts when a steward has put it there.
func (b *Book) Admits(c *Signed, t time.Time) error {
	if err := b.owns(c); err != nil {
		return err
	}
	if latest := b.Latest(); latest != nil && !t.Before(latest.Expires) {
		return fault.Refuse(fault.ClassStale, "checking a card: the roster has expired")
	}
	seat := b.SeatAt(c.Person, t)
	if seat == nil {
		return fault.Refuse(fault.ClassUntrusted, "checking a card: %s is not on the roster today", c.Person)
	}
	if !b.gives(seat, c) {
		return fault.Refuse(fault.ClassSubstitute, "checking a card: not the card of %s on the roster", c.Person)
	}
	if !c.ValidAt(t) {
		return fault.Refuse(fault.ClassStale, "checking a card: %s's card has expired", c.Person)
	}
	return nil
}

// gives reports whether a card is the one on a line, or one that it succeeds.
func (b *Book) gives(line *Seat, c *Signed) bool {
	if line.Card == c.Hash {
		return true
	}
	newer := b.cards[line.Card]
	return newer != nil && newer.Succeeds(c.Hash)
}

// owns refuses a card of another organisation, whoever put it on the roster, and a steward
// card that the root has not signed.
func (b *Book) owns(c *Signed) error {
	if c.Organisation != b.Organisation {
		return fault.Refuse(fault.ClassSubstitute, "checking a card: of another organisation")
	}
	if c.Steward != nil && !c.endorsed {
		return fault.Refuse(fault.ClassUntrusted, "checking a card: a steward card without the root's signature")
	}
	return nil
}

// Holds checks that a roster that somebody has seen is in the book: who has seen a newer
// one knows something that was left out, who has seen another one was told another story.
func (b *Book) Holds(seen Seen) error {
	if seen.Organisation != b.Organisation {
		return fault.Refuse(fault.ClassSubstitute, "checking a roster: of another organisation")
	}
	r := b.Version(seen.Version)
	if r == nil {
		return fault.Refuse(fault.ClassMissing, "checking a roster: version %d was left out", seen.Version)
	}
	if r.Hash != seen.Hash {
		return fault.Refuse(fault.ClassFork, "checking a roster: another version %d is known", seen.Version)
	}
	return nil
}

// Settling is how long after a roster's issue an entry may still come from a card that it
// took off: a roster is admitted a few minutes after it was signed, and an entry that was
// under way then was lawful.
const Settling = 15 * time.Minute

// Vouches checks that a card was the organisation's when it signed something that was
// admitted at a time: that it was on the roster that the signer had seen, and that no later
// roster had taken it off by then, or her roles from her. A card that another one on her line
// succeeds was not taken off, as long as it is good: she may not have heard yet that her new
// card is on the roster. Of the card on her line no expiry is asked, since that never blocks
// reading or stopping: who admits an entry asks Admits, with the time.
func (b *Book) Vouches(c *Signed, seen Seen, admitted time.Time, roles ...act.Role) error {
	if err := b.owns(c); err != nil {
		return err
	}
	if err := b.Holds(seen); err != nil {
		return err
	}
	for v := seen.Version; ; v++ {
		r := b.Version(v)
		if r == nil || v > seen.Version && r.Issued.Add(Settling).After(admitted) {
			return nil
		}
		s := r.Seat(c.Person)
		if s == nil || s.Card != c.Hash && (!b.gives(s, c) || !c.ValidAt(admitted)) {
			return fault.Refuse(fault.ClassUntrusted, "checking a card: version %d of the roster has no such card of %s", v, c.Person)
		}
		if len(roles) > 0 && !s.Has(roles...) {
			return fault.Refuse(fault.ClassMembership, "checking a card: version %d of the roster gives %s no role for it", v, c.Person)
		}
	}
}
