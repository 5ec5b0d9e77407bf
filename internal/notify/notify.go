// Package notify tells people by mail, at fixed hours, that something has come.
//
// It tells nothing else. Every notice is the same text with the same subject by the same sender,
// whatever has happened, how often, and to whom: it names no case, no person and no office, and
// holds no link. What came since the hour before is one notice, so a mailbox shows that
// something came in a half day, and not when.
//
// Whom to tell is the door's to say, in the transaction of each act and again before each
// notice (Outbox). The package keeps nothing, and promises this: nobody gets two for one hour.
// A notice is taken before it is sent; when the server refuses it for now it is tried again within
// the hour; when nobody learns what became of it, as in a crash, it waits for the next hour. So
// in the worst case one comes an hour late, and one that went out unnoticed is repeated at the
// next hour: each hour at most one, and in the end at least one.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"varco/internal/gate"
	"varco/internal/ids"
	"varco/internal/secret"
)

const (
	// DefaultEvery is how often Run looks.
	DefaultEvery = 20 * time.Second
	// claim is how many notices are taken at once.
	claim = 20
	// firstRetry is how long after a refusal a notice is tried again; it doubles each time.
	firstRetry = time.Minute
)

// Outbox is whom to tell. *gate.Gate is one, and says what each method does.
type Outbox interface {
	ClaimNotices(ctx context.Context, before, next time.Time, limit int64) ([]gate.Notice, error)
	EndNotice(ctx context.Context, person ids.Person, before time.Time) error
	RetryNotice(ctx context.Context, person ids.Person, at time.Time) error
}

// ErrRefused is of an address to which nothing can be sent, now or later.
var ErrRefused = errors.New("the address was refused for good")

// Sender sends the one notice that there is. An error means that it surely was not sent;
// ErrRefused that it never will be.
type Sender interface {
	Send(ctx context.Context, to secret.String, at time.Time) error
}

// Keeper tells people. Its methods are for one goroutine.
type Keeper struct {
	Outbox Outbox
	Sender Sender
	Hours  Hours
	Now    func() time.Time
	Log    *slog.Logger
	Every  time.Duration // 0 for the default

	sent, failed atomic.Int64
}

// Sent and Failed count notices since the start.
func (k *Keeper) Sent() int64 { return k.sent.Load() }

// Failed counts notices that a server did not take.
func (k *Keeper) Failed() int64 { return k.failed.Load() }

// Run looks from time to time until ctx ends. What fails is logged and tried again.
func (k *Keeper) Run(ctx context.Context) {
	every := k.Every
	if every == 0 {
		every = DefaultEvery
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := k.Look(ctx); err != nil && ctx.Err() == nil {
			k.Log.LogAttrs(ctx, slog.LevelError, "no notices", slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Look tells everybody who is to be told of what came before the newest hour.
func (k *Keeper) Look(ctx context.Context) error {
	hour, next := k.Hours.Around(k.Now())
	for {
		claimed, unread := k.Outbox.ClaimNotices(ctx, hour, next, claim)
		for _, n := range claimed {
			if err := k.tell(ctx, n, hour, next); err != nil {
				return err
			}
		}
		if unread != nil { // what is behind it is taken at the next look
			return fmt.Errorf("taking notices: %w", unread)
		}
		if len(claimed) == 0 {
			return nil
		}
	}
}

// tell sends one notice and notes what became of it. What can't be noted any more, because the
// service stops, is as after a crash.
func (k *Keeper) tell(ctx context.Context, n gate.Notice, hour, next time.Time) error {
	err := k.Sender.Send(ctx, n.Address, hour)
	switch {
	case err == nil:
		k.sent.Add(1)
		return k.Outbox.EndNotice(context.WithoutCancel(ctx), n.Person, hour)
	case errors.Is(err, ErrRefused):
		k.failed.Add(1)
		k.Log.LogAttrs(ctx, slog.LevelWarn, "an address was refused", slog.String("person", string(n.Person)))
		return k.Outbox.EndNotice(context.WithoutCancel(ctx), n.Person, hour)
	}
	k.failed.Add(1)
	k.Log.LogAttrs(ctx, slog.LevelWarn, "a notice waits", slog.String("person", string(n.Person)), slog.String("error", err.Error()))
	again := k.Now().Add(firstRetry << min(n.Tries, 6))
	if again.After(next) {
		again = next
	}
	return k.Outbox.RetryNotice(context.WithoutCancel(ctx), n.Person, again)
}
