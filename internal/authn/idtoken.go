package authn

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	jsonv2 "github.com/go-json-experiment/json"

	"varco/internal/session"
)

// maxTokenChars is the length limit of an ID token.
const maxTokenChars = 64 << 10

// verify checks an ID token twice: go-oidc checks what it checks, and then everything is
// checked again here, from the same signed bytes read strictly, because go-oidc looks at
// fewer claims and reads them as encoding/json does. Its error is a *refusal.
func (p *provider) verify(ctx context.Context, m metadata, t tokens, pending session.Pending) (proof, error) {
	if err := checkHeader(t.id, "", "JWT"); err != nil {
		return proof{}, err
	}
	keys := &tokenKeys{provider: p}
	now := p.now()
	verifier := oidc.NewVerifier(p.issuer.URL, keys, &oidc.Config{
		ClientID:             p.issuer.ClientID,
		SupportedSigningAlgs: m.Algorithms,
		Now:                  func() time.Time { return now },
	})
	token, second := verifier.Verify(ctx, t.id)
	if keys.err != nil {
		return proof{}, keys.err
	}
	if keys.payload == nil {
		return proof{}, refused(session.ReasonSignature, "not an algorithm that the provider announces and we accept")
	}
	c, err := parseClaims(keys.payload)
	if err != nil {
		return proof{}, err
	}
	got, err := c.check(p.issuer, pending, now)
	if err != nil {
		return proof{}, err
	}
	if second != nil {
		return proof{}, refused(session.ReasonForm, "the second opinion on the ID token: %.200q", second.Error())
	}
	// In the code flow at_hash may be left out (OpenID Connect Core 1.0, section 3.1.3.6), and
	// certified providers do; nothing is lost, since the access token is used for nothing.
	if c.AccessHash != nil && token.VerifyAccessToken(t.access) != nil {
		return proof{}, refused(session.ReasonAccessToken, "at_hash is another's")
	}
	return got, nil
}

// header is the protected header of a compact JWS.
type header struct {
	Type     string   `json:"typ"`
	Critical []string `json:"crit"`
}

// checkHeader refuses what is not a compact JWS of one of the types of JWT, whatever their
// case (RFC 7519, section 5.1); "" is one that says none. Other types of token are signed by
// the same keys: access tokens "at+jwt", logout tokens "logout+jwt".
func checkHeader(token string, types ...string) error {
	if len(token) > maxTokenChars || strings.Count(token, ".") != 2 {
		return refused(session.ReasonForm, "the token is no compact JWS, or over %d characters", maxTokenChars)
	}
	first, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(first)
	if err == nil {
		err = checkObject(raw)
	}
	var h header
	if err == nil {
		err = checkSpelling(raw, []string{"alg", "kid", "typ", "crit"})
	}
	if err == nil {
		err = jsonv2.Unmarshal(raw, &h)
	}
	if err != nil || h.Critical != nil {
		return refused(session.ReasonForm, "the token's header is malformed, or demands what we don't know")
	}
	if !slices.ContainsFunc(types, func(t string) bool { return strings.EqualFold(t, h.Type) }) {
		return refused(session.ReasonType, "the token is of type %.40q", h.Type)
	}
	return nil
}
