package main_test

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	// What the programs are made of: the go command keeps a test's result until something
	// changes that the test is made of, and can't see what other programs are.
	_ "varco/internal/app"
	_ "varco/internal/cli"
	_ "varco/web"
)

// TestPage tries the page, in a process of its own: the race detector, which most tests run
// under, would make the fifteen phrases take minutes. -count=1 tries it again.
func TestPage(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", page, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), page)
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 30 * time.Second // to throw everything away
	if err := cmd.Run(); err != nil {
		t.Errorf("trying the page: %v", err)
	}
}
