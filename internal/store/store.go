// Package store keeps everything that Varco keeps, in SQL. It is the only importer of
// sqlx, and knows no policy: who may do what is decided by package gate, inside the
// transaction that this package gives it.
//
// All writes go through one writer goroutine (group commit): it takes what has queued,
// runs each job in a savepoint inside one transaction, commits once, then answers all. So
// what is acknowledged is on the disk, and a failing job undoes only itself. The ledger's
// record of an act is appended in the transaction of the act (Tx.Record).
//
// Times are milliseconds since 1970 in columns named _at_ms. A transaction has one time
// (Tx.Now), which never lies before that of the newest record, whatever the clock does.
package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3" // the database/sql driver "sqlite3"
	"github.com/pressly/goose/v3"

	"varco/internal/fault"
	"varco/migrations"
)

// maxReaders is the number of connections that read at the same time.
const maxReaders = 8

// Options of a store: what it must not reach for by itself.
type Options struct {
	Now  func() time.Time
	Rand io.Reader // of the salts of records
	// Trace, if set, is told the text of every statement that a transaction runs: two
	// callers who may not know a difference must cause the same ones.
	Trace func(statement string)
}

// Store is an open database.
type Store struct {
	writer  *sqlx.DB // one connection
	readers *sqlx.DB
	options Options
	written *statements // of writer
	read    *statements // of readers
	jobs    chan job
	done    chan struct{}

	mu     sync.RWMutex
	closed bool // guarded by mu; then nothing is sent to jobs any more
}

// Migrate brings the database in the file path to the newest schema, making it if it is
// not there. It is its own command: serving never makes a database.
func Migrate(ctx context.Context, path string) error {
	db, err := sqlx.Open("sqlite3", dsn(path, "rwc"))
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	defer db.Close() //nolint:errcheck // nothing was left to write
	provider, err := newMigrations(db)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}
	return nil
}

// Open opens the migrated database in the file path and starts its writer.
func Open(ctx context.Context, path string, options Options) (*Store, error) {
	// Opened before the readers: they are read-only and need its write-ahead log.
	writer, err := sqlx.Open("sqlite3", dsn(path, "rw"))
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	writer.SetMaxOpenConns(1)
	if err := upToDate(ctx, writer); err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	readers, err := sqlx.Open("sqlite3", dsn(path, "ro"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the database: %w", err), writer.Close())
	}
	readers.SetMaxOpenConns(maxReaders)
	readers.SetMaxIdleConns(maxReaders)
	s := &Store{writer: writer, readers: readers, options: options,
		written: newStatements(writer), read: newStatements(readers),
		jobs: make(chan job, maxBatch), done: make(chan struct{})}
	go s.write()
	return s, nil
}

// Close stops the writer after what has queued and closes the database.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	close(s.jobs)
	<-s.done
	return errors.Join(s.readers.Close(), s.writer.Close())
}

// dsn names the file with its pragmas. In the DSN they reach every connection of a pool;
// through Exec they would reach one.
func dsn(path, mode string) string {
	query := url.Values{"mode": {mode}, "_foreign_keys": {"on"}, "_busy_timeout": {"10000"}}
	if mode != "ro" {
		query.Set("_journal_mode", "WAL")
		query.Set("_synchronous", "FULL")
		query.Set("_txlock", "immediate")
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String()
}

func newMigrations(db *sqlx.DB) (*goose.Provider, error) {
	files, err := migrations.ForSQLite()
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db.DB, files)
	if err != nil {
		return nil, fmt.Errorf("preparing the migrations: %w", err)
	}
	return provider, nil
}

func upToDate(ctx context.Context, db *sqlx.DB) error {
	provider, err := newMigrations(db)
	if err != nil {
		return err
	}
	pending, err := provider.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	if pending {
		return fault.New(fault.Unavailable, "opening the database: its schema is not the newest: run varcod migrate")
	}
	return nil
}

// Read runs fn on a snapshot of the database. Nothing can be written in it.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	if err := s.read.prepare(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, err, "beginning to read")
	}
	tx, err := s.readers.BeginTxx(ctx, nil)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "beginning to read")
	}
	defer tx.Rollback() //nolint:errcheck // a snapshot has nothing to lose
	return fn(&Tx{ctx: ctx, sql: tx, Now: s.now(), statements: s.read, trace: s.options.Trace})
}

func (s *Store) now() time.Time { return s.options.Now().UTC().Truncate(time.Millisecond) }

// Pragmas are the settings of SQLite on which durability rests.
type Pragmas struct {
	JournalMode string
	Synchronous int64
	ForeignKeys int64
}

// Pragmas reads the settings of the writing connection, for readiness and tests.
func (s *Store) Pragmas(ctx context.Context) (Pragmas, error) {
	var p Pragmas
	err := errors.Join(
		s.writer.GetContext(ctx, &p.JournalMode, "PRAGMA journal_mode"),
		s.writer.GetContext(ctx, &p.Synchronous, "PRAGMA synchronous"),
		s.writer.GetContext(ctx, &p.ForeignKeys, "PRAGMA foreign_keys"))
	return p, err
}
