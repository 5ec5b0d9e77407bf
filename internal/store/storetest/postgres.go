package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Roles of the server. A service has the first, which owns its database and nothing else;
// the second has to give a password, Password; tests that spoil a server have the last.
const (
	Service  = "varco"
	Guarded  = "guarded"
	Password = `open: "sesame" \o/`
	Admin    = "admin"
)

const (
	install   = "install Debian's package postgresql (apt-get install postgresql)"
	startTime = time.Minute
)

// supervise makes and runs a server until its standard input ends, which it does however
// the test program ends: then the server is stopped and its folder removed. Messages are in
// Italian order (ICU), so that a column ordered by the database's language is found out. At each
// line the server is crashed, as by "pg_ctl stop -m immediate", and started again.
const supervise = `
trap '' INT TERM HUP
cd "$2"
serve() {
	"$1/postgres" -D data -k "$2" -c listen_addresses= -c max_connections=200 -c shared_buffers=32MB >>log 2>&1 </dev/null &
	server=$!
}
if "$1/initdb" --no-sync -D data -U ` + Admin + ` -A trust -E UTF8 --locale=C --locale-provider=icu --icu-locale=it >log 2>&1
then
	echo "local all ` + Guarded + ` scram-sha-256
local all all trust" >data/pg_hba.conf
	serve "$1" "$2"
	while read -r crash
	do
		kill -QUIT $server
		wait $server
		serve "$1" "$2"
	done
	kill -QUIT $server
	wait $server
else
	mv log failed
	cat >/dev/null
fi
cd /
rm -rf "$2"
`

// server is the one of this program.
type server struct {
	folder string
	// lifeline is the supervisor's standard input. It must stay reachable.
	lifeline io.WriteCloser
}

var theServer = sync.OnceValues(start)

func start() (*server, error) {
	programs, err := programs()
	if err != nil {
		return nil, err
	}
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "varco-pg-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for PostgreSQL: %w", err)
	}
	cmd := exec.Command("sh", "-c", supervise, "sh", programs, folder) //nolint:noctx // it ends with this program
	// A session of its own, so that what is sent to this program's group does not end it before.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: as}
	if as != nil {
		if err := os.Chown(folder, int(as.Uid), int(as.Gid)); err != nil {
			return nil, fmt.Errorf("giving a folder to PostgreSQL: %w", err)
		}
	}
	s := &server{folder: folder}
	if s.lifeline, err = cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	return s, s.prepare()
}

