package client

import (
	"context"
	"time"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/secret"
)

// Former is a keyring of hers in whose place another was put without her card's signature: by
// herself, when she had lost her phrase, or by whoever had her session.
type Former struct {
	Version  int64
	Replaced time.Time // by the service's clock
	Locks    []keyring.Lock
}

// PutBack opens a former keyring with its phrase and stores it in place of the one that is there,
// signed by the card on the roster: then nothing else is kept. It refuses one whose keys are not
// that card's (class substituted, or missing), and one that is not kept (class missing). The
// service asks for a fresh sign-in (fault.FreshRequired).
func (c *Client) PutBack(ctx context.Context, version int64, phrase secret.String) (*Unlocked, error) {
	return c.putBack(ctx, version, c.byPhrase(phrase))
}

// PutBackWith is PutBack with the key that one of the former keyring's locks held.
func (c *Client) PutBackWith(ctx context.Context, version int64, key keyring.Key) (*Unlocked, error) {
	return c.putBack(ctx, version, byKey(key))
}

func (c *Client) putBack(ctx context.Context, version int64, w way) (*Unlocked, error) {
	stored, err := c.storedKeyring(ctx)
	if err != nil {
		return nil, err
	}
	var former *api.FormerKeyring
	for i := range stored.Former {
		if stored.Former[i].Version == version {
			former = &stored.Former[i]
		}
	}
	if former == nil {
		return nil, fault.Refuse(fault.ClassMissing, "putting keys back: version %d is not kept", version)
	}
	keys, err := w.open(sealedFormer(*former))
	if err != nil {
		return nil, err
	}
	d, err := c.Directory(ctx)
	if err != nil {
		return nil, err
	}
	by := d.Own.book.Speaks(c.self.person)
	if by == nil {
		return nil, fault.Refuse(fault.ClassMissing, "putting keys back: no card of hers is on the roster")
	}
	if err := keys.Matches(by.Card); err != nil {
		return nil, err
	}
	u := &Unlocked{Client: c, keys: keys, version: stored.Version}
	won, _, err := u.store(ctx, keys, keyring.Update)
	if err == nil && !won {
		err = fault.New(fault.Conflict, "putting keys back: another device has just changed the keyring")
	}
	if err != nil {
		return nil, err
	}
	return u, u.findCards(ctx)
}

// letGo lets go of the former keyrings of somebody whose own keys are those on the roster: nobody
// needs them any more. It waits for a fresh sign-in, or for another device.
func (u *Unlocked) letGo(ctx context.Context) error {
	by := u.directory.Own.book.Speaks(u.Person())
	if by == nil || u.keys.Matches(by.Card) != nil {
		return nil
	}
	err := u.change(ctx, unchanged, keyring.Update)
	if kind := fault.KindOf(err); kind == fault.FreshRequired || kind == fault.Conflict {
		return nil
	}
	return err
}

func sealedFormer(f api.FormerKeyring) keyring.Sealed {
	return sealedKeyring(api.Keyring{File: f.File, Locks: f.Locks})
}
