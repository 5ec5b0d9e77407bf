package httpapi

import (
	"context"

	"varco/internal/api"
	"varco/internal/caller"
)

func (s *server) checkpoints(ctx context.Context, who caller.Caller, in *struct {
	Size int64 `query:"size" required:"true" doc:"leaves"`
}) (*answer[[]api.Checkpoint], error) {
	return said(s.Gate.Checkpoints(ctx, who, in.Size))
}

func (s *server) leaves(ctx context.Context, who caller.Caller, in *struct {
	From  int64 `query:"from" required:"true" doc:"index of the first leaf"`
	Limit int64 `query:"limit" required:"true" doc:"leaves at most"`
}) (*answer[api.AuditPage], error) {
	return said(s.Gate.Audit(ctx, who, in.From, in.Limit))
}
