package storetest_test

import (
	"bufio"
	"bytes"
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
