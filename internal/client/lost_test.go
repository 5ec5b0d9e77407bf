package client_test

import (
	"crypto/rand"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/keyring"
	"varco/internal/varcotest"
)

// Whoever has the keys that somebody lost opens nothing of what is said after she was granted again:
// a new epoch starts first.
func TestLostKeysOpenNothingNew(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := openCase(t, n).Thread.State.Thread
	read(t, n, alba, id, "")
	thief := n.Unlock(bruna, n.NewDevice(bruna)) // the old keys
	phrase := must(keyring.NewPhrase(rand.Reader))
	u := must(n.NewDevice(bruna).Client.EnrolAgain(t.Context(), phrase))
	words := client.Words(u.Card())
	n.SignRoster(carla, func(d *client.RosterDraft) {
		e := client.Endorsement{Person: n.ID(bruna), Roles: []act.Role{act.Operator}, Words: join(words[:])}
		if err := d.Endorse(e); err != nil {
			t.Fatal(err)
		}
	})
	n.Clock.Advance(time.Hour)
	if err := n.Person(alba).AcceptCard(t.Context(), n.Organisation("aurora"), n.ID(bruna), join(words[:])); err != nil {
		t.Fatal(err)
	}
	v := read(t, n, alba, id, "")
	if _, err := n.Person(alba).GrantAgain(t.Context(), v, n.ID(bruna)); err != nil {
		t.Fatal(err)
	}
	v = read(t, n, alba, id, "")
	if _, err := n.Person(alba).Post(t.Context(), v, client.Content{Text: "solo per chi c'è"}); err != nil {
		t.Fatal(err)
	}
	v = must(u.ReadThread(t.Context(), id, ""))
	if last := v.Entries[len(v.Entries)-1]; v.Entries[0].Unreadable != nil || last.Content.Text != "solo per chi c'è" || last.Entry.Epoch != 2 {
		t.Errorf("with the new keys: %v, %+v", v.Entries[0].Unreadable, last)
	}
	v = must(thief.ReadThread(t.Context(), id, ""))
	if last := v.Entries[len(v.Entries)-1]; v.Entries[0].Unreadable != nil || last.Unreadable == nil || last.Content.Text != "" {
		t.Errorf("with the lost keys: %v, %+v", v.Entries[0].Unreadable, last)
	}
}
