package store

import "time"

// Size returns the number of leaves of the ledger.
func (t *Tx) Size() (int64, error) {
	if t.batch != nil {
		return t.batch.edge.Size(), nil // what this transaction has appended is not written yet
	}
	var size int64
	_, err := t.get(&size, "SELECT size FROM ledger WHERE id = 1")
	return size, err
}

// NewestAt returns the time of the newest record.
func (t *Tx) NewestAt() (time.Time, error) {
	var atMS int64
	_, err := t.get(&atMS, "SELECT at_ms FROM ledger WHERE id = 1")
	return fromMS(atMS), err
}

// LatestOf returns the newest record of an act on an object, "" for an act on none, and
// whether there is one.
func (t *Tx) LatestOf(object, act string) (Leaf, bool, error) {
	var l Leaf
	found, err := t.get(&l, "SELECT "+leafColumns+" FROM records WHERE object = ? AND act = ? ORDER BY leaf DESC LIMIT 1",
		object, act)
	return l, found, err
}
