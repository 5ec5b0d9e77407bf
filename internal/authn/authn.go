// Package authn signs people in through OpenID providers and says who asks.
//
// It is the relying party (OpenID Connect Core 1.0, code flow with PKCE) and keeper of
// sessions: from a provider's answer to a session, from a session's token to a
// caller.Caller. It has no routes (httpapi), keeps nothing itself (Sessions), and says
// nothing about what a caller may do (gate, from rosters): no role is ever taken from a
// claim.
//
// A sign-in from a command line goes like this:
//
//	varco    listens on 127.0.0.1:PORT, draws state and verifier, opens the browser
//	browser  GET /v1/login?issuer&port&challenge&state   Begin: to the provider
//	browser  signs in there, comes back with code and state
//	browser  GET the callback                            Callback: a page with a code to compare
//	person   sees the same code in both, goes on         to 127.0.0.1:PORT
//	varco    takes the one-time code, checks its state
//	varco    POST /v1/session {code, verifier}           Redeem: a session's token
//
// The one-time code is worth nothing without the verifier, which never leaves the command
// line's process; an invitation is sent with it, in a body, so that no access log of a
// URL ever holds one. Without the comparison another user of the same computer could send
// somebody a sign-in of his own, and wait for it.
//
// A sign-in from the page goes like this:
//
//	browser  GET /v1/login/page?issuer    BeginPage: to the provider, with a cookie (the flow)
//	browser  signs in there, comes back with code, state and that cookie
//	browser  GET the callback             Callback: to the page, with the session's cookie
//
// The flow is to the page what the verifier is to the command line: a sign-in that comes back
// to another browser than it began in is refused, so that nobody can be signed in as somebody
// else, nor send somebody to a provider and take the session that comes of it. Who comes back
// and is bound to nobody gets a ticket, and redeems her invitation with it (RedeemInvitation).
// A session of the page is no bearer's, nor the other way round.
//
// It promises: no session from an answer that is not strictly right (claims.go lists what
// is checked; go-oidc verifies what it verifies, and everything that it lets through is
// checked here); no session without a second factor by the provider's rule; every sign-in,
// refusal and sign-out recorded before it has effect; codes and tokens of 256 bits, kept
// as hashes, each code good once; an ended session ends at the next request.
package authn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/session"
)

// DefaultProviderTimeout holds unless Config says otherwise.
const DefaultProviderTimeout = 10 * time.Second

const (
	pendingLimit = 10 * time.Minute // for a person to sign in at the provider
	codeLimit    = 3 * time.Minute  // for a person to compare, and the command line to redeem its code
	skew         = 60 * time.Second // that a provider's clock may be ahead of ours
)

// Sessions keeps sign-ins and sessions, and records what happens to them. The store
// implements it. Each method is one transaction, and one that records appends its record
// in the transaction of its effect: if the record can't be appended, nothing happened.
// Errors that are not named here reach the caller of authn as they are.
type Sessions interface {
	// PutPending keeps p under p.State. Nothing is recorded. Rows past their Expires may be
	// swept at any time, here for instance. Nonce and Verifier should be sealed.
	PutPending(ctx context.Context, p session.Pending) error

	// TakePending removes and returns what PutPending kept under the hash; of two that ask
	// at once, one gets it. ErrAbsent if there is none. It need not look at Expires.
	TakePending(ctx context.Context, state note.Hash) (session.Pending, error)

	// PutLogin keeps l under l.Code. Nothing is recorded. Rows past their Expires may be
	// swept at any time. Account must be sealed.
	PutLogin(ctx context.Context, l session.Login) error

	// TakeLogin removes and returns what PutLogin kept, as TakePending does.
	TakeLogin(ctx context.Context, code note.Hash) (session.Login, error)

	// OpenSession begins a session for the person who is bound to o.Account, looked up by
	// its pseudo-random function, never in clear, and records act.SessionBegin (allow). With
	// it ends o.Replaces, if that is a session that has not ended, and records it.
	//
	// When nobody is bound and o.Invitation is the code of an invitation that is unexpired
	// and unused, it binds the invited person to o.Account, marks the invitation used by
	// it, records act.InvitationUse (allow), and begins the session, all in one transaction.
	// When somebody is bound already, the invitation is ignored if it is the one that bound
	// her, so that an answer lost on the way can be asked for again.
	//
	// It answers ErrEnded when the person signs in no more, ErrUnknown when nobody is bound and no invitation was given, ErrInvitation
	// when one was given and is none of these, and has then changed and recorded nothing:
	// authn calls RefuseLogin. A person has at most one account for each issuer.
	OpenSession(ctx context.Context, o session.Opening) (session.Session, error)

	// Session returns the session with the token. ErrAbsent if there is none, or it was
	// ended or revoked, or its person may no longer sign in; a revocation must be seen by
	// every call that begins after its commit. Time limits are authn's. Nothing is recorded.
	Session(ctx context.Context, token note.Hash) (session.Session, error)

	// RefuseSession records act.SessionUse (deny) when there ever was a session with the token:
	// who comes back with what was ended leaves a trace that names its person. A stranger's
	// token leaves none.
	RefuseSession(ctx context.Context, from session.From, token note.Hash) error

	// TouchSession sets UsedAt, and never revives: it changes nothing when the session was
	// ended meanwhile, or when UsedAt is later than at. Nothing is recorded.
	TouchSession(ctx context.Context, token note.Hash, at time.Time) error

	// EndSession ends a session and records act.SessionEnd (allow) for its person. Ending
	// one that has ended is ErrAbsent, without a record.
	EndSession(ctx context.Context, e session.End) error

	// Logout ends the sessions that were begun with o.SID, or, where there is none, all of the
	// person who is bound to o.Account, and records act.SessionLogout for each. It remembers
	// o.Token until o.Remember, and is ErrReplayed for one that it remembers; then nothing
	// happens and nothing is recorded. That nobody is bound, or no session is open, is no error.
	Logout(ctx context.Context, o session.Logout) error

	// RefuseLogin records a sign-in, or a provider's sign-out, that failed. Refusals of one reason may be counted into
	// one record a minute, so that strangers can't fill the log.
	RefuseLogin(ctx context.Context, r session.Refusal) error
}

