package authn

import (
	"context"
	"errors"
	"strconv"
	"time"

	"golang.org/x/oauth2"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/session"
)

const (
	minPort       = 1024
	maxPort       = 65535
	minStateChars = 22 // 128 bits of base64url
	maxStateChars = 128
)

// BeginRequest is what a command line asks for through the browser. All of it is seen by
// the browser and its history, and none of it is a secret.
type BeginRequest struct {
	Issuer    string // one of Issuers
	Port      int    // of 127.0.0.1, where the command line listens: 1024 to 65535
	Challenge string // S256 of the verifier that the command line will redeem with
	State     string // drawn by the command line, 22 to 128 characters of base64url
}

// Begin starts a sign-in and returns the provider's URL to which the browser is to be
// sent. It is fault.Invalid when the request is malformed or names no issuer, and
// fault.Unavailable when the provider can't be reached or is none to trust.
func (a *Authn) Begin(ctx context.Context, r BeginRequest) (redirectURL string, err error) {
	if err := r.check(); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "beginning a sign-in")
	}
	return a.begin(ctx, session.Pending{Issuer: r.Issuer,
		Loopback: session.Loopback{Port: r.Port, State: r.State, Challenge: r.Challenge}})
}

// Begun is a sign-in that the page has begun.
type Begun struct {
	RedirectURL string        // the provider's, to which the browser is to be sent
	Flow        secret.String // 43 characters, for a cookie of this browser
	Expires     time.Time     // when it must have come back
}

// BeginPage starts a sign-in of the page. The session that the browser has already is ended
// when a new one begins. It fails as Begin does.
func (a *Authn) BeginPage(ctx context.Context, issuer string, replaces ids.Session) (Begun, error) {
	flow := draw(a.rand)
	to, err := a.begin(ctx, session.Pending{Issuer: issuer, Replaces: replaces,
		Loopback: session.Loopback{Challenge: challengeOf(flow)}})
	if err != nil {
		return Begun{}, err
	}
	return Begun{RedirectURL: to, Flow: secret.NewString(flow), Expires: a.now().Add(pendingLimit)}, nil
}

// begin keeps a sign-in and returns the provider's URL.
func (a *Authn) begin(ctx context.Context, pending session.Pending) (redirectURL string, err error) {
	p := a.providers[pending.Issuer]
	if p == nil {
		return "", fault.New(fault.Invalid, "beginning a sign-in: no such issuer")
	}
	m, err := p.metadata(ctx)
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "beginning a sign-in")
	}
	state, nonce, verifier := draw(a.rand), draw(a.rand), draw(a.rand)
	redirectURL, pending.Pushed, err = p.authorize(ctx, m, state, nonce, verifier)
	if err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "beginning a sign-in")
	}
	pending.State, _ = hashToken(state)
	pending.Nonce, pending.Verifier = secret.NewString(nonce), secret.NewString(verifier)
	pending.Expires = a.now().Add(pendingLimit)
	if err := a.sessions.PutPending(ctx, pending); err != nil {
		return "", err
	}
	return redirectURL, nil
}

func (r BeginRequest) check() error {
	if r.Port < minPort || r.Port > maxPort {
		return errors.New("the port is not from 1024 to 65535")
	}
	if !is256Bits(r.Challenge) {
		return errors.New("the challenge is not S256")
	}
	if len(r.State) < minStateChars || len(r.State) > maxStateChars || !isBase64URL(r.State) {
		return errors.New("the state is not 22 to 128 characters of base64url")
	}
	return nil
}

func isBase64URL(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// authorizationURL asks for scope openid alone: no name, mail address or codice fiscale.
func (p *provider) authorizationURL(m metadata, state, nonce, verifier string) string {
	params := []oauth2.AuthCodeOption{
		oauth2.SetAuthURLParam("nonce", nonce),
		oauth2.SetAuthURLParam("code_challenge", challengeOf(verifier)),
		oauth2.SetAuthURLParam("code_challenge_method", "S256"),
	}
	add := func(name, value string) {
		if value != "" {
			params = append(params, oauth2.SetAuthURLParam(name, value))
		}
	}
	add("prompt", p.issuer.Prompt)
	add("acr_values", p.issuer.SecondFactor.wanted())
	if p.issuer.MaxAge > 0 {
		add("max_age", strconv.FormatInt(int64(p.issuer.MaxAge.Seconds()), 10))
	}
	return p.oauth(m).AuthCodeURL(state, params...)
}
