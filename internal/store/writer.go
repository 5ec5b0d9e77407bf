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
// as undone. An error of kind Unavailable says that nothing was done, and one of kind NotKnown that
// the database failed in the commit itself: asking again tells, since a replay is answered as at
// first.
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
			j.done <- failed(err, answers[i])
			continue
		}
		j.done <- answers[i]
	}
	if err != nil {
		return old
	}
	return edge
}

// failed is the answer to a job of a batch that failed: one that was undone by itself before was
// not done, whatever became of the others.
func failed(err, own error) error {
	if fault.KindOf(err) == fault.NotKnown && own == nil {
		return fault.Wrap(fault.NotKnown, err, "writing")
	}
	return fault.Wrap(fault.Unavailable, err, "writing")
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
	conn, tx, err := s.beginWriting(ctx)
	if err != nil {
		return edge, fmt.Errorf("beginning a transaction: %w", err)
	}
	defer conn.Close()  //nolint:errcheck // it goes back to its pool, which finds out what is wrong with it
	defer tx.Rollback() //nolint:errcheck // after the commit it does nothing
	b := &batchTx{sql: tx, conn: conn, store: s, tail: tail{edge: edge}}
	if err := b.catchUp(ctx); err != nil {
		return edge, err
	}
	if len(batch) > 1 {
		if err := b.share(ctx); err != nil {
			return edge, err
		}
	}
	for i, j := range batch {
		if answers[i] = j.ctx.Err(); answers[i] != nil {
			answers[i] = fault.Wrap(fault.Unavailable, answers[i], "waiting to write")
			continue
		}
		if answers[i], err = b.run(ctx, j); err != nil {
			return edge, err
		}
		if answers[i] != nil && !b.shared {
			return edge, nil // it was alone: nothing is committed
		}
	}
	if err := b.finish(ctx); err != nil {
		return edge, err
	}
	if err := tx.Commit(); err != nil {
		return edge, fault.Wrap(fault.NotKnown, err, "committing")
	}
	return b.edge, nil
}

// beginWriting begins the writer's transaction. The connection must be closed after it.
func (s *Store) beginWriting(ctx context.Context) (*sqlx.Conn, *sqlx.Tx, error) {
	conn, err := s.writer.Connx(ctx)
	if err != nil {
		return nil, nil, err
	}
	tx, err := conn.BeginTxx(ctx, s.kind.writing)
	if err == nil {
		return conn, tx, nil
	}
	_ = conn.Close() // nothing was begun on it
	if !lost(err) {
		return nil, nil, err
	}
	// It was lost since it was last used: another one may do.
	if conn, err = s.writer.Connx(ctx); err != nil {
		return nil, nil, err
	}
	if tx, err = conn.BeginTxx(ctx, s.kind.writing); err != nil {
		_ = conn.Close() // nothing was begun on it
		return nil, nil, err
	}
	return conn, tx, nil
}
