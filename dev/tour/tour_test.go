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
	_ "varco/internal/verify"
)

// TestTour takes the whole tour, as a program of its own: the race detector, which most
// tests run under, would make the fifteen phrases take minutes.
func TestTour(t *testing.T) {
	tour := filepath.Join(t.TempDir(), "tour")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", tour, ".").CombinedOutput(); err != nil {
		t.Fatalf("building the tour: %v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), tour)
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 30 * time.Second // to throw everything away
	if err := cmd.Run(); err != nil {
		t.Errorf("taking the tour: %v", err)
	}
}
