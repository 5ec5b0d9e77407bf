package store

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"varco/internal/fault"
)

// Tx is one transaction: a snapshot to read, or a writer's savepoint.
type Tx struct {
	// Now is the one time of the transaction.
	Now   time.Time
	ctx   context.Context //nolint:containedctx // a Tx lives as long as the call that made it
	sql   *sqlx.Tx        // nil before the first statement of a snapshot
	batch *batchTx        // nil in a snapshot
	begin func() (*sqlx.Tx, error)
	// single is where the only statement runs of what needs no transaction.
	single *sqlx.DB
	asked  bool // a statement was run

	statements *statements
	trace      func(statement string)
	failed     error // of the first statement that failed: none after it counts
}

// The choke point of all SQL: one text with "?" for every database.

// exec may leave the statement to be sent with others, before the next one that reads and
// before the job ends; its failure fails the job then.
func (t *Tx) exec(query string, args ...any) error {
	if t.batch == nil || t.batch.store.kind.send == nil {
		_, err := t.affect(query, args...)
		return err
	}
	if err := t.note(query, args); err != nil {
		return t.fail(err, "writing the database")
	}
	_, bound := t.statements.get(query) //nolint:sqlclosecheck // nothing is prepared where statements are sent together
	return t.batch.do(t, statement{bound, args})
}

// affect returns how many rows a statement touched.
func (t *Tx) affect(query string, args ...any) (int64, error) {
	const doing = "writing the database"
	if t.batch != nil && t.batch.store.kind.send != nil {
		err := t.exec(query, args...)
		if err != nil {
			return 0, err
		}
		n, err := t.batch.send(t.ctx)
		if err != nil {
			return 0, t.fail(err, doing)
		}
		return n, nil
	}
	run, err := t.prepared(query, args)
	if err != nil {
		return 0, t.fail(err, doing)
	}
	res, err := run.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, t.fail(err, doing)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, t.fail(err, doing)
	}
	return n, nil
}

// get fills dest with one row and reports whether there was one.
func (t *Tx) get(dest any, query string, args ...any) (bool, error) {
	run, err := t.prepared(query, args)
	if err == nil {
		err = run.GetContext(t.ctx, dest, args...)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, t.fail(err, "reading the database")
	}
	return true, nil
}

// all fills dest, a pointer to a slice, with all rows.
func (t *Tx) all(dest any, query string, args ...any) error {
	run, err := t.prepared(query, args)
	if err == nil {
		err = run.SelectContext(t.ctx, dest, args...)
	}
	if err != nil {
		return t.fail(err, "reading the database")
	}
	return nil
}

// fail notes that a statement failed. PostgreSQL runs no other after it in the transaction,
// SQLite would: so that both do the same, a job that goes on fails all the same.
func (t *Tx) fail(err error, doing string) error {
	err = failing(err, doing)
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// settle lets a statement see what the batch has only noted so far.
func (t *Tx) settle(query string) error {
	b := t.batch
	if b == nil {
		return nil
	}
	if b.written < len(b.appended) && written(query) == "" &&
		(strings.Contains(query, "records") || strings.Contains(query, "hashes")) {
		if err := b.flush(t.ctx); err != nil {
			return err
		}
	}
	_, err := b.send(t.ctx)
	return err
}

// runner runs one statement, prepared before or not.
type runner interface {
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	GetContext(ctx context.Context, dest any, args ...any) error
	SelectContext(ctx context.Context, dest any, args ...any) error
}

// note takes notice of a statement before it is run.
func (t *Tx) note(query string, args []any) error {
	if t.trace != nil {
		t.trace(query)
	}
	if table := written(query); t.batch != nil && table != "" {
		t.batch.wrote = true
		if slices.Contains(rememberedFrom, table) {
			t.batch.known = nil
		}
	}
	return keepable(args)
}

// written is the table that a statement writes, "" if it only reads.
func written(query string) string {
	words := strings.SplitN(query, " ", 4)
	switch {
	case len(words) > 2 && (words[0] == "INSERT" || words[0] == "DELETE"):
		return words[2]
	case len(words) > 1 && words[0] == "UPDATE":
		return words[1]
	}
	return ""
}

func (t *Tx) prepared(query string, args []any) (runner, error) {
	if err := t.note(query, args); err != nil {
		return nil, err
	}
	if err := t.start(query); err != nil {
		return nil, err
	}
	if err := t.settle(query); err != nil {
		return nil, err
	}
	stmt, bound := t.statements.get(query)
	switch {
	case t.sql != nil && stmt != nil:
		return t.sql.StmtxContext(t.ctx, stmt), nil
	case t.sql != nil:
		return unprepared{t.sql, bound}, nil
	case stmt != nil:
		return stmt, nil
	default:
		return unprepared{t.single, bound}, nil
	}
}

// start begins a snapshot with its first statement, and sees that a single one stays so.
func (t *Tx) start(query string) (err error) {
	switch {
	case t.batch != nil:
	case written(query) != "":
		return fault.New(fault.Internal, "writing the database: a snapshot can't be written")
	case t.begin != nil && t.sql == nil:
		if t.sql, err = t.begin(); err != nil {
			return fault.Wrap(fault.Unavailable, err, "beginning to read")
		}
	case t.single != nil && t.asked:
		return fault.New(fault.Internal, "reading the database: a second statement where one was announced")
	}
	t.asked = true
	return nil
}

// keepable refuses text that PostgreSQL has no place for and SQLite would take.
func keepable(args []any) error {
	for _, arg := range args {
		v := reflect.Indirect(reflect.ValueOf(arg))
		if v.Kind() == reflect.String && (!utf8.ValidString(v.String()) || strings.IndexByte(v.String(), 0) >= 0) {
			return fault.New(fault.Invalid, "passing text to the database: it is not UTF-8, or holds a zero")
		}
	}
	return nil
}

type unprepared struct {
	on interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		GetContext(ctx context.Context, dest any, query string, args ...any) error
		SelectContext(ctx context.Context, dest any, query string, args ...any) error
	}
	query string
}

func (u unprepared) ExecContext(ctx context.Context, args ...any) (sql.Result, error) {
	return u.on.ExecContext(ctx, u.query, args...)
}

func (u unprepared) GetContext(ctx context.Context, dest any, args ...any) error {
	return u.on.GetContext(ctx, dest, u.query, args...)
}

func (u unprepared) SelectContext(ctx context.Context, dest any, args ...any) error {
	return u.on.SelectContext(ctx, dest, u.query, args...)
}

func ms(t time.Time) int64 { return t.UnixMilli() }

func fromMS(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
