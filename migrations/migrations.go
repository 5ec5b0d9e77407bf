// Package migrations holds the schema of the database, a folder for each kind of database,
// with the same numbers. Package store applies them; one that was released is never edited.
package migrations

import (
	"embed"
	"io/fs"
)

//go:embed sqlite/*.sql
var files embed.FS

// ForSQLite returns the migrations for SQLite.
func ForSQLite() (fs.FS, error) { return fs.Sub(files, "sqlite") }
