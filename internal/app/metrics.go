package app

import (
	"context"
	"fmt"
	"net"

	"varco/internal/httpapi"
	"varco/internal/store"
)

// measure counts what is done, and says so to this machine if the configuration says where.
func (a *App) measure(ctx context.Context, c Config) error {
	a.metrics = httpapi.NewMetrics(Version())
	if c.Metrics == "" {
		return nil
	}
	a.gauges(ctx)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Metrics)
	if err != nil {
		return fmt.Errorf("listening for metrics: %w", err)
	}
	a.measuredAt = listener.Addr().String()
	a.measured = newServer(a.metrics.Handler(), usual)
	go a.measured.Serve(listener) //nolint:errcheck // it ends when it is told to
	return nil
}

func (a *App) gauges(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	read := func(value func(*store.Tx) (int64, error)) func() float64 {
		return func() float64 {
			var v int64
			if err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
				v, err = value(tx)
				return err
			}); err != nil {
				return -1
			}
			return float64(v)
		}
	}
	a.metrics.Gauge("varco_ledger_leaves", "Records in the ledger; -1 when it can't be read.", read((*store.Tx).Size))
	a.metrics.Gauge("varco_checkpoint_leaves", "Records that the newest checkpoint covers; -1 when it can't be read.",
		read(func(tx *store.Tx) (int64, error) {
			c, _, err := tx.LatestCheckpoint()
			return c.Size, err
		}))
	a.metrics.Gauge("varco_checkpoint_seconds", "When the newest checkpoint was signed, in seconds since 1970.",
		read(func(tx *store.Tx) (int64, error) {
			c, _, err := tx.LatestCheckpoint()
			return c.AtMS / 1000, err
		}))
	a.metrics.Gauge("varco_ready", "1 when requests can be answered, 0 when not.", func() float64 {
		if a.readiness.check(ctx) != nil {
			return 0
		}
		return 1
	})
}

// MetricsAt is the address of the metrics, with the real port; "" without.
func (a *App) MetricsAt() string { return a.measuredAt }

func (a *App) endMeasuring() error {
	if a.measured == nil {
		return nil
	}
	if err := a.measured.Close(); err != nil {
		return fmt.Errorf("closing the metrics: %w", err)
	}
	return nil
}
