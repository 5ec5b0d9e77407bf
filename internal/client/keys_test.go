package client_test

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/secret"
	"varco/internal/varcotest"
)

// Whatever answer is lost while somebody enrols, she repeats it and has one keyring, one card.
func TestEnrolmentIsResumed(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	for name, lost := range map[string]func(string, string) bool{
		"keyring":   to("PUT", "/keyring"),
		"card":      to("POST", "/cards"),
		"directory": to("GET", "/directory"),
	} {
		t.Run(name, func(t *testing.T) {
			r := n.Invite("new-"+name, "aurora")
			d := n.NewDevice("new-" + name)
			d.Wire.Lose = lost
			_, err := d.Client.Enrol(t.Context(), r.Phrase)
			wantKind(t, "enrolling without an answer", err, fault.NotKnown)
			d.Wire.Lose = times(2, lost)
			u, err := d.Client.Enrol(t.Context(), r.Phrase)
			if err != nil {
				t.Fatal(err)
			}
			card := u.Card()
			again, err := n.Restart(d).Client.Enrol(t.Context(), r.Phrase)
			if err != nil {
				t.Fatal(err)
			}
			if again.Card() == nil || again.Card().Hash != card.Hash {
				t.Error("enrolling again made another card")
			}
			if unlocked := n.Unlock("new-"+name, n.NewDevice("new-"+name)); unlocked.Card() == nil || unlocked.Card().Hash != card.Hash {
				t.Error("another device finds another card")
			}
		})
	}
}

func TestUnlockRefuses(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	other, err := keyring.NewPhrase(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, err = n.NewDevice(alba).Client.Unlock(t.Context(), other)
	wantClass(t, "a phrase that is not hers", err, fault.ClassPhrase)
	_, err = n.NewDevice(alba).Client.Unlock(t.Context(), secret.NewString("abaco"))
	wantClass(t, "no phrase", err, fault.ClassPhrase)
	_, err = n.NewDevice(alba).Client.Enrol(t.Context(), other)
	wantClass(t, "enrolling over a keyring with another phrase", err, fault.ClassPhrase)

	n.Invite("nuova", "aurora")
	_, err = n.NewDevice("nuova").Client.Unlock(t.Context(), other)
	wantKind(t, "nothing to unlock", err, fault.NotFound)

	_, err = n.NewDevice(alba).Client.Enrol(t.Context(), n.Resident(alba).Phrase)
	if err != nil {
		t.Errorf("enrolling again with her phrase: %v", err)
	}
}

// What a service can do with a keyring that it can't open.
func TestKeyringLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	brunas := n.NewDevice(bruna)
	n.Unlock(bruna, brunas)
	hers := decode[api.Keyring](t, lastTo(t, brunas.Wire, "/v1/keyring").Answer)
	for name, c := range map[string]struct {
		change func(*api.Keyring)
		class  fault.Class
	}{
		"an older version":       {func(k *api.Keyring) { k.Version = 0; k.File, k.Locks = nil, nil }, fault.ClassRollback},
		"another's, phrase hers": {func(k *api.Keyring) { *k = hers }, fault.ClassPhrase},
		"another's file":         {func(k *api.Keyring) { k.File = hers.File }, fault.ClassLock},
		"no lock":                {func(k *api.Keyring) { k.Locks = nil }, fault.ClassLock},
		"a changed file":         {func(k *api.Keyring) { k.File[len(k.File)-1] ^= 1 }, fault.ClassEnvelope},
	} {
		d := n.Restart(n.Resident(alba).Device)
		d.Wire.Lie = lie(t, to("GET", "/keyring"), c.change)
		err := deceived(t, d, func() error { _, err := d.Client.Unlock(t.Context(), n.Resident(alba).Phrase); return err })
		wantClass(t, name, err, c.class)
		d.Wire.Lie = nil
	}
	// Signed in as somebody else, she would open her own keyring as another's.
	d := n.NewDevice(alba)
	d.Wire.Lie = lie(t, to("GET", "/me"), func(me *api.Me) { me.Person = n.ID(bruna) })
	_, err := d.Client.Unlock(t.Context(), n.Resident(alba).Phrase)
	wantClass(t, "another person", err, fault.ClassSubstitute)
	d = n.Restart(n.Resident(alba).Device)
	d.Wire.Lie = lie(t, to("GET", "/me"), func(me *api.Me) { me.Person = n.ID(bruna) })
	err = deceived(t, d, func() error { _, err := d.Client.Unlock(t.Context(), n.Resident(alba).Phrase); return err })
	wantClass(t, "another person than before", err, fault.ClassSubstitute)
	d.Wire.Lie = nil
}

