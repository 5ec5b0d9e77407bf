package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// every is how often a long verification says how far it is.
const every = 2 * time.Second

// meter says on out how much of a file was read.
type meter struct {
	in    io.Reader
	size  int64 // of the file, 0 if it isn't known
	out   io.Writer
	now   func() time.Time
	shown time.Time
	read  int64
}

// Read reads on, and says how far it is if it is time to.
func (m *meter) Read(b []byte) (int, error) {
	n, err := m.in.Read(b)
	m.read += int64(n)
	if now := m.now(); m.size > 0 && now.Sub(m.shown) >= every {
		m.shown = now
		fmt.Fprintf(m.out, "verifica in corso: %d%%\n", min(100*m.read/m.size, 100))
	}
	return n, err
}

// keep writes a file so that it is either whole or as it was.
func keep(path string, b []byte) error {
	out, err := os.CreateTemp(filepath.Dir(path), ".checkpoint-*")
	if err != nil {
		return err
	}
	if err = write(out, b); err == nil {
		err = os.Rename(out.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(out.Name()))
	}
	return nil
}

func write(out *os.File, b []byte) error {
	_, err := out.Write(b)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
