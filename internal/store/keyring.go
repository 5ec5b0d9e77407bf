package store

import "varco/internal/ids"

// Keyring is a person's sealed keyring with its locks. The service can't open it.
type Keyring struct {
	Version int64  `db:"version"`
	File    []byte `db:"file"`
	Locks   []Lock `db:"-"`
}

// Lock is one way to open a keyring.
type Lock struct {
	ID   ids.Lock `db:"id"`
	Kind string   `db:"kind"`
	File []byte   `db:"file"`

	Credential []byte `db:"credential"` // of a passkey, else nil
	Salt       []byte `db:"salt"`       // of a passkey, else nil
}

// Keyring returns a person's keyring; its version is 0 when there is none.
func (t *Tx) Keyring(person ids.Person) (Keyring, error) {
	var k Keyring
	if _, err := t.get(&k, "SELECT version, file FROM keyrings WHERE person = ?", person); err != nil {
		return k, err
	}
	err := t.all(&k.Locks, "SELECT id, kind, file, credential, salt FROM locks WHERE person = ? ORDER BY id", person)
	return k, err
}

// PutKeyring replaces a person's keyring and locks if its version is still k.Version-1, and
// reports whether it was.
func (t *Tx) PutKeyring(person ids.Person, k Keyring) (bool, error) {
	var n int64
	var err error
	if k.Version == 1 {
		n, err = t.affect(`INSERT INTO keyrings (person, version, file) VALUES (?, 1, ?)
			ON CONFLICT (person) DO NOTHING`, person, k.File)
	} else {
		n, err = t.affect("UPDATE keyrings SET version = ?, file = ? WHERE person = ? AND version = ?",
			k.Version, k.File, person, k.Version-1)
	}
	if err != nil || n == 0 {
		return false, err
	}
	if err := t.exec("DELETE FROM locks WHERE person = ?", person); err != nil {
		return false, err
	}
	for _, l := range k.Locks {
		if err := t.exec("INSERT INTO locks (person, id, kind, file, credential, salt) VALUES (?, ?, ?, ?, ?, ?)",
			person, l.ID, l.Kind, l.File, l.Credential, l.Salt); err != nil {
			return false, err
		}
	}
	return true, nil
}
