package authn_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"sync"
	"testing"
	"time"

	"varco/internal/authn"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/session"
)

const (
	loopbackPort  = 40123
	loopbackState = "state-of-the-command-line"
	verifier      = "verifier-that-only-the-command-line-knows-0123456789"
	redirectURL   = "http://127.0.0.1:9/v1/login/callback"
	invitation    = "an-invitation"
)

// desk is authn with what is around it: a clock, a store, a provider that may lie.
type desk struct {
	*authn.Authn
	store    *memory
	provider *liar
	issuer   string
	from     session.From
	person   ids.Person // who is bound to the provider's account

	mu  sync.Mutex
	now time.Time
}

func newDesk(t testing.TB, l lie, change func(*authn.Config)) *desk {
	t.Helper()
	d := &desk{store: newMemory(), now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), person: ids.NewPerson(rand.Reader),
		from: session.From{Request: ids.NewRequest(rand.Reader), Source: "blinded"}}
	d.provider, d.issuer = newLiar(t, d.clock, l)
	c := authn.Config{
		Issuers: []authn.Issuer{{URL: d.issuer, ClientID: clientID, ClientSecret: secret.NewString(clientSecret),
			SecondFactor: authn.SecondFactor{AMR: []string{"hwk", "otp"}}}},
		RedirectURL: redirectURL, Sessions: d.store, Now: d.clock, Rand: rand.Reader, ProviderTimeout: 20 * time.Second,
	}
	if change != nil {
		change(&c)
	}
	var err error
	if d.Authn, err = authn.New(c); err != nil {
		t.Fatal(err)
	}
	d.store.people[d.issuer+" operator-a"] = d.person
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) pass(time time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(time)
}

func (d *desk) begin(t testing.TB) (string, error) {
	t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	return d.Begin(t.Context(), authn.BeginRequest{Issuer: d.issuer, Port: loopbackPort, State: loopbackState,
		Challenge: base64.RawURLEncoding.EncodeToString(sum[:])})
}

// comeBack goes to the provider and comes back: the loopback URL's query.
func (d *desk) comeBack(t testing.TB) (url.Values, error) {
	t.Helper()
	at, err := d.begin(t)
	if err != nil {
		t.Fatalf("Begin: %v", err)
	}
	back, err := d.Callback(t.Context(), d.from, d.provider.authorize(t, at), secret.String{})
	return query(t, back.Loopback), err
}

// code is the one-time code of a sign-in that came back well.
func (d *desk) code(t testing.TB) secret.String {
	t.Helper()
	q, err := d.comeBack(t)
	if err != nil || q.Get("state") != loopbackState || q.Has("error") {
		t.Fatalf("Callback = %v, %v", q, err)
	}
	return secret.NewString(q.Get("code"))
}

func (d *desk) redeem(ctx context.Context, code secret.String) (authn.SignedIn, error) {
	return d.Redeem(ctx, d.from, authn.RedeemRequest{Code: code, Verifier: secret.NewString(verifier)})
}

func (d *desk) signIn(t testing.TB) authn.SignedIn {
	t.Helper()
	signed, err := d.redeem(t.Context(), d.code(t))
	if err != nil {
		t.Fatalf("Redeem: %v", err)
	}
	return signed
}

// query checks that a URL is the command line's, and returns its query; of "" it is nil.
func query(t testing.TB, loopback string) url.Values {
	t.Helper()
	if loopback == "" {
		return nil
	}
	u, err := url.Parse(loopback)
	if err != nil || u.Scheme != "http" || u.Host != "127.0.0.1:40123" || u.Path != "/" {
		t.Fatalf("the loopback URL is %q", loopback)
	}
	return u.Query()
}
