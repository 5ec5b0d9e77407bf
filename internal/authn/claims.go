package authn

import (
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"varco/internal/session"
)

const (
	maxSubjectChars = 255 // OpenID Connect Core 1.0, section 2
	maxLifetime     = 24 * time.Hour
	maxTokenAge     = 10 * time.Minute // since iat: it comes straight from the token endpoint
)

// claims are those of an ID token that matter. Times are whole seconds since 1970.
type claims struct {
	Issuer     string   `json:"iss"`
	Subject    string   `json:"sub"`
	Audience   audience `json:"aud"`
	Party      string   `json:"azp"`
	Nonce      string   `json:"nonce"`
	AccessHash *string  `json:"at_hash"`
	ACR        string   `json:"acr"`
	AMR        []string `json:"amr"`
	Expires    *int64   `json:"exp"`
	IssuedAt   *int64   `json:"iat"`
	NotBefore  *int64   `json:"nbf"`
	AuthTime   *int64   `json:"auth_time"`
	Session    string   `json:"sid"` // the provider's name for hers with it; "" if it gives none
}

// claimNames are the names in claims: a token must spell them so or not use them.
var claimNames = []string{"iss", "sub", "aud", "azp", "nonce", "at_hash", "acr", "amr", "exp", "iat", "nbf", "auth_time", "sid"}

// audience is one string or a list of them.
type audience []string

// UnmarshalJSON reads either form.
func (a *audience) UnmarshalJSON(raw []byte) error {
	if jsontext.Value(raw).Kind() != '"' {
		return jsonv2.Unmarshal(raw, (*[]string)(a))
	}
	*a = audience{""}
	return jsonv2.Unmarshal(raw, &(*a)[0])
}

// parseClaims reads the payload of an ID token: strict JSON, exact names, right types.
func parseClaims(raw []byte) (claims, error) {
	err := checkObject(raw)
	if err == nil {
		err = checkSpelling(raw, claimNames)
	}
	if err != nil {
		return claims{}, refused(session.ReasonForm, "reading the claims: %v", err)
	}
	var c claims
	if err := jsonv2.Unmarshal(raw, &c); err != nil {
		return claims{}, refused(session.ReasonForm, "reading the claims: a claim is of another type than it must be")
	}
	return c, nil
}

// check refuses all that is not an ID token of this issuer, for us, for this sign-in, now.
func (c claims) check(issuer Issuer, pending session.Pending, now time.Time) (proof, error) {
	for _, one := range []func() error{
		func() error { return c.checkParties(issuer) },
		func() error { return c.checkTimes(now) },
		func() error { return c.checkNonce(pending.Nonce.Reveal()) },
		c.checkSubject,
		func() error { return c.checkAuthTime(issuer.MaxAge, now) },
	} {
		if err := one(); err != nil {
			return proof{}, err
		}
	}
	assurance, ok := issuer.SecondFactor.met(c.ACR, c.AMR)
	if !ok {
		return proof{}, refused(session.ReasonSecondFactor, "neither acr nor amr is one that the rule accepts")
	}
	return proof{subject: c.Subject, sid: c.Session, assurance: assurance, authenticatedAt: c.authenticatedAt(pending.Pushed && issuer.asksAgain())}, nil
}

// authenticatedAt is when the provider says that it authenticated her. A provider that says
// nothing of it has just done so if we asked it to ask, and no browser could take that out of the
// request; of any other it is not known, and zero: she may have come in hours ago.
func (c claims) authenticatedAt(asked bool) time.Time {
	switch {
	case c.AuthTime != nil:
		return time.Unix(*c.AuthTime, 0).UTC()
	case asked:
		return time.Unix(*c.IssuedAt, 0).UTC()
	}
	return time.Time{}
}

// checkParties wants the issuer byte by byte, and us as the only audience: a token that is
// good for others too could have been got by them.
func (c claims) checkParties(issuer Issuer) error {
	if c.Issuer != issuer.URL {
		return refused(session.ReasonIssuer, "the ID token is by another issuer")
	}
	if len(c.Audience) != 1 || c.Audience[0] != issuer.ClientID || c.Party != "" && c.Party != issuer.ClientID {
		return refused(session.ReasonAudience, "the ID token is not for us alone")
	}
	return nil
}

func (c claims) checkTimes(now time.Time) error {
	if c.Expires == nil || *c.Expires <= now.Unix() || *c.Expires > now.Add(maxLifetime).Unix() {
		return refused(session.ReasonExpiry, "exp is missing, past, or more than %s away", maxLifetime)
	}
	if c.IssuedAt == nil || *c.IssuedAt > now.Add(skew).Unix() || *c.IssuedAt < now.Add(-maxTokenAge).Unix() {
		return refused(session.ReasonIssuedAt, "iat is missing, in the future, or more than %s ago", maxTokenAge)
	}
	if c.NotBefore != nil && *c.NotBefore > now.Add(skew).Unix() {
		return refused(session.ReasonIssuedAt, "nbf is in the future")
	}
	return nil
}

func (c claims) checkNonce(nonce string) error {
	if nonce == "" || !same(c.Nonce, nonce) {
		return refused(session.ReasonNonce, "the ID token is not for this sign-in")
	}
	return nil
}

func (c claims) checkSubject() error {
	if !isName(c.Subject) {
		return refused(session.ReasonSubject, "sub is empty, over %d characters or not ASCII", maxSubjectChars)
	}
	if c.Session != "" && !isName(c.Session) {
		return refused(session.ReasonForm, "sid is over %d characters or not ASCII", maxSubjectChars)
	}
	return nil
}

// checkAuthTime holds the provider to max_age; without one, auth_time may be left out but
// not be in the future.
func (c claims) checkAuthTime(maxAge time.Duration, now time.Time) error {
	if c.AuthTime == nil {
		if maxAge > 0 {
			return refused(session.ReasonAuthTime, "auth_time is missing")
		}
		return nil
	}
	if *c.AuthTime > now.Add(skew).Unix() {
		return refused(session.ReasonAuthTime, "auth_time is in the future")
	}
	if maxAge > 0 && *c.AuthTime < now.Add(-maxAge-skew).Unix() {
		return refused(session.ReasonAuthTime, "auth_time is more than %s ago", maxAge)
	}
	return nil
}
