package client

import (
	"bytes"
	"context"
	"time"

	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/secret"
)

// slack is how far a device's clock may be ahead of the service's: what counts from "now"
// counts from so much earlier.
const slack = 10 * time.Minute

// Enrol makes a person's keys, stores her keyring behind the phrase and publishes her card,
// good for a year. What was done before an interruption is found and not done again, so it
// is simply repeated, with the same phrase. She then reads the six words of her card (Words)
// to a steward, who puts it on the roster.
func (c *Client) Enrol(ctx context.Context, phrase secret.String) (*Unlocked, error) {
	return c.enrol(ctx, c.byPhrase(phrase))
}

// EnrolWith is Enrol with a key that was drawn elsewhere on this device, and the lock that
// holds it.
func (c *Client) EnrolWith(ctx context.Context, key keyring.Key, lock keyring.Lock) (*Unlocked, error) {
	return c.enrol(ctx, byKey(key, lock))
}

func (c *Client) enrol(ctx context.Context, w way) (*Unlocked, error) {
	u, err := c.ownKeys(ctx, w)
	if err != nil || u.card != nil {
		return u, err
	}
	msg, err := u.sign(nil)
	if err != nil {
		return nil, err
	}
	return u, u.PutCard(ctx, api.PutCard{Note: string(msg)})
}

// EnrolSteward makes a steward's keys, stores her keyring behind the phrase and returns the
// request that goes to the ceremony: her card, not yet signed by the root, with the name of
// her organisation that it commits to. What comes back, signed, is published with PutCard.
//
// Somebody who has a card gets keys of a next serial for it, and keeps the card by which she
// is on the roster and in her threads. The request can be made again as long as none with
// its serial was published.
func (c *Client) EnrolSteward(ctx context.Context, phrase secret.String, organisation string) (*Unlocked, api.PutCard, error) {
	u, err := c.ownKeys(ctx, c.byPhrase(phrase))
	if err != nil {
		return nil, api.PutCard{}, err
	}
	if u.published() {
		if err := u.renewKeys(ctx); err != nil {
			return nil, api.PutCard{}, err
		}
	}
	me, err := c.Me(ctx)
	if err != nil {
		return nil, api.PutCard{}, err
	}
	name, err := card.NewName(organisation, c.parts.Rand)
	if err != nil {
		return nil, api.PutCard{}, err
	}
	msg, err := u.sign(&card.Steward{Kind: me.Kind, NameCommitment: name.Commitment()})
	if err != nil {
		return nil, api.PutCard{}, err
	}
	return u, api.PutCard{Note: string(msg), Name: &api.Name{Salt: name.Salt[:], Text: name.Text}}, nil
}

// PutCard publishes a card of hers: one that the root has signed after EnrolSteward, which
// comes with the organisation's name. It refuses a card that is not hers or not with the
// keys of her keyring.
func (u *Unlocked) PutCard(ctx context.Context, p api.PutCard) error {
	c, err := card.Read([]byte(p.Note), u.parts.Anchors.Root, u.colleague)
	if err != nil {
		return err
	}
	if err := u.keys.Matches(c.Card); err != nil {
		return err
	}
	if c.Steward != nil {
		if p.Name == nil {
			return fault.Refuse(fault.ClassMissing, "publishing a card: the organisation's name was left out")
		}
		name, err := openName(*p.Name)
		if err != nil {
			return err
		}
		if err := name.Opens(c.Steward.NameCommitment); err != nil {
			return err
		}
	}
	var recorded api.Recorded
	if err := u.ask(ctx, "POST", "/v1/cards", p, &recorded); err != nil {
		return err
	}
	if recorded.Hash != c.Hash {
		return fault.Refuse(fault.ClassSubstitute, "publishing a card: the service recorded another one")
	}
	if err := u.findCards(ctx); err != nil {
		return err
	}
	if u.card == nil {
		return fault.Refuse(fault.ClassMissing, "publishing a card: the service took it and does not show it")
	}
	return nil
}

