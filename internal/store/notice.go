package store

import (
	"time"

	"varco/internal/ids"
)

// PutAddress keeps where a person wants to be told, sealed.
func (t *Tx) PutAddress(person ids.Person, sealed []byte) error {
	return t.exec(`INSERT INTO addresses (person, address_sealed) VALUES (?, ?)
		ON CONFLICT (person) DO UPDATE SET address_sealed = excluded.address_sealed`, person, sealed)
}

// DropAddress forgets a person's address, and what was waiting to be sent there.
func (t *Tx) DropAddress(person ids.Person) error {
	if err := t.exec("DELETE FROM notices WHERE person = ?", person); err != nil {
		return err
	}
	return t.exec("DELETE FROM addresses WHERE person = ?", person)
}

// Address returns a person's sealed address, nil when she has given none.
func (t *Tx) Address(person ids.Person) ([]byte, error) {
	var sealed []byte
	_, err := t.get(&sealed, "SELECT address_sealed FROM addresses WHERE person = ?", person)
	return sealed, err
}

// PutNotices has everybody told that an entry has come to her thread, who has given an address
// and did not write it herself. Who is to be told already is told once.
func (t *Tx) PutNotices(thread ids.Thread, author ids.Person, leaf int64) error {
	return t.exec(`INSERT INTO notices (person, leaf, since_at_ms, last_at_ms, next_at_ms, tries)
		SELECT m.person, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), 0, 0 FROM members m
		JOIN addresses a ON a.person = m.person WHERE m.thread = ? AND m.person <> ?
		ON CONFLICT (person) DO UPDATE SET last_at_ms = excluded.last_at_ms`, leaf, ms(t.Now), ms(t.Now), thread, author)
}

// Notice is a person who is to be told.
type Notice struct {
	Person       ids.Person       `db:"person"`
	Organisation ids.Organisation `db:"organisation"`
	Leaf         int64            `db:"leaf"`
	Tries        int64            `db:"tries"` // before this one
	Sealed       []byte           `db:"address_sealed"`
}

// NoticesDue returns some of those who are to be told of what came before a time and may be
// tried now.
func (t *Tx) NoticesDue(before time.Time, limit int64) ([]Notice, error) {
	var due []Notice
	err := t.all(&due, `SELECT n.person, p.organisation, n.leaf, n.tries, a.address_sealed FROM notices n
		JOIN people p ON p.id = n.person JOIN addresses a ON a.person = n.person
		WHERE n.since_at_ms < ? AND n.next_at_ms <= ? ORDER BY n.next_at_ms, n.person LIMIT ?`, ms(before), ms(t.Now), limit)
	return due, err
}

// PostponeNotice has a notice tried no sooner than at a time, and counts the try if it is one.
func (t *Tx) PostponeNotice(person ids.Person, until time.Time, try bool) error {
	count := 0
	if try {
		count = 1
	}
	return t.exec("UPDATE notices SET next_at_ms = ?, tries = tries + CAST(? AS BIGINT) WHERE person = ?", ms(until), count, person)
}

// EndNotice ends a notice of what came before a time. For what came later another one waits.
func (t *Tx) EndNotice(person ids.Person, before time.Time) error {
	if err := t.exec("DELETE FROM notices WHERE person = ? AND last_at_ms < ?", person, ms(before)); err != nil {
		return err
	}
	return t.exec("UPDATE notices SET since_at_ms = last_at_ms, next_at_ms = 0, tries = 0 WHERE person = ?", person)
}

// StirsOf returns which threads of a person have got an entry by somebody else at or after a leaf.
func (t *Tx) StirsOf(person ids.Person, from int64) ([]Stir, error) {
	var stirs []Stir
	err := t.all(&stirs, `SELECT DISTINCT m.person, p.organisation, m.thread FROM entries e
		JOIN members m ON m.thread = e.thread JOIN people p ON p.id = m.person
		WHERE e.leaf >= ? AND m.person = ? AND e.author <> m.person ORDER BY m.thread`, from, person)
	return stirs, err
}
