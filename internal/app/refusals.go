package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"varco/internal/gate"
)

// refusalsEvery is how often the refusals are recorded that were only counted.
const refusalsEvery = time.Minute

// recordRefusals records them from time to time, until ctx ends. What fails is logged and tried
// again.
func recordRefusals(ctx context.Context, c Config, door *gate.Gate) {
	tick := time.NewTicker(refusalsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := door.RecordRefusals(ctx); err != nil && !errors.Is(err, context.Canceled) {
			c.Log.LogAttrs(ctx, slog.LevelError, "refusals are not recorded", slog.String("error", err.Error()))
		}
	}
}
