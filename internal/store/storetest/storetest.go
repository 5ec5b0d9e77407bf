// Package storetest gives tests databases of both kinds: a file for SQLite, and for
// PostgreSQL a database of its own on a real server, which the first test of a program that
// wants one starts in a temporary folder and which ends with the program.
//
// Where PostgreSQL is not installed such a test fails, and says what to install. The package
// is for tests only.
package storetest

import (
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
// TestMain, and returns what the program should exit with.
func OnBoth(m *testing.M) int {
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
