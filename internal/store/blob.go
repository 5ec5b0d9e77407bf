package store

import (
	"time"

	"varco/internal/ids"
)

// The states of a blob.
const (
	BlobBegun   = "begun"   // parts are coming
	BlobWhole   = "whole"   // all is there
	BlobDropped = "dropped" // its file is being removed
	BlobErased  = "erased"  // its file is gone; the row stays, so that nobody uses the identifier again
)

// Gone reports whether a blob was removed, or is being.
func (b Blob) Gone() bool { return b.State == BlobDropped || b.State == BlobErased }

// Blob is an attachment, whose file is elsewhere.
type Blob struct {
	ID       ids.Blob   `db:"id"`
	Author   ids.Person `db:"author"`
	Size     int64      `db:"size"`     // bytes of the whole file
	Received int64      `db:"received"` // bytes that are on the disk and were acknowledged
	Hash     []byte     `db:"hash"`     // of the whole file, empty before it is whole
	State    string     `db:"state"`
	Entry    ids.Entry  `db:"entry"`  // that carries it; "" if none does
	Thread   ids.Thread `db:"thread"` // of the entry
}

// Blob returns a blob and whether there is one.
func (t *Tx) Blob(id ids.Blob) (Blob, bool, error) {
	var b Blob
	found, err := t.get(&b, `SELECT b.id, b.author, b.size, b.received, b.hash, b.state, COALESCE(b.entry, '') AS entry,
		COALESCE(e.thread, '') AS thread FROM blobs b LEFT JOIN entries e ON e.id = b.entry WHERE b.id = ?`, id)
	return b, found, err
}

// Unbound says how many blobs of a person no entry carries, and how large they are or will be.
type Unbound struct {
	Count int64 `db:"count"`
	Size  int64 `db:"size"` // bytes
}

// Unbound returns what a person has uploaded, or begun to, that no entry carries.
func (t *Tx) Unbound(author ids.Person) (Unbound, error) {
	var u Unbound
	_, err := t.get(&u, `SELECT COUNT(*) AS count, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS size FROM blobs
		WHERE author = ? AND entry IS NULL AND state <> ?`, author, BlobErased)
	return u, err
}

// PutBlob adds a blob of which nothing is there yet.
func (t *Tx) PutBlob(id ids.Blob, author ids.Person, size int64) error {
	return t.exec(`INSERT INTO blobs (id, author, size, received, state, since_at_ms) VALUES (?, ?, ?, 0, ?, ?)`,
		id, author, size, BlobBegun, ms(t.Now))
}

// GrowBlob notes that a blob has grown, if it is still as long as it was, and reports whether it is.
func (t *Tx) GrowBlob(id ids.Blob, from, to int64) (bool, error) {
	n, err := t.affect("UPDATE blobs SET received = ? WHERE id = ? AND received = ? AND state = ?", to, id, from, BlobBegun)
	return n == 1, err
}

// FinishBlob notes that a blob is whole, if it was begun, and reports whether it was.
func (t *Tx) FinishBlob(id ids.Blob, hash []byte) (bool, error) {
	n, err := t.affect("UPDATE blobs SET state = ?, hash = ? WHERE id = ? AND state = ?", BlobWhole, hash, id, BlobBegun)
	return n == 1, err
}

// BindBlob notes which entry carries a blob, if it is whole and none does, and reports whether it was so.
func (t *Tx) BindBlob(id ids.Blob, entry ids.Entry) (bool, error) {
	n, err := t.affect("UPDATE blobs SET entry = ? WHERE id = ? AND state = ? AND entry IS NULL", entry, id, BlobWhole)
	return n == 1, err
}

// DropBlob notes that the file of a blob that no entry carries is to be removed, and reports
// whether there is such a blob. After the file, EraseBlob removes the rest.
func (t *Tx) DropBlob(id ids.Blob) (bool, error) {
	n, err := t.affect("UPDATE blobs SET state = ? WHERE id = ? AND entry IS NULL AND state <> ?", BlobDropped, id, BlobErased)
	return n == 1, err
}

// EraseBlob notes that the file of a blob that was dropped is gone.
func (t *Tx) EraseBlob(id ids.Blob) error {
	return t.exec("UPDATE blobs SET state = ?, hash = NULL WHERE id = ? AND state = ?", BlobErased, id, BlobDropped)
}

// LeftBlobs returns blobs that no entry carries and that were begun before a time, at most limit.
func (t *Tx) LeftBlobs(before time.Time, limit int) ([]ids.Blob, error) {
	var all []ids.Blob
	err := t.all(&all, `SELECT id FROM blobs WHERE entry IS NULL AND since_at_ms < ? AND state IN (?, ?) ORDER BY since_at_ms LIMIT ?`,
		ms(before), BlobBegun, BlobWhole, limit)
	return all, err
}

// DroppedBlobs returns blobs that were dropped and whose file may still be there, at most limit.
func (t *Tx) DroppedBlobs(limit int) ([]ids.Blob, error) {
	var all []ids.Blob
	err := t.all(&all, `SELECT id FROM blobs WHERE entry IS NULL AND state = ? ORDER BY id LIMIT ?`, BlobDropped, limit)
	return all, err
}
