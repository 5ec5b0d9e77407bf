package keyring

import (
	"fmt"
	"slices"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
)

// Key is K with the person whose keyring it opens: what every lock holds. It prints nothing of
// itself. A lock may be opened elsewhere than its keyring: scrypt leaves 270 MB behind in a
// browser's Worker, which is then thrown away, and its key goes on as text (Reveal, ParseKey).
type Key struct {
	person   ids.Person
	identity hybrid.Identity
}

// Reveal is the key as text, to be kept nowhere:
//
//	varco/v1 key
//	person p-…
//	identity AGE-SECRET-KEY-PQ-1…
func (k Key) Reveal() string {
	return note.Print("key").Line("person", string(k.person)).Line("identity", k.identity.Reveal()).String()
}

// ParseKey reads what Reveal prints. Its errors (class form) quote nothing.
func ParseKey(text secret.String) (Key, error) {
	s := note.Scan(text.Reveal(), "key")
	k := Key{
		person:   note.Parsed(s, s.One("person"), ids.ParsePerson),
		identity: note.Parsed(s, s.One("identity"), parseIdentity),
	}
	if s.Done() != nil || k.Reveal() != text.Reveal() {
		return Key{}, fault.Refuse(fault.ClassForm, "reading a key: not its one form")
	}
	return k, nil
}

// String hides the key.
func (Key) String() string { return secret.String{}.String() }

// Format hides the key from every verb of fmt.
func (Key) Format(f fmt.State, verb rune) { secret.String{}.Format(f, verb) }

// MarshalText hides the key from JSON and TOML.
func (Key) MarshalText() ([]byte, error) { return secret.String{}.MarshalText() }

// SealWith seals a keyring to a key, behind the locks that hold it and those of its passkeys,
// which are made anew. All other locks are left out and open the new file no longer. It
// refuses (class lock) a key of somebody else's.
func SealWith(k *Keyring, key Key, locks ...Lock) (Sealed, error) {
	if key.person != k.person {
		return Sealed{}, fault.Refuse(fault.ClassLock, "sealing a keyring: the key is of another person's")
	}
	k.key, k.locks = key.identity, slices.Clone(locks)
	for i := range k.passkeys {
		lock, err := k.passkeys[i].lock(k)
		if err != nil {
			return Sealed{}, err
		}
		k.locks = append(k.locks, lock)
	}
	return Update(k)
}

// OpenWith opens a keyring with the key that one of its locks held. It refuses a keyring that
// the key is not of (class lock), a file that is not sealed to exactly one post-quantum
// recipient (class envelope), and a keyring that has not its one form (class form).
func OpenWith(s Sealed, key Key) (*Keyring, error) {
	if err := envelope.CheckKeyring(s.File); err != nil {
		return nil, err
	}
	k, err := openFile(key.identity, s.File)
	if err != nil {
		return nil, err
	}
	if k.person != key.person {
		return nil, fault.Refuse(fault.ClassLock, "opening a keyring: the lock is of another person")
	}
	k.key, k.locks = key.identity, slices.Clone(s.Locks)
	return k, nil
}
