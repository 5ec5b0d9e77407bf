package client

import (
	"context"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/ids"
)

// ReminderLead is how long before something expires it is reminded of.
const ReminderLead = 60 * 24 * time.Hour

// Due is what has to be done before something expires.
type Due string

// What is due.
const (
	DueCard    Due = "card"    // a person's card has to be renewed, by herself
	DueSteward Due = "steward" // a steward's card has to be renewed at the ceremony, by herself
	DueRoster  Due = "roster"  // the organisation's roster has to be signed again, by a steward
	DueRenewed Due = "renewed" // a renewed card waits to be put on the roster, by a steward
)

// Dues lists everything that can be due.
var Dues = []Due{DueCard, DueSteward, DueRoster, DueRenewed}

// Reminder is something that expires within ReminderLead, or has expired.
type Reminder struct {
	Due     Due
	Person  ids.Person // whose card it is; "" for a roster
	Name    string     // of the person, "" if it is not known
	Expires time.Time  // of the card or roster that is in use now
	Own     bool       // it is hers to do
}

// Reminders tells what has to be renewed in the caller's organisation: her own cards and the
// roster; to a steward also the cards of all who are on it. What expires first comes first.
func (c *Client) Reminders(ctx context.Context) ([]Reminder, error) {
	d, err := c.known(ctx)
	if err != nil {
		return nil, err
	}
	me, now := c.self.person, c.now()
	steward := d.Own.book.StewardAt(me, now)
	soon := func(expires time.Time) bool { return now.After(expires.Add(-ReminderLead)) }
	var all []Reminder
	if d.Own.Roster != nil && soon(d.Own.Roster.Expires) {
		all = append(all, Reminder{Due: DueRoster, Expires: d.Own.Roster.Expires, Own: steward})
	}
	for i := range d.Own.People {
		p := &d.Own.People[i]
		if p.ID != me && !steward {
			continue
		}
		r := Reminder{Due: DueCard, Person: p.ID, Name: p.Name, Expires: p.Card.Expires, Own: p.ID == me}
		if renewedBy(d.Own, p.Card) != nil {
			r.Due, r.Own = DueRenewed, steward
			all = append(all, r)
			continue
		}
		if p.Card.Steward != nil {
			r.Due = DueSteward
		}
		if soon(p.Card.Expires) {
			all = append(all, r)
		}
	}
	if s := d.stewardCard(me); s != nil && soon(s.Expires) && !slices.ContainsFunc(all, func(r Reminder) bool {
		return r.Due == DueSteward && r.Person == me
	}) {
		all = append(all, Reminder{Due: DueSteward, Person: me, Expires: s.Expires, Own: true})
	}
	slices.SortStableFunc(all, func(a, b Reminder) int { return a.Expires.Compare(b.Expires) })
	return all, nil
}

// stewardCard is somebody's steward card that expires last, if she still may use it or might
// have until it expired; nil when she is no steward.
func (d *Directory) stewardCard(person ids.Person) *card.Signed {
	p := d.Person(d.Own.ID, person)
	var last *card.Signed
	for _, s := range d.Own.book.Stewards() {
		if s.Person == person && p != nil && p.Seat.Has(act.Coordinator, act.Manager, act.Registrar) && (last == nil || s.Expires.After(last.Expires)) {
			last = s
		}
	}
	return last
}
