package httpapi

import (
	"context"

	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/ids"
)

func (s *server) read(ctx context.Context, who caller.Caller, in *struct {
	Thread string `path:"thread"`
	Body   api.Read
}) (*answer[api.Page], error) {
	id, err := threadPath{in.Thread}.id()
	if err != nil {
		return nil, err
	}
	return said(s.Gate.ReadThread(ctx, who, id, in.Body))
}

func (s *server) readers(ctx context.Context, who caller.Caller, in *threadPath) (*answer[api.Readers], error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return said(s.Gate.Readers(ctx, who, id))
}

func (s *server) freshness(ctx context.Context, who caller.Caller, in *struct {
	Thread string `path:"thread"`
	Seen   int64  `query:"seen" doc:"leaves of the newest checkpoint that one has seen; 0 for none"`
}) (*answer[api.Freshness], error) {
	id, err := inPath(ids.ParseThread(in.Thread))
	if err != nil {
		return nil, err
	}
	return said(s.Gate.Freshness(ctx, who, id, in.Seen))
}

func (s *server) proof(ctx context.Context, who caller.Caller, in *struct {
	Entry string `path:"entry"` // named here: huma overlooks those of what is embedded
	Seen  int64  `query:"seen" doc:"leaves of the newest checkpoint that one has seen; 0 for none"`
}) (*answer[api.Proof], error) {
	id, err := inPath(ids.ParseEntry(in.Entry))
	if err != nil {
		return nil, err
	}
	return said(s.Gate.Proof(ctx, who, id, in.Seen))
}
