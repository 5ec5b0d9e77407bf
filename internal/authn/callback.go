package authn

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strconv"
	"time"

	"varco/internal/secret"
	"varco/internal/session"
)

// maxCodeChars is the length limit of a provider's code.
const maxCodeChars = 4096

// Callback takes what the provider sent the browser back with, and returns the URL on
// 127.0.0.1 to which the browser is to be sent: with code and state when the sign-in may
// be redeemed, with error (a session.Reason) and state when it was refused. So a command
// line learns what came of it either way: when a pending sign-in was refused, the URL is
// set beside the error. Without a pending sign-in the URL is "".
//
// Every refusal is recorded; its error is fault.Unauthenticated, or fault.Unavailable when
// the provider could not be reached.
//
// Somebody who makes another's browser come back with a sign-in of her own gains nothing:
// the command line that waits there knows its state and refuses a strange one, and the
// one-time code is worth nothing without the verifier.
func (a *Authn) Callback(ctx context.Context, from session.From, query url.Values) (loopbackURL string, err error) {
	answer, bad := parseAnswer(query)
	if bad != nil {
		return "", a.refuse(ctx, from, "", bad)
	}
	hash, ok := hashToken(answer.state)
	if !ok {
		return "", a.refuse(ctx, from, "", refused(session.ReasonState, "not a state of ours"))
	}
	pending, err := a.sessions.TakePending(ctx, hash)
	if errors.Is(err, session.ErrAbsent) {
		return "", a.refuse(ctx, from, "", refused(session.ReasonState, "no sign-in is pending under it"))
	}
	if err != nil {
		return "", err
	}
	code, err := a.confirm(ctx, pending, answer)
	var why *refusal
	if errors.As(err, &why) {
		return loopback(pending.Loopback, "error", string(why.reason)), a.refuse(ctx, from, pending.Issuer, why)
	}
	if err != nil {
		return "", err
	}
	return loopback(pending.Loopback, "code", code), nil
}

// confirm checks the provider's answer to a pending sign-in and keeps what it says under
// a new one-time code. A *refusal says why it was refused.
func (a *Authn) confirm(ctx context.Context, pending session.Pending, answer answer) (code string, err error) {
	now := a.now()
	if now.After(pending.Expires) {
		return "", refused(session.ReasonLate, "it came back after %s", pendingLimit)
	}
	p := a.providers[pending.Issuer]
	if p == nil {
		return "", refused(session.ReasonIssuer, "it is no longer configured")
	}
	proof, err := p.prove(ctx, answer, pending.Nonce.Reveal(), pending.Verifier.Reveal())
	if err != nil {
		return "", err
	}
	code = draw(a.rand)
	hash, _ := hashToken(code)
	return code, a.sessions.PutLogin(ctx, session.Login{
		Code:            hash,
		Account:         session.Account{Issuer: pending.Issuer, Subject: secret.NewString(proof.subject)},
		Challenge:       pending.Loopback.Challenge,
		Assurance:       proof.assurance,
		AuthenticatedAt: proof.authenticatedAt,
		Expires:         a.now().Add(codeLimit),
	})
}

// proof is what a provider's answer proves.
type proof struct {
	subject, assurance string
	authenticatedAt    time.Time
}

// prove checks a provider's answer from the response's parameters to the last claim.
func (p *provider) prove(ctx context.Context, answer answer, nonce, verifier string) (proof, error) {
	m, err := p.metadata(ctx)
	if err != nil {
		return proof{}, err
	}
	// RFC 9207: a provider that says that it sends iss must; a strange one is refused always.
	if answer.issuer != p.issuer.URL && (answer.issuer != "" || m.SendsIssuer) {
		return proof{}, refused(session.ReasonIssuer, "the response's parameter iss is another's or missing")
	}
	if answer.failed {
		return proof{}, refused(session.ReasonProvider, "it answered with an error")
	}
	if answer.code == "" || len(answer.code) > maxCodeChars {
		return proof{}, refused(session.ReasonForm, "the response has no code, or one that is too long")
	}
	tokens, err := p.exchange(ctx, m, answer.code, verifier)
	if err != nil {
		return proof{}, err
	}
	return p.verify(ctx, m, tokens, nonce)
}

// answer is the authorization response.
type answer struct {
	state, code, issuer string
	failed              bool
}

// parseAnswer reads the parameters that matter, each at most once; a provider may send
// others, such as session_state.
func parseAnswer(query url.Values) (answer, *refusal) {
	for _, name := range []string{"state", "code", "iss", "error"} {
		if len(query[name]) > 1 {
			return answer{}, refused(session.ReasonForm, "the response repeats the parameter %s", name)
		}
	}
	return answer{
		state: query.Get("state"), code: query.Get("code"), issuer: query.Get("iss"), failed: query.Has("error"),
	}, nil
}

// loopback is where the command line waits. It is an address, never a name that somebody
// could make resolve elsewhere (RFC 8252, section 8.3).
func loopback(l session.Loopback, name, value string) string {
	u := url.URL{
		Scheme:   "http",
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(l.Port)),
		Path:     "/",
		RawQuery: url.Values{name: {value}, "state": {l.State}}.Encode(),
	}
	return u.String()
}
