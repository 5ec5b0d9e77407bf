package gate_test

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/store"
	"varco/internal/varcotest"
)

// lives reports whether somebody's device is still signed in.
func lives(t *testing.T, d *varcotest.Device) bool {
	t.Helper()
	_, err := d.Client.Me(t.Context())
	if err != nil && fault.KindOf(err) != fault.Unauthenticated {
		t.Fatal(err)
	}
	return err == nil
}

// A person sees her own sessions and ends one from another device, at its next request.
func TestOwnSessions(t *testing.T) {
	n := varcotest.New(t)
	n.Clock.Advance(time.Minute)
	stolen := n.NewDevice("alba-operatrice")
	alba := callerOf(t, n, "alba-operatrice")
	alba.Session = sessionOf(t, n, n.Resident("alba-operatrice").Device)
	alba.AuthenticatedAt = n.Clock.Now().Add(-time.Hour) // one's own may always be ended
	listed, err := n.Gate.Sessions(t.Context(), alba)
	if err != nil || len(listed.Sessions) != 2 {
		t.Fatalf("Sessions = %+v, %v", listed, err)
	}
	newest, own := listed.Sessions[0], listed.Sessions[1]
	if newest.Current || !own.Current || newest.Device != session.DeviceTerminal || !newest.Begun.Equal(n.Clock.Now()) ||
		!newest.Ends.Equal(n.Clock.Now().Add(session.IdleLimit)) {
		t.Errorf("Sessions = %+v", listed)
	}
	if err := n.Gate.RevokeSession(t.Context(), alba, newest.ID); err != nil {
		t.Fatal(err)
	}
	if last := records(t, n, 1)[0]; last.Act != act.SessionRevoke || last.Outcome != act.Allow || last.Object != string(newest.ID) {
		t.Errorf("recorded %+v", last)
	}
	if lives(t, stolen) || !lives(t, n.Resident("alba-operatrice").Device) {
		t.Error("the wrong session has ended")
	}
	if err := n.Gate.RevokeSession(t.Context(), alba, newest.ID); fault.KindOf(err) != fault.FreshRequired && fault.KindOf(err) != fault.NotFound {
		t.Errorf("ending it again: %v", err)
	}
	n.NewDevice("alba-operatrice")
	revoked, err := n.Gate.RevokeSessions(t.Context(), alba, alba.Person)
	if diff := cmp.Diff(api.Revoked{Sessions: 1}, revoked); diff != "" || err != nil || !lives(t, n.Resident("alba-operatrice").Device) {
		t.Errorf("all but this one: %v (-want +got):\n%s", err, diff)
	}
	// What has been idle for too long is no session.
	n.Clock.Advance(session.IdleLimit)
	if listed, err := n.Gate.Sessions(t.Context(), alba); err != nil || len(listed.Sessions) != 0 {
		t.Errorf("after the idle limit: %+v, %v", listed, err)
	}
}

func sessionOf(t *testing.T, n *varcotest.Network, d *varcotest.Device) ids.Session {
	t.Helper()
	s, err := n.Gate.Session(t.Context(), note.Sum([]byte(d.Client.Token().Reveal())))
	if err != nil {
		t.Fatal(err)
	}
	return s.ID
}

// A steward ends a colleague's sessions when her laptop was stolen; nobody else does, and nobody
// learns of another organisation's.
func TestColleaguesSessions(t *testing.T) {
	n := varcotest.New(t)
	laptop := n.Resident("alba-operatrice").Device
	alba := n.ID("alba-operatrice")
	of := func(name string) (api.Sessions, error) {
		return n.Gate.SessionsOf(t.Context(), callerOf(t, n, name), alba)
	}
	listed, err := of("carla-responsabile")
	if err != nil || len(listed.Sessions) != 1 || listed.Sessions[0].Current {
		t.Fatalf("SessionsOf = %+v, %v", listed, err)
	}
	id := listed.Sessions[0].ID
	for _, name := range []string{"bruna-operatrice", "elsa-responsabile", "ines-direttrice", "quinto-controllo", "rita-registro"} {
		if _, err := of(name); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s lists: %v", name, err)
		}
		who := callerOf(t, n, name)
		if err := n.Gate.RevokeSession(t.Context(), who, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s ends one: %v", name, err)
		}
		if _, err := n.Gate.RevokeSessions(t.Context(), who, alba); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s ends all: %v", name, err)
		}
		if _, err := n.Gate.EndPerson(t.Context(), who, alba); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s ends her sign-in: %v", name, err)
		}
	}
	carla := callerOf(t, n, "carla-responsabile")
	left := carla
	left.AuthenticatedAt = n.Clock.Now().Add(-16 * time.Minute)
	for name, unknown := range map[string]ids.Session{"hers": id, "nobody's": ids.NewSession(rand.Reader)} {
		if err := n.Gate.RevokeSession(t.Context(), left, unknown); fault.KindOf(err) != fault.FreshRequired {
			t.Errorf("in an old session, %s: %v", name, err)
		}
	}
	if !lives(t, laptop) {
		t.Fatal("somebody has ended it")
	}
	if revoked, err := n.Gate.RevokeSessions(t.Context(), carla, alba); err != nil || revoked.Sessions != 1 {
		t.Fatalf("RevokeSessions = %+v, %v", revoked, err)
	}
	if lives(t, laptop) {
		t.Error("the stolen laptop is still signed in")
	}
	n.SignInAgain("alba-operatrice") // she herself comes in elsewhere
	if !lives(t, n.Resident("alba-operatrice").Device) {
		t.Error("she can't sign in any more")
	}
}

