package blob

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"varco/internal/fault"
)

// Part is a part of a blob that has arrived whole. It is on the disk and not synced, and has no
// name: when it is closed, or the process ends, it is gone.
type Part struct {
	file *os.File
	size int64
}

// Spool takes a part of size bytes as slowly as it comes. It refuses (kind invalid) one that is
// empty, over MaxPart, or has another number of bytes: a connection that was cut.
func (f *Folder) Spool(r io.Reader, size int64) (*Part, error) {
	if size < 1 || size > MaxPart {
		return nil, fault.New(fault.Invalid, "taking a part: %d bytes, want 1 to %d", size, MaxPart)
	}
	file, err := f.spool()
	if err != nil {
		return nil, err
	}
	p := &Part{file, size}
	n, err := io.Copy(file, io.LimitReader(r, size+1))
	if own := (*fs.PathError)(nil); errors.As(err, &own) { // the disk's and not the connection's
		return nil, errors.Join(failed("taking a part", err), p.Close())
	}
	if err != nil {
		return nil, errors.Join(fault.Wrap(fault.Invalid, err, "taking a part: after %d of %d bytes", n, size), p.Close())
	}
	if n != size {
		return nil, errors.Join(fault.New(fault.Invalid, "taking a part: %d bytes, and %d were announced", n, size), p.Close())
	}
	return p, nil
}

// Size returns the number of bytes.
func (p *Part) Size() int64 { return p.size }

// Begins returns the first bytes, at most n.
func (p *Part) Begins(n int64) ([]byte, error) {
	first := make([]byte, min(n, p.size))
	if _, err := p.file.ReadAt(first, 0); err != nil {
		return nil, fmt.Errorf("reading a part: %w", err)
	}
	return first, nil
}

// Close forgets the part.
func (p *Part) Close() error { return p.file.Close() }

// reader reads the part from its beginning.
func (p *Part) reader() io.Reader { return io.NewSectionReader(p.file, 0, p.size) }

// spool opens a file that has no name.
func (f *Folder) spool() (*os.File, error) {
	file, err := os.CreateTemp(filepath.Join(f.path, parts), "part-")
	if err != nil {
		return nil, failed("taking a part", err)
	}
	if err := removed(os.Remove(file.Name())); err != nil {
		return nil, errors.Join(fmt.Errorf("taking a part: %w", err), file.Close())
	}
	return file, nil
}
