package httpapi

import (
	"context"

	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/ids"
)

type (
	sessionPath struct {
		Session string `path:"session"`
	}
	personPath struct {
		Person string `path:"person"`
	}
)

func (p sessionPath) id() (ids.Session, error) { return inPath(ids.ParseSession(p.Session)) }
func (p personPath) id() (ids.Person, error)   { return inPath(ids.ParsePerson(p.Person)) }

func (s *server) revokeSession(ctx context.Context, who caller.Caller, in *sessionPath) (*none, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return nil, s.Gate.RevokeSession(ctx, who, id)
}

func (s *server) sessionsOf(ctx context.Context, who caller.Caller, in *personPath) (*answer[api.Sessions], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return said(s.Gate.SessionsOf(ctx, who, id))
}

func (s *server) revokeSessions(ctx context.Context, who caller.Caller, in *personPath) (*answer[api.Revoked], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return said(s.Gate.RevokeSessions(ctx, who, id))
}

func (s *server) endPerson(ctx context.Context, who caller.Caller, in *personPath) (*answer[api.Revoked], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return said(s.Gate.EndPerson(ctx, who, id))
}
