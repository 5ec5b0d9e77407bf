package core

import (
	"bytes"
	"context"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/secret"
)

// PasskeyLock is what a browser needs to ask a passkey: it is told before anything is open. Who
// changes it makes a lock that does not open, and nothing else.
type PasskeyLock struct {
	Lock       ids.Lock `json:"lock"`
	Credential []byte   `json:"credential"`
	Salt       []byte   `json:"salt"`
}

// PasskeyLocks are those of the stored keyring.
type PasskeyLocks struct {
	Locks []PasskeyLock `json:"locks"`
}

// PasskeyAnswer is what a passkey gave for the salt of its lock. It goes from the page to the
// Worker as bytes that the page has no longer, and to the core from there.
type PasskeyAnswer struct {
	Lock   ids.Lock `json:"lock"`
	Output []byte   `json:"output"`
}

// NewPasskey is a passkey that a browser has just made, with what it gave for a drawn salt.
type NewPasskey struct {
	Name       string `json:"name"` // as she calls it
	Credential []byte `json:"credential"`
	Salt       []byte `json:"salt"`
	Output     []byte `json:"output"`
}

// Passkeys are those that open her keyring, by the keyring itself.
type Passkeys struct {
	Passkeys []Passkey `json:"passkeys"`
	// MayAdd: there is room for another.
	MayAdd bool `json:"mayAdd"`
}

// Passkey is one of them.
type Passkey struct {
	Lock       ids.Lock `json:"lock"`
	Name       string   `json:"name"`
	Added      string   `json:"added"`
	Credential []byte   `json:"credential"`
}

// RemovePasskey takes one off, with the key that its phrase's new lock holds.
type RemovePasskey struct {
	Opened
	Passkey ids.Lock `json:"passkey"`
}

var (
	_ = method(Page, "passkeyLocks", "which passkeys she can unlock with", func(c *Core, _ context.Context, _ None, _ Progress) (PasskeyLocks, error) {
		all := PasskeyLocks{[]PasskeyLock{}}
		for _, l := range c.locks {
			if l.Kind == keyring.KindPasskey {
				all.Locks = append(all.Locks, PasskeyLock{l.ID, l.Credential, l.Salt})
			}
		}
		return all, nil
	})
	_ = method(Page, "passkeys", "the passkeys of her keyring", func(c *Core, _ context.Context, _ None, _ Progress) (Passkeys, error) {
		return c.passkeys()
	})
	_ = method(Worker, "unlockPasskey", "open the keyring with what a passkey gave", (*Core).unlockPasskey)
	_ = method(Worker, "addPasskey", "add a passkey; before there are keys, keep it until they are made", (*Core).addPasskey)
	_ = method(Worker, string(TaskRemovePasskey), "take a passkey off", (*Core).removePasskey)
)

func (c *Core) unlockPasskey(ctx context.Context, a PasskeyAnswer, _ Progress) (Self, error) {
	signedIn, err := c.ready(ctx)
	if err != nil {
		return Self{}, err
	}
	output := secret.NewBytes(a.Output)
	defer clear(a.Output)
	if c.unlocked, err = signedIn.UnlockPasskey(ctx, a.Lock, output); err != nil {
		c.unlocked = nil
		if fault.ClassOf(err) == fault.ClassLock {
			return Self{}, passkeyError{err}
		}
		return Self{}, err
	}
	return c.self(ctx)
}

func (c *Core) addPasskey(ctx context.Context, n NewPasskey, _ Progress) (Passkeys, error) {
	p := keyring.Passkey{Name: n.Name, Credential: n.Credential, Salt: n.Salt, Output: secret.NewBytes(n.Output)}
	if c.unlocked == nil {
		c.kept = []keyring.Passkey{p}
		return Passkeys{[]Passkey{}, true}, nil
	}
	if _, err := c.unlocked.AddPasskey(ctx, p); err != nil {
		return Passkeys{}, err
	}
	return c.passkeys()
}

func (c *Core) removePasskey(ctx context.Context, r RemovePasskey, _ Progress) (None, error) {
	u, err := c.open()
	if err != nil {
		return None{}, err
	}
	key, lock, err := r.parse()
	if err != nil {
		return None{}, err
	}
	return None{}, u.RemovePasskeyWith(ctx, r.Passkey, key, lock)
}

func (c *Core) passkeys() (Passkeys, error) {
	u, err := c.open()
	if err != nil {
		return Passkeys{}, err
	}
	held := u.Passkeys()
	all := Passkeys{make([]Passkey, len(held)), len(held) < keyring.MaxLocks-1}
	for i, h := range held {
		all.Passkeys[i] = Passkey{h.ID, h.Name, stamp(h.Added), bytes.Clone(h.Credential)}
	}
	return all, nil
}