// Who has left signs in no more, by her account nor by an invitation, and her sessions end.
func TestEndPerson(t *testing.T) {
	n := varcotest.New(t)
	carla, alba := callerOf(t, n, "carla-responsabile"), n.ID("alba-operatrice")
	if _, err := n.Gate.EndPerson(t.Context(), carla, carla.Person); fault.KindOf(err) != fault.NotFound {
		t.Errorf("her own: %v", err)
	}
	for again := range 2 {
		revoked, err := n.Gate.EndPerson(t.Context(), carla, alba)
		if err != nil || revoked.Sessions != int64(1-again) {
			t.Fatalf("EndPerson = %+v, %v", revoked, err)
		}
		if last := records(t, n, 1)[0]; last.Act != act.PersonEnd || last.Outcome != act.Allow || last.Object != string(alba) {
			t.Errorf("recorded %+v", last)
		}
	}
	if lives(t, n.Resident("alba-operatrice").Device) {
		t.Error("her session goes on")
	}
	if err := signIn(t, n, "alba-operatrice", ""); err != session.ErrEnded { //nolint:errorlint // it is returned as it is
		t.Errorf("signing in: %v", err)
	}
	// Nor does who was invited and never came.
	n.Invite("ugo-invitato", "aurora")
	code := ids.NewSession(rand.Reader)
	if err := n.Store.Write(t.Context(), func(tx *store.Tx) error {
		hash := note.Sum([]byte(code))
		return tx.PutInvitation(store.Invitation{ID: ids.NewInvitation(rand.Reader), Person: n.ID("ugo-invitato"), CodeHash: hash[:],
			UntilAtMS: n.Clock.Now().Add(time.Hour).UnixMilli()})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Gate.EndPerson(t.Context(), carla, n.ID("ugo-invitato")); err != nil {
		t.Fatal(err)
	}
	if err := signIn(t, n, "ugo-invitato", string(code)); err != session.ErrInvitation { //nolint:errorlint // it is returned as it is
		t.Errorf("with an invitation: %v", err)
	}
}

// signIn begins a session as authn does.
func signIn(t *testing.T, n *varcotest.Network, subject, invitation string) error {
	t.Helper()
	_, err := n.Gate.OpenSession(context.WithoutCancel(t.Context()), session.Opening{ID: ids.NewSession(rand.Reader),
		Token:      note.Sum([]byte(ids.NewSession(rand.Reader))),
		Account:    session.Account{Issuer: "https://provider.example", Subject: secret.NewString(subject)},
		Invitation: secret.NewString(invitation), Assurance: "mfa", Device: session.DeviceTerminal, AuthenticatedAt: n.Clock.Now(), At: n.Clock.Now(),
		From: session.From{Request: ids.NewRequest(rand.Reader)}})
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Somebody who has begun more sessions than a list shows loses all of them: nothing that ends
// sessions stops where a list does.
func TestManySessionsEnd(t *testing.T) {
	const many = 105
	for name, end := range map[string]func(*testing.T, *varcotest.Network) int64{
		"all but one's own": func(t *testing.T, n *varcotest.Network) int64 {
			revoked, err := n.Gate.RevokeSessions(t.Context(), callerOf(t, n, "carla-responsabile"), n.ID("alba-operatrice"))
			must(t, err)
			return revoked.Sessions
		},
		"the person": func(t *testing.T, n *varcotest.Network) int64 {
			revoked, err := n.Gate.EndPerson(t.Context(), callerOf(t, n, "carla-responsabile"), n.ID("alba-operatrice"))
			must(t, err)
			return revoked.Sessions
		},
		"the provider": func(t *testing.T, n *varcotest.Network) int64 {
			must(t, n.Gate.Logout(t.Context(), session.Logout{
				Account: session.Account{Issuer: "https://provider.example", Subject: secret.NewString("alba-operatrice")},
				Token:   note.Sum([]byte("word")), At: n.Clock.Now(), Remember: n.Clock.Now().Add(time.Minute),
				From: session.From{Request: ids.NewRequest(rand.Reader)}}))
			return records(t, n, 1)[0].Count
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := varcotest.New(t)
			n.Clock.Advance(time.Second)
			all := make([]note.Hash, many)
			for i := range all {
				all[i] = openAlbas(t, n, "")
			}
			if got := end(t, n); got != many+1 { // and that of her own device
				t.Errorf("%d have ended, want %d", got, many+1)
			}
			for i, token := range all {
				if _, err := n.Gate.Session(t.Context(), token); !errors.Is(err, session.ErrAbsent) {
					t.Fatalf("session %d lives: %v", i, err)
				}
			}
			if lives(t, n.Resident("alba-operatrice").Device) {
				t.Error("the oldest session lives")
			}
		})
	}
}

// A sign-in that went to the provider comes back as it was kept, once.
func TestPendingIsKeptWhole(t *testing.T) {
	n := varcotest.New(t)
	want := session.Pending{State: note.Sum([]byte("state")), Issuer: "https://idp.example", Nonce: secret.NewString("nonce"),
		Verifier: secret.NewString("verifier"), Loopback: session.Loopback{Port: 40123, State: "s", Challenge: "c"},
		Replaces: ids.NewSession(rand.Reader), Pushed: true, Expires: n.Clock.Now().Add(time.Minute)}
	if err := n.Gate.PutPending(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := n.Gate.TakePending(t.Context(), want.State)
	same := cmp.Comparer(func(a, b secret.String) bool { return a.Reveal() == b.Reveal() })
	if diff := cmp.Diff(want, got, same); diff != "" || err != nil {
		t.Errorf("TakePending: %v (-want +got):\n%s", err, diff)
	}
	if _, err := n.Gate.TakePending(t.Context(), want.State); !errors.Is(err, session.ErrAbsent) {
		t.Errorf("again: %v", err)
	}
}
