package gate_test

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/session"
	"varco/internal/store"
	"varco/internal/varcotest"
)

// Who was ended after it was found out that she asks, and before her request was read, does
// nothing more, whatever it is.
func TestEndedInBetween(t *testing.T) {
	n, o := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	stored, err := n.Gate.Keyring(t.Context(), alba)
	if err != nil {
		t.Fatal(err)
	}
	keys := nextKeyring(stored)
	if _, err := n.Gate.ListCases(t.Context(), alba); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Gate.EndPerson(t.Context(), callerOf(t, n, "carla-responsabile"), alba.Person); err != nil {
		t.Fatal(err)
	}
	for name, ask := range map[string]func() error{
		"read": func() error {
			_, err := n.Gate.ReadThread(t.Context(), alba, o.Thread.State.Thread, api.Read{Limit: 10})
			return err
		},
		"keyring": func() error { _, err := n.Gate.Keyring(t.Context(), alba); return err },
		"replace": func() error { _, err := n.Gate.PutKeyring(t.Context(), alba, keys); return err },
		"list":    func() error { _, err := n.Gate.ListCases(t.Context(), alba); return err },
		"absent": func() error {
			_, err := n.Gate.ReadThread(t.Context(), alba, ids.NewThread(rand.Reader), api.Read{Limit: 10})
			return err
		},
	} {
		if err := ask(); fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("%s: %v", name, err)
		}
	}
	stolen := callerOf(t, n, "bruna-operatrice")
	stolen.Person = alba.Person
	if _, err := n.Gate.Me(t.Context(), stolen); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("in another's session: %v", err)
	}
}

// A laptop that comes back after its session was ended leaves a record that names its person, one a
// minute; a token that never was leaves none.
func TestEndedComesBack(t *testing.T) {
	n, _ := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	token := note.Sum([]byte(n.Resident("alba-operatrice").Device.Client.Token().Reveal()))
	if _, err := n.Gate.RevokeSessions(t.Context(), callerOf(t, n, "carla-responsabile"), alba.Person); err != nil {
		t.Fatal(err)
	}
	back := func(token note.Hash) {
		t.Helper()
		if _, err := n.Gate.Session(t.Context(), token); !errors.Is(err, session.ErrAbsent) {
			t.Fatal(err)
		}
		if err := n.Gate.RefuseSession(t.Context(), session.From{Request: ids.NewRequest(rand.Reader), Source: "c291cmNl"}, token); err != nil {
			t.Fatal(err)
		}
	}
	uses := func() (counts []int64) {
		for _, r := range records(t, n, 1_000_000) {
			if r.Act != act.SessionUse {
				continue
			}
			if r.Outcome != act.Deny || r.Person != alba.Person || r.Session != alba.Session || r.Organisation != alba.Organisation ||
				r.Request == "" || r.Source == "" {
				t.Errorf("recorded %+v", r)
			}
			counts = append(counts, r.Count)
		}
		return counts
	}
	back(note.Sum([]byte("never one")))
	for range 3 {
		back(token)
	}
	if diff := cmp.Diff([]int64{0}, uses()); diff != "" {
		t.Errorf("records in a minute (-want +got):\n%s", diff)
	}
	n.Clock.Advance(2 * time.Minute)
	back(token)
	if diff := cmp.Diff([]int64{0, 3}, uses()); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// Whom a steward takes off the roster is signed out at once, on every device; her colleagues are not.
func TestTakenOffIsSignedOut(t *testing.T) {
	n := varcotest.New(t)
	n.Clock.Advance(time.Minute)
	second := n.NewDevice("alba-operatrice")
	n.SignRoster("carla-responsabile", func(d *client.RosterDraft) {
		if err := d.Remove(n.ID("alba-operatrice")); err != nil {
			t.Fatal(err)
		}
	})
	if lives(t, n.Resident("alba-operatrice").Device) || lives(t, second) {
		t.Error("who was taken off is still signed in")
	}
	if !lives(t, n.Resident("bruna-operatrice").Device) || !lives(t, n.Resident("carla-responsabile").Device) {
		t.Error("a colleague was signed out")
	}
}

// A session is known for a while after it has ended, and then no longer.
func TestSessionsAreForgotten(t *testing.T) {
	n := varcotest.New(t)
	token := note.Sum([]byte(n.Resident("alba-operatrice").Device.Client.Token().Reveal()))
	known := func(after time.Duration) (found bool) {
		n.Clock.Advance(after)
		n.NewDevice("bruna-operatrice") // whoever signs in sweeps
		if err := n.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
			_, found, err = tx.PastSession(token)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return found
	}
	if !known(session.Remembered) {
		t.Error("it is forgotten too early")
	}
	if known(time.Minute) {
		t.Error("it is not forgotten")
	}
}
