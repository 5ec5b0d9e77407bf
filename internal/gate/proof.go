package gate

import (
	"context"
	"time"

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

// cosignTime is how long an answer with a new checkpoint waits for witnesses. The act itself is
// done and recorded by then.
const cosignTime = 3 * time.Second

// Proof shows a member of a thread that the log holds the record of one of its entries:
// the record, its place, and the path to a checkpoint that the log has signed. It is the newest
// one that a quorum has cosigned, if that covers the entry and is no smaller than what the
// caller has seen, and otherwise one that is signed now; and it comes with the proof that the
// log has only grown since.
func (g *Gate) Proof(ctx context.Context, who caller.Caller, id ids.Entry, seen int64) (api.Proof, error) {
	if seen < 0 {
		return api.Proof{}, fault.New(fault.Invalid, "proving an entry: what was seen is out of range")
	}
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
		checkpoint, err = d.covering(max(entry.Leaf+1, seen))
		return err
	})
	if err != nil {
		return api.Proof{}, err
	}
	return g.prove(ctx, entry.Leaf, checkpoint, seen)
}

// Freshness shows a member of a thread how far it and its organisations' rosters had come when the
// heads were last recorded, with the proof of that record as in Proof. Where no heads were recorded, or the thread is newer than
// they are, the answer is empty: then nothing is proven.
func (g *Gate) Freshness(ctx context.Context, who caller.Caller, id ids.Thread, seen int64) (api.Freshness, error) {
	if seen < 0 {
		return api.Freshness{}, fault.New(fault.Invalid, "proving the end of a thread: what was seen is out of range")
	}
	var checkpoint store.Checkpoint
	var organisations []ids.Organisation
	var heads *ledger.Recorded
	if g.Heads != nil {
		heads = g.Heads()
	}
	err := g.through(ctx, who, func(d *desk) error {
		f, err := d.facts(act.ProofRead)
		if err != nil {
			return err
		}
		th, err := d.aboutThread(&f, id)
		if err != nil {
			return err
		}
		r, err := d.decide(f, string(id))
		if err != nil {
			return err
		}
		if th.State.Next == 0 {
			return d.absent(r) // an auditor may ask for any
		}
		if _, err := d.allow(r, nil); err != nil || heads == nil {
			return err
		}
		organisations = []ids.Organisation{th.State.Centre, th.State.With}
		checkpoint, err = d.covering(max(heads.Leaf+1, seen))
		return err
	})
	if err != nil || heads == nil {
		return api.Freshness{}, err
	}
	head, found, err := heads.Of(string(id))
	if err != nil || !found {
		return api.Freshness{}, err
	}
	shown := headAs(head)
	fresh := api.Freshness{Head: &shown}
	for _, organisation := range organisations {
		if head, found, err = heads.Of(string(organisation)); err != nil {
			return api.Freshness{}, err
		}
		if found {
			fresh.Rosters = append(fresh.Rosters, api.RosterHead{Organisation: organisation, Head: headAs(head)})
		}
	}
	proof, err := g.prove(ctx, heads.Leaf, checkpoint, seen)
	fresh.Proof = &proof
	return fresh, err
}

func headAs(p ledger.Placed) api.Head {
	return api.Head{Next: p.Next, Hash: p.Hash, Position: p.Position, Size: p.Size, Path: p.Path}
}

// prove shows that a checkpoint's tree holds a leaf, and that the log has grown to it since what
// was seen.
func (g *Gate) prove(ctx context.Context, leaf int64, checkpoint store.Checkpoint, seen int64) (proof api.Proof, err error) {
	g.cosign(ctx, checkpoint)
	err = g.Store.Read(ctx, func(tx *store.Tx) error {
		leaves, err := tx.Leaves(leaf, 1)
		if err != nil {
			return err
		}
		if len(leaves) != 1 || leaves[0].Index != leaf {
			return fault.New(fault.Internal, "proving a record: its leaf is missing")
		}
		proof.Leaf = leafOf(leaves[0])
		path, err := ledger.ProveInclusion(checkpoint.Size, leaf, tx.Hashes())
		if err != nil {
			return err
		}
		proof.Hashes = make([]note.Hash, len(path))
		for i, h := range path {
			proof.Hashes[i] = note.Hash(h)
		}
		shown, err := shownSince(tx, checkpoint.Size, seen)
		proof.Checkpoint, proof.Consistency = shown.Note, shown.Consistency
		return err
	})
	return proof, err
}

// covering returns the newest checkpoint that a quorum has cosigned if it is of that size at
// least, and otherwise signs the ledger as it is.
func (d *desk) covering(size int64) (store.Checkpoint, error) {
	witnessed, found, err := d.LatestWitnessed()
	if err != nil || found && witnessed.Size >= size {
		return witnessed, err
	}
	return d.Checkpoint(d.gate.SignCheckpoint)
}

// cosign asks the witnesses about a checkpoint that they may not have seen. What they don't do
// in time they do later, so it is no error.
func (g *Gate) cosign(ctx context.Context, c store.Checkpoint) {
	if g.Cosign == nil || c.WitnessedAtMS != nil {
		return
	}
	limited, cancel := context.WithTimeout(ctx, cosignTime)
	defer cancel()
	_ = g.Cosign(limited) // the keeper asks again, and says who did not answer
}

// shownSince reads the checkpoint of a size with its cosignatures, and proves that the log has
// grown to it since another size. Who has seen more than there is gets no proof, and knows.
func shownSince(tx *store.Tx, size, seen int64) (api.Checkpoint, error) {
	kept, err := tx.Checkpoints(size-1, size, 1)
	if err != nil || len(kept) != 1 {
		return api.Checkpoint{}, orErr(err, fault.New(fault.Internal, "reading a checkpoint: it is missing"))
	}
	shown, err := shownAs(kept[0])
	if err != nil || seen <= 0 || seen >= size {
		return shown, err
	}
	proof, err := ledger.ProveConsistency(size, seen, tx.Hashes())
	for _, h := range proof {
		shown.Consistency = append(shown.Consistency, note.Hash(h))
	}
	return shown, err
}

func shownAs(c store.Checkpoint) (api.Checkpoint, error) {
	msg, err := c.Cosigned()
	return api.Checkpoint{Note: msg, Size: c.Size}, err
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
