// Package checkpoint has the log sign its size and root when it has grown, so that what was
// recorded can't be taken back without being caught by whoever kept a checkpoint.
//
// It sees by itself that the ledger has grown, whoever appended to it: the service, or a
// command that ran beside it. Records that come close together share one checkpoint. A log
// that has not grown needs none: a checkpoint states size and root and no time, so it would be
// the same one to the last byte. (Witnesses will add the time, and with it an hourly sign of
// life.)
//
// The package decides nothing and asks nobody; an audit and a proof have the door sign at
// once, whatever is done here.
package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/store"
)

const (
	// DefaultSettle is how long after a record its checkpoint is signed. At a minute, the
	// busiest year has a few hundred thousand.
	DefaultSettle = time.Minute
	// DefaultEvery is how often Run looks.
	DefaultEvery = 5 * time.Second
)

// Keeper keeps the log's checkpoints up to date. Its methods are for one goroutine.
type Keeper struct {
	Store *store.Store
	Sign  func(size int64, root tlog.Hash) ([]byte, error) // the door's
	Now   func() time.Time
	Log   *slog.Logger // of what fails in Run

	// Settle and Every are 0 for the defaults.
	Settle, Every time.Duration

	since time.Time // when it was first seen that the log had grown; zero if it has not
}

// Run looks from time to time until ctx ends. What fails is logged and tried again.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(orDefault(k.Every, DefaultEvery))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := k.Look(ctx); err != nil && !errors.Is(err, context.Canceled) {
			k.Log.LogAttrs(ctx, slog.LevelError, "no checkpoint", slog.String("error", err.Error()))
		}
	}
}

// Look signs a checkpoint if the log has grown and that was seen Settle ago or longer.
func (k *Keeper) Look(ctx context.Context) error {
	grown, err := k.grown(ctx)
	if err != nil {
		return err
	}
	now := k.Now()
	switch {
	case !grown:
		k.since = time.Time{}
		return nil
	case k.since.IsZero() || now.Before(k.since): // the second: the clock was set back
		k.since = now
	}
	if now.Sub(k.since) < orDefault(k.Settle, DefaultSettle) {
		return nil
	}
	return k.SignNow(ctx)
}

// SignNow signs a checkpoint, unless the log has one of its size.
func (k *Keeper) SignNow(ctx context.Context) error {
	err := k.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Checkpoint(k.Sign)
		return err
	})
	if err != nil {
		return fmt.Errorf("signing a checkpoint: %w", err)
	}
	k.since = time.Time{}
	return nil
}

// grown reports whether the log has leaves that no checkpoint covers.
func (k *Keeper) grown(ctx context.Context) (grown bool, err error) {
	err = k.Store.Read(ctx, func(tx *store.Tx) error {
		size, err := tx.Size()
		if err != nil {
			return err
		}
		latest, _, err := tx.LatestCheckpoint()
		grown = size > latest.Size
		return err
	})
	return grown, err
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}
