package store_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
)

// admin runs one statement as the administrator of the tests' server.
func admin(t *testing.T, database, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", storetest.As(storetest.Admin, database))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was asked only
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// ask reads one value as the administrator.
func ask(t *testing.T, database, query string) (value string) {
	t.Helper()
	db, err := sql.Open("pgx", storetest.As(storetest.Admin, database))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was asked only
	if err := db.QueryRowContext(t.Context(), query).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

const (
	// ofVarco is about the sessions of this database's stores.
	ofVarco = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'varco'"
	killAll = "SELECT COUNT(pg_terminate_backend(pid)) " + ofVarco
)

// A server that could lose what it has acknowledged is not written to, neither at the start
// nor later on a connection that comes to it newly.
func TestUnsafeSettings(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{
		"synchronous_commit = off":          "synchronous_commit is off",
		"synchronous_commit = local":        "synchronous_commit is local",
		"synchronous_commit = remote_write": "synchronous_commit is remote_write",
	} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			database := storetest.PostgreSQL.New(t)
			s := open(t, database, time.Now)
			t.Cleanup(func() { closing(t, s) })
			admin(t, database, "ALTER ROLE varco IN DATABASE "+ask(t, database, "SELECT current_database()")+" SET "+setting)
			if _, err := record(s, t.Context(), ""); err != nil {
				t.Fatal(err)
			}
			admin(t, database, killAll)
			_, err := record(s, t.Context(), "")
			if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), want) {
				t.Errorf("writing = %v, want %q", err, want)
			}
			two, err := store.Open(t.Context(), database, store.Options{Now: time.Now, Rand: rand.Reader})
			if err == nil {
				closing(t, two)
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Open = %v, want %q", err, want)
			}
		})
	}
}

// The writer's connection is cut in the middle of batches, again and again: what was
// acknowledged is there, each failure is Unavailable, and the writer goes on by itself.
func TestConnectionsAreCut(t *testing.T) {
	t.Parallel()
	database := storetest.PostgreSQL.New(t)
	disturbed(t, 25, func() { admin(t, database, killAll) }, open(t, database, time.Now))
}

// The same when the server dies with what it has not written, under two processes that use it.
// No test runs beside this one: those that do are parallel.
func TestServerCrashes(t *testing.T) {
	database := storetest.PostgreSQL.New(t)
	disturbed(t, 6, func() { storetest.Crash(t) }, open(t, database, time.Now), open(t, database, time.Now))
}

// disturbed writes while the database is disturbed, and checks what is kept.
func disturbed(t *testing.T, times int, disturb func(), stores ...*store.Store) {
	t.Helper()
	var mu sync.Mutex
	acknowledged, undone := map[int64]note.Hash{}, map[note.Hash]bool{}
	failed := 0
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i := range 8 {
		s := stores[i%len(stores)]
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				var id note.Hash
				_, _ = rand.Read(id[:]) // never fails
				leaf, err := named(s, id)
				mu.Lock()
				if err == nil {
					acknowledged[leaf] = id
				} else {
					failed++
					undone[id] = fault.KindOf(err) == fault.Unavailable
					if !passing(err) {
						t.Errorf("writing: %v", err)
					}
				}
				mu.Unlock()
			}
		})
	}
	for range times {
		time.Sleep(20 * time.Millisecond)
		disturb()
	}
	close(stop)
	wg.Wait()
	for _, s := range stores {
		t.Cleanup(func() { closing(t, s) })
		if _, err := named(s, note.Hash{}); err != nil {
			t.Errorf("writing after all that: %v", err)
		}
	}
	if failed == 0 || len(acknowledged) < times {
		t.Errorf("%d writes failed and %d did not: nothing was tried", failed, len(acknowledged))
	}
	checkNamed(t, stores[0], acknowledged)
	for id, said := range undone {
		if said && isNamed(t, stores[0], id) {
			t.Error("what was said to be undone is there")
		}
	}
}

// named records an act and keeps a name with it; the record names the name.
func named(s *store.Store, id note.Hash) (leaf int64, err error) {
	err = s.Write(context.Background(), func(tx *store.Tx) error {
		if leaf, err = tx.Record(ledger.Record{Act: act.ThreadRead, Outcome: act.Allow, Hash: id}); err != nil {
			return err
		}
		return tx.PutName(id, []byte("x"))
	})
	return leaf, err
}

