package gate

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/store"
)

// UnboundLife is how long an attachment is kept that no entry carries.
const UnboundLife = 24 * time.Hour

// sweptAtOnce is how many attachments are removed in one transaction.
const sweptAtOnce = 256

// SweepBlobs removes what was uploaded longer than UnboundLife ago and no entry carries, and
// what a crash has left of what was removed before. What it removes is recorded, by nobody. It
// returns how many attachments it has removed.
func (g *Gate) SweepBlobs(ctx context.Context) (int, error) {
	for {
		more, err := g.markLeft(ctx)
		if err != nil {
			return 0, err
		}
		if !more {
			break
		}
	}
	swept := 0
	for {
		var dropped []ids.Blob
		if err := g.Store.Read(ctx, func(tx *store.Tx) (err error) {
			dropped, err = tx.DroppedBlobs(sweptAtOnce)
			return err
		}); err != nil {
			return swept, err
		}
		if len(dropped) == 0 {
			return swept, g.strays(ctx)
		}
		for _, id := range dropped {
			if err := g.eraseBlob(ctx, id); err != nil {
				return swept, err
			}
			swept++
		}
	}
}

// markLeft decides what is to be removed, and reports whether there may be more.
func (g *Gate) markLeft(ctx context.Context) (more bool, err error) {
	err = g.Store.Write(ctx, func(tx *store.Tx) error {
		left, err := tx.LeftBlobs(tx.Now.Add(-UnboundLife), sweptAtOnce)
		if err != nil || len(left) == 0 {
			return err
		}
		record := ledger.Record{Act: act.BlobDrop, Outcome: act.Allow}
		if len(left) > 1 {
			record.Count = int64(len(left))
		}
		if _, err := tx.Record(record); err != nil {
			return err
		}
		for _, id := range left {
			if _, err := tx.DropBlob(id); err != nil {
				return err
			}
		}
		more = len(left) == sweptAtOnce
		return nil
	})
	return more, err
}

// eraseBlob removes the file of an attachment that was dropped, and then notes that it has: what is
// left of one after a crash can be found. The identifier stays known and is never used again, so
// that no file of a later upload is ever removed for an earlier one.
func (g *Gate) eraseBlob(ctx context.Context, id ids.Blob) error {
	if err := g.Blobs.Remove(id); err != nil {
		return err
	}
	return g.Store.Write(ctx, func(tx *store.Tx) error { return tx.EraseBlob(id) })
}

// strays removes uploads of which the database knows nothing, or that they were removed: parts that came while they were
// dropped, or before an older database was restored. What is whole stays, whatever the database
// says: a newer one may be found again.
func (g *Gate) strays(ctx context.Context) error {
	var now time.Time
	if err := g.Store.Read(ctx, func(tx *store.Tx) error { now = tx.Now; return nil }); err != nil {
		return err
	}
	for id, err := range g.Blobs.Begun(now.Add(-UnboundLife)) {
		if err != nil {
			return err
		}
		var known bool
		if err := g.Store.Read(ctx, func(tx *store.Tx) error {
			b, found, err := tx.Blob(id)
			known = found && b.State != store.BlobErased
			return err
		}); err != nil {
			return err
		}
		if !known {
			if err := g.Blobs.Remove(id); err != nil {
				return err
			}
		}
	}
	return nil
}
