package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
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
}

// The choke point of all SQL: one text with "?" for every database.

func (t *Tx) exec(query string, args ...any) error {
	_, err := t.affect(query, args...)
	return err
}

// affect returns how many rows a statement touched.
func (t *Tx) affect(query string, args ...any) (int64, error) {
	res, err := t.prepared(query).ExecContext(t.ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("writing the database: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("writing the database: %w", err)
	}
	return n, nil
}

// get fills dest with one row and reports whether there was one.
func (t *Tx) get(dest any, query string, args ...any) (bool, error) {
	err := t.prepared(query).GetContext(t.ctx, dest, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the database: %w", err)
	}
	return true, nil
}

// all fills dest, a pointer to a slice, with all rows.
func (t *Tx) all(dest any, query string, args ...any) error {
	if err := t.prepared(query).SelectContext(t.ctx, dest, args...); err != nil {
		return fmt.Errorf("reading the database: %w", err)
	}
	return nil
}

// runner runs one statement, prepared before or not.
type runner interface {
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	GetContext(ctx context.Context, dest any, args ...any) error
	SelectContext(ctx context.Context, dest any, args ...any) error
}

func (t *Tx) prepared(query string) runner {
	if t.trace != nil {
		t.trace(query)
	}
	if stmt := t.statements.get(query); stmt != nil {
		return t.sql.StmtxContext(t.ctx, stmt)
	}
	return unprepared{t.sql, t.sql.Rebind(query)}
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
