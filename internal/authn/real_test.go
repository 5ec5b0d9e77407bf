package authn_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
	"time"

	"varco/dev/browser/agent"
	"varco/dev/devprovider"
	"varco/internal/authn"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/session"
)

// The good path against a provider that others wrote, as both kinds of client, with
// everything that can be asked of it, and a person who has no second factor.
func TestIndependentProvider(t *testing.T) {
	key := clientKey(t)
	shared := secret.NewString("s3cret/with:signs+" + string(ids.NewRequest(rand.Reader)))
	provider, err := devprovider.Start(t.Context(), devprovider.Config{
		Clients: []devprovider.Client{
			{ID: "by-secret", Secret: shared, RedirectURIs: []string{redirectURL}},
			{ID: "by-key", Key: &key.PublicKey, RedirectURIs: []string{redirectURL}},
		},
		Accounts: []devprovider.Account{
			{Subject: "operator-a", Label: "Operatrice, Centro A", AMR: []string{"pwd", "otp"}, ACR: "urn:two"},
			{Subject: "careless", Label: "Operatrice senza secondo fattore", AMR: []string{"pwd"}, ACR: "urn:one"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := provider.Close(); err != nil {
			t.Error(err)
		}
	})
	for name, issuer := range map[string]authn.Issuer{
		"secret, amr": {ClientID: "by-secret", ClientSecret: shared, SecondFactor: authn.SecondFactor{AMR: []string{"otp"}}},
		"key, acr, asked again": {ClientID: "by-key", ClientKey: key, SecondFactor: authn.SecondFactor{ACR: []string{"urn:two"}},
			MaxAge: time.Minute, Prompt: "login"},
	} {
		t.Run(name, func(t *testing.T) {
			issuer.URL = provider.Issuer()
			d := &desk{store: newMemory(), issuer: issuer.URL, person: ids.NewPerson(rand.Reader),
				from: session.From{Request: ids.NewRequest(rand.Reader)}}
			d.Authn, err = authn.New(authn.Config{Issuers: []authn.Issuer{issuer}, RedirectURL: redirectURL, Sessions: d.store,
				Now: time.Now, Rand: rand.Reader})
			if err != nil {
				t.Fatal(err)
			}
			d.store.people[issuer.URL+" operator-a"] = d.person
			browser := newBrowser(t, "operator-a")
			for range 2 { // the second time the provider knows the browser
				code := d.through(t, browser)
				signed, err := d.redeem(t.Context(), code)
				if err != nil || signed.Caller.Person != d.person || time.Since(signed.Caller.AuthenticatedAt).Abs() > time.Minute {
					t.Fatalf("Redeem = %+v, %v", signed, err)
				}
			}
			q, err := d.visit(t, newBrowser(t, "Operatrice senza secondo fattore"))
			if q.Get("error") != string(session.ReasonSecondFactor) || fault.KindOf(err) != fault.Unauthenticated {
				t.Errorf("without a second factor: %v, %v", q, err)
			}
		})
	}
}

func newBrowser(t *testing.T, account string) *agent.Agent {
	t.Helper()
	browser, err := agent.New(account)
	if err != nil {
		t.Fatal(err)
	}
	return browser
}

func (d *desk) through(t *testing.T, browser *agent.Agent) secret.String {
	t.Helper()
	q, err := d.visit(t, browser)
	if err != nil || q.Get("state") != loopbackState {
		t.Fatalf("Callback = %v, %v", q, err)
	}
	return secret.NewString(q.Get("code"))
}

// visit signs in with a browser, up to the callback.
func (d *desk) visit(t *testing.T, browser *agent.Agent) (url.Values, error) {
	t.Helper()
	to, err := d.begin(t)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(to, "request_uri=urn") || strings.Contains(to, "nonce") {
		t.Errorf("the provider takes requests directly, and the browser goes to %s", to)
	}
	start, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	end, err := browser.Visit(ctx, start, func(u *url.URL) bool { return strings.HasPrefix(u.String(), redirectURL) })
	if err != nil {
		t.Fatal(err)
	}
	back, err := d.Callback(t.Context(), d.from, end.Query(), secret.String{})
	return query(t, back.Loopback), err
}

func clientKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
