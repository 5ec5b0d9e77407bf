package authn_test

import (
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/secret"
	"varco/internal/session"
)

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// logout is a provider's word that operator-a has signed out, but for its lie.
type logout struct {
	claims  func(c map[string]any)
	payload func(raw string) string
	typ     string
	sign    func(l *liar, payload []byte) string
}

func (d *desk) logout(t *testing.T, o logout) error {
	t.Helper()
	now := d.clock().Unix()
	c := map[string]any{"iss": d.issuer, "sub": "operator-a", "sid": "s1", "aud": clientID, "iat": now, "exp": now + 120, "jti": "j1",
		"events": map[string]any{logoutEvent: map[string]any{}}}
	apply(o.claims, c)
	text := marshal(c)
	if o.payload != nil {
		text = o.payload(text)
	}
	if o.typ == "" {
		o.typ = "logout+jwt"
	}
	token := sign(jose.ES256, d.provider.key, []byte(text), map[jose.HeaderKey]any{"typ": o.typ})
	if o.sign != nil {
		token = o.sign(d.provider, []byte(text))
	}
	return d.Logout(t.Context(), d.from, secret.NewString(token))
}

// Whoever signs out at the provider is signed out here, at the next request.
func TestLogout(t *testing.T) {
	for name, c := range map[string]struct {
		claims func(map[string]any)
		ends   bool
	}{
		"the session":          {nil, true},
		"the session alone":    {drop("sub"), true},
		"all of the person":    {drop("sid"), true},
		"another's session":    {func(c map[string]any) { delete(c, "sub"); c["sid"] = "s2" }, false},
		"another person":       {func(c map[string]any) { delete(c, "sid"); c["sub"] = "operator-b" }, false},
		"event with a member":  {set("events", map[string]any{logoutEvent: map[string]any{"x": 1}, "https://x.example": 1}), true},
		"aud a list":           {set("aud", []string{clientID}), true},
		"issued a minute ago":  {set("iat", now-60), true},
		"a clock a bit ahead":  {set("iat", now+59), true},
		"a claim that we pass": {set("x", "y"), true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, lie{claims: set("sid", "s1")}, nil)
			token := d.signIn(t).Token
			if err := d.logout(t, logout{claims: c.claims}); err != nil {
				t.Fatal(err)
			}
			_, err := d.Caller(t.Context(), d.from, token)
			if ended := fault.KindOf(err) == fault.Unauthenticated && err != nil; ended != c.ends {
				t.Errorf("the session: %v, want ended %v", err, c.ends)
			}
		})
	}
}

