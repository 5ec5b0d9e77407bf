package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"

	"varco/internal/fault"
)

// versions is goose's table of the migrations that a database has had.
const versions = "goose_db_version"

// Migrate brings a database to the newest schema. A file is made if it is not there; on a
// server the database has to exist, empty, and to belong to the user. It is its own command:
// serving never makes a database.
func Migrate(ctx context.Context, database string) error {
	k := kindOf(database)
	db, err := k.open(ctx, database, making)
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	defer db.Close() //nolint:errcheck // nothing was left to write
	provider, err := k.provider(db)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}
	return nil
}

func (k *kind) provider(db *sqlx.DB) (*goose.Provider, error) {
	files, err := k.migrations()
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	options, err := k.options()
	if err != nil {
		return nil, fmt.Errorf("preparing the migrations: %w", err)
	}
	provider, err := goose.NewProvider(k.dialect, db.DB, files, append(options, goose.WithTableName(versions))...)
	if err != nil {
		return nil, fmt.Errorf("preparing the migrations: %w", err)
	}
	return provider, nil
}

// upToDate refuses a database whose schema is not the newest.
func (k *kind) upToDate(ctx context.Context, db *sqlx.DB) error {
	var begun int64
	// Asked first, since goose makes its table when it is asked for what is pending.
	if err := db.GetContext(ctx, &begun, db.Rebind(k.hasTable), versions); err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	pending := true
	if begun > 0 {
		provider, err := k.provider(db)
		if err != nil {
			return err
		}
		if pending, err = provider.HasPending(ctx); err != nil {
			return fmt.Errorf("reading the schema's version: %w", err)
		}
	}
	if pending {
		return fault.New(fault.Unavailable, "opening the database: its schema is not the newest: run varcod migrate")
	}
	return nil
}
