package client_test

import (
	"testing"

	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/varcotest"
)

// A browser opens locks in a Worker that is thrown away: what comes back is the key alone.
func TestUnlockWith(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	r := n.Invite("nuova", "aurora")
	d := n.NewDevice("nuova")
	if locks, _, err := d.Client.Locks(t.Context()); err != nil || len(locks) != 0 {
		t.Fatalf("before enrolling: %d locks, %v", len(locks), err)
	}
	key, lock, err := keyring.NewPhraseLock(r.ID, r.Phrase, varcotest.Work())
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Client.UnlockWith(t.Context(), key)
	wantKind(t, "nothing to unlock", err, fault.NotFound)
	enrolled, err := d.Client.EnrolWith(t.Context(), key, lock)
	if err != nil {
		t.Fatal(err)
	}

	again := n.Restart(d).Client
	locks, _, err := again.Locks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := keyring.OpenPhraseLock(locks, r.Phrase, varcotest.Work())
	if err != nil {
		t.Fatal(err)
	}
	u, err := again.UnlockWith(t.Context(), opened)
	if err != nil {
		t.Fatal(err)
	}
	if u.Card() == nil || u.Card().Hash != enrolled.Card().Hash {
		t.Error("unlocking finds another card")
	}
	other, otherLock, err := keyring.NewPhraseLock(r.ID, r.Phrase, varcotest.Work())
	if err != nil {
		t.Fatal(err)
	}
	_, err = again.UnlockWith(t.Context(), other)
	wantClass(t, "another key", err, fault.ClassLock)
	_, err = again.EnrolWith(t.Context(), other, otherLock)
	wantClass(t, "enrolling over a keyring with another key", err, fault.ClassLock)
}
