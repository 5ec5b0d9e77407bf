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
	stored, err := n.Gate.Keyring(t.Context(), alba)
	if err != nil {
		t.Fatal(err)
	}
	k := nextKeyring(stored)
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

// nextKeyring is what takes the place of a stored keyring, without a replacement.
func nextKeyring(k api.Keyring) api.PutKeyring {
	return api.PutKeyring{Version: k.Version + 1, File: k.File, Locks: k.Locks}
}

// TestReplacement: only what the card on the roster has signed lets the service forget a keyring, and
// what is wrongly signed is refused, not taken as unsigned.
func TestReplacement(t *testing.T) {
	n := varcotest.New(t)
	alba, bruna := callerOf(t, n, "alba-operatrice"), signerOf(t, n, "bruna-operatrice")
	stored, err := n.Gate.Keyring(t.Context(), alba)
	must(t, err)
	own := signerOf(t, n, "alba-operatrice")
	forged := note.NewSigner(own.Name(), cardtest.Key("mallory"))
	said := func(version int64, file []byte, by note.Signer) string {
		msg, err := card.Replacement{Person: alba.Person, Version: version, Keyring: note.Sum(file)}.Sign(by)
		must(t, err)
		return string(msg)
	}
	for name, test := range map[string]struct {
		replacement string
		want        fault.Class
	}{
		"another's card":       {said(1, stored.File, bruna), fault.ClassSignature},
		"a forged signature":   {said(1, stored.File, forged), fault.ClassSignature},
		"another version":      {said(2, stored.File, own), fault.ClassSubstitute},
		"another keyring":      {said(1, []byte("other"), own), fault.ClassSubstitute},
		"more than was signed": {said(1, stored.File, own) + "\n", fault.ClassForm},
	} {
		k := nextKeyring(stored)
		k.Replacement = test.replacement
		if _, err := n.Gate.PutKeyring(t.Context(), alba, k); fault.ClassOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	first := nextKeyring(api.Keyring{File: stored.File, Locks: stored.Locks})
	first.Replacement = said(1, stored.File, own)
	if _, err := n.Gate.PutKeyring(t.Context(), alba, first); fault.ClassOf(err) != fault.ClassForm {
		t.Errorf("a first one that replaces something: %v", err)
	}
	kept := func(want int) {
		t.Helper()
		now, err := n.Gate.Keyring(t.Context(), alba)
		must(t, err)
		if len(now.Former) != want {
			t.Errorf("%d are kept, want %d", len(now.Former), want)
		}
		stored = now
	}
	kept(0)
	for i := range 8 {
		_, err := n.Gate.PutKeyring(t.Context(), alba, nextKeyring(stored))
		must(t, err)
		kept(i + 1)
	}
	if _, err := n.Gate.PutKeyring(t.Context(), alba, nextKeyring(stored)); fault.ClassOf(err) != fault.ClassSize {
		t.Errorf("a ninth without a signature: %v", err)
	}
	kept(8)
	k := nextKeyring(stored)
	k.Replacement = said(stored.Version, stored.File, own)
	_, err = n.Gate.PutKeyring(t.Context(), alba, k)
	must(t, err)
	kept(0)
	found, err := n.Gate.SearchLedger(t.Context(), callerOf(t, n, "quinto-controllo"), api.Search{Act: string(act.KeyringReset), Outcome: string(act.Allow), Limit: 100})
	must(t, err)
	if len(found.Leaves) != 8 {
		t.Errorf("%d are in the log without a signature", len(found.Leaves))
	}
}
