package store

import (
	"time"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// RecordedAt returns when what a leaf of this ledger says was recorded.
func (t *Tx) RecordedAt(leaf int64) (time.Time, error) {
	if !t.Committed(leaf) {
		return t.Now, nil
	}
	var atMS int64
	found, err := t.get(&atMS, "SELECT at_ms FROM records WHERE leaf = ?", leaf)
	if err == nil && !found {
		err = fault.New(fault.Internal, "asking when leaf %d was recorded: it is missing", leaf)
	}
	return fromMS(atMS), err
}

// Heads returns the head of every thread and the newest roster of every organisation in this
// snapshot.
func (t *Tx) Heads() ([]ledger.Head, error) {
	var kept []struct {
		Object string `db:"object"`
		Next   int64  `db:"next"`
		Hash   []byte `db:"hash"`
	}
	err := t.all(&kept, `SELECT t.id AS object, t.next, e.hash FROM threads t JOIN entries e ON e.thread = t.id AND e.sequence = t.next - 1
		UNION ALL SELECT r.organisation AS object, r.version AS next, r.hash FROM rosters r
		WHERE NOT EXISTS (SELECT 1 FROM rosters newer WHERE newer.organisation = r.organisation AND newer.version > r.version)`)
	heads := make([]ledger.Head, len(kept))
	for i, k := range kept {
		heads[i] = ledger.Head{Object: k.Object, Next: k.Next, Hash: note.Hash(k.Hash)}
	}
	return heads, err
}
