package authn_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"varco/internal/authn"
)

// set, drop and insert are the commonest lies.
func set(name string, value any) func(map[string]any) {
	return func(c map[string]any) { c[name] = value }
}

func drop(name string) func(map[string]any) { return func(c map[string]any) { delete(c, name) } }

func insert(more string) func(string) string {
	return func(raw string) string { return "{" + more + "," + raw[1:] }
}

// patience is short only where the provider would try it: the machine may be busy.
func patience(name string) time.Duration {
	if strings.Contains(name, "never ends") {
		return time.Second
	}
	return 20 * time.Second
}

func typ(value string) func(map[jose.HeaderKey]any) {
	return func(h map[jose.HeaderKey]any) { h["typ"] = value }
}

func replace(old, by string) func(string) string {
	return func(raw string) string { return strings.Replace(raw, old, by, 1) }
}

func acrOnly(values ...string) func(*authn.Issuer) {
	return func(i *authn.Issuer) { i.SecondFactor = authn.SecondFactor{ACR: values} }
}

func maxAge(i *authn.Issuer) { i.MaxAge = time.Minute }

func only(key jose.JSONWebKey) func(*liar) string {
	return func(*liar) string { return marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}}) }
}

func twoKeys(l *liar) string {
	other := l.key
	other.KeyID = "k2"
	return marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{l.key.Public(), other.Public()}})
}

func signBy(alg jose.SignatureAlgorithm, key any) func(*liar, []byte) string {
	return func(_ *liar, payload []byte) string { return sign(alg, key, payload, nil) }
}

func withoutKeyID(l *liar, payload []byte) string { return sign(jose.ES256, l.key.Key, payload, nil) }

// rawHeader signs under a header that go-jose would not print.
func rawHeader(header string) func(*liar, []byte) string {
	return func(l *liar, payload []byte) string {
		token := sign(jose.ES256, l.key, payload, nil)
		_, rest, _ := strings.Cut(token, ".")
		return base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + rest
	}
}

func algNone(_ *liar, payload []byte) string {
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." +
		base64.RawURLEncoding.EncodeToString(payload) + "."
}

func jsonJWS(l *liar, payload []byte) string {
	part := strings.Split(sign(jose.ES256, l.key, payload, nil), ".")
	return `{"protected":"` + part[0] + `","payload":"` + part[1] + `","signature":"` + part[2] + `"}`
}

func at(path string, answer http.HandlerFunc) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != path {
			return false
		}
		answer(w, r)
		return true
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, `{"error":"x"}`, code) }
}

// endless writes valid JSON until the reader gives up.
func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"x":"`))
	for r.Context().Err() == nil {
		if _, err := w.Write(bytes.Repeat([]byte("x"), 64<<10)); err != nil {
			return
		}
	}
}

// stall begins and then says nothing more.
func stall(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{`))
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	<-r.Context().Done()
}

// bomb is 2 MiB in a few kilobytes.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	_, _ = z.Write([]byte(`{"x":"` + strings.Repeat("x", 2<<20) + `"}`))
	_ = z.Close()
}