// A word that is not strictly a provider's own, of now, for us, ends nothing and is recorded.
func TestLyingLogout(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	stranger := newKey(t, "k1")
	typed := map[jose.HeaderKey]any{"typ": "logout+jwt"}
	for name, c := range map[string]struct {
		logout logout
		want   session.Reason
	}{
		// What go-oidc lets through.
		"typ of an ID token":     {logout{typ: "JWT"}, session.ReasonType},
		"typ of an access token": {logout{typ: "at+jwt"}, session.ReasonType},
		"typ missing":            {logout{sign: func(l *liar, p []byte) string { return sign(jose.ES256, l.key, p, nil) }}, session.ReasonType},
		"iat missing":            {logout{claims: drop("iat")}, session.ReasonIssuedAt},
		"iat in the future":      {logout{claims: set("iat", now+61)}, session.ReasonIssuedAt},
		"iat six minutes ago":    {logout{claims: set("iat", now-360)}, session.ReasonIssuedAt},
		"exp in the year 2999":   {logout{claims: set("exp", 32472144000)}, session.ReasonExpiry},
		"event a text":           {logout{claims: set("events", map[string]any{logoutEvent: "x"})}, session.ReasonType},
		"event null":             {logout{claims: set("events", map[string]any{logoutEvent: nil})}, session.ReasonType},
		"event a list":           {logout{claims: set("events", map[string]any{logoutEvent: []int{}})}, session.ReasonType},
		"aud with another":       {logout{claims: set("aud", []string{clientID, "another"})}, session.ReasonAudience},
		"nonce empty":            {logout{claims: set("nonce", "")}, session.ReasonNonce},
		"nonce null":             {logout{claims: set("nonce", nil)}, session.ReasonForm},
		"sub of a megabyte":      {logout{claims: set("sub", strings.Repeat("x", 1<<20))}, session.ReasonForm},
		"sub of 256":             {logout{claims: set("sub", strings.Repeat("x", 256))}, session.ReasonSubject},
		"sub and SUB":            {logout{payload: insert(`"SUB":"operator-a"`)}, session.ReasonForm},
		"SUB alone":              {logout{payload: replace(`"sub"`, `"SUB"`)}, session.ReasonForm},
		"sub twice":              {logout{payload: insert(`"sub":"operator-b"`)}, session.ReasonForm},
		"jti of 256":             {logout{claims: set("jti", strings.Repeat("x", 256))}, session.ReasonForm},
		"RSA of 1024 bits": {logout{sign: func(_ *liar, p []byte) string {
			return sign(jose.RS256, jose.JSONWebKey{Key: weak, KeyID: "weak"}, p, typed)
		}}, session.ReasonSignature},
		// What go-oidc refuses: that we still do.
		"iss of another":  {logout{claims: set("iss", "https://another.example")}, session.ReasonIssuer},
		"iss a number":    {logout{claims: set("iss", 1)}, session.ReasonForm},
		"aud of another":  {logout{claims: set("aud", "another")}, session.ReasonAudience},
		"exp missing":     {logout{claims: drop("exp")}, session.ReasonExpiry},
		"exp now":         {logout{claims: set("exp", now)}, session.ReasonExpiry},
		"no event":        {logout{claims: drop("events")}, session.ReasonType},
		"another event":   {logout{claims: set("events", map[string]any{"x": map[string]any{}})}, session.ReasonType},
		"nonce":           {logout{claims: set("nonce", "x")}, session.ReasonNonce},
		"jti missing":     {logout{claims: drop("jti")}, session.ReasonForm},
		"neither of them": {logout{claims: func(c map[string]any) { delete(c, "sub"); delete(c, "sid") }}, session.ReasonSubject},
		"by a stranger":   {logout{sign: func(_ *liar, p []byte) string { return sign(jose.ES256, stranger, p, typed) }}, session.ReasonSignature},
		"unsigned":        {logout{sign: func(_ *liar, _ []byte) string { return "x.y" }}, session.ReasonForm},
		"empty":           {logout{sign: func(_ *liar, _ []byte) string { return "" }}, session.ReasonForm},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, lie{claims: set("sid", "s1")}, nil)
			token := d.signIn(t).Token
			d.store.records = nil
			if err := d.logout(t, c.logout); fault.KindOf(err) != fault.Unauthenticated {
				t.Errorf("Logout: %v", err)
			}
			if _, err := d.Caller(t.Context(), d.from, token); err != nil {
				t.Errorf("the session has ended: %v", err)
			}
			if len(d.store.records) != 1 || d.store.records[0].Reason != c.want || d.store.records[0].Act != act.SessionLogout ||
				d.store.records[0].Outcome != act.Deny {
				t.Errorf("recorded %+v, want %s", d.store.records, c.want)
			}
		})
	}
}

// A token is good once: who has seen one ends no later session with it.
func TestReplayedLogout(t *testing.T) {
	d := newDesk(t, lie{}, nil)
	d.signIn(t)
	if err := d.logout(t, logout{}); err != nil {
		t.Fatal(err)
	}
	again := d.signIn(t).Token
	d.store.records = nil
	if err := d.logout(t, logout{}); fault.KindOf(err) != fault.Unauthenticated {
		t.Errorf("Logout: %v", err)
	}
	want := []record{{Act: act.SessionLogout, Outcome: act.Deny, Reason: session.ReasonReplayed, Issuer: d.issuer, Request: d.from.Request}}
	if diff := cmp.Diff(want, d.store.records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if _, err := d.Caller(t.Context(), d.from, again); err != nil {
		t.Errorf("the session has ended: %v", err)
	}
	// Fifty tokens with strange key ids fetch no keys.
	asked := d.provider.keyAsked
	for range 50 {
		_ = d.logout(t, logout{sign: func(_ *liar, p []byte) string {
			return sign(jose.ES256, newKey(t, "strange"), p, map[jose.HeaderKey]any{"typ": "logout+jwt"})
		}})
	}
	d.pass(time.Second)
	if d.provider.keyAsked > asked+1 {
		t.Errorf("%d fetches", d.provider.keyAsked-asked)
	}
}
