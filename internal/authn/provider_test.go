package authn_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	clientID     = "varcod"
	clientSecret = "a secret/with:signs%that need+quoting"
	accessToken  = "an-access-token"
)

// liar is an OpenID provider in one handler that answers as it should, but for its lie.
type liar struct {
	now func() time.Time
	lie lie

	mu        sync.Mutex
	key       jose.JSONWebKey // private
	nonce     string          // of the last authorization request
	challenge string
	keyAsked  int
	pushed    map[string]url.Values // requests by their names
}

// lie is where a provider departs from what it should answer; nil does not depart.
type lie struct {
	discovery func(doc map[string]any)
	document  func(raw string) string  // the discovery document's text
	media     string                   // the discovery document's Content-Type
	keys      func(l *liar) string     // the key set's text
	answer    func(q url.Values)       // the authorization response
	pushed    func(doc map[string]any) // the answer to a pushed request
	response  func(doc map[string]any)
	padding   int // bytes of white space after the token response
	claims    func(c map[string]any)
	payload   func(raw string) string                       // the claims' text
	header    func(h map[jose.HeaderKey]any)                // of the ID token
	sign      func(l *liar, payload []byte) string          // the whole ID token
	serve     func(http.ResponseWriter, *http.Request) bool // instead of any answer
}

func newLiar(t testing.TB, now func() time.Time, l lie) (*liar, string) {
	t.Helper()
	provider := &liar{now: now, lie: l, key: newKey(t, "k1"), pushed: map[string]url.Values{}}
	server := httptest.NewServer(provider)
	t.Cleanup(server.Close)
	return provider, server.URL
}

func newKey(t testing.TB, kid string) jose.JSONWebKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: "ES256", Use: "sig"}
}

func (l *liar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.lie.serve != nil && l.lie.serve(w, r) {
		return
	}
	self := "http://" + r.Host
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		doc := map[string]any{
			"issuer": self, "authorization_endpoint": self + "/auth", "token_endpoint": self + "/token",
			"jwks_uri": self + "/keys", "id_token_signing_alg_values_supported": []string{"RS256", "ES256", "none"},
			"code_challenge_methods_supported":               []string{"S256"},
			"authorization_response_iss_parameter_supported": true,
		}
		apply(l.lie.discovery, doc)
		text := marshal(doc)
		if l.lie.document != nil {
			text = l.lie.document(text)
		}
		if l.lie.media != "" {
			w.Header().Set("Content-Type", l.lie.media)
		}
		writeJSON(w, text)
	case "/keys":
		l.mu.Lock()
		l.keyAsked++
		text := marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{l.key.Public()}})
		l.mu.Unlock()
		if l.lie.keys != nil {
			text = l.lie.keys(l)
		}
		writeJSON(w, text)
	case "/token":
		l.token(w, r)
	case "/par":
		l.par(w, r)
	default:
		http.NotFound(w, r)
	}
}

// authorize is what a browser gets for the URL of Begin: the response's query.
func (l *liar) authorize(t testing.TB, at string) url.Values {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if name := q.Get("request_uri"); name != "" {
		l.mu.Lock()
		q = l.pushed[name]
		l.mu.Unlock()
		if len(u.Query()) != 2 || u.Query().Get("client_id") != clientID {
			t.Fatalf("the browser carries more than the request's name: %s", at)
		}
	}
	if q.Get("scope") != "openid" || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" {
		t.Fatalf("the authorization request is not as it should be: %s", at)
	}
	l.mu.Lock()
	l.nonce, l.challenge = q.Get("nonce"), q.Get("code_challenge")
	l.mu.Unlock()
	answer := url.Values{"code": {"a-code"}, "state": {q.Get("state")}, "iss": {u.Scheme + "://" + u.Host}}
	if l.lie.answer != nil {
		l.lie.answer(answer)
	}
	return answer
}

// par takes an authorization request as RFC 9126 has it.
func (l *liar) par(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.knows(r) || r.PostFormValue("client_id") != clientID {
		http.Error(w, `{"error":"invalid_client"}`, http.StatusUnauthorized)
		return
	}
	name := "urn:ietf:params:oauth:request_uri:" + strconv.Itoa(len(l.pushed))
	l.pushed[name] = r.PostForm
	doc := map[string]any{"request_uri": name, "expires_in": 60}
	apply(l.lie.pushed, doc)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	writeJSON(w, marshal(doc))
}

// knows reports whether a request is by the client.
func (l *liar) knows(r *http.Request) bool {
	id, secret, _ := r.BasicAuth()
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	return id == clientID && secret == clientSecret
}

func (l *liar) token(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !l.knows(r) || base64.RawURLEncoding.EncodeToString(sum[:]) != l.challenge {
		http.Error(w, `{"error":"invalid_client"}`, http.StatusUnauthorized)
		return
	}
	doc := map[string]any{"access_token": accessToken, "token_type": "Bearer", "expires_in": 60,
		"id_token": l.idToken("http://" + r.Host)}
	apply(l.lie.response, doc)
	writeJSON(w, marshal(doc)+strings.Repeat(" ", l.lie.padding))
}

func (l *liar) idToken(issuer string) string {
	sum := sha256.Sum256([]byte(accessToken))
	now := l.now().Unix()
	c := map[string]any{
		"iss": issuer, "sub": "operator-a", "aud": clientID, "exp": now + 600, "iat": now, "nonce": l.nonce,
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:16]), "acr": "urn:two", "amr": []string{"pwd", "otp"},
	}
	apply(l.lie.claims, c)
	text := marshal(c)
	if l.lie.payload != nil {
		text = l.lie.payload(text)
	}
	if l.lie.sign != nil {
		return l.lie.sign(l, []byte(text))
	}
	header := map[jose.HeaderKey]any{"typ": "JWT"}
	apply(l.lie.header, header)
	return sign(jose.ES256, l.key, []byte(text), header)
}

// sign makes a compact JWS.
func sign(alg jose.SignatureAlgorithm, key any, payload []byte, header map[jose.HeaderKey]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, &jose.SignerOptions{ExtraHeaders: header})
	if err != nil {
		panic(err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return text
}

func apply[M any](change func(M), to M) {
	if change != nil {
		change(to)
	}
}

func marshal(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func writeJSON(w http.ResponseWriter, text string) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	_, _ = w.Write([]byte(text))
}
