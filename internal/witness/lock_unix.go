//go:build unix

package witness

import (
	"errors"
	"os"
	"syscall"
)

// lock takes a file for this process, until the file is closed.
func lock(path string) (*os.File, error) {
	f, err := os.Open(path) //nolint:gosec // in the folder that the operator has named
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(errors.New("another process is this witness"), f.Close())
	}
	return f, nil
}
