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

// Return is what comes of a provider's answer. It says so also when the sign-in was refused,
// as far as it is known who waits for it.
type Return struct {
	// Reason is why it was refused, "" when it was not.
	Reason session.Reason

	// Loopback is the URL on 127.0.0.1 where a command line waits, "" in a sign-in of the page:
	// with code and state when it may be redeemed, with error (the reason) and state when not.
	Loopback string
	// Compare is what the person must see in her command line too before she goes to Loopback.
	Compare string

	// Page: the page began it.
	Page bool
	// SignedIn is the page's session, zero when there is none.
	SignedIn SignedIn
	// Ticket, 43 characters for a cookie of this browser, is set when nobody is bound to the
	// account: an invitation may be redeemed with it until Expires.
	Ticket  secret.String
	Expires time.Time
}

// Callback takes what the provider sent the browser back with, and the browser's flow cookie,
// zero if it has none. A sign-in of a command line may then be redeemed; one of the page has
// become a session.
//
// Every refusal is recorded; its error is fault.Unauthenticated, or fault.Unavailable when
// the provider could not be reached. The Return beside it is zero but for Reason when no
// sign-in was pending.
//
// Somebody who makes another's browser come back with a sign-in of her own gains nothing:
// the command line that waits there knows its state and refuses a strange one, the one-time
// code is worth nothing without the verifier, and the page's flow is in another browser.
func (a *Authn) Callback(ctx context.Context, from session.From, query url.Values, flow secret.String) (Return, error) {
	answer, bad := parseAnswer(query)
	if bad != nil {
		return Return{Reason: bad.reason}, a.refuse(ctx, from, "", bad)
	}
	hash, ok := hashToken(answer.state)
	if !ok {
		return Return{Reason: session.ReasonState}, a.refuse(ctx, from, "", refused(session.ReasonState, "not a state of ours"))
	}
	pending, err := a.sessions.TakePending(ctx, hash)
	if errors.Is(err, session.ErrAbsent) {
		return Return{Reason: session.ReasonState},
			a.refuse(ctx, from, "", refused(session.ReasonState, "no sign-in is pending under it"))
	}
	if err != nil {
		return Return{}, err
	}
	back, err := a.settle(ctx, from, pending, answer, flow)
	var why *refusal
	if errors.As(err, &why) {
		back = Return{Page: pending.Loopback.Page(), Reason: why.reason}
		if !back.Page {
			back.Loopback = loopback(pending.Loopback, "error", string(why.reason))
		}
		return back, a.refuse(ctx, from, pending.Issuer, why)
	}
	return back, err
}

// settle checks the provider's answer to a pending sign-in and does what follows from it. A
// *refusal says why it was refused.
func (a *Authn) settle(ctx context.Context, from session.From, pending session.Pending, answer answer, flow secret.String) (Return, error) {
	if pending.Loopback.Page() && !same(challengeOf(flow.Reveal()), pending.Loopback.Challenge) {
		return Return{}, refused(session.ReasonVerifier, "it came back to another browser than it began in")
	}
	login, err := a.confirm(ctx, pending, answer)
	if err != nil {
		return Return{}, err
	}
	if !pending.Loopback.Page() {
		code, err := a.keep(ctx, login, codeLimit)
		return Return{Loopback: loopback(pending.Loopback, "code", code), Compare: session.Compare(login.Challenge)}, err
	}
	login.Challenge = ""
	signed, err := a.enter(ctx, from, login, secret.String{}, pending.Replaces)
	var why *refusal
	if errors.As(err, &why) && why.reason == session.ReasonUnknown {
		ticket, err := a.keep(ctx, login, pendingLimit)
		return Return{Page: true, Ticket: secret.NewString(ticket), Expires: a.now().Add(pendingLimit)}, err
	}
	return Return{Page: true, SignedIn: signed}, err
}

// confirm checks the provider's answer to a pending sign-in. A *refusal says why it was refused.
func (a *Authn) confirm(ctx context.Context, pending session.Pending, answer answer) (session.Login, error) {
	if a.now().After(pending.Expires) {
		return session.Login{}, refused(session.ReasonLate, "it came back after %s", pendingLimit)
	}
	p := a.providers[pending.Issuer]
	if p == nil {
		return session.Login{}, refused(session.ReasonIssuer, "it is no longer configured")
	}
	proof, err := p.prove(ctx, answer, pending)
	if err != nil {
		return session.Login{}, err
	}
	return session.Login{
		Account:         session.Account{Issuer: pending.Issuer, Subject: secret.NewString(proof.subject)},
		SID:             secret.NewString(proof.sid),
		Challenge:       pending.Loopback.Challenge,
		Assurance:       proof.assurance,
		AuthenticatedAt: proof.authenticatedAt,
	}, nil
}

// keep keeps a login under a new one-time code.
func (a *Authn) keep(ctx context.Context, login session.Login, limit time.Duration) (code string, err error) {
	code = draw(a.rand)
	login.Code, _ = hashToken(code)
	login.Expires = a.now().Add(limit)
	return code, a.sessions.PutLogin(ctx, login)
}

// proof is what a provider's answer proves.
type proof struct {
	subject, sid, assurance string
	authenticatedAt         time.Time
}

// prove checks a provider's answer from the response's parameters to the last claim.
func (p *provider) prove(ctx context.Context, answer answer, pending session.Pending) (proof, error) {
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
	tokens, err := p.exchange(ctx, m, answer.code, pending.Verifier.Reveal())
	if err != nil {
		return proof{}, err
	}
	return p.verify(ctx, m, tokens, pending)
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
