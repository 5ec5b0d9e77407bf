package core

import (
	"context"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/session"
)

// OfPerson names a person, nobody for who asks.
type OfPerson struct {
	Person ids.Person `json:"person,omitempty"`
}

// OfSession names a session.
type OfSession struct {
	Session ids.Session `json:"session"`
}

// Sessions are the open sessions of a person, the newest first: the service's word.
type Sessions struct {
	Sessions []Session `json:"sessions"`
}

// Session is one of them.
type Session struct {
	ID      ids.Session    `json:"id"`
	Device  session.Device `json:"device"`
	Begun   string         `json:"begun"`
	Used    string         `json:"used"` // last, to within a minute
	Ends    string         `json:"ends"` // if it is not used again
	Current bool           `json:"current"`
}

// Revoked says how many sessions were ended.
type Revoked struct {
	Sessions int64 `json:"sessions"`
}

var (
	_ = method(Page, "sessions", "the open sessions of somebody", (*Core).sessions)
	_ = method(Page, "endSession", "end a session", func(c *Core, ctx context.Context, s OfSession, _ Progress) (None, error) {
		signedIn, err := c.ready(ctx)
		if err != nil {
			return None{}, err
		}
		return None{}, signedIn.RevokeSession(ctx, s.Session)
	})
	_ = method(Page, "endSessions", "end all sessions of somebody but this one", (*Core).endSessions)
	_ = method(Page, "endPerson", "end for good the sign-in of a colleague who has left", (*Core).endPerson)
)

func (c *Core) sessions(ctx context.Context, p OfPerson, _ Progress) (Sessions, error) {
	signedIn, err := c.ready(ctx)
	if err != nil {
		return Sessions{}, err
	}
	var list []api.OpenSession
	if p.Person == "" {
		list, err = signedIn.OwnSessions(ctx)
	} else {
		list, err = signedIn.Sessions(ctx, p.Person)
	}
	if err != nil {
		return Sessions{}, err
	}
	all := Sessions{make([]Session, len(list))}
	for i, s := range list {
		all.Sessions[i] = Session{s.ID, s.Device, stamp(s.Begun), stamp(s.Used), stamp(s.Ends), s.Current}
	}
	return all, nil
}

func (c *Core) endSessions(ctx context.Context, p OfPerson, _ Progress) (Revoked, error) {
	signedIn, err := c.ready(ctx)
	if err != nil {
		return Revoked{}, err
	}
	if p.Person == "" {
		p.Person = c.me.Person
	}
	n, err := signedIn.RevokeSessions(ctx, p.Person)
	return Revoked{n}, err
}

func (c *Core) endPerson(ctx context.Context, p OfPerson, _ Progress) (Revoked, error) {
	signedIn, err := c.ready(ctx)
	if err != nil {
		return Revoked{}, err
	}
	if p.Person == "" {
		return Revoked{}, fault.New(fault.Invalid, "ending a person's sign-in: nobody was named")
	}
	n, err := signedIn.EndPerson(ctx, p.Person)
	return Revoked{n}, err
}
