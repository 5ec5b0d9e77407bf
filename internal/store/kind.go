package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
)

// kind is all that differs between the kinds of database, beside their schemas in package
// migrations. The text of statements does not.
type kind struct {
	open       func(ctx context.Context, database string, use use) (*sqlx.DB, error)
	dialect    goose.Dialect
	migrations func() (fs.FS, error)
	options    func() ([]goose.ProviderOption, error)
	// hasTable counts the tables with a name.
	hasTable string
	// lock ends the statement with which a batch reads the ledger's head, so that no other
	// process begins one.
	lock string
	// reading and writing are how transactions begin.
	reading, writing *sql.TxOptions
	// limit is how long a batch may take: a server may stay away. 0 for no limit.
	limit time.Duration
	// send runs statements on a driver's connection in one way there and back, and returns how
	// many rows the last one touched; nil where each is run by itself at no such cost.
	send func(ctx context.Context, connection any, all []statement) (rows int64, err error)
	// prepares is set when the driver does not keep prepared statements by itself.
	prepares bool
	required settings
}

// use is what a pool of connections is for.
type use int

const (
	making  use = iota // a database's schema
	writing            // with one connection
	reading
)

// kindOf returns the kind of database that a connection string names.
func kindOf(database string) *kind {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return &postgreSQL
	}
	return &sqlite
}

// IsFile reports whether a connection string is the path of a file and not a server's URL.
func IsFile(database string) bool { return kindOf(database) == &sqlite }

// settings are those on which durability rests.
type settings []struct {
	name, query string
	fine        []string
}

// check reads the settings of a connection, and refuses one that isn't fine.
func (all settings) check(read func(query string) (string, error)) error {
	for _, s := range all {
		value, err := read(s.query)
		if err != nil {
			return fmt.Errorf("reading the database's setting %s: %w", s.name, err)
		}
		if !slices.Contains(s.fine, value) {
			return fmt.Errorf("checking the database's settings: %s is %s, want %s", s.name, value, strings.Join(s.fine, " or "))
		}
	}
	return nil
}

// checkPool checks the settings of a pool's connections by one of them.
func (k *kind) checkPool(ctx context.Context, db *sqlx.DB) error {
	return k.required.check(func(query string) (value string, err error) {
		err = db.GetContext(ctx, &value, query)
		return value, err
	})
}
