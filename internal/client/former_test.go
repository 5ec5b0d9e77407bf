package client_test

import (
	"crypto/rand"
	"testing"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/secret"
	"varco/internal/varcotest"
)

func formerKeys(t *testing.T, c *client.Client) []client.Former {
	t.Helper()
	_, former, err := c.Locks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return former
}

// Who has somebody's session, and not her keys, takes nothing from her, however often he puts others
// in their place.
func TestStolenSessionTakesNoKeys(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := openCase(t, n).Thread.State.Thread
	thief := n.NewDevice(bruna).Client
	var refused error
	for range 12 {
		if _, err := thief.EnrolAgain(t.Context(), must(keyring.NewPhrase(rand.Reader))); err != nil && fault.ClassOf(err) != fault.ClassSize {
			t.Fatal(err)
		} else if err != nil {
			refused = err
		}
	}
	wantClass(t, "a twelfth time", refused, fault.ClassSize)

	hers := n.NewDevice(bruna).Client
	_, err := hers.Unlock(t.Context(), n.Resident(bruna).Phrase)
	wantClass(t, "her phrase on his keys", err, fault.ClassPhrase)
	former := formerKeys(t, hers)
	if len(former) != 8 || former[0].Version != 1 || !former[0].Replaced.Equal(n.Clock.Now()) {
		t.Fatalf("what is kept: %+v", former)
	}
	_, err = hers.PutBack(t.Context(), former[0].Version, must(keyring.NewPhrase(rand.Reader)))
	wantClass(t, "with another phrase", err, fault.ClassPhrase)
	_, err = hers.PutBack(t.Context(), 99, n.Resident(bruna).Phrase)
	wantClass(t, "of a version that is not kept", err, fault.ClassMissing)
	u := must(hers.PutBack(t.Context(), former[0].Version, n.Resident(bruna).Phrase))
	if v := must(u.ReadThread(t.Context(), id, "")); v.Entries[0].Unreadable != nil {
		t.Errorf("what she could read: %v", v.Entries[0].Unreadable)
	}
	if left := formerKeys(t, hers); len(left) != 0 {
		t.Errorf("still kept: %+v", left)
	}
	n.Unlock(bruna, n.NewDevice(bruna))
}

// Who has lost her phrase has new keys; the old ones can be put back until her steward has signed
// the new card, and are gone the next time that she unlocks after that.
func TestFormerKeysEndWithTheRoster(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	again := func() (secret.String, *client.Unlocked) {
		phrase := must(keyring.NewPhrase(rand.Reader))
		return phrase, must(n.NewDevice(bruna).Client.EnrolAgain(t.Context(), phrase))
	}
	lost, _ := again()
	found := n.NewDevice(bruna).Client
	former := formerKeys(t, found)
	if len(former) != 1 {
		t.Fatalf("what is kept: %+v", former)
	}
	_, err := n.NewDevice(bruna).Client.Unlock(t.Context(), lost) // is not on the roster: nothing is let go of
	if err != nil || len(formerKeys(t, found)) != 1 {
		t.Fatal(err, formerKeys(t, found))
	}
	must(found.PutBack(t.Context(), former[0].Version, n.Resident(bruna).Phrase))
	_, err = n.NewDevice(bruna).Client.Unlock(t.Context(), lost)
	wantClass(t, "the phrase of what was undone", err, fault.ClassPhrase)

	phrase, u := again()
	words := client.Words(u.Card())
	n.SignRoster(carla, func(d *client.RosterDraft) {
		e := client.Endorsement{Person: n.ID(bruna), Roles: []act.Role{act.Operator}, Words: join(words[:])}
		if err := d.Endorse(e); err != nil {
			t.Fatal(err)
		}
	})
	device := n.NewDevice(bruna).Client
	former = formerKeys(t, device)
	if len(former) != 1 {
		t.Fatalf("what is kept: %+v", former)
	}
	_, err = device.PutBack(t.Context(), former[0].Version, n.Resident(bruna).Phrase)
	wantClass(t, "keys that the roster no longer names", err, fault.ClassMissing)
	must(device.Unlock(t.Context(), phrase))
	if left := formerKeys(t, device); len(left) != 0 {
		t.Errorf("still kept: %+v", left)
	}
}

// Before any roster has named her, the card that she has published speaks for her: a way that she
// takes off is gone at once.
func TestReplacementBeforeTheRoster(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	r := n.Invite("nuova", "aurora")
	device := n.NewDevice("nuova").Client
	u := must(device.Enrol(t.Context(), r.Phrase))
	if err := u.ChangePhrase(t.Context(), must(keyring.NewPhrase(rand.Reader))); err != nil {
		t.Fatal(err)
	}
	if left := formerKeys(t, device); len(left) != 0 {
		t.Errorf("still kept: %+v", left)
	}
}
