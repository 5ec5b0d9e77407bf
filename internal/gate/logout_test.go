package gate_test

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/varcotest"
)

// openAlbas opens a session of alba's that the provider has a name for.
func openAlbas(t *testing.T, n *varcotest.Network, sid string) note.Hash {
	t.Helper()
	token := note.Sum([]byte(ids.NewSession(rand.Reader)))
	if _, err := n.Gate.OpenSession(t.Context(), session.Opening{ID: ids.NewSession(rand.Reader), Token: token, SID: secret.NewString(sid),
		Account:   session.Account{Issuer: "https://provider.example", Subject: secret.NewString("alba-operatrice")},
		Assurance: "mfa", Device: session.DeviceFirefox, AuthenticatedAt: n.Clock.Now(), At: n.Clock.Now(),
		From: session.From{Request: ids.NewRequest(rand.Reader)}}); err != nil {
		t.Fatal(err)
	}
	return token
}

func TestProviderLogout(t *testing.T) {
	for name, c := range map[string]struct {
		issuer, subject, sid string
		ends                 [3]bool // s1, s2, one without a name
	}{
		"one session":               {"https://provider.example", "alba-operatrice", "s1", [3]bool{true, false, false}},
		"one session, no subject":   {"https://provider.example", "", "s2", [3]bool{false, true, false}},
		"all":                       {"https://provider.example", "alba-operatrice", "", [3]bool{true, true, true}},
		"one that is not known":     {"https://provider.example", "alba-operatrice", "s3", [3]bool{true, true, true}},
		"somebody else":             {"https://provider.example", "bruna-operatrice", "", [3]bool{}},
		"a stranger":                {"https://provider.example", "nobody", "s9", [3]bool{}},
		"no session of that name":   {"https://provider.example", "", "s9", [3]bool{}},
		"another provider, by name": {"https://other.example", "", "s1", [3]bool{}},
		"another provider":          {"https://other.example", "alba-operatrice", "", [3]bool{}},
	} {
		t.Run(name, func(t *testing.T) {
			n := varcotest.New(t)
			tokens := []note.Hash{openAlbas(t, n, "s1"), openAlbas(t, n, "s2"), openAlbas(t, n, "")}
			word := session.Logout{Account: session.Account{Issuer: c.issuer, Subject: secret.NewString(c.subject)},
				SID: secret.NewString(c.sid), Token: note.Sum([]byte(name)), At: n.Clock.Now(), Remember: n.Clock.Now().Add(10 * time.Minute),
				From: session.From{Request: ids.NewRequest(rand.Reader)}}
			if err := n.Gate.Logout(t.Context(), word); err != nil {
				t.Fatal(err)
			}
			ended := 0
			for i, token := range tokens {
				_, err := n.Gate.Session(t.Context(), token)
				if errors.Is(err, session.ErrAbsent) != c.ends[i] {
					t.Errorf("session %d: %v, want ended %v", i+1, err, c.ends[i])
				}
				if c.ends[i] {
					ended++
				}
			}
			if ended > 0 {
				last := records(t, n, 1)[0]
				if last.Act != act.SessionLogout || last.Outcome != act.Allow || last.Person != n.ID("alba-operatrice") || last.Request != word.From.Request {
					t.Errorf("recorded %+v", last)
				}
			}
			// The same word again ends nothing, until it is forgotten.
			again := openAlbas(t, n, c.sid)
			if err := n.Gate.Logout(t.Context(), word); !errors.Is(err, session.ErrReplayed) {
				t.Errorf("again: %v", err)
			}
			if _, err := n.Gate.Session(t.Context(), again); err != nil {
				t.Errorf("a later session: %v", err)
			}
		})
	}
}

// Words that are refused share one record a minute, apart from sign-ins that are.
func TestRefusedLogouts(t *testing.T) {
	n := varcotest.New(t)
	refuse := func(logout bool) {
		if err := n.Gate.RefuseLogin(t.Context(), session.Refusal{Reason: session.ReasonSignature, At: n.Clock.Now(), Logout: logout,
			From: session.From{Request: ids.NewRequest(rand.Reader)}}); err != nil {
			t.Fatal(err)
		}
	}
	for range 50 {
		refuse(true)
		refuse(false)
	}
	last := records(t, n, 2)
	acts := map[act.Act]bool{last[0].Act: true, last[1].Act: true}
	if !acts[act.SessionLogout] || !acts[act.SessionBegin] || last[0].Outcome != act.Deny || last[0].Class != fault.Class(session.ReasonSignature) ||
		last[0].Person != "" {
		t.Errorf("recorded %+v", last)
	}
}

// A sign-in that the provider confirmed and that nobody has redeemed ends with its word too; a
// later one does not.
func TestLogoutEndsSignIns(t *testing.T) {
	for name, c := range map[string]struct {
		subject, sid string
		ends         bool
	}{"the session": {"", "s1", true}, "the account": {"alba-operatrice", "", true}, "another session": {"alba-operatrice", "s2", false},
		"somebody else": {"bruna-operatrice", "", false}} {
		t.Run(name, func(t *testing.T) {
			n := varcotest.New(t)
			keep := func(code string) session.Login {
				l := session.Login{Code: note.Sum([]byte(code)), SID: secret.NewString("s1"), Expires: n.Clock.Now().Add(10 * time.Minute),
					Account: session.Account{Issuer: "https://provider.example", Subject: secret.NewString("alba-operatrice")}}
				must(t, n.Gate.PutLogin(t.Context(), l))
				return l
			}
			before, again := keep("before"), keep("again")
			n.Clock.Advance(time.Second)
			again, err := n.Gate.TakeLogin(t.Context(), again.Code)
			must(t, err)
			must(t, n.Gate.Logout(t.Context(), session.Logout{Token: note.Sum([]byte(name)), SID: secret.NewString(c.sid),
				Account: session.Account{Issuer: "https://provider.example", Subject: secret.NewString(c.subject)}, At: n.Clock.Now(),
				Remember: n.Clock.Now().Add(time.Minute), From: session.From{Request: ids.NewRequest(rand.Reader)}}))
			n.Clock.Advance(time.Second)
			must(t, n.Gate.PutLogin(t.Context(), again)) // a ticket is kept again when the invitation was wrong
			for _, l := range []session.Login{before, again} {
				if _, err := n.Gate.TakeLogin(t.Context(), l.Code); errors.Is(err, session.ErrAbsent) != c.ends {
					t.Errorf("confirmed before: %v", err)
				}
			}
			if _, err := n.Gate.TakeLogin(t.Context(), keep("after").Code); err != nil {
				t.Errorf("confirmed later: %v", err)
			}
		})
	}
}
