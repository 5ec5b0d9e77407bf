//go:build !unix

package witness

import (
	"errors"
	"os"
)

// lock refuses: without a lock two processes could cosign two histories.
func lock(string) (*os.File, error) { return nil, errors.New("a witness runs on Unix only") }
