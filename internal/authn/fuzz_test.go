package authn_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"varco/internal/authn"
	"varco/internal/secret"
)

// direct answers requests without a network, so that fuzzing is quick.
type direct http.HandlerFunc

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d(w, r)
	return w.Result(), nil
}

// fuzzDesk is a desk whose provider signs whatever the lie says, at no cost.
func fuzzDesk(f *testing.F, l *lie) *desk {
	f.Helper()
	var d *desk
	d = newDesk(f, lie{}, func(c *authn.Config) {
		c.Transport = direct(func(w http.ResponseWriter, r *http.Request) {
			d.provider.lie = *l
			d.provider.ServeHTTP(w, r)
		})
	})
	return d
}

// Whatever a provider signs, a sign-in is confirmed only for the one subject that the
// payload states, by our reading and by encoding/json's.
func FuzzClaims(f *testing.F) {
	good := fmt.Sprintf(`"iss":"ISSUER","sub":"operator-a","aud":"varcod","exp":%d,"iat":%d,"nonce":"NONCE","amr":["otp"]`, now+600, now)
	for _, seed := range []string{good, good + `,"SUB":"b"`, good + `,"sub":"b"`, good + `,"x":{"a":1,"A":2}`, `"sub":1`, ``,
		good + `,"acr":null,"amr":null`, good + `,"at_hash":""`, good + `,"aud":["varcod"]`, good + `,"exp":1e99`} {
		f.Add("{" + seed + "}")
	}
	var l lie
	d := fuzzDesk(f, &l)
	l.payload = func(string) string { return fill("{"+good+"}", d) }
	d.code(f) // the first seed is accepted
	f.Fuzz(func(t *testing.T, text string) {
		l.payload = func(string) string { return fill(text, d) }
		clear(d.store.logins)
		to, err := d.begin(t)
		if err != nil {
			t.Fatal(err)
		}
		_, err = d.Callback(t.Context(), d.from, d.provider.authorize(t, to), secret.String{})
		if (err == nil) != (len(d.store.logins) == 1) {
			t.Fatalf("Callback: %v, with %d logins", err, len(d.store.logins))
		}
		for _, login := range d.store.logins {
			if subject := login.Account.Subject.Reveal(); subject == "" || subject != loosely(t, l.payload("")) {
				t.Fatalf("signed in as %q by %q", subject, text)
			}
		}
	})
}

// FuzzKeys gives the service key sets and discovery documents of any shape.
func FuzzKeys(f *testing.F) {
	f.Add(`{"keys":[]}`, `{}`)
	f.Add(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"oct","k":"AA"}]}`, `{"issuer":""}`)
	f.Add(`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"k1"}]}`, `{"jwks_uri":"//x"}`)
	f.Fuzz(func(t *testing.T, keys, document string) {
		d := newDesk(t, lie{keys: func(*liar) string { return keys }}, nil)
		if q, err := d.comeBack(t); err == nil {
			t.Fatalf("a sign-in was confirmed by the keys %q: %v", keys, q)
		}
		d = newDesk(t, lie{document: func(string) string { return document }}, nil)
		if to, err := d.begin(t); err == nil {
			u, err := url.Parse(to)
			if err != nil || u.Scheme+"://"+u.Host != d.issuer {
				t.Fatalf("Begin goes to %q by %q", to, document)
			}
		}
	})
}

// FuzzCallback takes any query: there is no answer without a pending sign-in.
func FuzzCallback(f *testing.F) {
	f.Add("code=x&state=y")
	f.Add("state=" + verifier + "&state=&iss=&error")
	d := newDesk(f, lie{}, nil)
	f.Fuzz(func(t *testing.T, raw string) {
		q, _ := url.ParseQuery(raw)
		if back, err := d.Callback(t.Context(), d.from, q, secret.String{}); back.Loopback != "" || err == nil {
			t.Fatalf("Callback(%q) = %+v, %v", raw, back, err)
		}
	})
}

// FuzzCaller takes any bearer token: only the one that was given is somebody's.
func FuzzCaller(f *testing.F) {
	d := newDesk(f, lie{}, nil)
	signed := d.signIn(f)
	f.Add(signed.Token.Reveal())
	f.Add(signed.Token.Reveal() + "=")
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		_, err := d.Caller(t.Context(), d.from, secret.NewString(token))
		if (err == nil) != (token == signed.Token.Reveal()) {
			t.Fatalf("Caller(%q): %v", token, err)
		}
	})
}

// fill puts what a provider knows into a payload.
func fill(text string, d *desk) string {
	return strings.NewReplacer("ISSUER", d.issuer, "NONCE", d.provider.nonce).Replace(text)
}

// loosely reads claims as encoding/json does.
func loosely(t *testing.T, payload string) string {
	t.Helper()
	var c struct {
		Subject string `json:"sub"`
	}
	if err := json.Unmarshal([]byte(payload), &c); err != nil {
		t.Fatal(err)
	}
	return c.Subject
}
