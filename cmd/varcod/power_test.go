package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/store/storetest"
)

// A power cut takes what was written and not synced. So the service's system calls are watched,
// and those of the server of its database: nothing is acknowledged on a socket before what it
// stands for was written to a log or a file and that was synced.
func TestPowerCut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, kind storetest.Kind) {
		database := ""
		if kind == storetest.PostgreSQL {
			database = kind.New(t)
		}
		n := raise(t, database)
		anna, bice := device{}.of(t, n, "anna"), device{}.of(t, n, "bice")
		pids := []string{n.Process()}
		if database != "" {
			pids = append(pids, storetest.Processes(t)...)
		}
		trace := traced(t, pids, func() {
			var all sync.WaitGroup
			for _, u := range []*client.Unlocked{anna, bice} {
				all.Go(func() {
					o, err := u.OpenCase(t.Context(), client.NewCase{With: n.Resident("olga").Organisation, Topic: "RDL-01",
						Urgency: "U2", Content: client.Content{Text: "Buongiorno."}, Inside: client.Content{Text: "Nota."},
						Colleagues: []ids.Person{n.Resident("carla").ID}, Holder: n.Resident("olga").ID})
					if err != nil {
						t.Error(err)
						return
					}
					for i := range 5 {
						if _, err := u.Post(t.Context(), o.Thread, client.Content{Text: fmt.Sprint("testo ", i)}); err != nil {
							t.Error(err)
						}
					}
					photo := bytes.NewReader(make([]byte, 200<<10)) // one part
					if _, err := u.Attach(t.Context(), photo, "foto.jpg", "image/jpeg", photo.Size(), nil); err != nil {
						t.Error(err)
					}
					// An answer that has arrived is written down only as its connection goes on, so one more goes over it.
					if _, err := u.Me(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		})
		calls := parseTrace(t, trace)
		seen, wrong := unsynced(calls)
		for _, w := range wrong {
			t.Error(w)
		}
		want := acknowledgements{entries: 2 * (2 + 5), parts: 2, blobs: 2}
		if seen != want {
			t.Errorf("acknowledged %+v, want %+v", seen, want)
		}
		controls(t, calls)
	})
}

// controls takes away what keeps an answer true, and sees that the watch finds it: without the
// syncs of logs, of files, and of folders; and with all syncs begun at last.
func controls(t *testing.T, calls []call) {
	t.Helper()
	without := func(name string, gone func(call) bool) {
		t.Helper()
		if _, wrong := unsynced(slices.DeleteFunc(slices.Clone(calls), gone)); len(wrong) == 0 {
			t.Errorf("%s, and nothing is found", name)
		}
	}
	without("the logs are never synced", func(c call) bool { return c.syncs() && c.isLog() })
	without("the parts are never synced", func(c call) bool { return c.syncs() && strings.Contains(c.path, "/begun/") })
	without("the folders are never synced", func(c call) bool { return c.syncs() && strings.HasSuffix(c.path, "/whole") })
	without("the blobs are never moved", func(c call) bool { return strings.HasPrefix(c.name, "rename") })
	late := slices.Clone(calls)
	for i, c := range late {
		if c.syncs() {
			late[i].begun, late[i].ended = c.begun+1<<20, c.ended+1<<20
		}
	}
	if _, wrong := unsynced(late); len(wrong) == 0 {
		t.Error("everything is synced too late, and nothing is found")
	}
}

// traced watches processes, and those that they begin, while fn runs.
func traced(t *testing.T, pids []string, fn func()) (trace string) {
	t.Helper()
	trace = filepath.Join(t.TempDir(), "trace")
	args := []string{"-f", "-yy", "-xx", "-s", "70000", "-o", trace,
		"-e", "trace=read,write,writev,pwrite64,pwritev,copy_file_range,sendfile,splice,fsync,fdatasync,rename,renameat,renameat2"}
	for _, pid := range pids {
		args = append(args, "-p", pid)
	}
	cmd := exec.Command("strace", args...) //nolint:noctx // it is interrupted below
	said, err := cmd.StderrPipe()
	must(t, err)
	if err := cmd.Start(); err != nil {
		t.Fatalf("watching system calls: %v (install Debian's package strace)", err)
	}
	ended := make(chan error, 1)
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // of what has ended it does nothing
	attached := make(chan string)
	go func() {
		for lines := bufio.NewScanner(said); lines.Scan(); {
			attached <- lines.Text()
		}
		close(attached)
		ended <- cmd.Wait()
	}()
	for left := len(pids); left > 0; {
		select {
		case line, ok := <-attached:
			if !ok {
				t.Fatalf("watching system calls: strace has ended: %v", <-ended)
			}
			if strings.Contains(line, "attach: ") {
				t.Fatalf("watching system calls: this machine does not permit it: %s", line)
			}
			if strings.Contains(line, "attached") {
				left--
			}
		case <-time.After(20 * time.Second):
			t.Fatal("watching system calls: strace does not begin")
		}
	}
	go func() {
		for range attached { // what it says of processes that begin and end
		}
	}()
	fn()
	must(t, cmd.Process.Signal(syscall.SIGINT))
	if err := <-ended; err != nil {
		t.Log("strace has ended: ", err) // by the signal
	}
	info, err := os.Stat(trace)
	must(t, err)
	t.Logf("%d processes were watched, %d KiB", len(pids), info.Size()>>10)
	return trace
}
