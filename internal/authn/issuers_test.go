package authn_test

import (
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
	"time"

	"varco/internal/authn"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/secret"
)

// two is a desk with a second provider, whose operator-a is somebody else.
func two(t *testing.T) (d *desk, other *liar, otherURL string, somebody ids.Person) {
	t.Helper()
	somebody = ids.NewPerson(rand.Reader)
	var clock func() time.Time
	other, otherURL = newLiar(t, func() time.Time { return clock() }, lie{})
	d = newDesk(t, lie{}, func(c *authn.Config) {
		c.Issuers = append(c.Issuers, authn.Issuer{URL: otherURL, ClientID: clientID, ClientSecret: secret.NewString(clientSecret),
			SecondFactor: authn.SecondFactor{ACR: []string{"urn:two"}}})
	})
	clock = d.clock
	d.store.people[otherURL+" operator-a"] = somebody
	return d, other, otherURL, somebody
}

// The same subject at two providers is two people, each by her provider's own rule.
func TestTwoIssuers(t *testing.T) {
	d, other, otherURL, somebody := two(t)
	if got := d.signIn(t).Caller; got.Person != d.person || got.Assurance != "otp" {
		t.Errorf("by the first: %+v", got)
	}
	begun, err := d.BeginPage(t.Context(), otherURL, "")
	if err != nil {
		t.Fatal(err)
	}
	back, err := d.Callback(t.Context(), d.from, other.authorize(t, begun.RedirectURL), begun.Flow)
	if err != nil || back.SignedIn.Caller.Person != somebody || back.SignedIn.Caller.Assurance != "urn:two" {
		t.Errorf("by the second: %+v, %v", back, err)
	}
	if got := d.Issuers(); len(got) != 2 {
		t.Errorf("Issuers = %v", got)
	}
}

// One provider can't answer for another: neither with its own answer (mix-up, RFC 9207), nor
// with a token in its name, nor sign its people out.
func TestOneIssuerForAnother(t *testing.T) {
	for name, answer := range map[string]func(own url.Values, strange url.Values) url.Values{
		"its own answer under the other's state": func(own, strange url.Values) url.Values {
			strange.Set("state", own.Get("state"))
			return strange
		},
		"the other's answer under its own state": func(own, strange url.Values) url.Values {
			own.Set("state", strange.Get("state"))
			return own
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, other, otherURL, _ := two(t)
			first, err := d.BeginPage(t.Context(), d.issuer, "")
			if err != nil {
				t.Fatal(err)
			}
			second, err := d.BeginPage(t.Context(), otherURL, "")
			if err != nil {
				t.Fatal(err)
			}
			q := answer(d.provider.authorize(t, first.RedirectURL), other.authorize(t, second.RedirectURL))
			for _, flow := range []secret.String{first.Flow, second.Flow} {
				back, err := d.Callback(t.Context(), d.from, q, flow)
				if fault.KindOf(err) != fault.Unauthenticated || !back.SignedIn.Token.IsZero() || back.Reason == "" {
					t.Errorf("Callback = %+v, %v", back, err)
				}
			}
		})
	}
	d, other, otherURL, _ := two(t)
	token := d.signIn(t).Token
	for _, issuer := range []string{d.issuer, otherURL} {
		d.provider, other = other, d.provider // whose key signs
		err := d.logout(t, logout{claims: set("iss", issuer)})
		if issuer == d.issuer && fault.KindOf(err) != fault.Unauthenticated {
			t.Errorf("a sign-out in the other's name: %v", err)
		}
		d.provider, other = other, d.provider
	}
	if _, err := d.Caller(t.Context(), d.from, token); err != nil {
		t.Errorf("the session has ended: %v", err)
	}
}

// No request goes to an address that no provider has, whatever the configuration says.
func TestNowhere(t *testing.T) {
	for _, host := range []string{"169.254.169.254", "[fe80::1]", "0.0.0.0", "[::]", "224.0.0.1", "[::ffff:169.254.169.254]"} {
		a, err := authn.New(authn.Config{RedirectURL: redirectURL, Sessions: newMemory(), Now: time.Now, Rand: rand.Reader,
			Issuers: []authn.Issuer{{URL: "https://" + host, ClientID: "x", ClientSecret: secret.NewString("x"),
				SecondFactor: authn.SecondFactor{AMR: []string{"otp"}}}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.BeginPage(t.Context(), "https://"+host, ""); fault.KindOf(err) != fault.Unavailable ||
			!strings.Contains(err.Error(), "not an address that a provider has") {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// FuzzLogout takes whatever a provider signs: what ends a session is one object of one reading.
func FuzzLogout(f *testing.F) {
	const good = `"iss":"ISSUER","sub":"operator-a","aud":"varcod","exp":1795165800,"iat":1795165200,"jti":"JTI","events":{"` + logoutEvent + `":{}}`
	for _, seed := range []string{good, good + `,"SUB":"b"`, good + `,"sub":"b"`, good + `,"nonce":"x"`, good + `,"sid":1`, ``, good + `,"events":[]`} {
		f.Add("{" + seed + "}")
	}
	var l lie
	d := fuzzDesk(f, &l)
	f.Fuzz(func(t *testing.T, text string) {
		clear(d.store.logouts)
		text = fill(text, d)
		err := d.logout(t, logout{payload: func(string) string { return text }})
		if (err == nil) != (len(d.store.logouts) == 1) {
			t.Fatalf("Logout: %v, with %d remembered", err, len(d.store.logouts))
		}
		if err == nil && loosely(t, text) == "" && !strings.Contains(text, "sid") {
			t.Fatalf("nobody was signed out by %q", text)
		}
	})
}
