package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"varco/internal/fault"
	"varco/internal/ledger"
)

// maxBatch is how many jobs share one commit at most.
const maxBatch = 256

// job is one write on its way to the writer.
type job struct {
	ctx  context.Context
	fn   func(*Tx) error
	done chan error
}

// Write runs fn in a transaction of its own (a savepoint) and returns after it is on the
// disk. An error of fn undoes all that fn did. After Write has begun to run fn its answer
// is waited for, whatever happens to ctx: an act that may have been done is not reported
// as undone. One exception: when a server is lost while it commits, the error is of kind
// Unavailable and nobody knows; asking again tells, since a replay is answered as at first.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	j := job{ctx, fn, make(chan error, 1)}
	if err := s.queue(j); err != nil {
		return err
	}
	return <-j.done
}

// queue hands a job to the writer, which takes what was queued before the store was closed.
func (s *Store) queue(j job) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return fault.New(fault.Unavailable, "waiting to write: the database is closed")
	}
	select {
	case s.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return fault.Wrap(fault.Unavailable, j.ctx.Err(), "waiting to write")
	}
}

// write owns the writing connection and the tree's right edge.
func (s *Store) write() {
	defer close(s.done)
	var edge ledger.Edge
	for first := range s.jobs {
		batch := []job{first}
	drain:
		for len(batch) < maxBatch {
			select {
			case j, ok := <-s.jobs:
				if !ok {
					break drain
				}
				batch = append(batch, j)
			default:
				break drain
			}
		}
		edge = s.commit(batch, edge)
	}
}

// commit runs a batch in one transaction and answers its jobs. It returns the right edge of
// the committed tree: the old one when nothing was committed.
func (s *Store) commit(batch []job, old ledger.Edge) ledger.Edge {
	// The batch serves many callers, so none of their contexts may end it.
	ctx := context.Background()
	answers := make([]error, len(batch))
	edge, err := s.transact(ctx, batch, answers, old)
	for i, j := range batch {
		if err != nil {
			j.done <- fault.Wrap(fault.Unavailable, err, "writing")
			continue
		}
		j.done <- answers[i]
	}
	if err != nil {
		return old
	}
	return edge
}

func (s *Store) transact(ctx context.Context, batch []job, answers []error, edge ledger.Edge) (ledger.Edge, error) {
	if s.kind.limit > 0 {
		limited, cancel := context.WithTimeout(ctx, s.kind.limit)
		defer cancel()
		ctx = limited
	}
	if err := s.written.prepare(ctx); err != nil {
		return edge, err
	}
	tx, err := begin(ctx, s.writer, s.kind.writing)
	if err != nil {
		return edge, fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after the commit it does nothing
	b := &batchTx{sql: tx, store: s, edge: edge, mark: "SAVEPOINT job"}
	if err := b.catchUp(ctx); err != nil {
		return edge, err
	}
	for i, j := range batch {
		if answers[i] = j.ctx.Err(); answers[i] != nil {
			answers[i] = fault.Wrap(fault.Unavailable, answers[i], "waiting to write")
			continue
		}
		if answers[i], err = b.run(ctx, j); err != nil {
			return edge, err
		}
	}
	if err := b.saveHead(ctx); err != nil {
		return edge, err
	}
	if err := tx.Commit(); err != nil {
		return edge, fmt.Errorf("committing: %w", err)
	}
	return b.edge, nil
}

// batchTx is the transaction of a batch.
type batchTx struct {
	sql   *sqlx.Tx
	store *Store
	edge  ledger.Edge
	atMS  int64  // of the newest record
	size  int64  // of the ledger when the batch began
	mark  string // sets the next job's savepoint; empty if it is set
}

// run runs one job in a savepoint. The second error ends the whole batch. The savepoint of a
// job that was undone is still there for the next, and the commit ends the last: on a server
// each statement is a way there and back.
func (b *batchTx) run(ctx context.Context, j job) (answer, fatal error) {
	if b.mark != "" {
		if _, err := b.sql.ExecContext(ctx, b.mark); err != nil {
			return nil, fmt.Errorf("setting a savepoint: %w", err)
		}
	}
	b.mark = "RELEASE SAVEPOINT job; SAVEPOINT job"
	edge, atMS := b.edge, b.atMS
	answer, fatal = b.call(ctx, j)
	if fatal != nil || answer == nil {
		return nil, fatal
	}
	b.edge, b.atMS, b.mark = edge, atMS, ""
	if _, err := b.sql.ExecContext(ctx, "ROLLBACK TO SAVEPOINT job"); err != nil {
		return nil, fmt.Errorf("undoing to a savepoint: %w", err)
	}
	return answer, nil
}

// call runs the job's function. One that panics fails alone, and not the writer with it. The
// second error is of a statement that failed for the whole batch.
func (b *batchTx) call(ctx context.Context, j job) (answer, fatal error) {
	now := b.store.now()
	if last := fromMS(b.atMS); now.Before(last) {
		now = last
	}
	t := &Tx{ctx: ctx, sql: b.sql, batch: b, Now: now, statements: b.store.written, trace: b.store.options.Trace}
	answer = guarded(j.fn, t)
	if passing(t.failed) {
		return nil, t.failed
	}
	if answer == nil {
		answer = t.failed
	}
	return answer, nil
}

func guarded(fn func(*Tx) error, t *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "writing: panic: %v", p)
		}
	}()
	return fn(t)
}
