package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"varco/internal/gate"
)

// sweepEvery is how often attachments are looked for that no entry carries.
const sweepEvery = time.Hour

// sweepBlobs removes them, at the start and from time to time, until ctx ends. What fails is
// logged and tried again.
func sweepBlobs(ctx context.Context, c Config, door *gate.Gate) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		swept, err := door.SweepBlobs(ctx)
		switch {
		case err != nil && !errors.Is(err, context.Canceled):
			c.Log.LogAttrs(ctx, slog.LevelError, "blobs are not swept", slog.String("error", err.Error()))
		case swept > 0:
			c.Log.LogAttrs(ctx, slog.LevelInfo, "swept", slog.Int("blobs", swept))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
