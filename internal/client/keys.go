package client

import (
	"bytes"
	"context"

	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/secret"
)

// sealing seals a keyring that was changed.
type sealing func(*keyring.Keyring) (keyring.Sealed, error)

// store seals keys and stores them as the version after the one that this device has seen. If
// another device was first it says so and returns what is stored. Keys that the card which speaks
// for her is of sign it, and all that was stored before is gone; else the service keeps that.
func (u *Unlocked) store(ctx context.Context, keys *keyring.Keyring, seal sealing) (won bool, newer api.Keyring, err error) {
	sealed, err := seal(keys)
	if err != nil {
		return false, api.Keyring{}, err
	}
	next := api.PutKeyring{Version: u.version + 1, File: sealed.File}
	for _, l := range sealed.Locks {
		next.Locks = append(next.Locks, api.Lock(l))
	}
	if next.Replacement, err = u.replacement(ctx, keys, next); err != nil {
		return false, api.Keyring{}, err
	}
	err = u.ask(ctx, "PUT", "/v1/keyring", next, nil)
	if fault.KindOf(err) == fault.Conflict {
		// Another device was first, or this one was and its answer was lost.
		stored, again := u.storedKeyring(ctx)
		if again != nil {
			return false, stored, again
		}
		if stored.Version != next.Version || !bytes.Equal(stored.File, next.File) {
			return false, stored, nil
		}
		err = nil
	}
	if err != nil {
		return false, api.Keyring{}, err
	}
	u.keys, u.version = keys, next.Version
	return true, api.Keyring{Version: next.Version, File: next.File, Locks: next.Locks}, u.remember(ctx, func(m *Memory) error { return m.keyring(u.version) })
}

// replacement signs that a keyring takes the place of the stored one, with the card that speaks for
// her; "" for the first one, and where the keys are not that card's.
func (u *Unlocked) replacement(ctx context.Context, keys *keyring.Keyring, next api.PutKeyring) (string, error) {
	if next.Version == 1 {
		return "", nil
	}
	d, err := u.Directory(ctx)
	if err != nil {
		return "", err
	}
	by := d.Own.book.Speaks(keys.Person())
	if by == nil || keys.Matches(by.Card) != nil {
		return "", nil
	}
	signer, err := keys.Signer(by.Serial)
	if err != nil {
		return "", err
	}
	said := card.Replacement{Person: keys.Person(), Version: next.Version - 1, Keyring: note.Sum(next.File)}
	msg, err := said.Sign(signer)
	return string(msg), err
}

// change changes the keyring and stores it. When another device was first, its version is
// opened and changed in the same way; one that this device can't open any more, since a lock
// was taken off or the phrase changed, is a conflict: she unlocks anew. What was not stored
// leaves the keyring as it was.
func (u *Unlocked) change(ctx context.Context, edit func(*keyring.Keyring) error, seal sealing) error {
	keys := u.keys.Clone()
	for range conflicts {
		if err := edit(keys); err != nil {
			return err
		}
		won, newer, err := u.store(ctx, keys, seal)
		if won || err != nil {
			return err
		}
		if keys, err = keyring.OpenWith(sealedKeyring(newer), u.keys.Key()); err != nil {
			return fault.Wrap(fault.Conflict, err, "changing a keyring: another device has changed its locks, unlock anew")
		}
		if keys.Person() != u.Person() {
			return fault.Refuse(fault.ClassSubstitute, "changing a keyring: the stored one is of somebody else")
		}
		u.keys, u.version = keys.Clone(), newer.Version
	}
	return fault.New(fault.Conflict, "changing a keyring: other devices were first %d times; repeat it", conflicts)
}

func unchanged(*keyring.Keyring) error { return nil }

// ChangePhrase puts the keyring behind another phrase, drawn with keyring.NewPhrase; passkeys
// stay. Who knows the old one opens nothing that is stored from now on. The service asks for
// a fresh sign-in before a keyring is replaced (fault.Unauthenticated).
func (u *Unlocked) ChangePhrase(ctx context.Context, phrase secret.String) error {
	return u.change(ctx, unchanged, u.byPhrase(phrase).seal)
}

// ChangeLock is ChangePhrase with a key that was drawn elsewhere on this device, and the lock
// that holds it (keyring.NewPhraseLock).
func (u *Unlocked) ChangeLock(ctx context.Context, key keyring.Key, lock keyring.Lock) error {
	return u.change(ctx, unchanged, byKey(key, lock).seal)
}

// AddPasskey adds a lock that a passkey opens, and returns its id.
func (u *Unlocked) AddPasskey(ctx context.Context, p keyring.Passkey) (ids.Lock, error) {
	if p.Added.IsZero() {
		p.Added = u.now()
	}
	id := ids.NewLock(u.parts.Rand)
	return id, u.change(ctx, unchanged, func(k *keyring.Keyring) (keyring.Sealed, error) { return keyring.AddPasskey(k, id, p) })
}

// RemovePasskey takes a passkey off: the keyring is sealed to a new key, which the other
// passkeys open without being asked, and which needs the phrase or a new one. A phrase of
// hers that does not open the stored keyring is refused (class phrase) before anything is
// changed, unless it was just drawn: then fresh is true.
func (u *Unlocked) RemovePasskey(ctx context.Context, id ids.Lock, phrase secret.String, fresh bool) error {
	if !fresh {
		if _, err := keyring.OpenPhraseLock(u.keys.Locks(), phrase, u.parts.Work); err != nil {
			return err
		}
	}
	return u.change(ctx, func(k *keyring.Keyring) error { return k.Forget(id) }, u.byPhrase(phrase).seal)
}

// RemovePasskeyWith is RemovePasskey with a key that was drawn elsewhere on this device, and
// the phrase's lock that holds it.
func (u *Unlocked) RemovePasskeyWith(ctx context.Context, id ids.Lock, key keyring.Key, lock keyring.Lock) error {
	return u.change(ctx, func(k *keyring.Keyring) error { return k.Forget(id) }, byKey(key, lock).seal)
}

// Passkeys are those that open her keyring.
func (u *Unlocked) Passkeys() []keyring.Held { return u.keys.Passkeys() }
