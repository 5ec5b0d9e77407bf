package gate

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/card"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

// MaxFormer is how many keyrings of one person are kept that were replaced without her card's
// signature.
const MaxFormer = 8

// PutKeyring replaces the caller's sealed keyring with its locks, if the version that she
// has seen is still the newest: req.Version is that version plus one.
//
// What her card has signed replaces all that was there. Without that, somebody may have lost her
// phrase, or have somebody else's session: then what is replaced is kept.
func (g *Gate) PutKeyring(ctx context.Context, who caller.Caller, req api.PutKeyring) (api.Recorded, error) {
	as := act.KeyringPut
	if req.Version > 1 && req.Replacement == "" {
		as = act.KeyringReset
	}
	if err := checkKeyring(req); err != nil {
		return api.Recorded{}, g.malformed(ctx, who, as, err)
	}
	recorded := api.Recorded{Hash: note.Sum(req.File)}
	k := store.Keyring{Version: req.Version, File: req.File}
	for _, l := range req.Locks {
		k.Locks = append(k.Locks, store.Lock(l))
	}
	err := g.through(ctx, who, func(d *desk) error {
		r, err := d.own(as)
		if err != nil {
			return err
		}
		all, err := d.Keyrings(who.Person)
		if err != nil {
			return err
		}
		newest := int64(0)
		if len(all) > 0 {
			newest = all[len(all)-1].Version
		}
		if newest != req.Version-1 {
			return d.late(r, fault.Refuse(fault.ClassStale, "replacing a keyring: version %d is not the newest", req.Version-1),
				"replacing a keyring")
		}
		if as == act.KeyringReset && len(all) > MaxFormer {
			return d.refuse(r, fault.Refuse(fault.ClassSize, "replacing a keyring: %d are kept already", MaxFormer))
		}
		if req.Replacement != "" {
			if err := d.checkReplacement(req); err != nil {
				return d.refuse(r, err)
			}
		}
		if recorded.Leaf, err = d.allow(r, func(record *ledger.Record) {
			record.Hash, record.Size = recorded.Hash, int64(len(req.File))
		}); err != nil {
			return err
		}
		return d.Tx.PutKeyring(who.Person, k, as == act.KeyringReset)
	})
	return recorded, err
}

// checkReplacement refuses what the card that speaks for the caller has not signed.
func (d *desk) checkReplacement(req api.PutKeyring) error {
	book, err := d.book(d.who.Organisation)
	if err != nil {
		return err
	}
	by := book.Speaks(d.who.Person)
	if by == nil {
		return fault.Refuse(fault.ClassUntrusted, "replacing a keyring: no card of hers is on the roster")
	}
	said := card.Replacement{Person: d.who.Person, Version: req.Version - 1, Keyring: note.Sum(req.File)}
	return said.Check([]byte(req.Replacement), by)
}

// Keyring serves the caller's own sealed keyring with its locks, and those that are kept.
func (g *Gate) Keyring(ctx context.Context, who caller.Caller) (api.Keyring, error) {
	var served api.Keyring
	err := g.through(ctx, who, func(d *desk) error {
		r, err := d.own(act.KeyringRead)
		if err != nil {
			return err
		}
		all, err := d.Keyrings(who.Person)
		if err != nil {
			return err
		}
		size := int64(0)
		for _, k := range all {
			size += int64(len(k.File))
			if k.ReplacedAtMS != nil {
				served.Former = append(served.Former, api.FormerKeyring{Version: k.Version, Replaced: time.UnixMilli(*k.ReplacedAtMS).UTC(),
					File: k.File, Locks: locksOf(k)})
			} else {
				served.Version, served.File, served.Locks = k.Version, k.File, locksOf(k)
			}
		}
		_, err = d.allow(r, func(record *ledger.Record) {
			record.Size = size
			if served.Version > 0 {
				record.Hash = note.Sum(served.File)
			}
		})
		return err
	})
	return served, err
}

func locksOf(k store.Keyring) []api.Lock {
	locks := make([]api.Lock, len(k.Locks))
	for i, l := range k.Locks {
		locks[i] = api.Lock(l)
	}
	return locks
}

// own decides an act on what is the caller's own.
func (d *desk) own(a act.Act) (ruling, error) {
	f, err := d.facts(a)
	if err != nil {
		return ruling{}, err
	}
	return d.decide(f, string(d.who.Person))
}

func checkKeyring(k api.PutKeyring) error {
	if k.Version < 1 || k.Version == 1 && k.Replacement != "" || len(k.Locks) < 1 || len(k.Locks) > envelope.MaxLocks {
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
