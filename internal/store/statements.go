package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/jmoiron/sqlx"
)

// statements are prepared once for a pool of connections: parsing the text of a statement
// costs more than running most of them. pgx does so by itself for each connection, and
// only the text is kept then.
//
// A statement can't be prepared for the writer while its only connection is in a
// transaction, so the first use of a text is noted, and it is prepared between two.
type statements struct {
	db       *sqlx.DB
	prepares bool
	mu       sync.Mutex
	bound    map[string]string     // guarded by mu; texts with the database's own place-holders
	ready    map[string]*sqlx.Stmt // guarded by mu
	wanted   map[string]bool       // guarded by mu
}

func newStatements(db *sqlx.DB, prepares bool) *statements {
	return &statements{db: db, prepares: prepares, bound: map[string]string{}, ready: map[string]*sqlx.Stmt{},
		wanted: map[string]bool{}}
}

// get returns the prepared statement of a text, nil until it was prepared, and its bound text.
func (s *statements) get(query string) (*sqlx.Stmt, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bound, known := s.bound[query]
	if !known {
		bound = s.db.Rebind(query)
		s.bound[query] = bound
	}
	stmt := s.ready[query]
	if stmt == nil && s.prepares {
		s.wanted[query] = true
	}
	return stmt, bound
}

// prepare prepares what was wanted. No transaction may be open on the pool's last connection.
// It holds no lock while it waits for a connection: those who hold one ask get.
func (s *statements) prepare(ctx context.Context) error {
	for _, query := range s.take() {
		stmt, err := s.db.PreparexContext(ctx, s.db.Rebind(query)) //nolint:sqlclosecheck // kept until the pool closes
		if err != nil {
			return fmt.Errorf("preparing a statement: %w", err)
		}
		s.mu.Lock()
		s.ready[query] = stmt
		s.mu.Unlock()
	}
	return nil
}

// take returns what is wanted and not prepared, for the one who prepares it. A text whose
// preparation fails is wanted again at its next use.
func (s *statements) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := slices.Collect(maps.Keys(s.wanted))
	clear(s.wanted)
	return wanted
}