// ownKeys opens the stored keyring, or makes and stores the first one.
func (c *Client) ownKeys(ctx context.Context, w way) (*Unlocked, error) {
	stored, err := c.storedKeyring(ctx)
	if err != nil {
		return nil, err
	}
	if stored.Version > 0 {
		return c.unlock(ctx, stored, w)
	}
	keys, err := keyring.New(c.self.person)
	if err != nil {
		return nil, err
	}
	sealed, err := w.seal(keys)
	if err != nil {
		return nil, err
	}
	first := api.Keyring{Version: 1, File: sealed.File}
	for _, l := range sealed.Locks {
		first.Locks = append(first.Locks, api.Lock(l))
	}
	err = c.ask(ctx, "PUT", "/v1/keyring", first, nil)
	if fault.KindOf(err) == fault.Conflict {
		// Another device was first, or this one was and its answer was lost.
		if stored, err = c.storedKeyring(ctx); err != nil {
			return nil, err
		}
		if !bytes.Equal(stored.File, first.File) {
			return c.unlock(ctx, stored, w)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := c.remember(ctx, func(m *Memory) error { return m.keyring(1) }); err != nil {
		return nil, err
	}
	u := &Unlocked{Client: c, keys: keys, version: 1}
	return u, u.findCards(ctx)
}

// renewKeys makes the keys of her next card and stores the keyring behind the same locks.
// After an error the device must be unlocked again: the keyring holds keys that are kept
// nowhere.
func (u *Unlocked) renewKeys(ctx context.Context) error {
	if _, err := u.keys.Renew(); err != nil {
		return err
	}
	sealed, err := keyring.Update(u.keys)
	if err != nil {
		return err
	}
	next := api.Keyring{Version: u.version + 1, File: sealed.File}
	for _, l := range sealed.Locks {
		next.Locks = append(next.Locks, api.Lock(l))
	}
	err = u.ask(ctx, "PUT", "/v1/keyring", next, nil)
	if fault.KindOf(err) == fault.Conflict {
		stored, again := u.storedKeyring(ctx)
		if again != nil || !bytes.Equal(stored.File, next.File) {
			return orElse(again, err)
		}
		err = nil // this device was first, and its answer was lost
	}
	if err != nil {
		return err
	}
	u.version = next.Version
	return u.remember(ctx, func(m *Memory) error { return m.keyring(u.version) })
}

// published reports whether a card with her newest keys is known to the service.
func (u *Unlocked) published() bool {
	for _, c := range []*card.Signed{u.card, u.steward} {
		if c != nil && c.Serial == u.serial() {
			return true
		}
	}
	return false
}

// serial is that of her newest keys.
func (u *Unlocked) serial() int64 {
	serials := u.keys.Serials()
	return serials[len(serials)-1]
}

// sign makes the note of a card with her newest keys.
func (u *Unlocked) sign(steward *card.Steward) ([]byte, error) {
	serial := u.serial()
	sealsTo, signsWith, err := u.keys.Public(serial)
	if err != nil {
		return nil, err
	}
	signer, err := u.keys.Signer(serial)
	if err != nil {
		return nil, err
	}
	issued := u.now().Add(-slack)
	return card.Sign(card.Card{Person: u.Person(), Organisation: u.self.organisation, Serial: serial, SealsTo: sealsTo,
		SignsWith: signsWith, Issued: issued, Expires: issued.AddDate(1, 0, 0), Steward: steward}, signer)
}

// Ceremony is what the people who hold the root see of a request, checked: they compare the
// words with the steward, and sign the note (note.Cosign) if all of it is right.
type Ceremony struct {
	Card *card.Signed
	Name string // of the organisation
}

// OpenRequest checks a request of EnrolSteward: its own signature, and that its name is the
// one that it commits to.
func OpenRequest(p api.PutCard) (Ceremony, error) {
	c, err := card.ParseRequest([]byte(p.Note), nil)
	if err != nil {
		return Ceremony{}, err
	}
	if p.Name == nil {
		return Ceremony{}, fault.Refuse(fault.ClassMissing, "opening a request: the organisation's name was left out")
	}
	name, err := openName(*p.Name)
	if err != nil {
		return Ceremony{}, err
	}
	return Ceremony{Card: c, Name: name.Text}, name.Opens(c.Steward.NameCommitment)
}

// Endorse signs a request that was checked (OpenRequest) with the root.
func Endorse(p api.PutCard, root note.Signer) (api.PutCard, error) {
	msg, err := note.Cosign([]byte(p.Note), root)
	p.Note = string(msg)
	return p, err
}
