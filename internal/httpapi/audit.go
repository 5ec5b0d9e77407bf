package httpapi

import (
	"context"
	"time"

	"varco/internal/api"
	"varco/internal/caller"
)

// seenQuery is the size of the newest checkpoint that the asker has seen.
type seenQuery struct {
	Seen int64 `query:"seen" doc:"leaves of the newest checkpoint that one has seen; 0 for none"`
}

func (s *server) auditCheckpoint(ctx context.Context, who caller.Caller, in *seenQuery) (*answer[api.Checkpoint], error) {
	return said(s.Gate.AuditCheckpoint(ctx, who, in.Seen))
}

func (s *server) checkpoints(ctx context.Context, who caller.Caller, in *struct {
	After int64 `query:"after" doc:"leaves of the checkpoint before the first one"`
	Size  int64 `query:"size" required:"true" doc:"leaves of the last one at most"`
	Limit int64 `query:"limit" required:"true" doc:"checkpoints at most"`
}) (*answer[[]api.Checkpoint], error) {
	return said(s.Gate.Checkpoints(ctx, who, in.After, in.Size, in.Limit))
}

func (s *server) records(ctx context.Context, who caller.Caller, in *struct {
	Person  string    `query:"person" doc:"who asked"`
	Object  string    `query:"object" doc:"what was acted on; a case stands for all its threads"`
	Act     string    `query:"act"`
	Outcome string    `query:"outcome"`
	From    time.Time `query:"from" doc:"not before"`
	Until   time.Time `query:"until" doc:"before"`
	Before  int64     `query:"before" doc:"leaves of a smaller index only"`
	Limit   int64     `query:"limit" required:"true" doc:"records at most"`
}) (*answer[api.Records], error) {
	return said(s.Gate.SearchLedger(ctx, who, api.Search{Person: in.Person, Object: in.Object, Act: in.Act, Outcome: in.Outcome,
		From: in.From, Until: in.Until, Before: in.Before, Limit: in.Limit}))
}

func (s *server) leaves(ctx context.Context, who caller.Caller, in *struct {
	From  int64 `query:"from" required:"true" doc:"index of the first leaf"`
	Limit int64 `query:"limit" required:"true" doc:"leaves at most"`
}) (*answer[api.AuditPage], error) {
	return said(s.Gate.Audit(ctx, who, in.From, in.Limit))
}
