package store_test

import (
	"cmp"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"varco/internal/store"
	"varco/internal/store/storetest"
	"varco/migrations"
)

// Both kinds of database have the same migrations by number and name, and end up with the
// same tables, columns, types, keys, unique columns, references and indexes.
func TestSchemasSayTheSame(t *testing.T) {
	if diff := gocmp.Diff(names(t, migrations.ForSQLite), names(t, migrations.ForPostgreSQL)); diff != "" {
		t.Errorf("migrations (-SQLite +PostgreSQL):\n%s", diff)
	}
	schemas := map[storetest.Kind][]string{}
	for _, kind := range storetest.Kinds {
		database := kind.New(t)
		if err := store.Migrate(t.Context(), database); err != nil {
			t.Fatal(err)
		}
		schemas[kind] = schemaOf(t, database)
	}
	if len(schemas[storetest.SQLite]) < 100 {
		t.Errorf("the schema is not read: %q", schemas[storetest.SQLite])
	}
	if diff := gocmp.Diff(schemas[storetest.SQLite], schemas[storetest.PostgreSQL]); diff != "" {
		t.Errorf("schema (-SQLite +PostgreSQL):\n%s", diff)
	}
}

func names(t *testing.T, files func() (fs.FS, error)) []string {
	t.Helper()
	fsys, err := files()
	if err != nil {
		t.Fatal(err)
	}
	all, err := fs.Glob(fsys, "*.sql")
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	return all
}

// schemaOf reads a schema as lines, sorted, in SQLite's names of types. Each query gives
// lines, and leaves out goose's own table.
func schemaOf(t *testing.T, database string) []string {
	t.Helper()
	driver, queries := "pgx", inPostgreSQL
	if store.IsFile(database) {
		driver, queries = "sqlite3", inSQLite
	}
	db, err := sql.Open(driver, database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was asked only
	var lines []string
	for _, query := range queries {
		lines = append(lines, linesOf(t, db, query)...)
	}
	slices.SortFunc(lines, cmp.Compare[string])
	return slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, " goose_db_version") })
}

func linesOf(t *testing.T, db *sql.DB, query string) (lines []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", query, err))
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

var inSQLite = []string{
	`SELECT 'table ' || name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
	`SELECT 'column ' || m.name || ' ' || (SELECT COUNT(*) FROM pragma_table_info(m.name) b WHERE b.cid <= c.cid) || ' ' ||
		c.name || ' ' || c.type || CASE WHEN c."notnull" OR c.pk THEN ' not null' ELSE '' END ||
		COALESCE(' default ' || c.dflt_value, '')
		FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
	// The key of a table of numbers has no index of its own.
	`SELECT 'key ' || m.name || ' ' || (SELECT group_concat(c.name, ',') FROM
		(SELECT name FROM pragma_table_info(m.name) WHERE pk > 0 ORDER BY pk) c)
		FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
	`SELECT CASE i.origin WHEN 'u' THEN 'unique ' || m.name ELSE
		CASE WHEN i."unique" THEN 'unique ' ELSE '' END || 'index ' || m.name || ' ' || i.name END || ' ' ||
		(SELECT group_concat(c.name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) c) ||
		CASE WHEN i.partial THEN ' partial' ELSE '' END
		FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin <> 'pk'`,
	`SELECT 'reference ' || m.name || ' ' || f."from" || ' ' || f."table" || ' ' || f."to" || ' ' || f.on_delete
		FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`,
	`SELECT 'checks ' || name || ' ' || ((length(sql) - length(replace(sql, 'CHECK (', ''))) / length('CHECK ('))
		FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
	`SELECT 'other ' || type || ' ' || name FROM sqlite_master WHERE type NOT IN ('table', 'index')`,
}

var inPostgreSQL = []string{
	`SELECT 'table ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
	// Text must be ordered by its bytes, as SQLite does.
	`SELECT 'column ' || table_name || ' ' || ordinal_position || ' ' || column_name || ' ' ||
		CASE data_type WHEN 'bigint' THEN 'INTEGER' WHEN 'bytea' THEN 'BLOB' WHEN 'text' THEN 'TEXT' ELSE data_type END ||
		CASE WHEN data_type = 'text' AND collation_name IS DISTINCT FROM 'C' THEN ' not by bytes' ELSE '' END ||
		CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END || COALESCE(' default ' || column_default, '')
		FROM information_schema.columns WHERE table_schema = 'public'`,
	`SELECT CASE c.contype WHEN 'p' THEN 'key ' WHEN 'u' THEN 'unique ' END || r.relname || ' ' ||
		(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k (attnum, n)
			JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum)
		FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
		WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u')`,
	`SELECT CASE WHEN i.indisunique THEN 'unique ' ELSE '' END || 'index ' || r.relname || ' ' || x.relname || ' ' ||
		(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k (attnum, n)
			JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) ||
		CASE WHEN i.indpred IS NULL THEN '' ELSE ' partial' END
		FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
		WHERE r.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint c
			WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))`,
	`SELECT 'reference ' || r.relname || ' ' || a.attname || ' ' || f.relname || ' ' || b.attname || ' ' ||
		CASE c.confdeltype WHEN 'a' THEN 'NO ACTION' ELSE CAST(c.confdeltype AS TEXT) END
		FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid,
			unnest(c.conkey, c.confkey) k (mine, theirs), pg_attribute a, pg_attribute b
		WHERE c.contype = 'f' AND a.attrelid = r.oid AND a.attnum = k.mine AND b.attrelid = f.oid AND b.attnum = k.theirs`,
	`SELECT 'checks ' || r.relname || ' ' || (SELECT COUNT(*) FROM pg_constraint c WHERE c.conrelid = r.oid AND c.contype = 'c')
		FROM pg_class r WHERE r.relnamespace = 'public'::regnamespace AND r.relkind = 'r'`,
	`SELECT 'other ' || CAST(relkind AS TEXT) || ' ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
		AND relkind NOT IN ('r', 'i') AND relname NOT LIKE 'goose_%'`,
}
