package storetest_test

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"varco/internal/store"
	"varco/internal/store/storetest"
)

// ending tells a run of these tests by another how to end.
const ending = "VARCO_STORETEST_ENDING"

// TestEndings is run by TestServerEnds: it starts a server, says where, and ends badly.
func TestEndings(t *testing.T) {
	how := os.Getenv(ending)
	if how == "" {
		return // nobody has asked
	}
	database := storetest.PostgreSQL.New(t)
	_, folder, _ := strings.Cut(database, "?host=")
	fmt.Println("folder", folder) //nolint:forbidigo // to the test that runs this one
	switch how {
	case "panic":
		panic("it ends")
	case "exit":
		os.Exit(3)
	case "kill":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "time":
		select {} // until the test's time is over
	}
}

// However a test program ends, its server ends and leaves nothing.
func TestServerEnds(t *testing.T) {
	for _, how := range []string{"well", "panic", "exit", "kill", "time"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestEndings$", "-test.timeout=15s")
			cmd.Env = append(cmd.Environ(), ending+"="+how)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			folder := ""
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if path, ok := strings.CutPrefix(lines.Text(), "folder "); ok {
					folder = path
				}
			}
			if err := cmd.Wait(); (err == nil) != (how == "well") {
				t.Errorf("it ended with %v", err)
			}
			if folder == "" {
				t.Fatal("it has started no server")
			}
			gone(t, folder)
		})
	}
}

func gone(t *testing.T, folder string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		_, err := os.Stat(folder)
		left := processes(t, folder)
		if os.IsNotExist(err) && len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server is there still: folder %v, processes %q", err, left)
		}
	}
}

// processes lists the command lines with a word in them.
func processes(t *testing.T, word string) (found []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(all) == 0 {
		t.Fatalf("processes can't be listed: %v", err)
	}
	for _, path := range all {
		line, _ := os.ReadFile(path) // it may have ended
		if bytes.Contains(line, []byte(word)) {
			found = append(found, string(line))
		}
	}
	return found
}

func TestKinds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, kind storetest.Kind) {
		one, two := kind.New(t), kind.New(t)
		if one == two || store.IsFile(one) != (kind == storetest.SQLite) {
			t.Errorf("databases of %s: %s, %s", kind, one, two)
		}
	})
}

// What was kept is there in each new database, and what is done to one is in no other.
func TestKeep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, kind storetest.Kind) {
		first := kind.New(t)
		open(t, first, true)
		kept := storetest.Keep(t, first)
		for range 2 {
			open(t, kept.New(t), false)
		}
	})
}

// What is written stands in the files, where a test can look for what must not.
func TestFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, kind storetest.Kind) {
		database := kind.New(t)
		open(t, database, true)
		found := 0
		for _, file := range storetest.Files(t, database) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found += bytes.Count(content, []byte("CANARY"))
		}
		if found == 0 {
			t.Error("what was written is in no file")
		}
	})
}

// open opens a database, migrated before or now, that has no issuer, and adds one.
func open(t *testing.T, database string, migrate bool) {
	t.Helper()
	if migrate {
		if err := store.Migrate(t.Context(), database); err != nil {
			t.Fatal(err)
		}
	}
	s, err := store.Open(t.Context(), database, store.Options{Now: time.Now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), func(tx *store.Tx) error {
		issuers, err := tx.Issuers()
		if want := map[bool]int{true: 0, false: 1}[migrate]; len(issuers) != want {
			t.Errorf("%d issuers, want %d", len(issuers), want)
		}
		return errors.Join(err, tx.PutIssuer(store.Issuer{URL: rand.Text(), Label: "CANARY"}))
	}); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
