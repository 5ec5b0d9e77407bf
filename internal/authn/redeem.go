package authn

import (
	"context"
	"errors"
	"strings"
	"time"

	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/session"
)

const (
	maxVerifierChars   = 128 // RFC 7636
	maxInvitationChars = 128
)

// RedeemRequest is what a command line sends, in a body, to begin its session.
type RedeemRequest struct {
	Code       secret.String // the one-time code that came to its loopback port
	Verifier   secret.String // whose S256 it gave to Begin
	Invitation secret.String // of a person who signs in for the first time; else zero
}

// SignedIn is a session that has begun.
type SignedIn struct {
	Token   secret.String // 43 characters: the session's bearer token or cookie, kept nowhere here
	Caller  caller.Caller
	Expires time.Time // when the session ends at the latest
}

// Redeem begins a session for a one-time code, which is spent whatever comes of it. The
// first sign-in of a person needs an invitation, which binds her to the provider's account
// and is spent with it. Every refusal is recorded and is fault.Unauthenticated; after one,
// the person signs in at the provider again.
func (a *Authn) Redeem(ctx context.Context, from session.From, r RedeemRequest) (SignedIn, error) {
	hash, ok := hashToken(r.Code.Reveal())
	if !ok {
		return SignedIn{}, a.refuse(ctx, from, "", refused(session.ReasonCode, "not a one-time code"))
	}
	login, err := a.sessions.TakeLogin(ctx, hash)
	if errors.Is(err, session.ErrAbsent) {
		return SignedIn{}, a.refuse(ctx, from, "", refused(session.ReasonCode, "no such one-time code waits"))
	}
	if err != nil {
		return SignedIn{}, err
	}
	signed, err := a.open(ctx, from, login, r)
	var why *refusal
	if errors.As(err, &why) {
		return SignedIn{}, a.refuse(ctx, from, login.Account.Issuer, why)
	}
	return signed, err
}

// open begins the session of a login that was taken. A *refusal says why not.
func (a *Authn) open(ctx context.Context, from session.From, login session.Login, r RedeemRequest) (SignedIn, error) {
	if a.now().After(login.Expires) {
		return SignedIn{}, refused(session.ReasonLate, "redeemed after %s", codeLimit)
	}
	verifier := r.Verifier.Reveal()
	if len(verifier) > maxVerifierChars || !same(challengeOf(verifier), login.Challenge) {
		return SignedIn{}, refused(session.ReasonVerifier, "not the verifier of the challenge")
	}
	from.Browser = session.DeviceTerminal
	return a.enter(ctx, from, login, r.Invitation, "")
}

// RedeemInvitation begins a session of the page for the ticket that Callback gave, and binds
// the invited person to the provider's account. With an invitation that can't be used the
// ticket stays good, within its time: people mistype, and nobody guesses 128 bits. Refusals
// are recorded, and are fault.Unauthenticated; fault.Invalid when it is the invitation's fault.
func (a *Authn) RedeemInvitation(ctx context.Context, from session.From, ticket, invitation secret.String) (SignedIn, error) {
	hash, ok := hashToken(ticket.Reveal())
	if !ok {
		return SignedIn{}, a.refuse(ctx, from, "", refused(session.ReasonCode, "not a ticket"))
	}
	login, err := a.sessions.TakeLogin(ctx, hash)
	if errors.Is(err, session.ErrAbsent) {
		return SignedIn{}, a.refuse(ctx, from, "", refused(session.ReasonCode, "no such ticket waits"))
	}
	if err != nil {
		return SignedIn{}, err
	}
	signed, err := a.admit(ctx, from, login, invitation)
	var why *refusal
	if !errors.As(err, &why) {
		return signed, err
	}
	err = a.refuse(ctx, from, login.Account.Issuer, why)
	if why.reason != session.ReasonInvitation {
		return SignedIn{}, err
	}
	if kept := a.sessions.PutLogin(ctx, login); kept != nil {
		return SignedIn{}, kept
	}
	return SignedIn{}, fault.Wrap(fault.Invalid, err, "redeeming an invitation")
}

// admit begins the session of a ticket that was taken. A *refusal says why not.
func (a *Authn) admit(ctx context.Context, from session.From, login session.Login, invitation secret.String) (SignedIn, error) {
	switch {
	case login.Challenge != "":
		return SignedIn{}, refused(session.ReasonVerifier, "a command line's code is no ticket")
	case a.now().After(login.Expires):
		return SignedIn{}, refused(session.ReasonLate, "redeemed after %s", pendingLimit)
	case strings.TrimSpace(invitation.Reveal()) == "":
		return SignedIn{}, refused(session.ReasonInvitation, "there is none")
	}
	return a.enter(ctx, from, login, invitation, "")
}

// enter begins a session for what a provider confirmed. A *refusal says why not.
func (a *Authn) enter(ctx context.Context, from session.From, login session.Login, invitation secret.String,
	replaces ids.Session) (SignedIn, error) {
	// People type invitations, or paste them with a line end.
	code := strings.TrimSpace(invitation.Reveal())
	if len(code) > maxInvitationChars {
		return SignedIn{}, refused(session.ReasonInvitation, "too long")
	}
	token := draw(a.rand)
	hash, _ := hashToken(token)
	s, err := a.sessions.OpenSession(ctx, session.Opening{
		ID:              ids.NewSession(a.rand),
		Token:           hash,
		Account:         login.Account,
		SID:             login.SID,
		Invitation:      secret.NewString(code),
		Assurance:       login.Assurance,
		AuthenticatedAt: login.AuthenticatedAt,
		Device:          from.Browser,
		Replaces:        replaces,
		At:              a.now(),
		From:            from,
	})
	switch {
	case errors.Is(err, session.ErrUnknown):
		return SignedIn{}, refused(session.ReasonUnknown, "nobody is bound to the account")
	case errors.Is(err, session.ErrEnded):
		return SignedIn{}, refused(session.ReasonEnded, "the person signs in no more")
	case errors.Is(err, session.ErrInvitation):
		return SignedIn{}, refused(session.ReasonInvitation, "it can't be used")
	case err != nil:
		return SignedIn{}, err
	}
	return SignedIn{Token: secret.NewString(token), Caller: callerOf(s, from), Expires: s.BegunAt.Add(session.AbsoluteLimit)}, nil
}
