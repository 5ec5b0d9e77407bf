package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// catchUp brings the edge up to date: at the first batch, and when another process on the
// same database has appended. Until this batch ends, no other one can.
func (b *batchTx) catchUp(ctx context.Context) error {
	var head struct {
		Size int64 `db:"size"`
		AtMS int64 `db:"at_ms"`
	}
	if err := b.sql.GetContext(ctx, &head, "SELECT size, at_ms FROM ledger WHERE id = 1"+b.store.kind.lock); err != nil {
		return fmt.Errorf("reading the ledger's head: %w", err)
	}
	b.size, b.atMS = head.Size, head.AtMS
	if head.Size == b.edge.Size() {
		return nil
	}
	edge, err := ledger.LoadEdge(head.Size, hashReader(&Tx{ctx: ctx, sql: b.sql, statements: b.store.written}))
	if err != nil {
		return err
	}
	b.edge = edge
	return nil
}

const insertRecords = "INSERT INTO records (leaf, commitment, salt, text, at_ms, act, outcome, person, object) VALUES "

// Record appends a record to the ledger and returns the index of its leaf. Its time is the
// transaction's.
func (t *Tx) Record(r ledger.Record) (int64, error) {
	if t.batch == nil {
		return 0, fault.New(fault.Internal, "recording: a snapshot can't be written")
	}
	r.At = t.Now
	text, err := r.Text()
	if err != nil {
		return 0, fault.Wrap(fault.Internal, err, "printing a record")
	}
	salt, err := ledger.NewSalt(t.batch.store.options.Rand)
	if err != nil {
		return 0, err
	}
	commitment := ledger.Commit(salt, text)
	index, stored, first, err := t.batch.edge.Append(commitment)
	if err != nil {
		return 0, err
	}
	record := []any{index, commitment[:], salt[:], text, ms(t.Now), string(r.Act), string(r.Outcome), string(r.Person), r.Object}
	if t.trace != nil {
		t.trace(insertRecords)
	}
	if err := keepable(record); err != nil { // not only when it is written, with those of others
		return 0, err
	}
	hashes := make([]any, 0, 2*len(stored))
	for i, h := range stored {
		hashes = append(hashes, first+int64(i), h[:])
	}
	t.batch.appended = append(t.batch.appended, appended{record, hashes})
	t.batch.atMS = ms(t.Now)
	return index, nil
}

// Committed reports whether what was recorded at a leaf was committed before this transaction.
func (t *Tx) Committed(leaf int64) bool { return t.batch == nil || leaf < t.batch.size }

// hashesAtOnce is how many stored hashes one statement reads at most.
const hashesAtOnce = 256

// hashReader reads stored hashes of the tree.
func hashReader(t *Tx) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		stored := make(map[int64]tlog.Hash, len(indexes))
		for some := range slices.Chunk(indexes, hashesAtOnce) {
			if err := t.readHashes(some, stored); err != nil {
				return nil, err
			}
		}
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			hash, found := stored[index]
			if !found {
				return nil, fmt.Errorf("reading the tree: stored hash %d is missing", index)
			}
			hashes[i] = hash
		}
		return hashes, nil
	})
}

// readHashes adds the stored hashes at some positions, of those that are there.
func (t *Tx) readHashes(positions []int64, stored map[int64]tlog.Hash) error {
	var rows []struct {
		Position int64  `db:"position"`
		Hash     []byte `db:"hash"`
	}
	args := make([]any, len(positions))
	for i, p := range positions {
		args[i] = p
	}
	if err := t.all(&rows, "SELECT position, hash FROM hashes WHERE position IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...); err != nil {
		return err
	}
	for _, row := range rows {
		if len(row.Hash) != tlog.HashSize {
			return fmt.Errorf("reading the tree: stored hash %d is none", row.Position)
		}
		stored[row.Position] = tlog.Hash(row.Hash)
	}
	return nil
}

// Hashes reads the stored hashes of the tree in this snapshot, for proofs.
func (t *Tx) Hashes() tlog.HashReader { return hashReader(t) }

