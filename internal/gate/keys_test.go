package gate_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/varcotest"
)

// TestCardSuccession: the service takes a card that succeeds another only with the signature of
// that one, and only as long as it is good.
func TestCardSuccession(t *testing.T) {
	n := varcotest.New(t)
	sold := n.Traitor("venduta", "carla-responsabile")
	me, err := n.NewDevice("venduta").Client.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	who := callerOf(t, n, "alba-operatrice")
	who.Person, who.Organisation, who.Session = me.Person, me.Organisation, me.Session
	next := sold.Card.Card
	next.Serial, next.Previous, next.SignsWith = 2, sold.Card.Hash, cardtest.Public("next")
	own := note.NewSigner(card.SignatureName(who.Person, 2), cardtest.Key("next"))
	other := note.NewSigner(sold.Signer.Name(), cardtest.Key("mallory"))
	put := func(c card.Card, signers ...note.Signer) error {
		t.Helper()
		msg, err := card.Sign(c, own, signers...)
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.Gate.PutCard(t.Context(), who, api.PutCard{Note: string(msg)})
		return err
	}
	unknown, others := next, next
	unknown.Previous, others.Previous = note.Sum([]byte("no card")), n.Person("alba-operatrice").Card().Hash
	for name, test := range map[string]struct {
		err  error
		want fault.Class
	}{
		"a forged signature":      {put(next, other), fault.ClassSignature},
		"a card that there isn't": {put(unknown, sold.Signer), fault.ClassMissing},
		"somebody else's card":    {put(others, sold.Signer), fault.ClassSubstitute},
	} {
		if fault.ClassOf(test.err) != test.want {
			t.Errorf("%s: %v", name, test.err)
		}
	}
	who.AuthenticatedAt = n.Clock.Now().Add(-time.Hour)
	if err := put(next, sold.Signer); fault.KindOf(err) != fault.FreshRequired {
		t.Errorf("in an old session: %v", err)
	}
	// Expired keys, and a card that was dated back and is good still.
	back := next
	back.Issued, back.Expires = sold.Card.Expires.Add(-time.Minute), sold.Card.Expires.AddDate(0, 1, 0)
	n.Clock.Advance(sold.Card.Expires.Sub(n.Clock.Now()) + time.Hour)
	who.AuthenticatedAt = n.Clock.Now()
	if err := put(back, sold.Signer); err == nil {
		t.Error("expired keys have made new ones")
	}
}

// ownCards publishes cards of somebody who is on the roster with card 1.
type ownCards struct {
	t    *testing.T
	n    *varcotest.Network
	sold varcotest.Traitor
	who  caller.Caller
}

func newOwnCards(t *testing.T) *ownCards {
	n := varcotest.New(t)
	o := &ownCards{t: t, n: n, sold: n.Traitor("venduta", "carla-responsabile"), who: callerOf(t, n, "alba-operatrice")}
	me, err := n.NewDevice("venduta").Client.Me(t.Context())
	must(t, err)
	o.who.Person, o.who.Organisation, o.who.Session = me.Person, me.Organisation, me.Session
	return o
}

// put publishes her next card, which succeeds one or nothing.
func (o *ownCards) put(serial int64, previous *card.Signed, signers ...note.Signer) (*card.Signed, error) {
	o.t.Helper()
	c := o.sold.Card.Card
	c.Serial, c.Previous, c.SignsWith = serial, note.Hash{}, cardtest.Public("next")
	if previous != nil {
		c.Previous = previous.Hash
	}
	msg, err := card.Sign(c, note.NewSigner(card.SignatureName(o.who.Person, serial), cardtest.Key("next")), signers...)
	must(o.t, err)
	if _, err := o.n.Gate.PutCard(o.t.Context(), o.who, api.PutCard{Note: string(msg)}); err != nil {
		return nil, err
	}
	kept, err := card.Parse(msg, func(note.Hash) *card.Signed { return previous })
	must(o.t, err)
	return kept, nil
}

// TestWaitingCards: nobody fills the directory, or her keyring, with cards.
func TestWaitingCards(t *testing.T) {
	o := newOwnCards(t)
	for serial := int64(1); serial < 64; {
		var last *card.Signed
		for range 3 {
			serial++
			var err error
			last, err = o.put(serial, nil)
			must(t, err)
		}
		if _, err := o.put(serial+1, nil); fault.ClassOf(err) != fault.ClassSize {
			t.Fatalf("a fourth that waits, serial %d: %v", serial+1, err)
		}
		words := client.Words(last)
		o.n.SignRoster("carla-responsabile", func(d *client.RosterDraft) {
			must(t, d.Endorse(client.Endorsement{Person: o.who.Person, Roles: []act.Role{act.Operator}, Words: strings.Join(words[:], " ")}))
		})
	}
	if _, err := o.put(65, nil); fault.ClassOf(err) != fault.ClassSize {
		t.Errorf("serial 65: %v", err)
	}
}

// TestEnrolledAgain: whoever has the keys that somebody has lost makes no card with them once she
// has enrolled again.
func TestEnrolledAgain(t *testing.T) {
	o := newOwnCards(t)
	again, err := o.put(2, nil)
	must(t, err)
	if _, err := o.put(3, o.sold.Card, o.sold.Signer); fault.ClassOf(err) != fault.ClassStale {
		t.Errorf("a successor of the old card: %v", err)
	}
	if _, err := o.put(3, again, note.NewSigner(card.SignatureName(o.who.Person, 2), cardtest.Key("next"))); err != nil {
		t.Errorf("a successor of the new card: %v", err)
	}
}

// TestKeyringLocks: a keyring has one lock with a phrase, and passkeys' beside it.
func TestKeyringLocks(t *testing.T) {
	n := varcotest.New(t)
	alba := callerOf(t, n, "alba-operatrice")
	k, err := n.Gate.Keyring(t.Context(), alba)
	if err != nil {
		t.Fatal(err)
	}
	k.Version++
	phrase := k.Locks[0]
	passkey := api.Lock{ID: ids.NewLock(cardtest.Rand("lock")), Kind: "passkey", Credential: make([]byte, 64), Salt: make([]byte, 32)}
	edit := func(l api.Lock, change func(*api.Lock)) api.Lock {
		change(&l)
		return l
	}
	for name, test := range map[string]struct {
		locks []api.Lock
		want  fault.Class
	}{
		"none":                      {nil, fault.ClassForm},
		"two phrases":               {[]api.Lock{phrase, edit(phrase, func(l *api.Lock) { l.ID = passkey.ID })}, fault.ClassLock},
		"one lock twice":            {[]api.Lock{phrase, phrase}, fault.ClassForm},
		"a lock without id":         {[]api.Lock{edit(phrase, func(l *api.Lock) { l.ID = "l-1" })}, fault.ClassForm},
		"a phrase with a salt":      {[]api.Lock{edit(phrase, func(l *api.Lock) { l.Salt = passkey.Salt })}, fault.ClassLock},
		"another kind":              {[]api.Lock{edit(phrase, func(l *api.Lock) { l.Kind = "sundial" })}, fault.ClassLock},
		"a passkey behind a phrase": {[]api.Lock{phrase, edit(passkey, func(l *api.Lock) { l.File = phrase.File })}, fault.ClassLock},
		"a passkey alone":           {[]api.Lock{edit(passkey, func(l *api.Lock) { l.File = bytes.Clone(k.File) })}, fault.ClassLock},
	} {
		k.Locks = test.locks
		if _, err := n.Gate.PutKeyring(t.Context(), alba, k); fault.ClassOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
