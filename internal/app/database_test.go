package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varco/internal/app"
	"varco/internal/store/storetest"
)

// The password of a server comes from a file that is the service's alone, and is told to
// nobody: not in an error, not by the configuration.
func TestPasswordFile(t *testing.T) {
	p := newPlaceOn(t, storetest.PostgreSQL)
	p.Database = storetest.As(storetest.Guarded, p.Database)
	p.Credentials.Pgpass = filepath.Join(p.folder, "pgpass")
	escaped := strings.NewReplacer(`\`, `\\`, `:`, `\:`).Replace(storetest.Password)
	for _, c := range []struct {
		line string
		mode os.FileMode
		want string
	}{
		{"*:*:*:*:" + escaped + "\n", 0o640, "mode 0600"},
		{"*:*:*:*:CANARY\n", 0o600, "password authentication failed"},
		{"*:*:*:else:" + escaped + "\n", 0o600, "password"},
		// Let in; what it may do there is the administrator's to say.
		{"# for the service\n*:*:*:guarded:" + escaped + "\n", 0o600, "permission denied for schema public"},
	} {
		must(t, os.RemoveAll(p.Credentials.Pgpass))
		must(t, os.WriteFile(p.Credentials.Pgpass, []byte(c.line), c.mode))
		err := p.Migrate(t.Context())
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("migrating with %q = %v, want %q", c.line, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "sesame") || strings.Contains(err.Error(), "CANARY")) {
			t.Errorf("the error holds a password: %v", err)
		}
	}
	must(t, os.Remove(p.Credentials.Pgpass))
	if _, err := p.Check(); err == nil || !strings.Contains(err.Error(), "password file") {
		t.Errorf("checking without the file = %v", err)
	}
}

// Two services on one database append to one ledger.
func TestTwoServices(t *testing.T) {
	p := newPlaceOn(t, storetest.PostgreSQL)
	must(t, p.Migrate(t.Context()))
	one, two := p.start(t), p.start(t)
	must(t, one.Stop(t.Context()))
	must(t, two.Stop(t.Context()))
	p.acts(t)
}

// A URL is not taken for a path.
func TestDatabaseURL(t *testing.T) {
	const database = "postgres://varco@/varco?host=/run/postgresql"
	text, err := os.ReadFile(example)
	must(t, err)
	path := filepath.Join(t.TempDir(), "varcod.toml")
	must(t, os.WriteFile(path, []byte(strings.NewReplacer(`"data/varco.db"`, `"`+database+`"`, "# pgpass", "pgpass").Replace(string(text))), 0o600))
	c, err := app.Load(path)
	must(t, err)
	if want := filepath.Join(filepath.Dir(path), "credentials", "pgpass"); c.Database != database || c.Credentials.Pgpass != want {
		t.Errorf("database %s, pgpass %s", c.Database, c.Credentials.Pgpass)
	}
}
