package client

import (
	"context"

	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/secret"
)

// Unlocked is a device whose keyring is open. To lock is to end the process or Worker.
type Unlocked struct {
	*Client
	keys    *keyring.Keyring
	version int64        // of the stored keyring
	card    *card.Signed // see Card
	steward *card.Signed // her newest steward card that has not expired
}

// Unlock fetches the keyring and opens it with the phrase. It refuses an older keyring than
// was seen before (class rollback), one of somebody else, and one whose public halves are
// not those of her card (substituted, or missing for an older copy); a phrase that does not
// open it is class phrase.
func (c *Client) Unlock(ctx context.Context, phrase secret.String) (*Unlocked, error) {
	return c.unlockBy(ctx, c.byPhrase(phrase))
}

// UnlockWith is Unlock with the key that one of the stored keyring's locks held: the lock was
// opened elsewhere on this device.
func (c *Client) UnlockWith(ctx context.Context, key keyring.Key) (*Unlocked, error) {
	return c.unlockBy(ctx, byKey(key))
}

// UnlockPasskey is Unlock with what a passkey gave for the salt of its lock (Locks).
func (c *Client) UnlockPasskey(ctx context.Context, lock ids.Lock, output secret.Bytes) (*Unlocked, error) {
	return c.unlockBy(ctx, way{open: func(s keyring.Sealed) (*keyring.Keyring, error) {
		key, err := keyring.OpenPasskeyLock(s.Locks, lock, output)
		if err != nil {
			return nil, err
		}
		return keyring.OpenWith(s, key)
	}})
}

// Enrolled reports whether a keyring of hers is stored.
func (c *Client) Enrolled(ctx context.Context) (bool, error) {
	stored, err := c.storedKeyring(ctx)
	return stored.Version > 0, err
}

// Locks fetches the locks of the stored keyring, none when there is no keyring yet, and those of
// former ones that the service has kept, oldest first.
func (c *Client) Locks(ctx context.Context) ([]keyring.Lock, []Former, error) {
	stored, err := c.storedKeyring(ctx)
	if err != nil {
		return nil, nil, err
	}
	var former []Former
	for _, f := range stored.Former {
		former = append(former, Former{f.Version, f.Replaced, sealedFormer(f).Locks})
	}
	return sealedKeyring(stored).Locks, former, nil
}

// way is how a keyring is opened, and sealed for the first time.
type way struct {
	open func(keyring.Sealed) (*keyring.Keyring, error)
	seal func(*keyring.Keyring) (keyring.Sealed, error)
}

func (c *Client) byPhrase(phrase secret.String) way {
	return way{
		open: func(s keyring.Sealed) (*keyring.Keyring, error) { return keyring.Open(s, phrase, c.parts.Work) },
		seal: func(k *keyring.Keyring) (keyring.Sealed, error) { return keyring.Seal(k, phrase, c.parts.Work) },
	}
}

// byKey seals behind the locks that hold the key.
func byKey(key keyring.Key, locks ...keyring.Lock) way {
	return way{
		open: func(s keyring.Sealed) (*keyring.Keyring, error) { return keyring.OpenWith(s, key) },
		seal: func(k *keyring.Keyring) (keyring.Sealed, error) { return keyring.SealWith(k, key, locks...) },
	}
}

func (c *Client) unlockBy(ctx context.Context, w way) (*Unlocked, error) {
	stored, err := c.storedKeyring(ctx)
	if err != nil {
		return nil, err
	}
	if stored.Version == 0 {
		return nil, fault.New(fault.NotFound, "unlocking: no keyring is stored yet, enrol first")
	}
	return c.unlock(ctx, stored, w)
}

func sealedKeyring(stored api.Keyring) keyring.Sealed {
	sealed := keyring.Sealed{File: stored.File}
	for _, l := range stored.Locks {
		sealed.Locks = append(sealed.Locks, keyring.Lock(l))
	}
	return sealed
}

func (c *Client) storedKeyring(ctx context.Context) (api.Keyring, error) {
	var stored api.Keyring
	if _, err := c.who(ctx); err != nil {
		return stored, err
	}
	if err := c.ask(ctx, "GET", "/v1/keyring", nil, &stored); err != nil {
		return stored, err
	}
	return stored, c.remember(ctx, func(m *Memory) error { return m.keyring(stored.Version) })
}

func (c *Client) unlock(ctx context.Context, stored api.Keyring, w way) (*Unlocked, error) {
	keys, err := w.open(sealedKeyring(stored))
	if err != nil {
		return nil, err
	}
	if keys.Person() != c.self.person {
		return nil, fault.Refuse(fault.ClassSubstitute, "unlocking: the keyring is not that of who is signed in")
	}
	u := &Unlocked{Client: c, keys: keys, version: stored.Version}
	if err := u.findCards(ctx); err != nil || len(stored.Former) == 0 {
		return u, err
	}
	return u, u.letGo(ctx)
}

// findCards looks for her own cards in a fresh directory and holds the keyring against them.
func (u *Unlocked) findCards(ctx context.Context) error {
	d, err := u.Directory(ctx)
	if err != nil {
		return err
	}
	u.card, u.steward = nil, nil
	newest := u.latest()
	if newest == nil {
		return nil
	}
	u.card = newest
	if p := d.Person(d.Own.ID, u.Person()); p != nil {
		// Who enrolled again waits with a newer card than the one on the roster, whose keys are
		// lost; an older copy of a keyring has no keys for either.
		if again := newest.Serial > p.Card.Serial && !u.Holds(p.Card) && u.Holds(newest); !again {
			u.card = p.Card
		}
	}
	if err := u.keys.Matches(u.card.Card); err != nil {
		return err
	}
	now := u.now()
	for _, s := range d.Own.book.Stewards() {
		better := u.steward == nil || s.Serial > u.steward.Serial
		if s.Person == u.Person() && better && s.ValidAt(now) && u.keys.Matches(s.Card) == nil {
			u.steward = s
		}
	}
	return nil
}

// latest is her card with the highest serial, on a roster or waiting; nil when she has none.
func (u *Unlocked) latest() *card.Signed {
	all := u.directory.Own.book.CardsOf(u.Person())
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// Holds reports whether her keyring has the keys of a card: what was sealed to it can be
// opened here.
func (u *Unlocked) Holds(c *card.Signed) bool { return c != nil && u.keys.Matches(c.Card) == nil }

// newest returns a person's card with the highest serial, nil when there is none.
func newest(cards []*card.Signed, person ids.Person) *card.Signed {
	var found *card.Signed
	for _, c := range cards {
		if c.Person == person && (found == nil || c.Serial > found.Serial) {
			found = c
		}
	}
	return found
}

// Person is who she is.
func (u *Unlocked) Person() ids.Person { return u.keys.Person() }

// Card is hers on the newest roster, nil before she has published one. While she is on none,
// and after she has enrolled again, it is the newest that she has published.
func (u *Unlocked) Card() *card.Signed { return u.card }

// Steward reports whether she holds a steward card that has not expired.
func (u *Unlocked) Steward() bool { return u.steward != nil }

// signerOf signs as a card of hers.
func (u *Unlocked) signerOf(c *card.Signed) (note.Signer, error) {
	if c == nil {
		return nil, fault.Refuse(fault.ClassMissing, "signing: she has no card yet, or it was left out")
	}
	if err := u.keys.Matches(c.Card); err != nil {
		return nil, err
	}
	return u.keys.Signer(c.Serial)
}