// Config is what New needs.
type Config struct {
	Issuers     []Issuer
	RedirectURL string // the service's callback, as registered at every provider
	Sessions    Sessions
	Now         func() time.Time
	Rand        io.Reader

	// Transport reaches the providers; nil for a strict default.
	Transport http.RoundTripper
	// ProviderTimeout bounds each request to a provider, body included; 0 for the default.
	ProviderTimeout time.Duration
}

// Authn signs people in. It is safe for concurrent use, and holds no state but what it
// has fetched from providers: it can be made anew when issuers change.
type Authn struct {
	sessions  Sessions
	now       func() time.Time
	rand      io.Reader
	providers map[string]*provider // by issuer URL
}

// New checks the configuration and makes an Authn. It asks no provider anything: one that
// is down must not keep the service from starting.
func New(c Config) (*Authn, error) {
	a := &Authn{
		sessions: c.Sessions, now: c.Now, rand: c.Rand,
		providers: make(map[string]*provider, len(c.Issuers)),
	}
	if c.Sessions == nil || c.Now == nil || c.Rand == nil {
		return nil, errors.New("configuring sign-in: sessions, clock and randomness are needed")
	}
	if err := checkURL(c.RedirectURL); err != nil {
		return nil, fmt.Errorf("configuring sign-in: the redirect URL: %w", err)
	}
	client := newClient(c.Transport, orDefault(c.ProviderTimeout, DefaultProviderTimeout))
	for _, issuer := range c.Issuers {
		if err := issuer.check(); err != nil {
			return nil, fmt.Errorf("configuring the issuer %q: %w", issuer.URL, err)
		}
		if a.providers[issuer.URL] != nil {
			return nil, fmt.Errorf("configuring the issuer %q: named twice", issuer.URL)
		}
		a.providers[issuer.URL] = newProvider(issuer, client, c)
	}
	return a, nil
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// refuse records that a sign-in failed and returns what the caller is told: that she is
// not signed in, or that it can't be done now. The reason is in the record and the text.
func (a *Authn) refuse(ctx context.Context, from session.From, issuer string, cause *refusal) error {
	return a.refuseAs(ctx, session.Refusal{Reason: cause.reason, Issuer: issuer, At: a.now(), From: from}, cause)
}

func (a *Authn) refuseAs(ctx context.Context, r session.Refusal, cause *refusal) error {
	// Not ended with ctx: who goes away before the answer is recorded all the same.
	if err := a.sessions.RefuseLogin(context.WithoutCancel(ctx), r); err != nil {
		return fmt.Errorf("recording a refused sign-in: %w", err)
	}
	kind := fault.Unauthenticated
	if cause.reason == session.ReasonUnavailable {
		kind = fault.Unavailable
	}
	return fault.Wrap(kind, cause, "signing in")
}

// refusal is why a sign-in fails. Its text is for logs: it holds nothing of a person, and
// of what a provider sent only what fits in a short quotation.
type refusal struct {
	reason session.Reason
	text   string
}

func (r *refusal) Error() string { return string(r.reason) + ": " + r.text }

func refused(reason session.Reason, format string, args ...any) *refusal {
	return &refusal{reason, fmt.Sprintf(format, args...)}
}
