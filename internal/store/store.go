// Package store keeps everything that Varco keeps, in SQL. It is the only importer of
// sqlx, and knows no policy: who may do what is decided by package gate, inside the
// transaction that this package gives it.
//
// A database is a file of SQLite or a PostgreSQL server, by its connection string, and
// package-wide one text of each statement serves both. Several processes may use one
// database; on PostgreSQL also from several machines.
//
// All writes go through one writer goroutine (group commit): it takes what has queued,
// runs each job in a savepoint inside one transaction, commits once, then answers all. So
// what is acknowledged is on the disk, and a failing job undoes only itself. The ledger's
// record of an act is appended in the transaction of the act (Tx.Record); those of a batch
// are written together, before its commit or the first statement that reads some.
//
// Times are milliseconds since 1970 in columns named _at_ms. A transaction has one time
// (Tx.Now), which never lies before that of the newest record, whatever the clock does.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"varco/internal/fault"
)

// maxReaders is the number of connections that read at the same time.
const maxReaders = 8

// Options of a store: what it must not reach for by itself.
type Options struct {
	Now  func() time.Time
	Rand io.Reader // of the salts of records
	// Trace, if set, is told the text of every statement that a transaction runs, and of a
	// record when it is appended: two callers who may not know a difference must cause the
	// same ones.
	Trace func(statement string)
}

// Store is an open database.
type Store struct {
	kind    *kind
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

// Open opens a migrated database and starts its writer. The database is the path of a file,
// or the URL of one on a PostgreSQL server (see Check). One whose settings could lose what
// was acknowledged is refused.
func Open(ctx context.Context, database string, options Options) (*Store, error) {
	k := kindOf(database)
	// Opened before the readers: those of a file are read-only and need its write-ahead log.
	writer, err := k.open(ctx, database, writing)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	writer.SetMaxOpenConns(1)
	if err := errors.Join(k.checkPool(ctx, writer), k.upToDate(ctx, writer)); err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	readers, err := k.open(ctx, database, reading)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the database: %w", err), writer.Close())
	}
	readers.SetMaxOpenConns(maxReaders)
	readers.SetMaxIdleConns(maxReaders)
	s := &Store{kind: k, writer: writer, readers: readers, options: options,
		written: newStatements(writer, k.prepares), read: newStatements(readers, k.prepares),
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

// Read runs fn on a snapshot of the database, which begins with its first statement. Nothing
// can be written in it. A statement that failed fails the reading, also when fn goes on.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	if err := s.read.prepare(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, err, "beginning to read")
	}
	t := s.reading(ctx)
	t.begin = func() (*sqlx.Tx, error) { return begin(ctx, s.readers, s.kind.reading) }
	defer func() {
		if t.sql != nil {
			_ = t.sql.Rollback() // a snapshot has nothing to lose
		}
	}()
	if err := fn(t); err != nil {
		return err
	}
	return t.failed
}

// Ask is Read for a single statement, which needs no transaction: on a server that is one
// way there and back in place of three. Fn may be run again, on another connection.
func (s *Store) Ask(ctx context.Context, fn func(*Tx) error) error {
	if err := s.read.prepare(ctx); err != nil {
		return fault.Wrap(fault.Unavailable, err, "beginning to read")
	}
	for range maxReaders {
		t := s.reading(ctx)
		t.single = s.readers
		err := fn(t)
		if t.failed == nil || !lost(t.failed) {
			if err == nil {
				err = t.failed
			}
			return err
		}
	}
	return fault.New(fault.Unavailable, "reading the database: every connection was lost")
}

func (s *Store) reading(ctx context.Context) *Tx {
	return &Tx{ctx: ctx, Now: s.now(), statements: s.read, trace: s.options.Trace}
}

// begin begins a transaction. Connections of the pool that were lost since they were last
// used are replaced: nothing was begun on them.
func begin(ctx context.Context, db *sqlx.DB, options *sql.TxOptions) (*sqlx.Tx, error) {
	for range maxReaders {
		if tx, err := db.BeginTxx(ctx, options); err == nil || !lost(err) {
			return tx, err
		}
	}
	return db.BeginTxx(ctx, options)
}

// Now is what the clock says. That of a transaction may be later: see Tx.Now.
func (s *Store) Now() time.Time { return s.now() }

func (s *Store) now() time.Time { return s.options.Now().UTC().Truncate(time.Millisecond) }
