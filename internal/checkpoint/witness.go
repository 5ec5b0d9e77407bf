package checkpoint

import (
	"context"
	"errors"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

// cosign asks for what is missing under the newest checkpoint, at once when it is new and from
// time to time afterwards.
func (k *Keeper) cosign(ctx context.Context) error {
	if k.Asker == nil {
		return nil
	}
	latest, found, err := k.latest(ctx)
	if err != nil || !found {
		return err
	}
	now := k.Now()
	if since := now.Sub(k.asked); latest.Size == k.about && since >= 0 && since < again {
		return nil
	}
	k.asked, k.about = now, latest.Size
	return k.Witness(ctx)
}

// Witness asks the witnesses that have not cosigned the newest checkpoint to do so, and keeps
// their cosignatures. It returns when all have answered or ctx ends; the error says who has not
// cosigned. It is safe for concurrent use.
func (k *Keeper) Witness(ctx context.Context) error {
	if k.Asker == nil {
		return nil
	}
	latest, found, err := k.latest(ctx)
	if err != nil || !found {
		return err
	}
	has := map[string]bool{}
	for _, c := range latest.Cosignatures {
		has[c.Witness] = true
	}
	answers, err := k.Asker.Ask(ctx, []byte(latest.Note), has, func(ctx context.Context, old int64) (proof tlog.TreeProof, err error) {
		err = k.Store.Read(ctx, func(tx *store.Tx) error {
			proof, err = ledger.ProveConsistency(latest.Size, old, tx.Hashes())
			return err
		})
		return proof, err
	})
	if err != nil {
		return err
	}
	var missing []error
	var got []store.Cosignature
	for _, a := range answers {
		missing = append(missing, a.Err)
		if a.Err == nil {
			got = append(got, store.Cosignature{Size: latest.Size, Witness: a.Name, Line: a.Line})
		}
	}
	if len(got) > 0 { // also when ctx has ended: what was answered in time counts
		missing = append(missing, k.put(context.WithoutCancel(ctx), latest, got))
	}
	return errors.Join(missing...)
}

// put keeps new cosignatures, and that the quorum has cosigned if it has.
func (k *Keeper) put(ctx context.Context, c store.Checkpoint, got []store.Cosignature) error {
	return k.Store.Write(ctx, func(tx *store.Tx) error {
		for _, one := range got {
			if err := tx.PutCosignature(one); err != nil {
				return err
			}
		}
		kept, err := tx.Checkpoints(c.Size-1, c.Size, 1)
		if err != nil || len(kept) != 1 {
			return err
		}
		by, err := cosigned(kept[0], k.Asker.Quorum())
		if err != nil {
			return err
		}
		if _, met := k.Asker.Quorum().Witnessed(by); !met {
			return nil
		}
		return tx.PutWitnessed(c.Size)
	})
}

// cosigned reads the cosignatures of the quorum's witnesses under a checkpoint.
func cosigned(c store.Checkpoint, q ledger.Quorum) (by []note.Cosigned, err error) {
	text, err := note.Text([]byte(c.Note))
	if err != nil {
		return nil, err
	}
	for _, w := range q.Witnesses {
		for _, one := range c.Cosignatures {
			if one.Witness != w.Key.Name() {
				continue
			}
			// One by a key that this name had before counts for nothing.
			if _, verified, err := note.FindCosignature(text, one.Line, w.Key); err == nil {
				by = append(by, verified)
			}
		}
	}
	return by, nil
}

func (k *Keeper) latest(ctx context.Context) (latest store.Checkpoint, found bool, err error) {
	err = k.Store.Read(ctx, func(tx *store.Tx) (err error) {
		latest, found, err = tx.LatestCheckpoint()
		return err
	})
	return latest, found, err
}
