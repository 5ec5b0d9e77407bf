package devprovider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

const (
	installLimit = 3 * time.Minute
	lockRetry    = 100 * time.Millisecond
)

// sourceFolder finds dev/provider in the current folder or above it.
func sourceFolder() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding dev/provider: %w", err)
	}
	for at := start; ; at = filepath.Dir(at) {
		source := filepath.Join(at, "dev", "provider")
		if _, err := os.Stat(filepath.Join(source, "provider.mjs")); err == nil {
			return source, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("finding dev/provider: neither in %s nor above it", start)
		}
	}
}

// install runs "npm ci" unless what package-lock.json names was installed whole. Test
// packages that run at once take turns.
func install(ctx context.Context, source string) error {
	lock, err := os.ReadFile(filepath.Join(source, "package-lock.json"))
	if err != nil {
		return fmt.Errorf("installing the development provider: %w", err)
	}
	sum := sha256.Sum256(lock)
	want := hex.EncodeToString(sum[:])
	// npm removes node_modules first, so the mark inside says that all of it was installed.
	mark := filepath.Join(source, "node_modules", ".varco-installed")
	if installed(mark, want) {
		return nil
	}
	release, err := takeTurn(ctx, filepath.Join(source, ".install.lock"))
	if err != nil {
		return fmt.Errorf("installing the development provider: %w", err)
	}
	defer release()
	if installed(mark, want) {
		return nil
	}
	npm, err := program("npm")
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	cmd.Dir = source
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("installing the development provider: npm ci: %w: %s", err, out)
	}
	if err := os.WriteFile(mark, []byte(want), 0o600); err != nil {
		return fmt.Errorf("installing the development provider: %w", err)
	}
	return nil
}

func installed(mark, want string) bool {
	got, err := os.ReadFile(mark)
	return err == nil && string(got) == want
}

// takeTurn locks the file; the lock ends with release or with this process.
func takeTurn(ctx context.Context, name string) (release func(), err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = file.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			_ = file.Close()
			return nil, fmt.Errorf("locking %s: %w", name, err)
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, fmt.Errorf("waiting for another installation: %w", ctx.Err())
		case <-time.After(lockRetry):
		}
	}
}

// program finds what the provider needs, or says what to install.
func program(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		debian := map[string]string{"node": "nodejs", "npm": "npm"}[name]
		return "", fmt.Errorf("starting the development provider: %s is missing (Debian package %s)", name, debian)
	}
	return path, nil
}
