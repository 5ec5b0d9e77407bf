package client_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/secret"
	"varco/internal/varcotest"
)

// A renewed card goes on the roster without words, everybody's device takes it quietly, and
// its holder goes on in her threads, first with the old one and then with the new.
func TestRenewCard(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	read(t, n, alba, id, "")
	old := n.Person(bruna).Card()
	n.Clock.Advance(time.Hour)
	d := n.NewDevice(bruna)
	u := n.Unlock(bruna, d)
	d.Wire.Lose = to("POST", "/cards")
	_, err := u.RenewCard(t.Context())
	wantKind(t, "renewing without an answer", err, fault.NotKnown)
	d.Wire.Lose = nil
	u = n.Unlock(bruna, n.Restart(d))
	renewed, err := u.RenewCard(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, err := u.RenewCard(t.Context()); err != nil || again.Hash != renewed.Hash {
		t.Errorf("renewing again made another card: %v", err)
	}
	if renewed.Serial != 2 || !renewed.Succeeds(old.Hash) || u.Card().Hash != old.Hash {
		t.Fatalf("card %d, she works with card %d", renewed.Serial, u.Card().Serial)
	}
	post := func(text string) *client.Conversation {
		t.Helper()
		v, err := u.ReadThread(t.Context(), id, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.Post(t.Context(), v, client.Content{Text: text}); err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := post("con la carta vecchia"); v.State.Member(n.ID(bruna)).Card != old.Hash {
		t.Error("a card that waits is a member's")
	}
	n.SignInAgain(carla)
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if len(d.Renewed) != 1 || d.Renewed[0].Person != n.ID(bruna) || d.Renewed[0].New.Hash != renewed.Hash {
			t.Errorf("renewed: %+v", d.Renewed)
		}
	})
	n.Clock.Advance(time.Hour)
	// Before she has written, nobody's device complains of the card that she is a member with.
	if v := read(t, n, alba, id, ""); len(v.Barred) != 0 {
		t.Errorf("barred: %v", v.Barred[0].Why)
	}
	if v := post("con la carta nuova"); v.State.Member(n.ID(bruna)).Card != renewed.Hash {
		t.Error("she is a member with the old card")
	}
	v := read(t, n, alba, id, "")
	p := n.Person(alba)
	seen, err := p.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if who := seen.Person(n.Organisation("aurora"), n.ID(bruna)); who.Changed || who.Card.Hash != renewed.Hash {
		t.Errorf("changed loudly: %v", who.Changed)
	}
	if len(v.Barred) != 0 || v.Entries[len(v.Entries)-1].Content.Text != "con la carta nuova" {
		t.Errorf("barred %v, last %+v", v.Barred, v.Entries[len(v.Entries)-1])
	}
	// A new epoch is granted to the new card.
	u = n.Unlock(bruna, n.NewDevice(bruna))
	if got, err := u.ReadThread(t.Context(), id, ""); err != nil || got.Entries[0].Unreadable != nil {
		t.Errorf("with both keys: %v", err)
	}
	if !u.Holds(old) || !u.Holds(renewed) || u.Holds(nil) {
		t.Error("the keyring lost a card's keys")
	}
}

// What may not be renewed: a steward's card, one before there is one, and nothing without a
// fresh sign-in.
func TestRenewCardRefuses(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	_, err := n.Person(carla).RenewCard(t.Context())
	wantKind(t, "a steward's card", err, fault.Invalid)
	n.Clock.Advance(time.Hour)
	_, err = n.Person(alba).RenewCard(t.Context())
	wantKind(t, "without a fresh sign-in", err, fault.FreshRequired)
}

// An expired card makes no card that is taken quietly.
func TestRenewExpired(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	old := n.Person(bruna).Card()
	n.Clock.Advance(366 * 24 * time.Hour)
	u := n.Unlock(bruna, n.NewDevice(bruna))
	renewed, err := u.RenewCard(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if renewed.Succeeds(old.Hash) || renewed.Serial != 2 {
		t.Error("expired keys have signed for new ones")
	}
}

// Who has lost her phrase enrols again: her card is loud for everybody, and nothing of the old
// keyring is left.
func TestEnrolAgain(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	read(t, n, alba, id, "")
	old := n.Person(bruna).Card()
	phrase, err := keyring.NewPhrase(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	n.Clock.Advance(time.Hour)
	_, err = n.Resident(bruna).Device.Client.EnrolAgain(t.Context(), phrase)
	wantKind(t, "without a fresh sign-in", err, fault.FreshRequired)

	d := n.NewDevice(bruna)
	d.Wire.Lose = to("POST", "/cards")
	_, err = d.Client.EnrolAgain(t.Context(), phrase)
	wantKind(t, "without an answer", err, fault.NotKnown)
	d.Wire.Lose = nil
	var u *client.Unlocked
	for range 2 { // and once more, when all is done
		if u, err = n.Restart(d).Client.EnrolAgain(t.Context(), phrase); err != nil {
			t.Fatal(err)
		}
	}
	if c := u.Card(); c.Serial != 2 || c.Succeeds(old.Hash) || u.Holds(old) {
		t.Fatalf("card %d, which succeeds the old one: %v", c.Serial, c.Succeeds(old.Hash))
	}
	again := n.NewDevice(bruna)
	_, err = again.Client.Unlock(t.Context(), n.Resident(bruna).Phrase)
	wantClass(t, "the lost phrase", err, fault.ClassPhrase)
	if u, err = again.Client.Unlock(t.Context(), phrase); err != nil || u.Card().Serial != 2 {
		t.Fatalf("before she is on the roster: %v", err)
	}
	words := client.Words(u.Card())
	n.SignInAgain(carla)
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if len(d.Renewed) != 0 {
			t.Error("a card that succeeds nothing was taken without words")
		}
		e := client.Endorsement{Person: n.ID(bruna), Roles: []act.Role{act.Operator}, Words: join(words[:])}
		if err := d.Endorse(e); err != nil {
			t.Fatal(err)
		}
	})
	v, err := u.ReadThread(t.Context(), id, "")
	if err != nil || v.Entries[0].Unreadable == nil {
		t.Errorf("she reads without a grant: %v", err)
	}
	read(t, n, alba, id, "")
	seen, err := n.Person(alba).Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !seen.Person(n.Organisation("aurora"), n.ID(bruna)).Changed {
		t.Error("her colleague's device says nothing")
	}
}

// Whoever holds the keys that somebody has lost may have renewed her card before she enrolled
// again: with both cards waiting, the roster takes neither quietly.
func TestRenewedThenEnrolledAgain(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	old := n.Person(bruna).Card()
	n.Clock.Advance(time.Hour)
	quiet := must(n.Unlock(bruna, n.NewDevice(bruna)).RenewCard(t.Context()))
	loud := must(n.NewDevice(bruna).Client.EnrolAgain(t.Context(), must(keyring.NewPhrase(rand.Reader)))).Card()
	if !quiet.Succeeds(old.Hash) || loud.Serial != 3 || loud.Succeeds(old.Hash) {
		t.Fatalf("cards %d and %d", quiet.Serial, loud.Serial)
	}
	line := func(d *client.RosterDraft) (on string) {
		for _, s := range d.Roster.People {
			if s.Person == n.ID(bruna) {
				on = s.Card.String()
			}
		}
		return on
	}
	n.SignInAgain(carla)
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if len(d.Renewed) != 0 || line(d) != old.Hash.String() {
			t.Errorf("taken without words: %+v", d.Renewed)
		}
	})
	words := client.Words(loud)
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if err := d.Endorse(client.Endorsement{Person: n.ID(bruna), Roles: []act.Role{act.Operator}, Words: join(words[:])}); err != nil {
			t.Fatal(err)
		}
		if line(d) != loud.Hash.String() {
			t.Error("another card than the one that was compared")
		}
	})
}

