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
// record included: the bundle which is taken away ends there. It waits a moment for the
// witnesses, and proves that the log has only grown since what the caller has seen.
func (g *Gate) AuditCheckpoint(ctx context.Context, who caller.Caller, seen int64) (api.Checkpoint, error) {
	if seen < 0 {
		return api.Checkpoint{}, fault.New(fault.Invalid, "beginning an audit: what was seen is out of range")
	}
	var c store.Checkpoint
	err := g.through(ctx, who, func(d *desk) error {
		if err := d.audit("", nil); err != nil {
			return err
		}
		var err error
		c, err = d.Checkpoint(g.SignCheckpoint)
		return err
	})
	if err != nil {
		return api.Checkpoint{}, err
	}
	g.cosign(ctx, c)
	var shown api.Checkpoint
	err = g.Store.Read(ctx, func(tx *store.Tx) error {
		shown, err = shownSince(tx, c.Size, seen)
		return err
	})
	return shown, err
}

// Checkpoints returns checkpoints of the log after a size and up to another, oldest first,
// with their cosignatures.
func (g *Gate) Checkpoints(ctx context.Context, who caller.Caller, after, size, limit int64) ([]api.Checkpoint, error) {
	if after < 0 || size < after || limit < 1 || limit > api.MaxCheckpoints {
		return nil, fault.New(fault.Invalid, "reading the checkpoints: after, size or limit out of range")
	}
	all := []api.Checkpoint{}
	looked := false
	if err := g.look(ctx, who, act.AuditRead, func(tx *store.Tx) error {
		looked = true
		kept, err := tx.Checkpoints(after, size, limit)
		for _, c := range kept {
			shown, err := shownAs(c)
			if err != nil {
				return err
			}
			all = append(all, shown)
		}
		return err
	}); err != nil {
		return nil, err
	}
	err := g.through(ctx, who, func(d *desk) error {
		return d.audit("", func(r *ledger.Record) {
			if len(all) > 0 {
				r.From, r.Until = all[0].Size, all[len(all)-1].Size+1
			}
		})
	})
	if err != nil {
		return nil, err
	}
	if !looked {
		return nil, fault.New(fault.Unavailable, "reading the checkpoints: permitted only since a moment ago")
	}
	return all, nil
}

// Audit serves leaves of the ledger in order, and the notes that their records name. It
// holds pseudonyms, acts, reasons and outcomes: no content, and no name. What is recorded as
// served is what there was then.
func (g *Gate) Audit(ctx context.Context, who caller.Caller, from, limit int64) (api.AuditPage, error) {
	if from < 0 || limit < 1 || limit > api.MaxLeaves {
		return api.AuditPage{}, fault.New(fault.Invalid, "reading the ledger: from or limit out of range")
	}
	page := api.AuditPage{Leaves: []api.Leaf{}}
	var until int64
	err := g.through(ctx, who, func(d *desk) error {
		size, err := d.Size()
		if err != nil {
			return err
		}
		until = max(from, min(from+limit, size))
		return d.audit("", func(r *ledger.Record) { r.From, r.Until = served(from, until) })
	})
	if err != nil || until == from {
		return page, err
	}
	err = g.Store.Read(ctx, func(tx *store.Tx) error {
		leaves, err := tx.Leaves(from, until-from)
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

// served says which places were served, for a record; none has no places.
func served(from, until int64) (int64, int64) {
	if until <= from {
		return 0, 0
	}
	return from, until
}

// audit decides and records one reading of the ledger, of what concerns an object or of all.
func (d *desk) audit(object string, add func(*ledger.Record)) error {
	f, err := d.facts(act.AuditRead)
	if err != nil {
		return err
	}
	r, err := d.decide(f, object)
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
