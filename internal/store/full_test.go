package store_test

import (
	"bufio"
	"crypto/rand"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
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

// TestNoRoomOnTheServer lets PostgreSQL find no room: first where its tables are, then nowhere, not
// even for what it writes ahead, of which it dies and comes back when somebody has made room. What
// is not kept is answered as something that the database could not do; what was acknowledged is there.
func TestNoRoomOnTheServer(t *testing.T) {
	database := storetest.PostgreSQL.New(t)
	s := open(t, database, time.Now)
	t.Cleanup(func() { closing(t, s) })
	acknowledged := map[int64]note.Hash{}
	write := func() error {
		var id note.Hash
		_, _ = rand.Read(id[:]) // never fails
		long := make([]byte, 100_000)
		_, _ = rand.Read(long)
		var leaf int64
		err := s.Write(t.Context(), func(tx *store.Tx) (err error) {
			if leaf, err = tx.Record(ledger.Record{Act: act.ThreadRead, Outcome: act.Allow, Hash: id}); err != nil {
				return err
			}
			return tx.PutName(id, long)
		})
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
	tables := slices.DeleteFunc(storetest.Files(t, database), func(file string) bool { return !strings.Contains(file, "/base/") })
	for _, c := range []struct {
		where string
		files []string
		dies  bool
	}{{"for the tables", tables, false}, {"anywhere", nil, true}} {
		failed := 0
		withoutRoom(t, c.files, func() {
			for range 20 {
				if err := write(); err == nil {
					continue
				} else if failed++; !passing(err) {
					t.Errorf("writing without room %s: %v", c.where, err)
				}
			}
			if !c.dies {
				checkNamed(t, s, maps.Clone(acknowledged))
			}
		})
		if failed == 0 {
			t.Errorf("without room %s everything was written: nothing was tried", c.where)
		}
		if c.dies {
			storetest.Crash(t) // somebody starts it again
		}
		if err := write(); err != nil {
			t.Errorf("writing when there is room again %s: %v", c.where, err)
		}
		checkNamed(t, s, maps.Clone(acknowledged))
	}
}

// withoutRoom runs fn while PostgreSQL's writes to some of its files, or to all, end as on a disk that
// is full: strace says so in the kernel's place.
func withoutRoom(t *testing.T, files []string, fn func()) {
	t.Helper()
	calls := "pwrite64,pwritev,pwritev2,fallocate"
	args := []string{"-f", "-o", "/dev/null", "-e", "trace=" + calls, "-e", "inject=" + calls + ":error=ENOSPC"}
	for _, file := range files {
		args = append(args, "-P", file)
	}
	pids := storetest.Processes(t)
	for _, pid := range pids {
		args = append(args, "-p", pid)
	}
	cmd := exec.Command("strace", args...) //nolint:noctx // it is interrupted below
	said, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("taking room away: %v (install Debian's package strace)", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // of what has ended it does nothing
	lines := bufio.NewScanner(said)
	for left := len(pids); left > 0 && lines.Scan(); {
		switch line := lines.Text(); {
		case strings.Contains(line, "attached"), strings.Contains(line, "No such process"): // it has ended
			left--
		case strings.Contains(line, "attach: "):
			t.Fatalf("taking room away: this machine does not permit it: %s", line)
		}
	}
	drained := make(chan struct{})
	go func() {
		for lines.Scan() { // what it says of processes that begin and end
		}
		close(drained)
	}()
	fn()
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	<-drained
	_ = cmd.Wait() // it was interrupted
}
