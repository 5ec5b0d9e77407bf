package keyring

import (
	"slices"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/note"
)

// KindPhrase is the kind of a lock that a phrase opens.
const KindPhrase = "phrase"

// MaxLocks is how many locks a keyring can have.
const MaxLocks = envelope.MaxLocks

// Lock is one way to open a keyring: K, sealed to what its holder knows or has. Its kind is
// told by the service and decides only which lock is tried.
type Lock struct {
	ID   ids.Lock
	Kind string
	File []byte

	// Of a passkey's lock only, in clear, since a browser needs them before it is opened: the
	// credential's id, and the salt to evaluate its extension prf with. Who changes them makes
	// a lock that does not open, and nothing else.
	Credential []byte
	Salt       []byte
}

// lockText is the form inside every lock. Its id and person keep a lock from being served
// as another, or as another person's.
//
//	varco/v1 lock
//	lock l-…
//	person p-…
//	identity AGE-SECRET-KEY-PQ-1…
func lockText(id ids.Lock, person ids.Person, key hybrid.Identity) string {
	return note.Print("lock").
		Line("lock", string(id)).
		Line("person", string(person)).
		Line("identity", key.Reveal()).
		String()
}

// scanLock reads the form inside the lock with the id. Its errors quote nothing.
func scanLock(text string, id ids.Lock) (Key, error) {
	s := note.Scan(text, "lock")
	inside := note.Parsed(s, s.One("lock"), ids.ParseLock)
	k := Key{
		person:   note.Parsed(s, s.One("person"), ids.ParsePerson),
		identity: note.Parsed(s, s.One("identity"), parseIdentity),
	}
	if s.Done() != nil || inside != id || lockText(inside, k.person, k.identity) != text {
		return Key{}, fault.Refuse(fault.ClassLock, "opening a lock: it does not hold a key for this lock")
	}
	return k, nil
}

// only returns the one lock of a kind. A second could only be there to cost work.
func only(locks []Lock, kind string) (Lock, error) {
	if len(locks) > MaxLocks {
		return Lock{}, fault.Refuse(fault.ClassLock, "choosing a lock: %d locks, at most %d", len(locks), MaxLocks)
	}
	i := slices.IndexFunc(locks, func(l Lock) bool { return l.Kind == kind })
	if i < 0 {
		return Lock{}, fault.Refuse(fault.ClassLock, "choosing a lock: none of kind %s", kind)
	}
	if slices.ContainsFunc(locks[i+1:], func(l Lock) bool { return l.Kind == kind }) {
		return Lock{}, fault.Refuse(fault.ClassLock, "choosing a lock: more than one of kind %s", kind)
	}
	return locks[i], nil
}
