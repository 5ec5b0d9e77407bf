package store_test

import (
	"crypto/rand"
	"maps"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"varco/internal/note"
	"varco/internal/store/storetest"
)

// There is no room for another page of the database's files: what doesn't fit is unavailable
// and leaves nothing behind, and once there is room all goes on. A limit on the size of files
// stands for a disk that is full, since it needs no disk; no test runs beside this one.
func TestNoRoom(t *testing.T) {
	database := storetest.SQLite.New(t)
	s := open(t, database, time.Now)
	t.Cleanup(func() { closing(t, s) })
	acknowledged := map[int64]note.Hash{}
	write := func() error {
		var id note.Hash
		_, _ = rand.Read(id[:]) // never fails
		leaf, err := named(s, id)
		if err == nil {
			acknowledged[leaf] = id
		}
		return err
	}
	for range 20 {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(database + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	for _, more := range []int64{100, 6_000, 50_000} { // in the middle of a page, a few pages, more of them
		failed := 0
		limited(t, uint64(info.Size()+more), func() {
			for range 60 {
				if err := write(); err == nil {
					continue
				} else if failed++; !passing(err) {
					t.Errorf("writing without room: %v", err)
				}
			}
			checkNamed(t, s, maps.Clone(acknowledged))
		})
		if failed == 0 {
			t.Errorf("with %d bytes more everything was written: nothing was tried", more)
		}
		if err := write(); err != nil {
			t.Errorf("writing when there is room again: %v", err)
		}
		checkNamed(t, s, maps.Clone(acknowledged))
	}
}

// limited runs fn while no file of this process can grow over a size.
func limited(t *testing.T, size uint64, fn func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Fatal(err)
		}
	}()
	fn()
}
