package authn

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
)

const (
	logoutType  = "logout+jwt"
	logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

	maxLogoutAge = 5 * time.Minute // since iat; it comes straight from the provider
)

// logoutClaims are those of a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4).
type logoutClaims struct {
	Issuer   string                    `json:"iss"`
	Subject  string                    `json:"sub"`
	Session  string                    `json:"sid"`
	Audience audience                  `json:"aud"`
	ID       string                    `json:"jti"`
	Nonce    *jsontext.Value           `json:"nonce"`
	Events   map[string]jsontext.Value `json:"events"`
	Expires  *int64                    `json:"exp"`
	IssuedAt *int64                    `json:"iat"`
}

var logoutNames = []string{"iss", "sub", "sid", "aud", "jti", "nonce", "events", "exp", "iat"}

// Logout ends sessions because a provider says so, at the next request in each: the one that
// the token names, or all of a person. A token is good once. Refusals are recorded and are
// fault.Unauthenticated, or fault.Unavailable when the provider's keys can't be fetched.
func (a *Authn) Logout(ctx context.Context, from session.From, token secret.String) error {
	p, out, err := a.readLogout(ctx, token.Reveal())
	issuer := ""
	if p != nil {
		issuer = p.issuer.URL
	}
	if err == nil {
		out.From = from
		err = a.sessions.Logout(ctx, out)
	}
	if errors.Is(err, session.ErrReplayed) {
		err = refused(session.ReasonReplayed, "the logout token was used before")
	}
	var why *refusal
	if errors.As(err, &why) {
		return a.refuseAs(ctx, session.Refusal{Reason: why.reason, Issuer: issuer, At: a.now(), From: from, Logout: true}, why)
	}
	return err
}

// readLogout checks a logout token as verify does an ID token. Its error is a *refusal.
func (a *Authn) readLogout(ctx context.Context, token string) (*provider, session.Logout, error) {
	if err := checkHeader(token, logoutType); err != nil {
		return nil, session.Logout{}, err
	}
	issuer, err := issuerOf(token)
	if err != nil {
		return nil, session.Logout{}, err
	}
	p := a.providers[issuer]
	if p == nil {
		return nil, session.Logout{}, refused(session.ReasonIssuer, "the logout token is by nobody that is configured")
	}
	m, err := p.metadata(ctx)
	if err != nil {
		return p, session.Logout{}, err
	}
	keys := &tokenKeys{provider: p}
	now := p.now()
	_, second := oidc.NewVerifier(p.issuer.URL, keys, &oidc.Config{ClientID: p.issuer.ClientID,
		SupportedSigningAlgs: m.Algorithms, Now: func() time.Time { return now }}).VerifyLogout(ctx, token)
	if keys.err != nil {
		return p, session.Logout{}, keys.err
	}
	if keys.payload == nil {
		return p, session.Logout{}, refused(session.ReasonSignature, "not an algorithm that the provider announces and we accept")
	}
	c, err := parseLogout(keys.payload)
	if err == nil {
		err = c.check(p.issuer, now)
	}
	if err == nil && second != nil {
		err = refused(session.ReasonForm, "the second opinion on the logout token: %.200q", second.Error())
	}
	if err != nil {
		return p, session.Logout{}, err
	}
	return p, session.Logout{Account: session.Account{Issuer: c.Issuer, Subject: secret.NewString(c.Subject)},
		SID: secret.NewString(c.Session), Token: note.Sum([]byte("varco/v1 logout\n" + c.Issuer + "\n" + c.ID)), At: now,
		Remember: now.Add(maxLogoutAge + 2*skew)}, nil
}

// issuerOf reads whose token it says that it is, to know by whose keys to check it.
func issuerOf(token string) (string, error) {
	_, rest, _ := strings.Cut(token, ".")
	payload, _, _ := strings.Cut(rest, ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(payload)
	if err == nil {
		err = checkObject(raw)
	}
	var said struct {
		Issuer string `json:"iss"`
	}
	if err == nil {
		err = jsonv2.Unmarshal(raw, &said)
	}
	if err != nil {
		return "", refused(session.ReasonForm, "the logout token does not say strictly whose it is")
	}
	return said.Issuer, nil
}

func parseLogout(raw []byte) (logoutClaims, error) {
	err := checkObject(raw)
	if err == nil {
		err = checkSpelling(raw, logoutNames)
	}
	if err != nil {
		return logoutClaims{}, refused(session.ReasonForm, "reading the logout token: %v", err)
	}
	var c logoutClaims
	if err := jsonv2.Unmarshal(raw, &c); err != nil {
		return c, refused(session.ReasonForm, "reading the logout token: a claim is of another type than it must be")
	}
	return c, nil
}

// check refuses all that is not a logout token of this issuer, for us, of just now. go-oidc
// looks at neither iat nor what the event is, and holds the audience to less.
func (c logoutClaims) check(issuer Issuer, now time.Time) error {
	event, named := c.Events[logoutEvent]
	switch {
	case c.Issuer != issuer.URL:
		return refused(session.ReasonIssuer, "the logout token is by another issuer")
	case len(c.Audience) != 1 || c.Audience[0] != issuer.ClientID:
		return refused(session.ReasonAudience, "the logout token is not for us alone")
	case c.Expires == nil || *c.Expires <= now.Unix() || *c.Expires > now.Add(maxLifetime).Unix():
		return refused(session.ReasonExpiry, "exp is missing, past, or more than %s away", maxLifetime)
	case c.IssuedAt == nil || *c.IssuedAt > now.Add(skew).Unix() || *c.IssuedAt < now.Add(-maxLogoutAge).Unix():
		return refused(session.ReasonIssuedAt, "iat is missing, in the future, or more than %s ago", maxLogoutAge)
	case c.Nonce != nil:
		return refused(session.ReasonNonce, "a logout token has no nonce")
	case !named || event.Kind() != '{':
		return refused(session.ReasonType, "the logout token has no event of a sign-out, or one that is no object")
	case !isName(c.ID):
		return refused(session.ReasonForm, "jti is missing or too long")
	case c.Subject == "" && c.Session == "" || c.Subject != "" && !isName(c.Subject) ||
		c.Session != "" && !isName(c.Session):
		return refused(session.ReasonSubject, "it says neither whose session nor which, or in a form that none has")
	}
	return nil
}

// isName takes printable ASCII of at most as many characters as a subject has.
func isName(s string) bool {
	return s != "" && len(s) <= maxSubjectChars && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
