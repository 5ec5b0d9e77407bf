package authn_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/authn"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
)

func TestSignIn(t *testing.T) {
	d := newDesk(t, lie{claims: set("auth_time", now-5)}, nil)
	signed := d.signIn(t)
	got, err := d.Caller(t.Context(), d.from, signed.Token)
	if err != nil {
		t.Fatal(err)
	}
	want := caller.Caller{Person: d.person, Organisation: got.Organisation, Session: signed.Caller.Session,
		Request: d.from.Request, Assurance: "otp", AuthenticatedAt: time.Unix(now-5, 0).UTC(), Source: "blinded"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Caller (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, signed.Caller); diff != "" {
		t.Errorf("SignedIn.Caller (-want +got):\n%s", diff)
	}
	if got, want := signed.Expires, d.clock().Add(session.AbsoluteLimit); !got.Equal(want) {
		t.Errorf("Expires = %s, want %s", got, want)
	}
	records := []record{{Act: act.SessionBegin, Outcome: act.Allow, Person: d.person, Request: d.from.Request}}
	if diff := cmp.Diff(records, d.store.records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if len(d.store.pending)+len(d.store.logins) != 0 {
		t.Error("something of the sign-in was left")
	}
}

// Nothing that the store is given, printed in any way, holds a code, a token, a nonce, a
// verifier or a subject.
func TestStoreIsGivenHashes(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	to, err := d.begin(t)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	printed := everyPrint(t, d.store.pending)
	back, err := d.Callback(t.Context(), d.from, d.provider.authorize(t, to), secret.String{})
	if err != nil {
		t.Fatal(err)
	}
	code := query(t, back.Loopback).Get("code")
	printed += everyPrint(t, d.store.logins)
	signed, err := d.redeem(t.Context(), secret.NewString(code))
	if err != nil {
		t.Fatal(err)
	}
	printed += everyPrint(t, d.store.sessions)
	for name, canary := range map[string]string{"state": asked.Query().Get("state"), "nonce": asked.Query().Get("nonce"),
		"code": code, "token": signed.Token.Reveal(), "subject": "operator-a"} {
		if canary == "" || strings.Contains(printed, canary) {
			t.Errorf("the %s %q was printed", name, canary)
		}
	}
	if _, ok := d.store.sessions[note.Sum([]byte(signed.Token.Reveal()))]; !ok {
		t.Error("the session is not under the SHA-256 of its token")
	}
}

func everyPrint[T any](t *testing.T, rows map[note.Hash]T) string {
	t.Helper()
	var out bytes.Buffer
	for _, row := range rows {
		doc, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%v %+v %#v %s", row, row, row, doc)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "row", row)
	}
	return out.String()
}

func TestBeginRefuses(t *testing.T) {
	challenge := strings.Repeat("A", 43)
	good := authn.BeginRequest{Port: 40123, Challenge: challenge, State: loopbackState}
	for name, change := range map[string]func(*authn.BeginRequest){
		"no issuer":             func(r *authn.BeginRequest) { r.Issuer = "" },
		"another issuer":        func(r *authn.BeginRequest) { r.Issuer += "/" },
		"port 0":                func(r *authn.BeginRequest) { r.Port = 0 },
		"port 80":               func(r *authn.BeginRequest) { r.Port = 80 },
		"port 65536":            func(r *authn.BeginRequest) { r.Port = 65536 },
		"challenge missing":     func(r *authn.BeginRequest) { r.Challenge = "" },
		"challenge plain":       func(r *authn.BeginRequest) { r.Challenge = verifier },
		"challenge padded":      func(r *authn.BeginRequest) { r.Challenge += "=" },
		"challenge second form": func(r *authn.BeginRequest) { r.Challenge = challenge[:42] + "B" },
		"state missing":         func(r *authn.BeginRequest) { r.State = "" },
		"state short":           func(r *authn.BeginRequest) { r.State = strings.Repeat("x", 21) },
		"state long":            func(r *authn.BeginRequest) { r.State = strings.Repeat("x", 129) },
		"state with an &":       func(r *authn.BeginRequest) { r.State = strings.Repeat("x", 30) + "&code=1" },
		"state with a newline":  func(r *authn.BeginRequest) { r.State = strings.Repeat("x", 30) + "\n" },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, lie{}, nil)
			r := good
			r.Issuer = d.issuer
			if _, err := d.Begin(t.Context(), r); err != nil {
				t.Fatalf("Begin: %v", err)
			}
			change(&r)
			if to, err := d.Begin(t.Context(), r); to != "" || fault.KindOf(err) != fault.Invalid {
				t.Errorf("Begin = %q, %v, want kind %s", to, err, fault.Invalid)
			}
		})
	}
}

