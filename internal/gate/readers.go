package gate

import (
	"cmp"
	"context"
	"slices"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/store"
)

// MaxReadings is how many readings are listed, the newest first. When there are more, the
// answer says so: nobody can hide a reading behind many.
const MaxReadings = 1000

// Readers tells the centre of a case who has read one of its threads, or fetched what its entries
// attach, when, and with what reason. It comes from the ledger: there is no other list that could disagree with it.
func (g *Gate) Readers(ctx context.Context, who caller.Caller, id ids.Thread) (api.Readers, error) {
	list := api.Readers{Readings: []api.Reading{}}
	err := g.through(ctx, who, func(d *desk) error {
		f, err := d.facts(act.ReadersRead)
		if err != nil {
			return err
		}
		if _, err := d.aboutThread(&f, id); err != nil {
			return err
		}
		r, err := d.decide(f, string(id))
		if err != nil {
			return err
		}
		_, err = d.allow(r, nil)
		return err
	})
	if err != nil {
		return list, err
	}
	err = g.Store.Read(ctx, func(tx *store.Tx) error {
		leaves, err := readings(tx, id)
		if err != nil {
			return err
		}
		list.More = len(leaves) > MaxReadings
		for _, leaf := range leaves[:min(len(leaves), MaxReadings)] {
			if leaf.Text == nil {
				continue // erased after its retention
			}
			record, err := ledger.ParseRecord(*leaf.Text)
			if err != nil {
				return fault.Wrap(fault.Internal, err, "reading a record")
			}
			list.Readings = append(list.Readings, api.Reading{Person: record.Person, Organisation: record.Organisation,
				Roles: record.Roles, Reason: record.Reason, At: record.At, Leaf: leaf.Index, Entry: record.Entry})
		}
		return nil
	})
	return list, err
}

// readings are the newest records of who has read a thread or fetched an attachment of it, one
// more than are listed.
func readings(tx *store.Tx, id ids.Thread) ([]store.Leaf, error) {
	var all []store.Leaf
	for _, a := range []act.Act{act.ThreadRead, act.BlobRead} {
		leaves, err := tx.Readings(string(id), string(a), string(act.Allow), MaxReadings+1)
		if err != nil {
			return nil, err
		}
		all = append(all, leaves...)
	}
	slices.SortFunc(all, func(a, b store.Leaf) int { return cmp.Compare(b.Index, a.Index) })
	return all[:min(len(all), MaxReadings+1)], nil
}
