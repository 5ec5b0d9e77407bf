package store

import (
	"varco/internal/ids"
	"varco/internal/note"
)

// Card is a card as it was admitted.
type Card struct {
	Hash         []byte           `db:"hash"`
	Person       ids.Person       `db:"person"`
	Organisation ids.Organisation `db:"organisation"`
	Serial       int64            `db:"serial"`
	Steward      int64            `db:"steward"` // 1 for a steward card
	Note         string           `db:"note"`
	Leaf         int64            `db:"leaf"`
}

const cardColumns = "hash, person, organisation, serial, steward, note, leaf"

// Card returns the card with a hash and whether there is one.
func (t *Tx) Card(hash note.Hash) (Card, bool, error) {
	var c Card
	found, err := t.get(&c, "SELECT "+cardColumns+" FROM cards WHERE hash = ?", hash[:])
	return c, found, err
}

// LatestCard returns a person's card with the highest serial and whether there is one.
func (t *Tx) LatestCard(person ids.Person) (Card, bool, error) {
	var c Card
	found, err := t.get(&c, "SELECT "+cardColumns+" FROM cards WHERE person = ? ORDER BY serial DESC LIMIT 1", person)
	return c, found, err
}

// Cards returns every card of an organisation, oldest first.
func (t *Tx) Cards(organisation ids.Organisation) ([]Card, error) {
	var all []Card
	err := t.all(&all, "SELECT "+cardColumns+" FROM cards WHERE organisation = ? ORDER BY leaf", organisation)
	return all, err
}

// PutCard adds a card.
func (t *Tx) PutCard(c Card) error {
	return t.exec("INSERT INTO cards ("+cardColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)",
		c.Hash, c.Person, c.Organisation, c.Serial, c.Steward, c.Note, c.Leaf)
}

// Roster is one version of a roster as it was admitted.
type Roster struct {
	Organisation ids.Organisation `db:"organisation"`
	Version      int64            `db:"version"`
	Hash         []byte           `db:"hash"`
	Note         string           `db:"note"`
	Leaf         int64            `db:"leaf"`
}

const rosterColumns = "organisation, version, hash, note, leaf"

// Rosters returns every version of an organisation's roster, in order.
func (t *Tx) Rosters(organisation ids.Organisation) ([]Roster, error) {
	var all []Roster
	err := t.all(&all, "SELECT "+rosterColumns+" FROM rosters WHERE organisation = ? ORDER BY version", organisation)
	return all, err
}

// Roster returns the roster with a hash and whether there is one.
func (t *Tx) Roster(hash note.Hash) (Roster, bool, error) {
	var r Roster
	found, err := t.get(&r, "SELECT "+rosterColumns+" FROM rosters WHERE hash = ?", hash[:])
	return r, found, err
}

// Edition names the newest roster and card of an organisation by hash, so that who
// has read them before knows whether there are others now. A hash and not a number: a
// number can come again with something else behind it when a commit has failed.
type Edition struct{ Roster, Card string }

// Edition returns the edition of an organisation's rosters and cards.
func (t *Tx) Edition(organisation ids.Organisation) (Edition, error) {
	type of ids.Organisation
	return remember(t, of(organisation), func() (Edition, error) {
		var newest struct {
			Roster []byte `db:"roster"`
			Card   []byte `db:"card"`
		}
		_, err := t.get(&newest, `SELECT
			(SELECT hash FROM rosters WHERE organisation = ? ORDER BY version DESC LIMIT 1) AS roster,
			(SELECT hash FROM cards WHERE organisation = ? ORDER BY leaf DESC LIMIT 1) AS card`,
			organisation, organisation)
		return Edition{string(newest.Roster), string(newest.Card)}, err
	})
}

// PutRoster adds a version of a roster.
func (t *Tx) PutRoster(r Roster) error {
	return t.exec("INSERT INTO rosters ("+rosterColumns+") VALUES (?, ?, ?, ?, ?)",
		r.Organisation, r.Version, r.Hash, r.Note, r.Leaf)
}

// Name returns the sealed opening of a commitment and whether there is one.
func (t *Tx) Name(commitment note.Hash) ([]byte, bool, error) {
	var sealed []byte
	found, err := t.get(&sealed, "SELECT name_sealed FROM names WHERE commitment = ?", commitment[:])
	return sealed, found, err
}

// PutName keeps the sealed opening of a commitment.
func (t *Tx) PutName(commitment note.Hash, sealed []byte) error {
	return t.exec(`INSERT INTO names (commitment, name_sealed) VALUES (?, ?) ON CONFLICT (commitment) DO NOTHING`,
		commitment[:], sealed)
}