// What comes back without a sign-in that waits for it goes nowhere, and is recorded.
func TestCallbackState(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(d *desk, q url.Values)
		want   session.Reason
		told   bool // the command line learns it
	}{
		"state missing":        {answer: func(_ *desk, q url.Values) { q.Del("state") }, want: session.ReasonState},
		"state of another":     {answer: func(_ *desk, q url.Values) { q.Set("state", strings.Repeat("A", 43)) }, want: session.ReasonState},
		"state cut":            {answer: func(_ *desk, q url.Values) { q.Set("state", q.Get("state")[:42]) }, want: session.ReasonState},
		"state of a megabyte":  {answer: func(_ *desk, q url.Values) { q.Set("state", strings.Repeat("A", 1<<20)) }, want: session.ReasonState},
		"state twice":          {answer: func(_ *desk, q url.Values) { q.Add("state", q.Get("state")) }, want: session.ReasonForm},
		"code twice":           {answer: func(_ *desk, q url.Values) { q.Add("code", "x") }, want: session.ReasonForm},
		"iss twice":            {answer: func(_ *desk, q url.Values) { q.Add("iss", q.Get("iss")) }, want: session.ReasonForm},
		"after eleven minutes": {answer: func(d *desk, _ url.Values) { d.pass(11 * time.Minute) }, want: session.ReasonLate, told: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, lie{}, nil)
			to, err := d.begin(t)
			if err != nil {
				t.Fatal(err)
			}
			q := d.provider.authorize(t, to)
			c.answer(d, q)
			back, err := d.Callback(t.Context(), d.from, q, secret.String{})
			if fault.KindOf(err) != fault.Unauthenticated || back.Reason != c.want ||
				c.told != (query(t, back.Loopback).Get("error") == string(c.want)) {
				t.Errorf("Callback = %+v, %v", back, err)
			}
			if n := len(d.store.records); n != 1 || d.store.records[0].Reason != c.want {
				t.Errorf("records: %v, want reason %s", d.store.records, c.want)
			}
			if len(d.store.logins) != 0 {
				t.Error("a one-time code waits")
			}
		})
	}
}

// A state is good once, even when its sign-in was refused.
func TestStateOnce(t *testing.T) {
	for name, l := range map[string]lie{"confirmed": {}, "refused": {claims: set("nonce", "x")}} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, l, nil)
			to, err := d.begin(t)
			if err != nil {
				t.Fatal(err)
			}
			q := d.provider.authorize(t, to)
			if back, _ := d.Callback(t.Context(), d.from, q, secret.String{}); back.Loopback == "" {
				t.Fatal("the first time went nowhere")
			}
			if back, err := d.Callback(t.Context(), d.from, q, secret.String{}); back.Loopback != "" || fault.KindOf(err) != fault.Unauthenticated {
				t.Errorf("the second time: %+v, %v", back, err)
			}
		})
	}
}

func TestRedeemRefuses(t *testing.T) {
	good := secret.NewString(verifier)
	for name, c := range map[string]struct {
		prepare func(d *desk, code secret.String) authn.RedeemRequest
		want    session.Reason
	}{
		"code missing": {func(*desk, secret.String) authn.RedeemRequest {
			return authn.RedeemRequest{Verifier: good}
		}, session.ReasonCode},
		"code of another": {func(*desk, secret.String) authn.RedeemRequest {
			return authn.RedeemRequest{Code: secret.NewString(strings.Repeat("A", 43)), Verifier: good}
		}, session.ReasonCode},
		"verifier of another": {func(_ *desk, code secret.String) authn.RedeemRequest {
			return authn.RedeemRequest{Code: code, Verifier: secret.NewString(verifier + "x")}
		}, session.ReasonVerifier},
		"verifier missing": {func(_ *desk, code secret.String) authn.RedeemRequest {
			return authn.RedeemRequest{Code: code}
		}, session.ReasonVerifier},
		"verifier of a megabyte": {func(_ *desk, code secret.String) authn.RedeemRequest {
			return authn.RedeemRequest{Code: code, Verifier: secret.NewString(strings.Repeat("x", 1<<20))}
		}, session.ReasonVerifier},
		"after three minutes": {func(d *desk, code secret.String) authn.RedeemRequest {
			d.pass(3*time.Minute + time.Second)
			return authn.RedeemRequest{Code: code, Verifier: good}
		}, session.ReasonLate},
		"nobody bound": {func(d *desk, code secret.String) authn.RedeemRequest {
			clear(d.store.people)
			return authn.RedeemRequest{Code: code, Verifier: good}
		}, session.ReasonUnknown},
		"nobody bound, wrong invitation": {func(d *desk, code secret.String) authn.RedeemRequest {
			clear(d.store.people)
			return authn.RedeemRequest{Code: code, Verifier: good, Invitation: secret.NewString("wrong")}
		}, session.ReasonInvitation},
		"nobody bound, an invitation of a megabyte": {func(d *desk, code secret.String) authn.RedeemRequest {
			clear(d.store.people)
			return authn.RedeemRequest{Code: code, Verifier: good, Invitation: secret.NewString(strings.Repeat("x", 1<<20))}
		}, session.ReasonInvitation},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, lie{}, nil)
			code := d.code(t)
			r := c.prepare(d, code)
			signed, err := d.Redeem(t.Context(), d.from, r)
			if fault.KindOf(err) != fault.Unauthenticated || !signed.Token.IsZero() {
				t.Errorf("Redeem = %v, %v", signed, err)
			}
			want := []record{{Act: act.SessionBegin, Outcome: act.Deny, Reason: c.want, Request: d.from.Request}}
			if c.want != session.ReasonCode {
				want[0].Issuer = d.issuer
				// The code is spent: a second guess of anything needs a second sign-in.
				if _, err := d.redeem(t.Context(), code); fault.KindOf(err) != fault.Unauthenticated {
					t.Errorf("a second Redeem: %v", err)
				}
				want = append(want, record{Act: act.SessionBegin, Outcome: act.Deny, Reason: session.ReasonCode, Request: d.from.Request})
			}
			if diff := cmp.Diff(want, d.store.records); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if len(d.store.sessions) != 0 {
				t.Error("a session began")
			}
		})
	}
}

