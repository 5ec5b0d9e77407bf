// Package storetest gives tests databases of both kinds: a file for SQLite, and for
// PostgreSQL a database of its own on a real server, which the first test of a program that
// wants one starts in a temporary folder and which ends with the program.
//
// Where PostgreSQL is not installed such a test fails, and says what to install. The package
// is for tests only.
package storetest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Kind is a kind of database.
type Kind string

// The kinds.
const (
	SQLite     Kind = "SQLite"
	PostgreSQL Kind = "PostgreSQL"
)

// Kinds lists every kind.
var Kinds = []Kind{SQLite, PostgreSQL}

// current is the kind of New. OnBoth sets it, while no test runs.
var current = SQLite

// OnBoth runs all tests of a program on databases of one kind and then of the other, for
// TestMain, and returns what the program should exit with. Fuzzing, which is for parsers,
// runs once.
func OnBoth(m *testing.M) int {
	flag.Parse()
	if given("test.fuzz") || given("test.fuzzworker") {
		return m.Run()
	}
	for _, current = range Kinds {
		if _, err := fmt.Fprintln(os.Stderr, "on", current); err != nil {
			return 1
		}
		if code := m.Run(); code != 0 {
			return code
		}
	}
	return 0
}

// given reports whether a flag was set.
func given(name string) (set bool) {
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	return set
}

// Current is the kind of database that the program's tests run on now.
func Current() Kind { return current }

// Each runs a test on each kind of database.
func Each(t *testing.T, run func(t *testing.T, kind Kind)) {
	t.Helper()
	for _, kind := range Kinds {
		t.Run(string(kind), func(t *testing.T) { run(t, kind) })
	}
}

// New returns the connection string of a new database, not migrated, of the kind that the
// program's tests run on now.
func New(t testing.TB) string {
	t.Helper()
	return current.New(t)
}

// New returns the connection string of a new database of a kind, not migrated. It is gone
// after the test.
func (k Kind) New(t testing.TB) string {
	t.Helper()
	if k == SQLite {
		return filepath.Join(t.TempDir(), "varco.db")
	}
	return newDatabase(t, "template0")
}

// Files lists the files that a database of New is in, with its write-ahead log and what the
// server says; what is in the server's memory is written to them first.
func Files(t testing.TB, database string) []string {
	t.Helper()
	patterns := []string{database + "*"}
	if name, ok := databaseName(database); ok {
		patterns = databaseFiles(t, name)
	}
	var files []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("listing files of the database: none are %s (%v)", pattern, err)
		}
		files = append(files, found...)
	}
	return files
}

// Kept is a copy of a database, from which others begin.
type Kept struct {
	file     []byte // of SQLite
	template string // on the server
}

// Keep copies a database of New. Nobody may have it open.
func Keep(t testing.TB, database string) *Kept {
	t.Helper()
	if name, ok := databaseName(database); ok {
		return &Kept{template: keepDatabase(t, name)}
	}
	if _, err := os.Stat(database + "-wal"); err == nil {
		t.Fatal("keeping a database: it is open")
	}
	file, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	return &Kept{file: file}
}

// New returns the connection string of a new database that begins as the copy.
func (k *Kept) New(t testing.TB) string {
	t.Helper()
	if k.template != "" {
		return newDatabase(t, k.template)
	}
	database := SQLite.New(t)
	if err := os.WriteFile(database, k.file, 0o600); err != nil {
		t.Fatal(err)
	}
	return database
}
