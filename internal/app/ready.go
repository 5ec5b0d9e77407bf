package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"varco/internal/act"
	"varco/internal/store"
)

const (
	// readyLife is how long an answer on readiness holds: asking costs nothing, however often.
	readyLife = time.Second
	// maxBehind is how far behind the newest record the clock may be: as far as an author's may
	// be ahead. Beyond it sessions and reasons would last longer than they may.
	maxBehind = 5 * time.Minute
)

// readiness says whether requests can be answered here and now.
type readiness struct {
	now      func() time.Time
	store    *store.Store
	blobs    string // folder
	parts    parts
	stopping func() bool

	mu   sync.Mutex
	at   time.Time // guarded by mu: of the last look
	last error     // guarded by mu
}

// check is an error when requests should go elsewhere.
func (r *readiness) check(ctx context.Context) error {
	if r.stopping() {
		return errors.New("the service is stopping")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if age := now.Sub(r.at); age >= 0 && age < readyLife {
		return r.last
	}
	r.at, r.last = now, r.look(ctx, now)
	if ctx.Err() != nil {
		r.at = time.Time{} // who asked is gone, which says nothing of us
	}
	return r.last
}

// look checks what can go wrong after a good start: the folder of attachments is away, the
// database is away or another one, its log is not the one that was signed, another process
// runs by other rules, the clock went back.
func (r *readiness) look(ctx context.Context, now time.Time) error {
	if info, err := os.Stat(r.blobs); err != nil || !info.IsDir() {
		return fmt.Errorf("the folder of blobs is not there: %w", err)
	}
	return r.store.Read(ctx, func(tx *store.Tx) error {
		if err := verifyHead(tx, r.parts.log); err != nil {
			return err
		}
		rules, _, err := latest(tx, act.PolicyLoad)
		if err != nil {
			return err
		}
		if rules.PolicySet != r.parts.policies.Hash() || rules.Hash != r.parts.terms {
			return errors.New("another process on this database has loaded another policy set or other terms")
		}
		newest, err := tx.NewestAt()
		if err != nil {
			return err
		}
		if behind := newest.Sub(now); behind > maxBehind {
			return fmt.Errorf("the clock is %s behind the newest record", behind.Round(time.Second))
		}
		return nil
	})
}
