package gate

import (
	"context"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

// freshRoster is how far from now a roster may have been issued: clients let entries from a
// card that a roster takes off settle for card.Settling after its issue.
const freshRoster = 10 * time.Minute

// MaxRosters is how many rosters one steward publishes in rosterDay: every version stays, and is handed
// to everybody who deals with the organisation. Her colleague, who may have to take her off, has her
// own count.
const (
	MaxRosters = 100
	rosterDay  = 24 * time.Hour
)

// It must settle before clients stop waiting, or they would refuse what was admitted: this
// does not compile otherwise.
const _ = uint64(card.Settling - freshRoster)

// PutRoster publishes the next roster of the caller's organisation: whom it endorses,
// designates, substitutes and takes off counts from its record on.
func (g *Gate) PutRoster(ctx context.Context, who caller.Caller, req api.PutRoster) (api.Recorded, error) {
	names, err := namesOf(req.Names)
	if err != nil {
		return api.Recorded{}, g.malformed(ctx, who, act.RosterPut, err)
	}
	var recorded api.Recorded
	err = g.through(ctx, who, func(d *desk) error { return d.putRoster([]byte(req.Note), names, &recorded) })
	return recorded, err
}

// namesOf reads names by the commitments that they open.
func namesOf(wire []api.Name) (map[note.Hash]card.Name, error) {
	names := make(map[note.Hash]card.Name, len(wire))
	for _, n := range wire {
		if len(n.Salt) != len(card.Name{}.Salt) {
			return nil, fault.Refuse(fault.ClassMissing, "publishing a roster: a name without its salt")
		}
		name := card.Name{Salt: [32]byte(n.Salt), Text: n.Text}
		if err := name.Opens(name.Commitment()); err != nil {
			return nil, err
		}
		names[name.Commitment()] = name
	}
	return names, nil
}

func (d *desk) putRoster(msg []byte, names map[note.Hash]card.Name, recorded *api.Recorded) error {
	f, err := d.facts(act.RosterPut)
	if err != nil {
		return err
	}
	f.Target, f.TargetKind = d.who.Organisation, f.Kind
	r, err := d.decide(f, string(f.Target))
	if err != nil {
		return err
	}
	recorded.Hash = note.Sum(msg)
	// Read anew, so that the book which others use never holds a roster that is not committed.
	book, err := d.gate.readBook(d.Tx, f.Target)
	if err != nil {
		return err
	}
	if kept, again, err := d.rosterAgain(book, recorded.Hash); err != nil || again {
		recorded.Leaf = kept.Leaf
		return err
	}
	before := book.Latest()
	roster, err := book.Add(msg)
	if err != nil {
		return d.rosterRefused(r, err)
	}
	if err := orErr(hasRosterRoom(book, roster.Steward, d.Now), d.checkRoster(roster, names)); err != nil {
		return d.refuse(r, err)
	}
	if recorded.Leaf, err = d.allow(r, func(record *ledger.Record) {
		record.Hash, record.Size = roster.Hash, int64(len(msg))
	}); err != nil {
		return err
	}
	for _, seat := range roster.People {
		if name, given := names[seat.NameCommitment]; given {
			if err := d.putName(name); err != nil {
				return err
			}
		}
	}
	if err := d.endTakenOff(before, roster); err != nil {
		return err
	}
	return d.Tx.PutRoster(store.Roster{Organisation: f.Target, Version: roster.Version, Hash: roster.Hash[:],
		Note: string(msg), Leaf: recorded.Leaf})
}

// rosterAgain finds a roster that the caller herself has published before, which she is told once
// more. Anything else, another organisation's too, is for the book to refuse.
func (d *desk) rosterAgain(book *card.Book, hash note.Hash) (store.Roster, bool, error) {
	kept, found, err := d.Roster(hash)
	if err != nil || !found {
		return kept, false, err
	}
	own := book.Version(kept.Version)
	return kept, own != nil && own.Hash == hash && own.Steward == d.who.Person, nil
}

// endTakenOff ends the sessions of those whom a roster takes off: with her rights goes what her computer still
// holds open. She may sign in again, and then is somebody without a role. The roster's own record stands for it.
func (d *desk) endTakenOff(before, after *card.SignedRoster) error {
	if before == nil {
		return nil
	}
	for _, line := range before.People {
		if slices.ContainsFunc(after.People, func(s card.Seat) bool { return s.Person == line.Person }) {
			continue
		}
		if err := d.EndSessions(line.Person, ""); err != nil {
			return err
		}
	}
	return nil
}

// rosterRefused answers a roster that does not follow; one that lost a race is a conflict.
func (d *desk) rosterRefused(r ruling, cause error) error {
	if c := fault.ClassOf(cause); c == fault.ClassStale || c == fault.ClassFork {
		return d.late(r, cause, "publishing a roster")
	}
	return d.refuse(r, cause)
}

// hasRosterRoom refuses the newest roster of a steward who has published too many of late (class size).
func hasRosterRoom(book *card.Book, steward ids.Person, now time.Time) error {
	count := 0
	for r := book.Latest(); r != nil && now.Sub(r.Issued) < rosterDay; r = book.Version(r.Version - 1) {
		if r.Steward == steward {
			count++
		}
	}
	if count > MaxRosters {
		return fault.Refuse(fault.ClassSize, "publishing a roster: its steward has published %d in %s", MaxRosters, rosterDay)
	}
	return nil
}

// checkRoster checks what only the service knows: the steward is the caller, every card was
// admitted, every name is known.
func (d *desk) checkRoster(r *card.SignedRoster, names map[note.Hash]card.Name) error {
	if r.Steward != d.who.Person {
		return fault.Refuse(fault.ClassSubstitute, "publishing a roster: signed by another steward")
	}
	if age := d.Now.Sub(r.Issued); age > freshRoster || age < -freshRoster {
		return fault.Refuse(fault.ClassStale, "publishing a roster: issued more than %s from now", freshRoster)
	}
	for _, seat := range r.People {
		c, err := d.gate.card(d.Tx, seat.Card)
		if err != nil {
			return err
		}
		if c.Person != seat.Person || c.Organisation != r.Organisation {
			return fault.Refuse(fault.ClassSubstitute, "publishing a roster: the card is not %s's", seat.Person)
		}
		if _, given := names[seat.NameCommitment]; given {
			continue
		}
		if _, known, err := d.Name(seat.NameCommitment); err != nil || !known {
			return orErr(err, fault.Refuse(fault.ClassMissing, "publishing a roster: the name of %s was left out", seat.Person))
		}
	}
	return nil
}