// A steward puts nobody on the roster whose words are not those of the card that she sees.
func TestEndorse(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	n.Invite("nuova", "aurora")
	n.Enrol("nuova")
	draft, err := n.Person(carla).DraftRoster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e := client.Endorsement{Person: n.ID("nuova"), Name: "Nuova Collega", Roles: []act.Role{act.Operator}}
	for _, words := range []string{"", n.Words(alba), strings.Replace(n.Words("nuova"), " ", "", 1)} {
		e.Words = words
		wantClass(t, "words "+words, draft.Endorse(e), fault.ClassSubstitute)
	}
	e.Person = n.ID(dina)
	wantClass(t, "somebody of another centre", draft.Endorse(e), fault.ClassMissing)

	e.Person, e.Words = n.ID("nuova"), strings.ToUpper(strings.ReplaceAll(n.Words("nuova"), " ", " - "))
	e.Roles = []act.Role{act.Officer}
	if err := draft.Endorse(e); err != nil {
		t.Fatal(err)
	}
	_, err = n.Person(carla).SignRoster(t.Context(), draft)
	wantClass(t, "a role that a centre can't give", err, fault.ClassUntrusted)

	e.Roles = []act.Role{act.Operator, act.Operator}
	if err := draft.Endorse(e); err != nil {
		t.Fatal(err)
	}
	d, err := n.Person(carla).SignRoster(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	if p := d.Person(n.Organisation("aurora"), n.ID("nuova")); p == nil || p.Name != "Nuova Collega" || !p.Has(act.Operator) || p.Barred != nil {
		t.Fatalf("the new colleague: %+v", p)
	}
	if _, err := n.Person(alba).DraftRoster(t.Context()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an operator drafts a roster: %v", err)
	}
}

// Two stewards at once: the second looks at what the first has signed.
func TestRosterConflict(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	first, err := n.Person(carla).DraftRoster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if err := d.Remove(n.ID(bruna)); err != nil {
			t.Fatal(err)
		}
	})
	_, err = n.Person(carla).SignRoster(t.Context(), first)
	wantKind(t, "signing an old draft", err, fault.Conflict)

	n.Wire(carla).Lose = times(3, to("POST", "/rosters"))
	d := n.SignRoster(carla, func(*client.RosterDraft) {})
	if d.Own.Roster.Version != 3 {
		t.Errorf("after a lost answer the roster has version %d", d.Own.Roster.Version)
	}
}

// Who was taken off reads nothing more, and nothing more is sealed to her.
func TestRemoved(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	v := read(t, n, bruna, opened.Thread.State.Thread, "")
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if err := d.Remove(n.ID(bruna)); err != nil {
			t.Fatal(err)
		}
	})
	// The directory is not hers any more, so a new device has nothing to check her card with.
	again := n.NewDevice(bruna)
	_, err := again.Client.Unlock(t.Context(), n.Resident(bruna).Phrase)
	wantKind(t, "unlocking on a new device after she was taken off", err, fault.NotFound)
	for _, id := range []ids.Thread{opened.Thread.State.Thread, ids.NewThread(rng("no thread"))} {
		status, _, err := again.Wire.Do(t.Context(), again.Client.Token(), "POST", "/v1/threads/"+string(id)+"/readings",
			[]byte(`{"from":0,"limit":10}`))
		if err != nil || status != http.StatusNotFound {
			t.Errorf("reading after she was taken off: %d, %v", status, err)
		}
	}
	// What she had open has ended.
	_, err = n.Person(bruna).ReadThread(t.Context(), opened.Thread.State.Thread, "")
	wantKind(t, "reading in her old session", err, fault.Unauthenticated)
	_, err = n.Person(bruna).Post(t.Context(), v, client.Content{Text: "ancora io"})
	wantKind(t, "posting in her old session", err, fault.Unauthenticated)

	n.Clock.Advance(time.Hour)
	v = read(t, n, alba, opened.Thread.State.Thread, "")
	if len(v.Barred) != 1 || v.Barred[0].Member.Person != n.ID(bruna) {
		t.Fatalf("who is barred: %+v", v.Barred)
	}
	_, err = n.Person(alba).Post(t.Context(), v, client.Content{Text: "senza di lei?"})
	wantClass(t, "posting to a colleague who has left", err, fault.ClassUntrusted)
	if _, err = n.Person(alba).Post(t.Context(), v, client.Content{Text: "so che c'è"}, n.ID(bruna)); err != nil {
		t.Fatal(err)
	}
	c := newCase(n)
	_, err = n.Person(alba).OpenCase(t.Context(), c)
	wantKind(t, "a new case with her", err, fault.Invalid)
	if got := read(t, n, franca, opened.Thread.State.Thread, act.ReasonNew); len(got.Entries) != 2 {
		t.Errorf("the officer reads %d entries", len(got.Entries))
	}
}

