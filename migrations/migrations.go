// Package migrations holds the schema of the database, a folder for each kind of database,
// with the same numbers. Package store applies them, and a test of it sees that both kinds
// end up with the same schema; one that was released is never edited.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// ForSQLite returns the migrations for SQLite.
func ForSQLite() (fs.FS, error) { return fs.Sub(files, "sqlite") }

// ForPostgreSQL returns the migrations for PostgreSQL.
func ForPostgreSQL() (fs.FS, error) { return fs.Sub(files, "postgres") }
