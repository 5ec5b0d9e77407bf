package gate

import (
	"context"
	"slices"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/authz"
	"varco/internal/caller"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/store"
)

// Directory serves what the caller needs to verify the people she deals with: her own
// organisation, those on the other side of an agreement in force, and those with which she
// has a thread, since an agreement that has ended does not stop reading. A centre sees
// offices and partners; an office or partner sees centres; nobody sees another centre.
func (g *Gate) Directory(ctx context.Context, who caller.Caller) (api.Directory, error) {
	var f authz.Facts
	directory := api.Directory{Organisations: []api.Organisation{}, Roots: g.Successions}
	err := g.through(ctx, who, func(d *desk) (err error) {
		if f, err = d.facts(act.DirectoryRead); err != nil {
			return err
		}
		r, err := d.decide(f, string(who.Organisation))
		if err != nil {
			return err
		}
		_, err = d.allow(r, nil)
		return err
	})
	if err != nil {
		return directory, err
	}
	err = g.Store.Read(ctx, func(tx *store.Tx) error {
		d := g.desk(tx, who)
		own, err := d.describe(who.Organisation, f)
		if err != nil {
			return err
		}
		directory.Organisations = append(directory.Organisations, own)
		parties, err := d.others()
		if err != nil {
			return err
		}
		for _, id := range parties {
			other, err := d.describe(id, f)
			if err != nil {
				return err
			}
			if deals(f.Kind, other.Kind) {
				directory.Organisations = append(directory.Organisations, other)
			}
		}
		return nil
	})
	return directory, err
}

// others are the organisations, other than her own, that the caller may deal with or has a
// thread with, in order.
func (d *desk) others() ([]ids.Organisation, error) {
	all, err := d.Parties(d.who.Organisation, d.Now)
	if err != nil {
		return nil, err
	}
	threads, err := d.ThreadsOf(d.who.Person)
	if err != nil {
		return nil, err
	}
	for _, th := range threads {
		all = append(all, th.State.Centre, th.State.With)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(o ids.Organisation) bool {
		return o == "" || o == d.who.Organisation
	}), nil
}

// deals reports whether people of two kinds of organisation have threads with each other.
func deals(one, other act.Kind) bool {
	if other == act.Centre {
		one, other = other, one
	}
	return one == act.Centre && (other == act.INPS || other == act.Associate)
}

// describe tells of an organisation what the caller may know.
func (d *desk) describe(id ids.Organisation, f authz.Facts) (api.Organisation, error) {
	kept, found, err := d.Organisation(id)
	if err != nil || !found {
		return api.Organisation{}, orErr(err, fault.New(fault.Internal, "describing an organisation: it is missing"))
	}
	o := api.Organisation{ID: id, Kind: kept.Kind, Province: kept.Province,
		Stewards: []api.StewardCard{}, Rosters: []string{}, Cards: []string{}}
	book, err := d.book(id)
	if err != nil {
		return o, err
	}
	rosters, err := d.Rosters(id)
	if err != nil {
		return o, err
	}
	// On a roster, or before the one that is there.
	seated := map[note.Hash]bool{}
	for _, r := range rosters {
		o.Rosters = append(o.Rosters, r.Note)
		for _, seat := range book.Version(r.Version).People {
			for c := book.Card(seat.Card); c != nil && !seated[c.Hash]; c = c.Predecessor() {
				seated[c.Hash] = true
			}
		}
	}
	own := id == f.Organisation
	if err := d.addCards(&o, book, seated, own, f.Steward); err != nil {
		return o, err
	}
	// An office learns that somebody of the centre writes, not who: her name is known to her
	// own organisation only. A designated officer's name is known to the centres, which
	// must know whom they write to.
	if latest := book.Latest(); latest != nil && (own || f.Kind == act.Centre) {
		o.Names, err = d.names(latest, own)
	}
	return o, err
}

// addCards adds the stewards' cards, those on the rosters with those that they succeed and, of the caller's own
// organisation, those that wait to be put on it: all for a steward, her own for anybody else,
// whose device must find what it has published.
func (d *desk) addCards(o *api.Organisation, book *card.Book, seated map[note.Hash]bool, own, steward bool) error {
	cards, err := d.Cards(o.ID)
	if err != nil {
		return err
	}
	for _, c := range cards {
		if c.Steward == 1 {
			name, err := d.gate.name(d.Tx, book.Steward(note.Hash(c.Hash)).Card.Steward.NameCommitment)
			if err != nil || name == nil {
				return orErr(err, fault.New(fault.Internal, "describing an organisation: its name is missing"))
			}
			o.Stewards = append(o.Stewards, api.StewardCard{Note: c.Note, Name: *name})
		}
		switch {
		case seated[note.Hash(c.Hash)]:
			o.Cards = append(o.Cards, c.Note)
		case own && (steward || c.Person == d.who.Person):
			o.Waiting = append(o.Waiting, c.Note)
		}
	}
	return nil
}

// names opens the names of all people of one's own organisation, and of another's of those
// who may have a seat in a thread.
func (d *desk) names(r *card.SignedRoster, own bool) ([]api.Name, error) {
	names := make([]api.Name, 0, len(r.People))
	for _, seat := range r.People {
		if !own && !seat.Has(act.Officer, act.Partner) {
			continue
		}
		name, err := d.gate.name(d.Tx, seat.NameCommitment)
		if err != nil || name == nil {
			return nil, orErr(err, fault.New(fault.Internal, "describing an organisation: a person's name is missing"))
		}
		names = append(names, *name)
	}
	return names, nil
}