func TestInvitation(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	clear(d.store.people)
	d.store.invitations[invitation] = d.person
	invited := func(code string) (authn.SignedIn, error) {
		return d.Redeem(t.Context(), d.from, authn.RedeemRequest{Code: d.code(t), Verifier: secret.NewString(verifier),
			Invitation: secret.NewString(code)})
	}
	signed, err := invited(" " + invitation + "\n")
	if err != nil || signed.Caller.Person != d.person {
		t.Fatalf("Redeem = %+v, %v", signed, err)
	}
	records := []record{{Act: act.InvitationUse, Outcome: act.Allow, Person: d.person, Request: d.from.Request},
		{Act: act.SessionBegin, Outcome: act.Allow, Person: d.person, Request: d.from.Request}}
	if diff := cmp.Diff(records, d.store.records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if again := d.signIn(t); again.Caller.Person != d.person || again.Caller.Session == signed.Caller.Session {
		t.Errorf("without the invitation: %+v", again)
	}
	// Another account can't use it, nor the same (issuer, subject) a strange one.
	if _, err := invited("wrong"); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("with another invitation: %v", err)
	}
	d.provider.lie.claims = set("sub", "operator-b")
	if _, err := invited(invitation); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("by another account: %v", err)
	}
}

// A session lasts as long as it is used, within its limits, and no longer.
func TestSessionLimits(t *testing.T) {
	for name, c := range map[string]struct {
		use   func(d *desk) // what passes, using the session or not
		lasts bool
	}{
		"at once":               {func(*desk) {}, true},
		"idle for 29 minutes":   {func(d *desk) { d.pass(29 * time.Minute) }, true},
		"idle for 30 minutes":   {func(d *desk) { d.pass(30 * time.Minute) }, false},
		"used for ten hours":    {func(d *desk) { d.pass(10 * time.Minute) }, false},
		"used for nine hours":   {func(d *desk) { d.pass(10 * time.Minute) }, true},
		"clock back an hour":    {func(d *desk) { d.pass(-time.Hour) }, false},
		"clock back half a min": {func(d *desk) { d.pass(-30 * time.Second) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, lie{}, nil)
			signed := d.signIn(t)
			ask := func() error { _, err := d.Caller(t.Context(), d.from, signed.Token); return err }
			var hours time.Duration
			if strings.HasPrefix(name, "used") {
				hours = 10 * time.Hour
				if c.lasts {
					hours = 9 * time.Hour
				}
			}
			for spent := 10 * time.Minute; spent < hours; spent += 10 * time.Minute {
				c.use(d)
				if err := ask(); err != nil {
					t.Fatalf("after %s: %v", spent, err)
				}
			}
			c.use(d)
			if err := ask(); (err == nil) != c.lasts || err != nil && fault.KindOf(err) != fault.Unauthenticated {
				t.Errorf("Caller: %v, want lasting %v", err, c.lasts)
			}
		})
	}
}

// Not every use is written, and a use within the gap still counts from the last written.
func TestTouch(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	signed := d.signIn(t)
	hash := note.Sum([]byte(signed.Token.Reveal()))
	begun := d.clock()
	for _, c := range []struct{ pass, used time.Duration }{{30 * time.Second, 0}, {30 * time.Second, 0}, {time.Second, 61 * time.Second}} {
		d.pass(c.pass)
		if _, err := d.Caller(t.Context(), d.from, signed.Token); err != nil {
			t.Fatal(err)
		}
		if got := d.store.sessions[hash].UsedAt.Sub(begun); got != c.used {
			t.Errorf("used at %s, want %s", got, c.used)
		}
	}
}

