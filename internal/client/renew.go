package client

import (
	"context"

	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/secret"
)

// RenewCard makes keys for her next card, stores them, and publishes the card, good for a
// year; it succeeds the one that she has. She goes on with that one until a steward has put
// the new one on the roster, which needs no words, and everybody's device then takes it
// quietly. If hers has expired the new card succeeds nothing, and its words are compared.
//
// What was done before an interruption is not done again: a card that waits already is
// returned. A steward's card is renewed at the ceremony (EnrolSteward): hers is fault.Invalid
// here. The service asks for a fresh sign-in (fault.Unauthenticated).
func (u *Unlocked) RenewCard(ctx context.Context) (*card.Signed, error) {
	if err := u.findCards(ctx); err != nil {
		return nil, err
	}
	switch {
	case u.card == nil:
		return nil, fault.New(fault.NotFound, "renewing a card: she has published none, enrol first")
	case u.card.Steward != nil:
		return nil, fault.New(fault.Invalid, "renewing a card: a steward's is signed at the ceremony")
	}
	if waits := u.latest(); waits.Serial > u.card.Serial && waits.Steward == nil && waits.ValidAt(u.now()) && u.Holds(waits) {
		return waits, nil
	}
	if err := u.nextKeys(ctx); err != nil {
		return nil, err
	}
	predecessor := u.card
	if !predecessor.ValidAt(u.now()) {
		predecessor = nil
	}
	msg, err := u.sign(nil, predecessor)
	if err != nil {
		return nil, err
	}
	if err := u.PutCard(ctx, api.PutCard{Note: string(msg)}); err != nil {
		return nil, err
	}
	return u.latest(), nil
}

// nextKeys sees to it that the stored keyring has the keys of the card after her newest.
func (u *Unlocked) nextKeys(ctx context.Context) error {
	want := u.nextSerial()
	has := func(k *keyring.Keyring) bool {
		_, _, err := k.Public(want)
		return err == nil
	}
	if has(u.keys) {
		return nil
	}
	return u.change(ctx, func(k *keyring.Keyring) error {
		for !has(k) { // another device may have been first with them
			if serial, err := k.Renew(); err != nil || serial > want {
				return orElse(err, fault.Refuse(fault.ClassMissing, "renewing keys: the keyring has none for card %d", want))
			}
		}
		return nil
	}, keyring.Update)
}

// EnrolAgain is for somebody who has lost her phrase, or whose keys were taken: it makes a new
// keyring in place of the stored one, which nobody can open then, and publishes a card that
// succeeds nothing. Her words are compared anew, by the steward who puts it on the roster and
// by everybody whom her device knew; what she could read is granted to her again by colleagues
// who still can. The service asks for a fresh sign-in (fault.Unauthenticated).
//
// After an interruption it is repeated with the same phrase: a keyring that the phrase opens
// is not replaced. Without a stored keyring it is Enrol.
func (c *Client) EnrolAgain(ctx context.Context, phrase secret.String) (*Unlocked, error) {
	return c.enrolAgain(ctx, c.byPhrase(phrase))
}

// EnrolAgainWith is EnrolAgain with a key that was drawn elsewhere on this device, and the
// lock that holds it.
func (c *Client) EnrolAgainWith(ctx context.Context, key keyring.Key, lock keyring.Lock) (*Unlocked, error) {
	return c.enrolAgain(ctx, byKey(key, lock))
}

func (c *Client) enrolAgain(ctx context.Context, w way) (*Unlocked, error) {
	stored, err := c.storedKeyring(ctx)
	if err != nil {
		return nil, err
	}
	if stored.Version == 0 {
		return c.enrol(ctx, w)
	}
	u := &Unlocked{Client: c, version: stored.Version}
	if _, err := c.Directory(ctx); err != nil {
		return nil, err
	}
	last := int64(0)
	if cards := c.directory.Own.book.CardsOf(c.self.person); len(cards) > 0 {
		last = cards[len(cards)-1].Serial
	}
	if keys, err := w.open(sealedKeyring(stored)); err == nil && keys.Person() == c.self.person {
		// Interrupted before: this is the keyring that was made then.
		if u.keys = keys; u.Holds(u.latest()) {
			return u, u.findCards(ctx)
		}
	} else if err := u.replaceKeys(ctx, last, w); err != nil {
		return nil, err
	}
	msg, err := u.sign(nil, nil)
	if err != nil {
		return nil, err
	}
	return u, u.PutCard(ctx, api.PutCard{Note: string(msg)})
}

// replaceKeys stores a new keyring, with keys for the card after her last one.
func (u *Unlocked) replaceKeys(ctx context.Context, last int64, w way) error {
	keys, err := keyring.NewAfter(u.self.person, last)
	if err != nil {
		return err
	}
	won, _, err := u.store(ctx, keys, w.seal)
	if err == nil && !won {
		err = fault.New(fault.Conflict, "enrolling again: another device has just changed the keyring")
	}
	return err
}
