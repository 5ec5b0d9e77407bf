package authn

import (
	"context"
	"errors"
	"time"

	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
)

// touchGap is how old a session's last use may be before it is written again: not every
// reading should cost a write.
const touchGap = time.Minute

// Caller says who asks, by the bearer token of a command line's session. It is
// fault.Unauthenticated, the same for every reason, when there is no such session, or it was
// ended or revoked, or has been idle or lasted too long.
func (a *Authn) Caller(ctx context.Context, from session.From, token secret.String) (caller.Caller, error) {
	return a.caller(ctx, from, token, false)
}

// PageCaller says who asks by the cookie of a session of the page, as Caller does.
func (a *Authn) PageCaller(ctx context.Context, from session.From, cookie secret.String) (caller.Caller, error) {
	return a.caller(ctx, from, cookie, true)
}

func (a *Authn) caller(ctx context.Context, from session.From, token secret.String, page bool) (caller.Caller, error) {
	hash, ok := hashToken(token.Reveal())
	if !ok {
		return caller.Caller{}, errNoSession
	}
	s, err := a.sessions.Session(ctx, hash)
	if errors.Is(err, session.ErrAbsent) {
		return caller.Caller{}, a.refuseSession(ctx, from, hash)
	}
	if err != nil {
		return caller.Caller{}, err
	}
	now := a.now()
	if s.Device.Page() != page || !lasts(s, now) {
		return caller.Caller{}, a.refuseSession(ctx, from, hash)
	}
	if now.Sub(s.UsedAt) > touchGap && ctx.Value(watchingKey{}) == nil {
		if err := a.sessions.TouchSession(ctx, hash, now); err != nil {
			return caller.Caller{}, err
		}
	}
	return callerOf(s, from), nil
}

// refuseSession records that somebody came with what was a session once, and returns what she is
// told. What only looks whether it lasts does not come with it.
func (a *Authn) refuseSession(ctx context.Context, from session.From, token note.Hash) error {
	if ctx.Value(watchingKey{}) != nil {
		return errNoSession
	}
	// Not ended with ctx: who goes away before the answer is recorded all the same.
	if err := a.sessions.RefuseSession(context.WithoutCancel(ctx), from, token); err != nil {
		return err
	}
	return errNoSession
}

type watchingKey struct{}

// Watching makes Caller and PageCaller look whether a session still lasts, without that being
// a use of it: what waits for news must not keep a session alive that nobody uses.
func Watching(ctx context.Context) context.Context {
	return context.WithValue(ctx, watchingKey{}, true)
}

// errNoSession is one value, so that no reason can show through its text.
var errNoSession = fault.New(fault.Unauthenticated, "finding the session: there is none, or it has ended")

// lasts reports whether a session is within its limits. One that begins in the future was
// begun before the clock stepped back: it can't be bounded, so it has ended.
func lasts(s session.Session, now time.Time) bool {
	return now.Before(s.Ends()) && s.BegunAt.Sub(now) <= skew
}

// End ends the caller's session, at once and for good, and records it. Ending one that has
// ended already is fault.Unauthenticated.
func (a *Authn) End(ctx context.Context, who caller.Caller) error {
	err := a.sessions.EndSession(ctx, session.End{Caller: who, At: a.now()})
	if errors.Is(err, session.ErrAbsent) {
		return errNoSession
	}
	return err
}

func callerOf(s session.Session, from session.From) caller.Caller {
	return caller.Caller{
		Person:          s.Person,
		Organisation:    s.Organisation,
		Session:         s.ID,
		Request:         from.Request,
		Assurance:       s.Assurance,
		AuthenticatedAt: s.AuthenticatedAt,
		Source:          from.Source,
	}
}
