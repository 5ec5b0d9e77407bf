package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"varco/migrations"
)

// postgreSQL keeps the database on a server, for one process or several. A batch begins by
// locking the ledger's head, and every later statement of it reads what was committed then
// (READ COMMITTED): batches of all processes follow one another.
var postgreSQL = kind{
	open:       openPostgreSQL,
	dialect:    goose.DialectPostgres,
	migrations: migrations.ForPostgreSQL,
	options:    migrateAlone,
	hasTable:   "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass(?)",
	lock:       " FOR UPDATE",
	reading:    &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	writing:    &sql.TxOptions{Isolation: sql.LevelReadCommitted},
	limit:      30 * time.Second,
	send:       pipeline,
	required:   serverSettings,
}

var serverSettings = settings{
	// What is answered is flushed to the disk: "local" and "remote_write" say less of a
	// standby than its administrator may believe.
	{"synchronous_commit", "SELECT current_setting('synchronous_commit')", []string{"on", "remote_apply"}},
	{"fsync", "SELECT current_setting('fsync')", []string{"on"}},
	{"full_page_writes", "SELECT current_setting('full_page_writes')", []string{"on"}},
	{"server_encoding", "SELECT current_setting('server_encoding')", []string{"UTF8"}},
	// A standby would show a reader less than she has been told.
	{"pg_is_in_recovery", "SELECT CAST(pg_is_in_recovery() AS TEXT)", []string{"false"}},
}

// connection are the settings of each connection. A process that is stopped in the middle of a
// batch must not keep the head from the others for ever.
const connection = `SELECT set_config('application_name', 'varco', false), set_config('lock_timeout', '10s', false),
	set_config('idle_in_transaction_session_timeout', '20s', false)`

func migrateAlone() ([]goose.ProviderOption, error) {
	one, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // asks once a second
	return []goose.ProviderOption{goose.WithSessionLocker(one)}, err
}

func openPostgreSQL(ctx context.Context, database string, u use) (*sqlx.DB, error) {
	config, err := parseURL(database)
	if err != nil {
		return nil, err
	}
	db := sqlx.NewDb(stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		if _, err := c.Exec(ctx, connection); err != nil {
			return fmt.Errorf("preparing a connection: %w", err)
		}
		return serverSettings.check(func(query string) (value string, err error) {
			err = c.QueryRow(ctx, query).Scan(&value)
			return value, err
		})
	})), "pgx")
	if u == making {
		// A migration may wait for others, and for what it does to large tables.
		db.SetMaxOpenConns(2)
	}
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Check says what is wrong with a connection string alone. A URL must not hold a password,
// since it stands in a configuration that is shown (passfile= and PGPASSFILE name the file
// that holds it), and must verify the server when it is on another machine.
func Check(database string) error {
	if IsFile(database) {
		return nil
	}
	_, err := parseURL(database)
	return err
}

func parseURL(database string) (*pgx.ConnConfig, error) {
	u, err := url.Parse(database)
	if err != nil { // its text may hold a password
		return nil, errors.New("reading the database's URL: it is not postgres://user@host:port/name")
	}
	_, password := u.User.Password()
	for name := range u.Query() {
		password = password || strings.Contains(strings.ToLower(name), "password")
	}
	if password {
		return nil, errors.New("reading the database's URL: it holds a password, which belongs in a password file")
	}
	if strings.Trim(u.Path, "/") == "" {
		return nil, errors.New("reading the database's URL: it names no database")
	}
	config, err := pgx.ParseConfig(database)
	if err != nil {
		return nil, fmt.Errorf("reading the database's URL: %w", err)
	}
	for _, way := range append(config.Fallbacks, &pgconn.FallbackConfig{Host: config.Host, TLSConfig: config.TLSConfig}) {
		if !onThisMachine(way.Host) && (way.TLSConfig == nil || way.TLSConfig.InsecureSkipVerify) {
			return nil, errors.New("reading the database's URL: a server on another machine needs sslmode=verify-full")
		}
	}
	return config, nil
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return strings.HasPrefix(host, "/") || host == "localhost" || ip != nil && ip.IsLoopback()
}

func pipeline(ctx context.Context, connection any, all []statement) (rows int64, err error) {
	c, ok := connection.(*stdlib.Conn)
	if !ok {
		return 0, fmt.Errorf("writing: %T is no connection to PostgreSQL", connection)
	}
	var batch pgx.Batch
	for _, s := range all {
		batch.Queue(s.text, s.args...)
	}
	results := c.Conn().SendBatch(ctx, &batch)
	for range all {
		tag, err := results.Exec()
		if err != nil {
			_ = results.Close() // which says the same
			return 0, err
		}
		rows = tag.RowsAffected()
	}
	return rows, results.Close()
}