// passing reports whether an error says that the database failed and not what was asked.
func passing(err error) bool {
	kind := fault.KindOf(err)
	return kind == fault.Unavailable || kind == fault.NotKnown
}

// checkNamed checks that what was acknowledged is there, that no record is without its name,
// and that the tree is whole.
func checkNamed(t *testing.T, s *store.Store, acknowledged map[int64]note.Hash) {
	t.Helper()
	var size int64
	if err := s.Read(t.Context(), func(tx *store.Tx) (err error) {
		if size, err = tx.Size(); err != nil {
			return err
		}
		leaves, err := tx.Leaves(0, size+1)
		if err != nil {
			return err
		}
		for _, l := range leaves {
			r, err := ledger.ParseRecord(*l.Text)
			if err != nil {
				return err
			}
			if id, ok := acknowledged[l.Index]; ok && id != r.Hash {
				return fmt.Errorf("leaf %d is another one's", l.Index)
			}
			delete(acknowledged, l.Index)
			if _, found, err := tx.Name(r.Hash); err != nil || !found {
				return fmt.Errorf("leaf %d without its effect: %w", l.Index, err)
			}
		}
		if len(acknowledged) > 0 {
			return fmt.Errorf("%d acknowledged leaves are lost", len(acknowledged))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	whole(t, s, size)
}

// Everybody who shares a batch with the one in which the connection is cut is told, and
// nothing of the batch stays.
func TestCutBatch(t *testing.T) {
	t.Parallel()
	database := storetest.PostgreSQL.New(t)
	s := open(t, database, time.Now)
	t.Cleanup(func() { closing(t, s) })
	holding, release := make(chan struct{}), make(chan struct{})
	answers := make(chan error, 3)
	go func() { // occupies the writer while the others queue
		answers <- s.Write(context.Background(), func(*store.Tx) error {
			close(holding)
			<-release
			return nil
		})
	}()
	<-holding
	for _, cut := range []bool{false, true} {
		go func() {
			answers <- s.Write(context.Background(), func(tx *store.Tx) error {
				if cut {
					admin(t, database, killAll)
				}
				_, err := tx.Record(ledger.Record{Act: act.ThreadRead, Outcome: act.Allow})
				_ = err // a job that goes on after an error is no reason to commit
				return nil
			})
		}()
	}
	time.Sleep(50 * time.Millisecond) // both are queued; if not, the test tries less
	close(release)
	failed := 0
	for range 3 {
		if err := <-answers; err != nil {
			failed++
			if !passing(err) {
				t.Errorf("answer: %v", err)
			}
		}
	}
	if failed == 0 {
		t.Error("nobody was told")
	}
	leaf, err := record(s, t.Context(), "")
	if err != nil || leaf != int64(2-failed) {
		t.Errorf("record = %d, %v after %d failed", leaf, err, failed)
	}
	whole(t, s, int64(3-failed))
}

// Another process that has stopped in the middle of a batch holds the others up for a
// while, and each is told so; then they go on.
func TestHeadIsHeld(t *testing.T) {
	t.Parallel()
	database := storetest.PostgreSQL.New(t)
	s := open(t, database, time.Now)
	t.Cleanup(func() { closing(t, s) })
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was asked only
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "SELECT size FROM ledger WHERE id = 1 FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	if _, err := record(s, t.Context(), ""); fault.KindOf(err) != fault.Unavailable || !strings.Contains(fmt.Sprint(err), "lock timeout") {
		t.Errorf("writing while the head is held = %v", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if leaf, err := record(s, t.Context(), ""); err != nil || leaf != 0 {
		t.Errorf("record = %d, %v", leaf, err)
	}
}

// A store has one connection that writes and at most eight that read, whatever is asked.
func TestPoolLimits(t *testing.T) {
	t.Parallel()
	database := storetest.PostgreSQL.New(t)
	s := open(t, database, time.Now)
	t.Cleanup(func() { closing(t, s) })
	var wg sync.WaitGroup
	full := make(chan struct{}, 64)
	release := make(chan struct{})
	for range 20 {
		wg.Go(func() {
			if _, err := record(s, t.Context(), ""); err != nil {
				t.Error(err)
			}
			if err := s.Read(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Size()
				full <- struct{}{}
				<-release
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	for range 8 {
		<-full
	}
	if got := ask(t, database, "SELECT CAST(COUNT(*) AS TEXT) "+ofVarco); got != "9" {
		t.Errorf("%s connections, want 9", got)
	}
	if got := ask(t, database, "SELECT CAST(COUNT(*) AS TEXT) "+ofVarco+" AND state = 'idle in transaction'"); got != "8" {
		t.Errorf("%s read, want 8", got)
	}
	// Readers that find no free connection are told when their time is over.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.Read(ctx, func(tx *store.Tx) error { _, err := tx.Size(); return err }); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("Read with all connections taken = %v", err)
	}
	close(release)
	wg.Wait()
}

// A database is opened by whoever owns it, and its migrations run once when two begin them
// at the same time.
func TestMigrateTogether(t *testing.T) {
	t.Parallel()
	database := storetest.PostgreSQL.New(t)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := store.Migrate(t.Context(), database); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	closing(t, open(t, database, time.Now))
}

// A server that is not there is told of, and not waited for.
func TestNoServer(t *testing.T) {
	database := "postgres://varco@/varco?host=" + t.TempDir()
	for name, err := range map[string]error{
		"Migrate": store.Migrate(t.Context(), database),
		"Open":    opening(t, database),
	} {
		if err == nil || !strings.Contains(err.Error(), "opening the database") {
			t.Errorf("%s = %v", name, err)
		}
	}
}

func opening(t *testing.T, database string) error {
	s, err := store.Open(t.Context(), database, store.Options{Now: time.Now, Rand: rand.Reader})
	if err == nil {
		closing(t, s)
		return errors.New("it was opened")
	}
	return err
}

func TestCheck(t *testing.T) {
	for database, want := range map[string]string{
		"varco.db":                                                              "",
		"postgres://varco@localhost/varco":                                      "",
		"postgresql://varco@127.0.0.1:5433/varco":                               "",
		"postgres://varco@[::1]/varco":                                          "",
		"postgres://varco@/varco?host=/run/postgres":                            "",
		"postgres://varco@db.example.org/varco?sslmode=verify-full":             "",
		"postgres://varco@db.example.org,db2.example.org/varco?sslmode=require": "verify-full",
		"postgres://varco@db.example.org/varco":                                 "verify-full",
		"postgres://varco@db.example.org/varco?sslmode=require":                 "verify-full",
		"postgres://varco@db.example.org/varco?sslmode=verify-ca":               "verify-full",
		"postgres://varco@localhost,192.0.2.1/varco":                            "verify-full",
		"postgres://varco:CANARY@localhost/varco":                               "holds a password",
		"postgres://varco:CANARY@local%host/varco":                              "is not postgres://",
		"postgres://varco@localhost/varco?password=CANARY":                      "holds a password",
		"postgres://varco@localhost/varco?sslpassword=CANARY":                   "holds a password",
		"postgres://varco@localhost":                                            "names no database",
		"postgres://varco@localhost/varco?sslmode=sometimes":                    "sslmode",
	} {
		err := store.Check(database)
		if err == nil && want == "" {
			continue
		}
		if err == nil || want == "" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("Check(%s) = %v, want %q", database, err, want)
		}
	}
}

// What is announced as one statement is one, and reads.
func TestAsk(t *testing.T) { storetest.Each(t, asks) }

func asks(t *testing.T, kind storetest.Kind) {
	database := kind.New(t)
	s := open(t, database, time.Now)
	t.Cleanup(func() { closing(t, s) })
	ask := func(times int) error {
		return s.Ask(t.Context(), func(tx *store.Tx) error {
			for range times {
				if _, err := tx.Size(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for range 3 { // also by a statement that is prepared meanwhile
		if err := ask(1); err != nil {
			t.Fatal(err)
		}
	}
	if err := ask(2); fault.KindOf(err) != fault.Internal || err == nil {
		t.Errorf("two statements: %v", err)
	}
	if err := s.Ask(t.Context(), func(tx *store.Tx) error { return tx.PutName(note.Hash{1}, []byte("x")) }); err == nil {
		t.Error("it has written")
	}
	if kind == storetest.PostgreSQL {
		admin(t, database, killAll)
		if err := ask(1); err != nil {
			t.Errorf("after the connections were lost: %v", err)
		}
	}
}