// A card that changed is shown, and nothing is sealed to it before its words were compared.
func TestChangedCard(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	albas := n.Resident(alba).Device
	if _, err := albas.Client.Directory(t.Context()); err != nil {
		t.Fatal(err)
	}
	m, err := albas.Memory.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m.Cards[n.ID(franca)] = m.Cards[n.ID(gino)] // as if she had another one before
	if err := albas.Memory.Save(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	_, err = n.Person(alba).OpenCase(t.Context(), newCase(n))
	wantClass(t, "sealing to a changed card", err, fault.ClassSubstitute)
	c := newCase(n)
	c.Holder = ""
	opened, err := n.Person(alba).OpenCase(t.Context(), c)
	if err != nil || opened.Holder != n.ID(gino) || opened.Substitute != "" {
		t.Fatalf("left to chance: %+v, %v", opened, err)
	}
	levante := n.Organisation("levante")
	wantClass(t, "accepting with other words", n.Person(alba).AcceptCard(t.Context(), levante, n.ID(franca), n.Words(gino)), fault.ClassSubstitute)
	if err := n.Person(alba).AcceptCard(t.Context(), levante, n.ID(franca), n.Words(franca)); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Person(alba).OpenCase(t.Context(), newCase(n)); err != nil {
		t.Fatalf("after her words were compared: %v", err)
	}
}

// Expiry stops writing, and neither reading nor leaving.
func TestExpired(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	n.Clock.Advance(400 * 24 * time.Hour)
	v := read(t, n, alba, opened.Thread.State.Thread, "")
	if len(v.Barred) != 4 {
		t.Errorf("%d members are barred, want all", len(v.Barred))
	}
	everyone := []ids.Person{n.ID(alba), n.ID(bruna), n.ID(franca), n.ID(gino)}
	_, err := n.Person(alba).Post(t.Context(), v, client.Content{Text: "tardi"})
	wantClass(t, "posting after everything expired", err, fault.ClassStale)
	_, err = n.Person(alba).Post(t.Context(), v, client.Content{Text: "tardi"}, everyone...)
	wantKind(t, "posting all the same", err, fault.NotFound)
	v = read(t, n, franca, opened.Thread.State.Thread, act.ReasonNew)
	if _, err := n.Person(franca).Recuse(t.Context(), v); err != nil {
		t.Errorf("recusing with an expired card: %v", err)
	}
	if _, err := n.Person(alba).ReadThread(t.Context(), opened.Thread.State.Thread, ""); err != nil {
		t.Errorf("reading after that: %v", err)
	}
}

// An operator becomes a second coordinator: she gets a steward card with keys of its own, and
// stays in her threads with the card that she has.
func TestPromotion(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	old := n.Person(bruna).Card()
	d := n.NewDevice(bruna)
	d.Wire.Lose = times(2, to("PUT", "/keyring"))
	u, request, err := d.Client.EnrolSteward(t.Context(), n.Resident(bruna).Phrase, "Centro antiviolenza Aurora")
	if err != nil {
		t.Fatal(err)
	}
	if ceremony, err := client.OpenRequest(request); err != nil || ceremony.Card.Serial != 2 || ceremony.Name != "Centro antiviolenza Aurora" {
		t.Fatalf("what the ceremony sees: %+v, %v", ceremony, err)
	}
	if u.Steward() {
		t.Error("she is a steward before the ceremony")
	}
	// The request is made again with the same keys, as long as nothing came of it.
	u, request, err = n.Restart(d).Client.EnrolSteward(t.Context(), n.Resident(bruna).Phrase, "Centro antiviolenza Aurora")
	if err != nil {
		t.Fatal(err)
	}
	unsigned := u.PutCard(t.Context(), request)
	wantClass(t, "a request without the ceremony", unsigned, fault.ClassSignature)
	endorsed, err := client.Endorse(request, n.Root)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.PutCard(t.Context(), endorsed); err != nil {
		t.Fatal(err)
	}
	if !u.Steward() || u.Card().Hash != old.Hash {
		t.Fatalf("after the ceremony: steward %v, card %d", u.Steward(), u.Card().Serial)
	}
	draft, err := u.DraftRoster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []client.Endorsement{
		{Person: n.ID(bruna), Roles: []act.Role{act.Operator, act.Coordinator}},
		{Person: n.ID(alba), Roles: []act.Role{act.Operator}, Name: "Alba Conti Riva"},
	} {
		if err := draft.Endorse(e); err != nil {
			t.Fatal(err)
		}
	}
	directory, err := u.SignRoster(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	aurora := n.Organisation("aurora")
	if p := directory.Person(aurora, n.ID(bruna)); p.Card.Hash != old.Hash || !p.Has(act.Coordinator) || directory.Own.Roster.Steward != n.ID(bruna) {
		t.Errorf("the roster that she signed: %+v", p)
	}
	if p := directory.Person(aurora, n.ID(alba)); p.Name != "Alba Conti Riva" || p.Card.Hash != n.Person(alba).Card().Hash {
		t.Errorf("Alba on the roster: %+v", p)
	}
	v, err := u.ReadThread(t.Context(), opened.Thread.State.Thread, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Post(t.Context(), v, client.Content{Text: "da coordinatrice"}); err != nil {
		t.Fatal(err)
	}
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if err := d.Endorse(client.Endorsement{Person: n.ID(bruna), Roles: []act.Role{act.Operator}, Until: n.Clock.Now().Add(2 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
	})
	n.Clock.Advance(time.Hour)
	if got := read(t, n, franca, opened.Thread.State.Thread, act.ReasonNew); len(got.Entries) != 2 || len(got.Barred) != 0 {
		t.Errorf("the officer reads %d entries, %d members are barred", len(got.Entries), len(got.Barred))
	}
}
