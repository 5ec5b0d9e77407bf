package store

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
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
	sql   *sqlx.Tx
	batch *batchTx // nil in a snapshot

	statements *statements
	trace      func(statement string)
	failed     error // of the first statement that failed: none after it counts
}

// The choke point of all SQL: one text with "?" for every database.

func (t *Tx) exec(query string, args ...any) error {
	_, err := t.affect(query, args...)
	return err
}

// affect returns how many rows a statement touched.
func (t *Tx) affect(query string, args ...any) (int64, error) {
	const doing = "writing the database"
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

// runner runs one statement, prepared before or not.
type runner interface {
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	GetContext(ctx context.Context, dest any, args ...any) error
	SelectContext(ctx context.Context, dest any, args ...any) error
}

func (t *Tx) prepared(query string, args []any) (runner, error) {
	if t.trace != nil {
		t.trace(query)
	}
	if err := keepable(args); err != nil {
		return nil, err
	}
	stmt, bound := t.statements.get(query)
	if stmt != nil {
		return t.sql.StmtxContext(t.ctx, stmt), nil
	}
	return unprepared{t.sql, bound}, nil
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
	tx    *sqlx.Tx
	query string
}

func (u unprepared) ExecContext(ctx context.Context, args ...any) (sql.Result, error) {
	return u.tx.ExecContext(ctx, u.query, args...)
}

func (u unprepared) GetContext(ctx context.Context, dest any, args ...any) error {
	return u.tx.GetContext(ctx, dest, u.query, args...)
}

func (u unprepared) SelectContext(ctx context.Context, dest any, args ...any) error {
	return u.tx.SelectContext(ctx, dest, u.query, args...)
}

func ms(t time.Time) int64 { return t.UnixMilli() }

func fromMS(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
