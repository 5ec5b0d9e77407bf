package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"varco/internal/gate"
)

const (
	// refusalsEvery is how often the refusals are recorded that were only counted.
	refusalsEvery = time.Minute
	// sweepEvery is how often attachments are removed that no entry carries.
	sweepEvery = time.Hour
)

// recordRefusals records those that were only counted, until ctx ends.
func recordRefusals(ctx context.Context, c Config, door *gate.Gate) {
	again(ctx, refusalsEvery, func() {
		if err := door.RecordRefusals(ctx); err != nil && !errors.Is(err, context.Canceled) {
			c.Log.LogAttrs(ctx, slog.LevelError, "refusals are not recorded", slog.String("error", err.Error()))
		}
	})
}

// sweepBlobs removes attachments that no entry carries, until ctx ends.
func sweepBlobs(ctx context.Context, c Config, door *gate.Gate) {
	again(ctx, sweepEvery, func() {
		swept, err := door.SweepBlobs(ctx)
		switch {
		case err != nil && !errors.Is(err, context.Canceled):
			c.Log.LogAttrs(ctx, slog.LevelError, "blobs are not swept", slog.String("error", err.Error()))
		case swept > 0:
			c.Log.LogAttrs(ctx, slog.LevelInfo, "swept", slog.Int("blobs", swept))
		}
	})
}

// again does a chore at once and then from time to time, until ctx ends. The chore logs what
// fails: there is nobody to answer, and it is tried again.
func again(ctx context.Context, every time.Duration, chore func()) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		chore()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
