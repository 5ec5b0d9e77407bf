// Package checkpoint keeps the log's checkpoints up to date, so that what was recorded can't be
// taken back without being caught by whoever kept one.
//
// It has the log sign its size and root when it has grown, and sees by itself that it has,
// whoever appended: the service, or a command that ran beside it. Records that come close
// together share one checkpoint. Each hour it writes a record of the heads: how far every thread
// and every roster had come. So whoever has never seen a thread can have it proven that she is
// shown its newest end, and there is a checkpoint each hour: a longer silence is a gap.
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
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/fault"
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
	// Hourly is how often heads are recorded. With the time to settle it is under the hour that
	// a verifier allows between two checkpoints.
	Hourly = 55 * time.Minute
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

	heads atomic.Pointer[ledger.Recorded] // of the newest record that this keeper wrote

	hourly time.Time // when it last recorded heads
	since  time.Time // when it was first seen that the log had grown; zero if it has not
	asked  time.Time // when the witnesses were last asked by Run
	about  int64     // size of the checkpoint that they were asked about
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

// Look records the heads if that is long enough ago, and signs a checkpoint if the log has
// grown and that was seen Settle ago or longer.
func (k *Keeper) Look(ctx context.Context) error {
	now := k.Now()
	if k.hourly.IsZero() || now.Sub(k.hourly) >= Hourly || now.Before(k.hourly) { // the last: the clock was set back
		if err := k.RecordHeads(ctx); err != nil {
			return err
		}
	}
	grown, err := k.grown(ctx)
	if err != nil {
		return err
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

// Heads are those of the newest record of this keeper, nil before the first.
func (k *Keeper) Heads() *ledger.Recorded { return k.heads.Load() }

// RecordHeads records the heads as they are now. A log that has not begun has none.
//
// They are read before they are recorded, and outside of the writer, which nobody has to wait
// for then: the record says of how many leaves they are the heads. When that took too long, they
// are not recorded, and Run reads them again: a verifier would call such a record a lie.
func (k *Keeper) RecordHeads(ctx context.Context) error {
	var now ledger.Recorded
	err := k.Store.Read(ctx, func(tx *store.Tx) error {
		var err error
		if now.Until, err = tx.Size(); err != nil {
			return err
		}
		heads, err := tx.Heads()
		if err != nil {
			return err
		}
		now.Heads, err = ledger.NewHeads(heads)
		return err
	})
	if err != nil || now.Until == 0 {
		return err
	}
	root, err := now.Heads.Root()
	if err != nil {
		return err
	}
	err = k.Store.Write(ctx, func(tx *store.Tx) error {
		if err := stillNew(tx, now.Until); err != nil {
			return err
		}
		now.At = tx.Now
		now.Leaf, err = tx.Record(ledger.Record{Act: act.Heads, Outcome: act.Allow, Until: now.Until, Hash: root})
		return err
	})
	if err != nil {
		return fmt.Errorf("recording the heads: %w", err)
	}
	k.heads.Store(&now)
	k.hourly = k.Now()
	return nil
}

// stillNew refuses (unavailable) heads of so many leaves if the first leaf after them is old.
func stillNew(tx *store.Tx, until int64) error {
	size, err := tx.Size()
	if err != nil || size == until {
		return err
	}
	at, err := tx.RecordedAt(until)
	if err == nil && tx.Now.Sub(at) > ledger.MaxHeadsAge {
		err = fault.New(fault.Unavailable, "the heads of %d leaves are of %s ago", until, tx.Now.Sub(at))
	}
	return err
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
