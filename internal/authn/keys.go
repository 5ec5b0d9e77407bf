package authn

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"io"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"varco/internal/session"
)

const (
	keysAge    = time.Hour   // how long a key is believed after the provider last showed it
	keysGap    = time.Minute // between two fetches of the keys, whatever key ids come
	maxKeys    = 50
	minRSABits = 2048 // NIST SP 800-131A
)

// keySet are the keys of a provider that may verify an ID token.
type keySet []jose.JSONWebKey

// fetchKeys fetches the provider's key set and leaves out what can't or mustn't verify.
func (p *provider) fetchKeys(ctx context.Context) (keySet, error) {
	m, err := p.metadata(ctx)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.Keys, nil)
	if err != nil {
		return nil, refused(session.ReasonUnavailable, "fetching the provider's keys: bad address")
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, refused(session.ReasonUnavailable, "fetching the provider's keys: %.200q", err.Error())
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // it was read whole
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, refused(session.ReasonUnavailable, "fetching the provider's keys: status %d", resp.StatusCode)
	}
	return parseKeys(body)
}

func parseKeys(raw []byte) (keySet, error) {
	var listed struct {
		Keys []jsontext.Value `json:"keys"`
	}
	if err := jsonv2.Unmarshal(raw, &listed); err != nil || len(listed.Keys) > maxKeys {
		return nil, refused(session.ReasonUnavailable, "reading the provider's keys: malformed, or over %d", maxKeys)
	}
	var set keySet
	for _, one := range listed.Keys {
		var key jose.JSONWebKey
		// RFC 7517, section 5: a key of a type that is not understood is ignored.
		if err := key.UnmarshalJSON(one); err == nil && usable(key) {
			set = append(set, key)
		}
	}
	return set, nil
}

// usable reports whether a key is for signatures, strong enough, and public: who shows a
// private key or a shared one has lost it.
func usable(key jose.JSONWebKey) bool {
	if !key.Valid() || key.Use != "" && key.Use != "sig" {
		return false
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		return public.N.BitLen() >= minRSABits
	case *ecdsa.PublicKey:
		return public.Curve == elliptic.P256()
	default:
		return false
	}
}

// named returns the keys that a token with this header may be signed by. A token without
// key id is understood only where there is one key (OpenID Connect Core 1.0, section 10.1).
func (s keySet) named(kid string, alg jose.SignatureAlgorithm) []jose.JSONWebKey {
	var named []jose.JSONWebKey
	for _, key := range s {
		if (key.KeyID == kid || kid == "" && len(s) == 1) && (key.Algorithm == "" || key.Algorithm == string(alg)) {
			named = append(named, key)
		}
	}
	return named
}

// tokenKeys verifies one token for go-oidc (oidc.KeySet), and remembers what go-oidc keeps
// to itself: the payload that was signed, and why there is none.
type tokenKeys struct {
	provider *provider
	payload  []byte
	err      error
}

// VerifySignature returns the payload of a token that a key of the provider signed.
func (t *tokenKeys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	t.payload, t.err = t.provider.payload(ctx, token)
	return t.payload, t.err
}

func (p *provider) payload(ctx context.Context, token string) ([]byte, error) {
	jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256, jose.PS256, jose.ES256})
	if err != nil || len(jws.Signatures) != 1 {
		return nil, refused(session.ReasonSignature, "not signed as an ID token is")
	}
	header := jws.Signatures[0].Protected
	// An unknown key id may be a new key's: once a minute it is looked for.
	for _, newer := range []bool{false, true} {
		set, err := p.keys.get(ctx, p.now(), newer)
		if err != nil {
			return nil, err
		}
		named := set.named(header.KeyID, jose.SignatureAlgorithm(header.Algorithm))
		for _, key := range named {
			if payload, err := jws.Verify(&key); err == nil {
				return payload, nil
			}
		}
		if len(named) > 0 {
			break
		}
	}
	return nil, refused(session.ReasonSignature, "not by a key of the provider that may sign")
}
