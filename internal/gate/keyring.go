package gate

import (
	"context"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

// PutKeyring replaces the caller's sealed keyring with its locks, if the version that she
// has seen is still the newest: req.Version is that version plus one.
func (g *Gate) PutKeyring(ctx context.Context, who caller.Caller, req api.Keyring) (api.Recorded, error) {
	if err := checkKeyring(req); err != nil {
		return api.Recorded{}, g.malformed(ctx, who, act.KeyringPut, err)
	}
	recorded := api.Recorded{Hash: note.Sum(req.File)}
	k := store.Keyring{Version: req.Version, File: req.File}
	for _, l := range req.Locks {
		k.Locks = append(k.Locks, store.Lock(l))
	}
	err := g.through(ctx, who, func(d *desk) error {
		r, err := d.own(act.KeyringPut)
		if err != nil {
			return err
		}
		old, err := d.Tx.Keyring(who.Person)
		if err != nil {
			return err
		}
		if old.Version != req.Version-1 {
			return d.late(r, fault.Refuse(fault.ClassStale, "replacing a keyring: version %d is not the newest", req.Version-1),
				"replacing a keyring")
		}
		if recorded.Leaf, err = d.allow(r, func(record *ledger.Record) {
			record.Hash, record.Size = recorded.Hash, int64(len(req.File))
		}); err != nil {
			return err
		}
		replaced, err := d.Tx.PutKeyring(who.Person, k)
		if err == nil && !replaced {
			err = fault.New(fault.Internal, "replacing a keyring: its version moved within a transaction")
		}
		return err
	})
	return recorded, err
}

// Keyring serves the caller's own sealed keyring with its locks.
func (g *Gate) Keyring(ctx context.Context, who caller.Caller) (api.Keyring, error) {
	var served api.Keyring
	err := g.through(ctx, who, func(d *desk) error {
		r, err := d.own(act.KeyringRead)
		if err != nil {
			return err
		}
		k, err := d.Tx.Keyring(who.Person)
		if err != nil {
			return err
		}
		served = api.Keyring{Version: k.Version, File: k.File}
		for _, l := range k.Locks {
			served.Locks = append(served.Locks, api.Lock(l))
		}
		_, err = d.allow(r, func(record *ledger.Record) {
			record.Size = int64(len(k.File))
			if k.Version > 0 {
				record.Hash = note.Sum(k.File)
			}
		})
		return err
	})
	return served, err
}

// own decides an act on what is the caller's own.
func (d *desk) own(a act.Act) (ruling, error) {
	f, err := d.facts(a)
	if err != nil {
		return ruling{}, err
	}
	return d.decide(f, string(d.who.Person))
}

func checkKeyring(k api.Keyring) error {
	if k.Version < 1 || len(k.Locks) < 1 || len(k.Locks) > envelope.MaxLocks {
		return fault.Refuse(fault.ClassForm, "replacing a keyring: version %d with %d locks", k.Version, len(k.Locks))
	}
	if err := envelope.CheckKeyring(k.File); err != nil {
		return err
	}
	used := map[ids.Lock]bool{}
	phrases := 0
	for _, l := range k.Locks {
		if _, err := ids.ParseLock(string(l.ID)); err != nil || used[l.ID] {
			return fault.Refuse(fault.ClassForm, "replacing a keyring: a lock without an id of its own")
		}
		used[l.ID] = true
		if err := checkLock(l); err != nil {
			return err
		}
		if l.Kind == phraseLock {
			phrases++
		}
	}
	// A passkey can be lost with its device: there is always a phrase, and never a second one,
	// which would only cost work.
	if phrases != 1 {
		return fault.Refuse(fault.ClassLock, "replacing a keyring: %d locks with a phrase", phrases)
	}
	return nil
}

// The kinds of a lock.
const (
	phraseLock  = "phrase"
	passkeyLock = "passkey"
)

func checkLock(l api.Lock) error {
	switch {
	case l.Kind == phraseLock && l.Credential == nil && l.Salt == nil:
		_, err := envelope.PhraseWork(l.File)
		return err
	case l.Kind == passkeyLock:
		return envelope.CheckPasskeyLock(l.File, l.Credential, l.Salt)
	}
	return fault.Refuse(fault.ClassLock, "replacing a keyring: a lock of kind %.20q", l.Kind)
}
