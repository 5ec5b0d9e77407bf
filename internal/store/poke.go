package store

import "varco/internal/ids"

// Stir is an entry's effect: a thread of somebody's has changed by somebody else's doing.
type Stir struct {
	Person       ids.Person       `db:"person"`
	Organisation ids.Organisation `db:"organisation"`
	Thread       ids.Thread       `db:"thread"`
}

// Stirs returns whose threads have got an entry at or after a leaf, each once, but for what she
// wrote herself.
func (t *Tx) Stirs(from int64) ([]Stir, error) {
	var stirs []Stir
	err := t.all(&stirs, `SELECT DISTINCT m.person, p.organisation, m.thread FROM entries e
		JOIN members m ON m.thread = e.thread JOIN people p ON p.id = m.person
		WHERE e.leaf >= ? AND e.author <> m.person ORDER BY m.person, m.thread`, from)
	return stirs, err
}
