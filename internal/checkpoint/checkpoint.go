// Package checkpoint keeps the log's checkpoints up to date, so that what was recorded can't be
// taken back without being caught by whoever kept one.
//
// It has the log sign its size and root when it has grown, and sees by itself that it has,
// whoever appended: the service, or a command that ran beside it. Records that come close
// together share one checkpoint. When nothing is asked for a while it writes a record that says
// just that, a heartbeat, and so there is a checkpoint each hour: a longer silence is a gap.
//
// It asks the witnesses to cosign the newest checkpoint, outside of every transaction and with
// time limits: an act never waits for a witness. One that is away is asked again; only the
// newest checkpoint is, since it covers all before.
//
// The package decides nothing. An audit and a proof have the door sign at once, whatever is
// done here.
package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/ledger"
	"varco/internal/store"
	"varco/internal/witness"
)

const (
	// DefaultSettle is how long after a record its checkpoint is signed. At a minute, the
	// busiest year has a few hundred thousand.
	DefaultSettle = time.Minute
	// DefaultEvery is how often Run looks.
	DefaultEvery = 5 * time.Second
	// Heartbeat is how long there may be no record. With the time to settle it is under the
	// hour that a verifier allows between two checkpoints.
	Heartbeat = 55 * time.Minute
	// again is how long a witness that has not cosigned is left alone.
	again = time.Minute
)

// Keeper keeps the log's checkpoints up to date. Its methods are for one goroutine, but for
// Witness.
type Keeper struct {
	Store *store.Store
	Sign  func(size int64, root tlog.Hash) ([]byte, error) // the door's
	Now   func() time.Time
	Log   *slog.Logger // of what fails in Run

	// Asker asks the witnesses; nil where there are none.
	Asker *witness.Asker

	// Settle and Every are 0 for the defaults.
	Settle, Every time.Duration

	since time.Time // when it was first seen that the log had grown; zero if it has not
	asked time.Time // when the witnesses were last asked by Run
	about int64     // size of the checkpoint that they were asked about
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
		if err := k.cosign(ctx); err != nil && !errors.Is(err, context.Canceled) {
			k.Log.LogAttrs(ctx, slog.LevelError, "checkpoint without witness", slog.String("error", err.Error()))
		}
	}
}

// Look writes a heartbeat if there was no record for long enough, and signs a checkpoint if
// the log has grown and that was seen Settle ago or longer.
func (k *Keeper) Look(ctx context.Context) error {
	grown, last, err := k.grown(ctx)
	if err != nil {
		return err
	}
	now := k.Now()
	if !last.IsZero() && now.Sub(last) >= Heartbeat {
		if err := k.beat(ctx); err != nil {
			return err
		}
		if grown, _, err = k.grown(ctx); err != nil {
			return err
		}
	}
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

// beat writes the record of a heartbeat, unless another process on the same ledger was faster.
func (k *Keeper) beat(ctx context.Context) error {
	err := k.Store.Write(ctx, func(tx *store.Tx) error {
		last, err := tx.LatestAt()
		if err != nil || tx.Now.Sub(last) < Heartbeat {
			return err
		}
		_, err = tx.Record(ledger.Record{Act: act.Heartbeat, Outcome: act.Allow})
		return err
	})
	if err != nil {
		return fmt.Errorf("recording a heartbeat: %w", err)
	}
	return nil
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

// grown reports whether the log has leaves that no checkpoint covers, and when its newest
// record was written.
func (k *Keeper) grown(ctx context.Context) (grown bool, last time.Time, err error) {
	err = k.Store.Read(ctx, func(tx *store.Tx) error {
		size, err := tx.Size()
		if err != nil {
			return err
		}
		if last, err = tx.LatestAt(); err != nil {
			return err
		}
		latest, _, err := tx.LatestCheckpoint()
		grown = size > latest.Size
		return err
	})
	return grown, last, err
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}
