package main_test

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"varco/dev/sample"
)

// TestPage tries the page, in a process of its own: the race detector, which most tests run
// under, would make the fifteen phrases take minutes. -count=1 tries it again.
func TestPage(t *testing.T) {
	folder := t.TempDir()
	if err := sample.Build(t.Context(), folder, "varco/dev/page"); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(folder, "page"))
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 30 * time.Second // to throw everything away
	if err := cmd.Run(); err != nil {
		t.Errorf("trying the page: %v", err)
	}
}
