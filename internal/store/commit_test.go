package store_test

import (
	"bytes"
	"crypto/rand"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
)

// The connection is lost in the commit itself, before the server hears of it or after: in both
// cases nobody here knows, and the caller is told that. Asking again tells.
func TestCommitIsLost(t *testing.T) {
	t.Parallel()
	for name, heard := range map[string]bool{"before the server hears it": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := storetest.PostgreSQL.New(t)
			direct := open(t, database, time.Now)
			t.Cleanup(func() { closing(t, direct) })
			way, cut := between(t, database, heard)
			s := open(t, way, time.Now)
			t.Cleanup(func() { closing(t, s) })
			var id note.Hash
			_, _ = rand.Read(id[:]) // never fails
			cut.Store(true)
			if _, err := named(s, id); fault.KindOf(err) != fault.NotKnown {
				t.Errorf("a lost commit: %v", err)
			}
			if cut.Load() {
				t.Fatal("nothing was cut")
			}
			for deadline := time.Now().Add(5 * time.Second); heard && !isNamed(t, direct, id); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the server heard of the commit and has not done it")
				}
			}
			if !heard && isNamed(t, direct, id) {
				t.Error("the server never heard of the commit and has done it")
			}
			if _, err := named(s, note.Sum(nil)); err != nil {
				t.Errorf("writing afterwards: %v", err)
			}
		})
	}
}

// between is a way to a database that is cut once, when it is told to, at the next commit: which
// has gone on to the server, or not.
func between(t *testing.T, database string, heard bool) (way string, cut *atomic.Bool) {
	t.Helper()
	before, folder, _ := strings.Cut(database, "?host=")
	own := t.TempDir()
	const socket = ".s.PGSQL.5432"
	listener, err := net.Listen("unix", filepath.Join(own, socket)) //nolint:noctx // it is closed at the end
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	cut = new(atomic.Bool)
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return // the test has ended
			}
			to, err := net.Dial("unix", filepath.Join(folder, socket)) //nolint:noctx // as above
			if err != nil {
				t.Error(err)
				return
			}
			go pass(to, from, func([]byte) bool { return true })
			go pass(from, to, func(said []byte) bool {
				if !bytes.Contains(said, []byte("commit\x00")) || !cut.CompareAndSwap(true, false) {
					return true
				}
				if heard {
					_, _ = to.Write(said) // an error is found by who waits for its effect
				}
				return false
			})
		}
	}()
	return before + "?host=" + own, cut
}

// pass passes on what is said, until somebody ends it or may is false.
func pass(from, to net.Conn, may func([]byte) bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || !may(buffer[:n]) {
			break
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			break
		}
	}
	_, _ = from.Close(), to.Close() // the other half ends with it
}

func isNamed(t *testing.T, s *store.Store, id note.Hash) (found bool) {
	t.Helper()
	if err := s.Ask(t.Context(), func(tx *store.Tx) (err error) {
		_, found, err = tx.Name(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return found
}