// Two devices of hers change the keyring: who comes second changes what the first has stored.
func TestKeyringConflict(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	one, two := n.Unlock(bruna, n.NewDevice(bruna)), n.Unlock(bruna, n.NewDevice(bruna))
	first, second := passkey(t), passkey(t)
	idOne, err := one.AddPasskey(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	idTwo, err := two.AddPasskey(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	if len(two.Passkeys()) != 2 {
		t.Errorf("%d passkeys", len(two.Passkeys()))
	}
	if _, err := one.RenewCard(t.Context()); err != nil {
		t.Fatal(err)
	}
	three := n.NewDevice(bruna).Client
	for id, p := range map[string]keyring.Passkey{string(idOne): first, string(idTwo): second} {
		locks, _, err := three.Locks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range locks {
			if string(l.ID) == id {
				if _, err := three.UnlockPasskey(t.Context(), l.ID, p.Output); err != nil {
					t.Errorf("passkey %s: %v", id, err)
				}
			}
		}
	}

	// One takes the other's passkey off, with the phrase; the other device is locked out.
	r := n.Resident(bruna)
	wrong := must(keyring.NewPhrase(rand.Reader))
	wantClass(t, "with another phrase", one.RemovePasskey(t.Context(), idTwo, wrong, false), fault.ClassPhrase)
	if err := one.RemovePasskey(t.Context(), idTwo, r.Phrase, false); err != nil {
		t.Fatal(err)
	}
	_, err = three.UnlockPasskey(t.Context(), idTwo, second.Output)
	wantClass(t, "the passkey that was taken off", err, fault.ClassLock)
	if _, err := three.UnlockPasskey(t.Context(), idOne, first.Output); err != nil {
		t.Errorf("the passkey that stays: %v", err)
	}
	wantKind(t, "from the device that had opened the old one", two.ChangePhrase(t.Context(), wrong), fault.Conflict)

	if err := one.ChangePhrase(t.Context(), wrong); err != nil {
		t.Fatal(err)
	}
	_, err = three.Unlock(t.Context(), r.Phrase)
	wantClass(t, "the old phrase", err, fault.ClassPhrase)
	if u, err := three.Unlock(t.Context(), wrong); err != nil || len(u.Passkeys()) != 1 {
		t.Errorf("the new phrase: %v", err)
	}
	if enrolled, err := three.Enrolled(t.Context()); err != nil || !enrolled {
		t.Errorf("enrolled: %v, %v", enrolled, err)
	}
}

func TestReminders(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	type reminder struct {
		Due  client.Due
		Who  string
		Mine bool
	}
	reminded := func(name string) map[reminder]bool {
		t.Helper()
		all := map[reminder]bool{}
		for _, r := range must(n.NewDevice(name).Client.Reminders(t.Context())) {
			who := ""
			for _, known := range []string{alba, bruna, carla} {
				if r.Person == n.ID(known) {
					who = known
				}
			}
			all[reminder{r.Due, who, r.Own}] = true
		}
		return all
	}
	want := func(name string, all ...reminder) {
		t.Helper()
		set := map[reminder]bool{}
		for _, r := range all {
			set[r] = true
		}
		if diff := cmp.Diff(set, reminded(name)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	want(carla)
	n.Clock.Advance(310 * 24 * time.Hour)
	want(bruna, reminder{client.DueCard, bruna, true}, reminder{client.DueRoster, "", false})
	want(carla, reminder{client.DueCard, bruna, false}, reminder{client.DueCard, alba, false},
		reminder{client.DueSteward, carla, true}, reminder{client.DueRoster, "", true})
	if _, err := n.Unlock(bruna, n.NewDevice(bruna)).RenewCard(t.Context()); err != nil {
		t.Fatal(err)
	}
	want(bruna, reminder{client.DueRenewed, bruna, false}, reminder{client.DueRoster, "", false})
	n.SignInAgain(carla)
	n.SignRoster(carla, func(*client.RosterDraft) {})
	want(bruna)
	want(carla, reminder{client.DueCard, alba, false}, reminder{client.DueSteward, carla, true})
}

func passkey(t *testing.T) keyring.Passkey {
	t.Helper()
	var raw [96]byte
	if _, err := rand.Read(raw[:]); err != nil {
		t.Fatal(err)
	}
	return keyring.Passkey{Credential: raw[:32], Salt: raw[32:64], Output: secret.NewBytes(raw[64:]), Name: "una chiavetta"}
}