// Crash lets the server of all databases of New die at once, with what it has not written, and
// start again, and returns when it has recovered. No other test may be using it.
func Crash(t testing.TB) {
	t.Helper()
	s := running(t)
	before := s.started(t.Context())
	if _, err := io.WriteString(s.lifeline, "crash\n"); err != nil {
		t.Fatalf("crashing PostgreSQL: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	for at := ""; at == "" || at == before; at = s.started(ctx) {
		if ctx.Err() != nil {
			t.Fatal("crashing PostgreSQL: it does not come back")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Processes lists the processes of the server of all databases of New, by their numbers.
func Processes(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(running(t).folder, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	children, err := os.ReadFile(filepath.Join("/proc", first, "task", first, "children"))
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{first}, strings.Fields(string(children))...)
}

// started is when the server began to serve, "" while it does not.
func (s *server) started(ctx context.Context) (at string) {
	c, err := pgx.Connect(ctx, s.url(Admin, "postgres"))
	if err != nil {
		return ""
	}
	if err := c.QueryRow(ctx, "SELECT CAST(pg_postmaster_start_time() AS TEXT)").Scan(&at); err != nil {
		at = ""
	}
	_ = c.Close(ctx) // it was asked only
	return at
}

// programs is the folder of PostgreSQL's programs, the newest if there are several.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("PostgreSQL is not there: " + install)
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0 for what is none
		return n
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

// unprivileged is whom the server runs as: it refuses root. Nil is whoever runs the tests.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("looking for the user postgres, since PostgreSQL refuses root: %w: %s", err, install)
	}
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(errUID, errGID)
}

// prepare waits for the server and makes its roles.
func (s *server) prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	for ; ; time.Sleep(20 * time.Millisecond) {
		err := s.admin(ctx, "CREATE ROLE "+Service+" LOGIN; CREATE ROLE "+Guarded+" LOGIN PASSWORD '"+Password+"'")
		if err == nil {
			return nil
		}
		said, failed := os.ReadFile(filepath.Join(s.folder, "failed"))
		if failed != nil && ctx.Err() == nil {
			continue
		}
		if failed != nil {
			said, _ = os.ReadFile(filepath.Join(s.folder, "log"))
		}
		return fmt.Errorf("starting PostgreSQL: %w; it said: %s", err, said)
	}
}

// admin runs statements as the server's administrator.
func (s *server) admin(ctx context.Context, statements string) error {
	c, err := pgx.Connect(ctx, s.url(Admin, "postgres"))
	if err != nil {
		return fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	_, err = c.Exec(ctx, statements)
	return errors.Join(err, c.Close(ctx))
}

func (s *server) url(role, database string) string {
	return "postgres://" + role + "@/" + database + "?host=" + s.folder
}

// running returns the program's server, which the first caller starts.
func running(t testing.TB) *server {
	t.Helper()
	s, err := theServer()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// As returns a connection string with another role of the server.
func As(role, database string) string {
	return strings.Replace(database, "//"+Service+"@", "//"+role+"@", 1)
}

func newDatabase(t testing.TB, template string) string {
	t.Helper()
	s, name := running(t), freshName()
	s.must(t, "CREATE DATABASE "+name+" OWNER "+Service+" TEMPLATE "+template)
	t.Cleanup(func() {
		// To save room meanwhile, and not waited for: the server takes a checkpoint first. What is
		// left goes with the server.
		go func() { _ = s.admin(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)") }()
	})
	return s.url(Service, name)
}

// databaseName is the name in a connection string of newDatabase, if it is one.
func databaseName(database string) (string, bool) {
	rest, ok := strings.CutPrefix(database, "postgres://"+Service+"@/")
	name, _, _ := strings.Cut(rest, "?")
	return name, ok
}

// keepDatabase copies a database for as long as the server lives.
func keepDatabase(t testing.TB, name string) (template string) {
	t.Helper()
	template = freshName()
	running(t).must(t, "CREATE DATABASE "+template+" OWNER "+Service+" TEMPLATE "+name)
	return template
}

// databaseFiles are patterns of a database's files on the server.
func databaseFiles(t testing.TB, name string) []string {
	t.Helper()
	s := running(t)
	s.must(t, "CHECKPOINT")
	var oid string
	c, err := pgx.Connect(t.Context(), s.url(Admin, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.QueryRow(t.Context(), "SELECT CAST(oid AS TEXT) FROM pg_database WHERE datname = $1", name).Scan(&oid); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(s.folder, "data")
	return []string{filepath.Join(data, "base", oid, "[0-9]*"), filepath.Join(data, "pg_wal", "0*"), filepath.Join(s.folder, "log")}
}

// Rows are all rows of a database of New on the server, as text, bytes in hex: the files have long
// values in pieces, some of them compressed.
func Rows(t testing.TB, database string) []byte {
	t.Helper()
	var all bytes.Buffer
	ask(t, database, func(c *pgx.Conn) error {
		tables, err := list[string](t, c, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
		for _, table := range tables {
			if err == nil {
				_, err = c.PgConn().CopyTo(t.Context(), &all, "COPY "+table+" TO STDOUT")
			}
		}
		return err
	})
	return all.Bytes()
}

// Sealed is what the sealed columns of a database of New on the server hold, value by value.
func Sealed(t testing.TB, database string) (all [][]byte) {
	t.Helper()
	ask(t, database, func(c *pgx.Conn) error {
		columns, err := list[string](t, c, "SELECT 'SELECT ' || column_name || ' FROM ' || table_name "+
			"FROM information_schema.columns WHERE table_schema = 'public' AND column_name LIKE '%\\_sealed'")
		for _, column := range columns {
			var values [][]byte
			if err == nil {
				values, err = list[[]byte](t, c, column)
			}
			all = append(all, values...)
		}
		return err
	})
	return all
}

func ask(t testing.TB, database string, do func(*pgx.Conn) error) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(do(c), c.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
}

func list[T any](t testing.TB, c *pgx.Conn, query string) ([]T, error) {
	t.Helper()
	rows, err := c.Query(t.Context(), query)
	if err != nil {
		return nil, fmt.Errorf("asking PostgreSQL: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		return nil, fmt.Errorf("asking PostgreSQL: %w", err)
	}
	return all, nil
}

// freshName is one that needs no quotes in SQL.
func freshName() string { return "d" + strings.ToLower(rand.Text()) }

func (s *server) must(t testing.TB, statements string) {
	t.Helper()
	if err := s.admin(context.Background(), statements); err != nil {
		t.Fatal(err)
	}
}
