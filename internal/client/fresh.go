package client

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
)

// Fresh says up to when a thread is proven to be shown whole. A device that has read a thread
// before sees by itself when less is shown; one that never has needs this.
type Fresh struct {
	At time.Time // when the heads were recorded; zero if nothing is proven
	// Standing of that record. Merely Recorded, the service could show others other heads.
	Standing Standing
}

// seenBefore reports whether this device remembers a thread.
func (c *Client) seenBefore(ctx context.Context, id ids.Thread) (bool, error) {
	m, err := c.parts.Memory.Load(ctx)
	if err != nil {
		return false, fault.Wrap(fault.Unavailable, err, "reading what this device remembers")
	}
	return m.Threads[id].Next > 0, nil
}

// fresh asks how far a thread had come when that was last recorded for all. It refuses a thread
// that has not come so far (class rollback) or has gone elsewhere (class fork), and what is not
// proven (class proof).
func (c *Client) fresh(ctx context.Context, v *Conversation) (Fresh, error) {
	var fresh Fresh
	path := pathTo("/v1/threads/%s/freshness", v.id)
	_, err := askLog(ctx, c, "GET", path, func(m *Memory, wire api.Freshness, told int64) error {
		fresh = Fresh{}
		if wire.Proof == nil || wire.Head == nil {
			return nil
		}
		checkpoint, by, err := m.checkpoint(c.parts.Anchors, told, wire.Proof.Checkpoint, wire.Proof.Consistency)
		if err != nil {
			return err
		}
		if err := checkInclusion(*wire.Proof, wire.Proof.Leaf.Index, checkpoint); err != nil {
			return err
		}
		record, err := openLeaf(wire.Proof.Leaf)
		if err != nil {
			return err
		}
		if record.Act != act.Heads || record.Outcome != act.Allow {
			return fault.Refuse(fault.ClassProof, "checking the end of a thread: the record is of no heads")
		}
		fresh = Fresh{At: record.At, Standing: Recorded}
		if _, ok := c.parts.Anchors.Quorum.Witnessed(by); ok {
			fresh.Standing = Witnessed
		}
		return v.reaches(*wire.Head, record)
	})
	if err != nil {
		return Fresh{}, err
	}
	return fresh, nil
}

// reaches checks that a conversation has come as far as a head that a record proves.
func (v *Conversation) reaches(h api.Head, record ledger.Record) error {
	placed := ledger.Placed{Head: ledger.Head{Object: string(v.id), Next: h.Next, Hash: h.Hash}, Position: h.Position, Size: h.Size, Path: h.Path}
	if err := placed.Check(record.Hash); err != nil {
		return err
	}
	if h.Next > v.State.Next {
		return fault.Refuse(fault.ClassRollback, "checking the end of a thread: %d entries are shown, and there were %d", v.State.Next, h.Next)
	}
	if h.Next < 1 || v.Entries[h.Next-1].Entry.Hash() != h.Hash {
		return fault.Refuse(fault.ClassFork, "checking the end of a thread: entry %d is another than was recorded", h.Next-1)
	}
	return nil
}