// Leaf is a leaf as it is kept. Salt and Text are empty after the record was erased.
type Leaf struct {
	Index      int64   `db:"leaf"`
	Commitment []byte  `db:"commitment"`
	Salt       []byte  `db:"salt"`
	Text       *string `db:"text"`
}

const leafColumns = "leaf, commitment, salt, text"

// Leaves returns leaves in order, from is the first index, at most limit.
func (t *Tx) Leaves(from, limit int64) ([]Leaf, error) {
	var leaves []Leaf
	err := t.all(&leaves, "SELECT "+leafColumns+" FROM records WHERE leaf >= ? ORDER BY leaf LIMIT ?", from, limit)
	return leaves, err
}

// LeafAt returns the first leaf whose record is not older than a time; the number of leaves when there
// is none. Time in the ledger never goes back.
func (t *Tx) LeafAt(at time.Time) (int64, error) {
	var first []int64
	err := t.all(&first, "SELECT leaf FROM records WHERE at_ms >= ? ORDER BY leaf LIMIT 1", ms(at))
	if err != nil {
		return 0, err
	}
	if len(first) == 0 {
		return t.Size()
	}
	return first[0], nil
}

// LeavesOf returns the leaves with records of an act and outcome, from one and before another, in
// order.
func (t *Tx) LeavesOf(a act.Act, outcome act.Outcome, from, until int64) ([]int64, error) {
	var leaves []int64
	err := t.all(&leaves, "SELECT leaf FROM records WHERE leaf >= ? AND leaf < ? AND act = ? AND outcome = ? ORDER BY leaf",
		from, until, string(a), string(outcome))
	return leaves, err
}

// Readings returns the records of an act on an object with an outcome, newest first.
func (t *Tx) Readings(object, act, outcome string, limit int64) ([]Leaf, error) {
	var leaves []Leaf
	err := t.all(&leaves, "SELECT "+leafColumns+` FROM records
		WHERE object = ? AND act = ? AND outcome = ? ORDER BY leaf DESC LIMIT ?`, object, act, outcome, limit)
	return leaves, err
}

// Search chooses records; what is zero does not choose.
type Search struct {
	Person, Act, Outcome string
	Object               string // that was acted on
	Case                 string // that, or a thread, entry or attachment of it was acted on
	FromMS, UntilMS      int64  // not before, and before
	Before               int64  // leaves of a smaller index
	Limit                int64
}

const inCase = `object IN (SELECT CAST(? AS TEXT) UNION ALL SELECT id FROM threads WHERE case_id = ?
	UNION ALL SELECT e.id FROM entries e JOIN threads th ON th.id = e.thread WHERE th.case_id = ?
	UNION ALL SELECT b.id FROM blobs b JOIN entries e ON e.id = b.entry JOIN threads th ON th.id = e.thread WHERE th.case_id = ?)`

// Search returns the records that were chosen, newest first.
func (t *Tx) Search(s Search) ([]Leaf, error) {
	where, args := "1 = 1", []any{}
	and := func(condition string, values ...any) {
		where, args = where+" AND "+condition, append(args, values...)
	}
	if s.Person != "" {
		and("person = ?", s.Person)
	}
	if s.Object != "" {
		and("object = ?", s.Object)
	}
	if s.Case != "" {
		and(inCase, s.Case, s.Case, s.Case, s.Case)
	}
	if s.Act != "" {
		and("act = ?", s.Act)
	}
	if s.Outcome != "" {
		and("outcome = ?", s.Outcome)
	}
	if s.FromMS != 0 {
		and("at_ms >= ?", s.FromMS)
	}
	if s.UntilMS != 0 {
		and("at_ms < ?", s.UntilMS)
	}
	if s.Before != 0 {
		and("leaf < ?", s.Before)
	}
	var leaves []Leaf
	err := t.all(&leaves, "SELECT "+leafColumns+" FROM records WHERE "+where+" ORDER BY leaf DESC LIMIT ?", append(args, s.Limit)...)
	return leaves, err
}

// Hash reads the commitment of a leaf.
func (l Leaf) Hash() note.Hash { return note.Hash(l.Commitment) }
