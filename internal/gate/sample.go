package gate

import (
	"context"
	"io"
	"slices"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/store"
)

// DrawSample draws records of an act that was done, by a seed. Seed, act, leaves and number are
// recorded before anything is drawn, so that nobody draws until the sample suits her without
// leaving the others behind; who has the log draws the same ones again (ledger.Sample).
func (g *Gate) DrawSample(ctx context.Context, who caller.Caller, req api.DrawSample) (api.Sample, error) {
	switch {
	case !slices.Contains(act.Acts, req.Act):
		return api.Sample{}, fault.New(fault.Invalid, "drawing a sample: no act %.20q", string(req.Act))
	case req.Count < 2 || req.Count > ledger.MaxSample:
		return api.Sample{}, fault.New(fault.Invalid, "drawing a sample: of %d records", req.Count)
	case !req.From.IsZero() && !req.Until.IsZero() && req.Until.Before(req.From):
		return api.Sample{}, fault.New(fault.Invalid, "drawing a sample: it ends before it begins")
	}
	s := api.Sample{Act: req.Act, Count: req.Count, Leaves: []api.Leaf{}}
	err := g.look(ctx, who, act.AuditSample, func(tx *store.Tx) (err error) {
		if !req.From.IsZero() {
			if s.From, err = tx.LeafAt(req.From); err != nil {
				return err
			}
		}
		if req.Until.IsZero() {
			s.Until, err = tx.Size()
		} else {
			s.Until, err = tx.LeafAt(req.Until)
		}
		return err
	})
	if err != nil {
		return api.Sample{}, err
	}
	if err := g.through(ctx, who, func(d *desk) error { return d.drawSample(&s) }); err != nil {
		return api.Sample{}, err
	}
	return s, g.Store.Read(ctx, func(tx *store.Tx) error { return sampled(tx, &s) })
}

// drawSample decides, draws the seed and records it. Where nothing lies between the leaves there is
// nothing to draw, which is refused and recorded too.
func (d *desk) drawSample(s *api.Sample) error {
	f, err := d.facts(act.AuditSample)
	if err != nil {
		return err
	}
	r, err := d.decide(f, "")
	if err != nil {
		return err
	}
	if s.Until <= s.From {
		return d.absent(r)
	}
	if _, err := io.ReadFull(d.gate.Rand, s.Seed[:]); err != nil {
		return fault.Wrap(fault.Internal, err, "drawing a seed")
	}
	s.Leaf, err = d.allow(r, func(record *ledger.Record) {
		record.Hash, record.Of, record.From, record.Until, record.Count = s.Seed, s.Act, s.From, s.Until, s.Count
	})
	return err
}

// sampled reads what was drawn. The leaves are older than the record, so that they don't change.
func sampled(tx *store.Tx, s *api.Sample) error {
	all, err := tx.LeavesOf(s.Act, act.Allow, s.From, s.Until)
	if err != nil {
		return err
	}
	s.Matching = int64(len(all))
	for _, index := range ledger.Sample(s.Seed, all, s.Count) {
		found, err := tx.Leaves(index, 1)
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return fault.New(fault.Internal, "reading a sample: leaf %d is not there", index)
		}
		s.Leaves = append(s.Leaves, leafOf(found[0]))
	}
	return nil
}
