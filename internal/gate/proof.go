package gate

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"
	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

// Proof shows a member of a thread that the log holds the record of one of its entries:
// the record, its place, and the path to a checkpoint that the log has signed.
func (g *Gate) Proof(ctx context.Context, who caller.Caller, id ids.Entry) (api.Proof, error) {
	var checkpoint store.Checkpoint
	var entry store.Entry
	var found bool
	err := g.through(ctx, who, func(d *desk) error {
		var err error
		if entry, found, err = d.Receipt(id); err != nil {
			return err
		}
		f, err := d.facts(act.ProofRead)
		if err != nil {
			return err
		}
		if _, err := d.aboutThread(&f, entry.Thread); err != nil {
			return err
		}
		r, err := d.decide(f, string(id))
		if err != nil {
			return err
		}
		if !found {
			return d.absent(r) // an auditor may ask for any
		}
		if _, err := d.allow(r, nil); err != nil {
			return err
		}
		checkpoint, err = d.Checkpoint(g.SignCheckpoint)
		return err
	})
	if err != nil {
		return api.Proof{}, err
	}
	proof := api.Proof{Checkpoint: checkpoint.Note}
	err = g.Store.Read(ctx, func(tx *store.Tx) error {
		leaves, err := tx.Leaves(entry.Leaf, 1)
		if err != nil {
			return err
		}
		if len(leaves) != 1 || leaves[0].Index != entry.Leaf {
			return fault.New(fault.Internal, "proving an entry: its leaf is missing")
		}
		proof.Leaf = leafOf(leaves[0])
		path, err := ledger.ProveInclusion(checkpoint.Size, entry.Leaf, tx.Hashes())
		if err != nil {
			return err
		}
		proof.Hashes = make([]note.Hash, len(path))
		for i, h := range path {
			proof.Hashes[i] = note.Hash(h)
		}
		return nil
	})
	return proof, err
}

// SignCheckpoint signs the size and root of the tree for the log.
func (g *Gate) SignCheckpoint(size int64, root tlog.Hash) ([]byte, error) {
	return ledger.SignCheckpoint(g.Log.Name(), size, root, g.Log)
}

func leafOf(l store.Leaf) api.Leaf {
	leaf := api.Leaf{Index: l.Index, Commitment: l.Hash(), Salt: l.Salt}
	if l.Text != nil {
		leaf.Text = *l.Text
	}
	return leaf
}
