package store

import (
	"context"
	"net/url"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3" // the database/sql driver "sqlite3"
	"github.com/pressly/goose/v3"

	"varco/migrations"
)

// sqlite keeps the database in a file with its write-ahead log. A process waits for another
// one's batch at the beginning of its own (_txlock).
var sqlite = kind{
	open:       openSQLite,
	dialect:    goose.DialectSQLite3,
	migrations: migrations.ForSQLite,
	options:    func() ([]goose.ProviderOption, error) { return nil, nil },
	hasTable:   "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?",
	prepares:   true,
	required: settings{
		{"journal_mode", "PRAGMA journal_mode", []string{"wal"}},
		{"synchronous", "PRAGMA synchronous", []string{"2", "3"}}, // FULL, EXTRA
		{"foreign_keys", "PRAGMA foreign_keys", []string{"1"}},
	},
}

func openSQLite(_ context.Context, path string, u use) (*sqlx.DB, error) {
	return sqlx.Open("sqlite3", dsn(path, [...]string{making: "rwc", writing: "rw", reading: "ro"}[u]))
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
