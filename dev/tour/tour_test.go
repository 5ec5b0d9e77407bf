package main_test

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"varco/dev/sample"
)

// TestTour takes the whole tour, as a program of its own: the race detector, which most
// tests run under, would make the fifteen phrases take minutes.
func TestTour(t *testing.T) {
	folder := t.TempDir()
	if err := sample.Build(t.Context(), folder, "varco/dev/tour"); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(folder, "tour"))
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 30 * time.Second // to throw everything away
	if err := cmd.Run(); err != nil {
		t.Errorf("taking the tour: %v", err)
	}
}