func TestEnd(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	signed, other := d.signIn(t), d.signIn(t)
	d.store.records = nil
	if err := d.End(t.Context(), signed.Caller); err != nil {
		t.Fatal(err)
	}
	_, ended := d.Caller(t.Context(), d.from, signed.Token)
	_, never := d.Caller(t.Context(), d.from, secret.NewString(strings.Repeat("A", 43)))
	_, malformed := d.Caller(t.Context(), d.from, secret.NewString("x"))
	if fault.KindOf(ended) != fault.Unauthenticated || ended.Error() != never.Error() || ended.Error() != malformed.Error() {
		t.Errorf("ended %v, never begun %v, malformed %v: want the same", ended, never, malformed)
	}
	if _, err := d.Caller(t.Context(), d.from, other.Token); err != nil {
		t.Errorf("the other session: %v", err)
	}
	if err := d.End(t.Context(), signed.Caller); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("ending again: %v", err)
	}
	records := []record{{Act: act.SessionEnd, Outcome: act.Allow, Person: d.person, Request: d.from.Request}}
	if diff := cmp.Diff(records, d.store.records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// A refusal that can't be recorded is not answered as one.
func TestUnrecordedRefusal(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	d.store.failRecord = errors.New("disk full")
	_, err := d.Redeem(t.Context(), d.from, authn.RedeemRequest{Code: secret.NewString("x")})
	if !errors.Is(err, d.store.failRecord) || fault.KindOf(err) != fault.Internal {
		t.Errorf("Redeem: %v", err)
	}
}

// Going away before the answer leaves no refusal out of the record.
func TestRefusalOfSomebodyGone(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.redeem(gone, secret.NewString("x")); fault.KindOf(err) != fault.Unauthenticated || len(d.store.records) != 1 {
		t.Errorf("Redeem: %v, records %v", err, d.store.records)
	}
}

func TestNewRefuses(t *testing.T) {
	good := func() authn.Config {
		return authn.Config{RedirectURL: redirectURL, Sessions: newMemory(), Now: time.Now, Rand: rand.Reader,
			Issuers: []authn.Issuer{{URL: "https://login.example", ClientID: "x", ClientSecret: secret.NewString("x"),
				SecondFactor: authn.SecondFactor{ACR: []string{"https://www.spid.gov.it/SpidL2"}}, Prompt: "consent login"}}}
	}
	if _, err := authn.New(good()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*authn.Config){
		"no store":            func(c *authn.Config) { c.Sessions = nil },
		"no clock":            func(c *authn.Config) { c.Now = nil },
		"no randomness":       func(c *authn.Config) { c.Rand = nil },
		"redirect on http":    func(c *authn.Config) { c.RedirectURL = "http://varco.example/cb" },
		"issuer on http":      func(c *authn.Config) { c.Issuers[0].URL = "http://login.example" },
		"issuer like local":   func(c *authn.Config) { c.Issuers[0].URL = "http://localhost.example" },
		"issuer with query":   func(c *authn.Config) { c.Issuers[0].URL += "?x" },
		"issuer with user":    func(c *authn.Config) { c.Issuers[0].URL = "https://u:p@login.example" },
		"issuer relative":     func(c *authn.Config) { c.Issuers[0].URL = "/login" },
		"issuer twice":        func(c *authn.Config) { c.Issuers = append(c.Issuers, c.Issuers[0]) },
		"no client id":        func(c *authn.Config) { c.Issuers[0].ClientID = "" },
		"no client proof":     func(c *authn.Config) { c.Issuers[0].ClientSecret = secret.String{} },
		"both client proofs":  func(c *authn.Config) { c.Issuers[0].ClientKey = clientKey(t) },
		"no second factor":    func(c *authn.Config) { c.Issuers[0].SecondFactor = authn.SecondFactor{} },
		"an empty value":      func(c *authn.Config) { c.Issuers[0].SecondFactor.AMR = []string{""} },
		"a value of words":    func(c *authn.Config) { c.Issuers[0].SecondFactor.ACR = []string{"a b"} },
		"prompt none":         func(c *authn.Config) { c.Issuers[0].Prompt = "none" },
		"age of milliseconds": func(c *authn.Config) { c.Issuers[0].MaxAge = time.Millisecond },
		"age negative":        func(c *authn.Config) { c.Issuers[0].MaxAge = -time.Second },
	} {
		c := good()
		change(&c)
		if _, err := authn.New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
