package store

import "varco/internal/ids"

// Keyring is a person's sealed keyring with its locks. The service can't open it.
type Keyring struct {
	Version      int64  `db:"version"`
	File         []byte `db:"file"`
	ReplacedAtMS *int64 `db:"replaced_at_ms"` // nil for the one that counts
	Locks        []Lock `db:"-"`
}

// Lock is one way to open a keyring.
type Lock struct {
	ID   ids.Lock `db:"id"`
	Kind string   `db:"kind"`
	File []byte   `db:"file"`

	Credential []byte `db:"credential"` // of a passkey, else nil
	Salt       []byte `db:"salt"`       // of a passkey, else nil
}

// Keyrings returns a person's keyrings: the last is the one that counts, those before it are
// kept. None when she has none.
func (t *Tx) Keyrings(person ids.Person) ([]Keyring, error) {
	var all []Keyring
	if err := t.all(&all, "SELECT version, file, replaced_at_ms FROM keyrings WHERE person = ? ORDER BY version", person); err != nil {
		return nil, err
	}
	for i := range all {
		if err := t.all(&all[i].Locks, "SELECT id, kind, file, credential, salt FROM locks WHERE person = ? AND version = ? ORDER BY id",
			person, all[i].Version); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// PutKeyring stores a person's keyring, of a version that she never had, in place of the one that
// counts. That one is kept, or deleted with all that were kept.
func (t *Tx) PutKeyring(person ids.Person, k Keyring, keep bool) error {
	if keep {
		if err := t.exec("UPDATE keyrings SET replaced_at_ms = ? WHERE person = ? AND replaced_at_ms IS NULL",
			t.Now.UnixMilli(), person); err != nil {
			return err
		}
	} else {
		for _, table := range []string{"locks", "keyrings"} {
			if err := t.exec("DELETE FROM "+table+" WHERE person = ?", person); err != nil {
				return err
			}
		}
	}
	if err := t.exec("INSERT INTO keyrings (person, version, file) VALUES (?, ?, ?)", person, k.Version, k.File); err != nil {
		return err
	}
	for _, l := range k.Locks {
		if err := t.exec("INSERT INTO locks (person, version, id, kind, file, credential, salt) VALUES (?, ?, ?, ?, ?, ?, ?)",
			person, k.Version, l.ID, l.Kind, l.File, l.Credential, l.Salt); err != nil {
			return err
		}
	}
	return nil
}
