package gate

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/caller"
	"varco/internal/card"
	"varco/internal/ids"
	"varco/internal/store"
)

// pokesLife is how long one record covers a session's listening for pokes: a device that loses
// its connection comes back often.
const pokesLife = time.Hour

// OpenPokes lets the caller listen for pokes, and records it.
func (g *Gate) OpenPokes(ctx context.Context, who caller.Caller) error {
	return g.through(ctx, who, func(d *desk) error {
		r, err := d.own(act.PokesOpen)
		if err != nil {
			return err
		}
		due, err := d.PokesDue(who.Session, pokesLife)
		if err != nil || !due {
			return err
		}
		_, err = d.allow(r, nil)
		return err
	})
}

// Stirred returns who of those that listen can see on her list, by the policies as they are now,
// that a thread has got an entry at or after a leaf by somebody else; and the leaf to go on
// from. Nothing is recorded: a poke says nothing but that it is worth looking, and the look is.
func (g *Gate) Stirred(ctx context.Context, from int64, listens func(ids.Person) bool) (stirred map[ids.Person]bool, next int64, err error) {
	stirred = map[ids.Person]bool{}
	err = g.Store.Read(ctx, func(tx *store.Tx) error {
		if next, err = tx.Size(); err != nil || next <= from {
			return err
		}
		stirs, err := tx.Stirs(from)
		if err != nil {
			return err
		}
		for _, stir := range stirs {
			if stirred[stir.Person] || !listens(stir.Person) {
				continue
			}
			if stirred[stir.Person], err = g.lists(tx, stir); err != nil {
				return err
			}
		}
		return nil
	})
	return stirred, next, err
}

// lists reports whether a thread is on somebody's list.
func (g *Gate) lists(tx *store.Tx, s store.Stir) (bool, error) {
	d := &desk{tx, g, caller.Caller{Person: s.Person, Organisation: s.Organisation}, map[ids.Organisation]*card.Book{}}
	f, err := d.facts(act.CaseList)
	if err != nil {
		return false, err
	}
	if _, err := d.aboutThread(&f, s.Thread); err != nil {
		return false, err
	}
	return g.Policies.Decide(f).Allow, nil
}
