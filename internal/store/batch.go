package store

import (
	"context"
	"fmt"
	"math/bits"
	"strings"

	"github.com/jmoiron/sqlx"

	"varco/internal/fault"
	"varco/internal/ledger"
)

// batchTx is the transaction of a batch. The writer owns it.
//
// [Note: ways to a server] On a server each statement is a way there and back, which costs
// more than what most of them do. So records and tree are written once for the batch; what a
// job writes waits until something is read or the job ends, and goes in one (kind.send); a
// savepoint is set in the same way after a job that wrote, for the next one; and what every
// job asks and few change is remembered.
type batchTx struct {
	sql  *sqlx.Tx
	conn *sqlx.Conn // of sql
	tail
	store *Store
	size  int64 // of the ledger when the batch began

	shared bool        // by several jobs, each with a savepoint before it
	queue  []statement // that were not sent yet
	wrote  bool        // something since the savepoint
	known  known
}

// tail is what an undone job has not added: a copy is put back.
type tail struct {
	edge     ledger.Edge
	atMS     int64 // of the newest record
	appended []appended
	written  int // of appended, those in the database
}

// appended is what a record adds to the tables records and hashes, as values of their columns.
type appended struct{ record, hashes []any }

// known are answers that the batch has had and that stand: while it holds the lock of the
// ledger's head nobody else writes, and what writes one of the tables forgets them.
type known map[any]any

// rememberedFrom are the tables on which known answers rest.
var rememberedFrom = []string{"organisations", "cards", "rosters"}

// remember asks once in a batch. The key is of a type that stands for the question.
func remember[T any](t *Tx, key any, ask func() (T, error)) (T, error) {
	if t.batch == nil {
		return ask()
	}
	if answer, ok := t.batch.known[key].(T); ok {
		return answer, nil
	}
	answer, err := ask()
	if err == nil {
		if t.batch.known == nil {
			t.batch.known = known{}
		}
		t.batch.known[key] = answer
	}
	return answer, err
}

// statement is one that waits, with the database's own place-holders.
type statement struct {
	text string
	args []any
}

// share sets the savepoint of the first job. A job that is alone needs none: if it fails, the
// whole transaction is given up.
func (b *batchTx) share(ctx context.Context) error {
	b.shared = true
	_, err := b.sql.ExecContext(ctx, "SAVEPOINT job")
	if err != nil {
		return fmt.Errorf("setting a savepoint: %w", err)
	}
	return nil
}

// run runs one job. The second error ends the whole batch. After a job that is undone the
// savepoint is still there for the next, and the commit ends the last.
func (b *batchTx) run(ctx context.Context, j job) (answer, fatal error) {
	before := b.tail
	t := b.tx(ctx)
	answer = guarded(j.fn, t)
	if answer == nil && t.failed == nil {
		answer = b.end(t)
	}
	if passing(t.failed) {
		return nil, t.failed
	}
	if answer == nil {
		answer = t.failed
	}
	if answer == nil || !b.shared {
		return answer, nil
	}
	b.tail, b.queue, b.wrote, b.known = before, nil, false, nil
	if _, err := b.sql.ExecContext(ctx, "ROLLBACK TO SAVEPOINT job"); err != nil {
		return nil, fmt.Errorf("undoing to a savepoint: %w", err)
	}
	return answer, nil
}

// end ends a job that is done, with the savepoint of the next one if it has written.
func (b *batchTx) end(t *Tx) error {
	if b.shared && b.wrote {
		for _, again := range []string{"RELEASE SAVEPOINT job", "SAVEPOINT job"} {
			if err := b.do(t, statement{text: again}); err != nil {
				return t.fail(err, "setting a savepoint")
			}
		}
		b.wrote = false
	}
	if _, err := b.send(t.ctx); err != nil {
		return t.fail(err, "writing the database")
	}
	return nil
}

func guarded(fn func(*Tx) error, t *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fault.New(fault.Internal, "writing: panic: %v", p)
		}
	}()
	return fn(t)
}

// tx is what a job sees of the batch.
func (b *batchTx) tx(ctx context.Context) *Tx {
	now := b.store.now()
	if last := fromMS(b.atMS); now.Before(last) {
		now = last
	}
	return &Tx{Now: now, ctx: ctx, sql: b.sql, batch: b, statements: b.store.written, trace: b.store.options.Trace}
}

// do queues a statement, where the database has a way to send several, or runs it.
func (b *batchTx) do(t *Tx, s statement) error {
	if b.store.kind.send != nil {
		b.queue = append(b.queue, s)
		return nil
	}
	_, err := b.sql.ExecContext(t.ctx, s.text, s.args...)
	return err
}

// send sends what waits, and returns how many rows the last statement touched.
func (b *batchTx) send(ctx context.Context) (rows int64, err error) {
	if len(b.queue) == 0 {
		return 0, nil
	}
	queue := b.queue
	b.queue = nil
	err = b.conn.Raw(func(driver any) error {
		rows, err = b.store.kind.send(ctx, driver, queue)
		return err
	})
	return rows, err
}

// flush writes what was appended to the ledger and is not in the database yet. It is nobody's
// statement: how many rows there are depends on who shares the batch, and on the tree.
func (b *batchTx) flush(ctx context.Context) error {
	t := b.tx(ctx)
	t.trace = nil
	var records, hashes []any
	for _, a := range b.appended[b.written:] {
		records, hashes = append(records, a.record...), append(hashes, a.hashes...)
	}
	b.written = len(b.appended)
	if err := t.insert(insertRecords, 9, records); err != nil {
		return err
	}
	return t.insert("INSERT INTO hashes (position, hash) VALUES ", 2, hashes)
}

// maxRows is how many rows are inserted by one statement at most.
const maxRows = 256

// insert inserts rows of so many columns. Their numbers are powers of two, so that there are
// few different texts to prepare.
func (t *Tx) insert(into string, columns int, values []any) error {
	row := "(?" + strings.Repeat(", ?", columns-1) + ")"
	for len(values) > 0 {
		rows := min(maxRows, 1<<(bits.Len(uint(len(values)/columns))-1))
		if err := t.exec(into+row+strings.Repeat(", "+row, rows-1), values[:rows*columns]...); err != nil {
			return err
		}
		values = values[rows*columns:]
	}
	return nil
}

// finish writes what the batch has appended to the ledger, and its new size.
func (b *batchTx) finish(ctx context.Context) error {
	if b.edge.Size() == b.size {
		return nil
	}
	if err := b.flush(ctx); err != nil {
		return err
	}
	t := b.tx(ctx)
	t.trace = nil
	rows, err := t.affect("UPDATE ledger SET size = ?, at_ms = ? WHERE id = 1 AND size = ?", b.edge.Size(), b.atMS, b.size)
	if err != nil || rows != 1 {
		return fmt.Errorf("writing the ledger's head: it has moved (%d rows, %w)", rows, err)
	}
	return nil
}
