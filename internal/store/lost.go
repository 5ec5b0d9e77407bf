package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"varco/internal/fault"
)

// failing says what was being done when a statement failed, and whether that was the
// database's fault and may pass.
func failing(err error, doing string) error {
	if passing(err) {
		return fault.Wrap(fault.Unavailable, err, "%s", doing)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// passing reports whether the database failed and not the statement: no connection, a lock
// that did not come, no room. What shares the transaction is lost with it.
func passing(err error) bool {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		// Classes of SQLSTATE: connection, transaction rollback, resources, operator, system;
		// and a lock that was not available.
		return slices.Contains([]string{"08", "40", "53", "57", "58"}, class(server)) || server.Code == "55P03" || lost(err)
	}
	var file sqlite3.Error
	if errors.As(err, &file) {
		return slices.Contains([]sqlite3.ErrNo{sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrIoErr,
			sqlite3.ErrNomem, sqlite3.ErrInterrupt, sqlite3.ErrCantOpen, sqlite3.ErrProtocol}, file.Code)
	}
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || connecting(err) || lost(err)
}

// lost reports whether a connection was lost that had been there: another one may do.
func lost(err error) bool {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		// 25P03 is idle_in_transaction_session_timeout; 57P01 to 57P03 are a server that stops.
		return !connecting(err) && (class(server) == "08" || slices.Contains([]string{"25P03", "57P01", "57P02"}, server.Code))
	}
	var network net.Error
	return !connecting(err) && (errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.As(err, &network) || pgconn.SafeToRetry(err))
}

func connecting(err error) bool {
	var refused *pgconn.ConnectError
	return errors.As(err, &refused)
}

func class(e *pgconn.PgError) string { return e.Code[:min(2, len(e.Code))] }
