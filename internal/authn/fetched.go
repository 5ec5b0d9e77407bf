package authn

import (
	"context"
	"sync"
	"time"

	"varco/internal/session"
)

// fetched is a value of a provider's that is fetched when it is needed and kept for age.
// Between two tries there is at least gap, whoever asks and however they fail: neither a
// stranger nor a provider can make the service fetch in a loop.
type fetched[T any] struct {
	fetch    func(context.Context) (T, error)
	age, gap time.Duration

	mu    sync.Mutex // held while fetching: who comes meanwhile wants the same
	value T
	err   error // of the last try
	tried time.Time
	got   time.Time
}

// get returns the value; with newer it tries to fetch again even though one is kept.
func (f *fetched[T]) get(ctx context.Context, now time.Time, newer bool) (T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	good := within(now, f.got, f.age)
	if good && (!newer || within(now, f.tried, f.gap)) {
		return f.value, nil
	}
	var none T
	if within(now, f.tried, f.gap) {
		if f.err == nil {
			return none, refused(session.ReasonUnavailable, "asking the provider: too soon after the last time")
		}
		return none, f.err
	}
	f.tried = now
	// Not ended with ctx: somebody who goes away at the right moment must not fail the
	// others' sign-ins. The client's own time limit ends it.
	value, err := f.fetch(context.WithoutCancel(ctx))
	f.err = err
	if err != nil {
		return none, err
	}
	f.value, f.got = value, now
	return value, nil
}

// within reports whether now is less than d after t. Before t, the clock has stepped back,
// and nothing is known.
func within(now, t time.Time, d time.Duration) bool {
	passed := now.Sub(t)
	return !t.IsZero() && passed >= 0 && passed < d
}
