package gate

import (
	"context"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/store"
)

// AuditCheckpoint records that an audit begins and signs the ledger as it is then, that
// record included: the bundle which is taken away ends there.
func (g *Gate) AuditCheckpoint(ctx context.Context, who caller.Caller) (api.Checkpoint, error) {
	var c store.Checkpoint
	err := g.through(ctx, who, func(d *desk) error {
		if err := d.audit(nil); err != nil {
			return err
		}
		var err error
		c, err = d.Checkpoint(g.SignCheckpoint)
		return err
	})
	return api.Checkpoint{Note: c.Note, Size: c.Size}, err
}

// Checkpoints returns every checkpoint of the log up to a size, oldest first.
func (g *Gate) Checkpoints(ctx context.Context, who caller.Caller, size int64) ([]api.Checkpoint, error) {
	var all []api.Checkpoint
	err := g.through(ctx, who, func(d *desk) error {
		if err := d.audit(nil); err != nil {
			return err
		}
		kept, err := d.Tx.Checkpoints(size)
		for _, c := range kept {
			all = append(all, api.Checkpoint{Note: c.Note, Size: c.Size})
		}
		return err
	})
	return all, err
}

// Audit serves leaves of the ledger in order, and the notes that their records name. It
// holds pseudonyms, acts, reasons and outcomes: no content, and no name.
func (g *Gate) Audit(ctx context.Context, who caller.Caller, from, limit int64) (api.AuditPage, error) {
	if from < 0 || limit < 1 || limit > api.MaxLeaves {
		return api.AuditPage{}, fault.New(fault.Invalid, "reading the ledger: from or limit out of range")
	}
	page := api.AuditPage{Leaves: []api.Leaf{}}
	err := g.through(ctx, who, func(d *desk) error {
		return d.audit(func(r *ledger.Record) { r.Size = limit })
	})
	if err != nil {
		return page, err
	}
	err = g.Store.Read(ctx, func(tx *store.Tx) error {
		leaves, err := tx.Leaves(from, limit)
		if err != nil {
			return err
		}
		for _, l := range leaves {
			page.Leaves = append(page.Leaves, leafOf(l))
			if err := addNotes(tx, &page, l); err != nil {
				return err
			}
		}
		return nil
	})
	return page, err
}

// audit decides and records one reading of the ledger.
func (d *desk) audit(add func(*ledger.Record)) error {
	f, err := d.facts(act.AuditRead)
	if err != nil {
		return err
	}
	r, err := d.decide(f, "")
	if err != nil {
		return err
	}
	_, err = d.allow(r, add)
	return err
}

// addNotes adds the notes that a record is about: they are part of what it proves.
func addNotes(tx *store.Tx, page *api.AuditPage, l store.Leaf) error {
	if l.Text == nil {
		return nil
	}
	record, err := ledger.ParseRecord(*l.Text)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "reading a record")
	}
	if record.Outcome != act.Allow {
		return nil
	}
	switch record.Act { //nolint:exhaustive // the others are about no note
	case act.CaseOpen, act.CaseExtend, act.EntryAppend:
		kept, found, err := tx.AdmittedAt(l.Index)
		if err != nil || !found {
			return missing(err)
		}
		page.Headers = append(page.Headers, kept.Header)
		page.Receipts = append(page.Receipts, kept.Receipt)
	case act.CardPut:
		c, found, err := tx.Card(record.Hash)
		if err != nil || !found {
			return missing(err)
		}
		page.Cards = append(page.Cards, c.Note)
	case act.RosterPut:
		r, found, err := tx.Roster(record.Hash)
		if err != nil || !found {
			return missing(err)
		}
		page.Rosters = append(page.Rosters, r.Note)
	}
	return nil
}

// missing is louder than leaving a note out, which would make every bundle incomplete.
func missing(err error) error {
	return orErr(err, fault.New(fault.Internal, "reading the ledger: what a record is about is missing"))
}
