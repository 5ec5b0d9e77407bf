package client

import (
	"context"
	"time"

	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/secret"
)

// slack is how far a device's clock may be from the service's: what counts from "now" counts from so
// much earlier, and what was recorded may be from so much later.
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
	msg, err := u.sign(nil, nil)
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
	if err := u.nextKeys(ctx); err != nil {
		return nil, api.PutCard{}, err
	}
	me, err := c.Me(ctx)
	if err != nil {
		return nil, api.PutCard{}, err
	}
	name, err := card.NewName(organisation, c.parts.Rand)
	if err != nil {
		return nil, api.PutCard{}, err
	}
	msg, err := u.sign(&card.Steward{Kind: me.Kind, NameCommitment: name.Commitment()}, nil)
	if err != nil {
		return nil, api.PutCard{}, err
	}
	return u, api.PutCard{Note: string(msg), Name: &api.Name{Salt: name.Salt[:], Text: name.Text}}, nil
}

// PutCard publishes a card of hers: one that the root has signed after EnrolSteward, which
// comes with the organisation's name. It refuses a card that is not hers or not with the
// keys of her keyring.
func (u *Unlocked) PutCard(ctx context.Context, p api.PutCard) error {
	c, err := u.directory.ReadCard([]byte(p.Note))
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
	u := &Unlocked{Client: c, keys: keys}
	won, newer, err := u.store(ctx, keys, w.seal)
	if err != nil {
		return nil, err
	}
	if !won { // another device was first
		return c.unlock(ctx, newer, w)
	}
	return u, u.findCards(ctx)
}

// sign makes the note of a card with the keys that come after her newest card, which are in
// the keyring. With a predecessor it succeeds that card.
func (u *Unlocked) sign(steward *card.Steward, predecessor *card.Signed) ([]byte, error) {
	serial := u.nextSerial()
	sealsTo, signsWith, err := u.keys.Public(serial)
	if err != nil {
		return nil, err
	}
	own, err := u.keys.Signer(serial)
	if err != nil {
		return nil, err
	}
	issued := u.now().Add(-slack)
	c := card.Card{Person: u.Person(), Organisation: u.self.organisation, Serial: serial, SealsTo: sealsTo,
		SignsWith: signsWith, Issued: issued, Expires: issued.AddDate(1, 0, 0), Steward: steward}
	if predecessor == nil {
		return card.Sign(c, own)
	}
	// It was good until now, and must have been so when this one is issued.
	if c.Issued.Before(predecessor.Issued) {
		c.Issued = predecessor.Issued
	}
	c.Previous = predecessor.Hash
	before, err := u.signerOf(predecessor)
	if err != nil {
		return nil, err
	}
	return card.Sign(c, own, before)
}

// nextSerial is that of the card after her newest.
func (u *Unlocked) nextSerial() int64 {
	if newest := u.latest(); newest != nil {
		return newest.Serial + 1
	}
	return u.keys.Serials()[0]
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
