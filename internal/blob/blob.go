// Package blob keeps attachments at rest, in a folder: sealed files, of which it knows a name
// and bytes. It opens none, and decides nothing: whose a blob is, and who may have it, is the
// door's to say.
//
// A blob comes in parts. A part is spooled first, as slowly as it comes, then appended at once
// and synced: what was appended is on the disk. When all is there and is what was announced,
// the file moves from the folder of what was begun into that of what is whole, and both
// folders are synced. A crash leaves a file that is shorter, or longer, than what was
// acknowledged, or in the place before: each step can be done again.
//
//	begun/   b-…   what is being uploaded
//	whole/   b-…   what is complete, and never changes
//	parts/         parts that are arriving; without a name as soon as they are opened
//
// A file is named by the blob's identifier, and by nothing else. Memory does not depend on the
// size of a blob. Processes that share the folder are kept apart by locks on the files, as on
// any local disk and NFS 4.
package blob

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"time"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/ids"
)

// MaxPart is the size limit of a part in bytes.
const MaxPart = envelope.MaxPart

const (
	begun = "begun"
	whole = "whole"
	parts = "parts"
)

// Folder is where blobs are kept. It is safe for concurrent use.
type Folder struct {
	path string
	step func(doing, name string) error // before each change of the disk; nil but in tests
}

// Create makes a folder with what belongs into it. One that is there stays as it is.
func Create(path string) error {
	for _, name := range []string{begun, whole, parts} {
		if err := os.MkdirAll(filepath.Join(path, name), 0o700); err != nil {
			return fmt.Errorf("making the folder of blobs: %w", err)
		}
	}
	for _, name := range []string{path, filepath.Dir(path)} {
		if err := syncFolder(name); err != nil {
			return err
		}
	}
	return nil
}

// Open opens a folder that Create has made. One that is not there, or can't be written, is
// refused: it may be a disk that was not mounted.
func Open(path string) (*Folder, error) {
	f := &Folder{path: path}
	for _, name := range []string{begun, whole, parts} {
		info, err := os.Stat(filepath.Join(path, name))
		if err != nil {
			return nil, fmt.Errorf("opening the folder of blobs: %w", err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("opening the folder of blobs: %s is no folder", filepath.Join(path, name))
		}
	}
	// Parts that a crash has left with a name are nobody's.
	left, err := os.ReadDir(filepath.Join(path, parts))
	if err != nil {
		return nil, fmt.Errorf("opening the folder of blobs: %w", err)
	}
	for _, entry := range left {
		if err := removed(os.Remove(filepath.Join(path, parts, entry.Name()))); err != nil {
			return nil, fmt.Errorf("opening the folder of blobs: %w", err)
		}
	}
	probe, err := f.spool()
	if err != nil {
		return nil, fmt.Errorf("opening the folder of blobs: %w", err)
	}
	return f, probe.Close()
}

// Read opens a whole blob from an offset on.
func (f *Folder) Read(id ids.Blob, offset int64) (io.ReadCloser, error) {
	path, err := f.in(whole, id)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path) //nolint:gosec // a folder of ours and an identifier
	if err != nil {
		return nil, fmt.Errorf("reading a blob: %w", err)
	}
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return nil, errors.Join(fmt.Errorf("reading a blob: %w", err), file.Close())
	}
	return file, nil
}

// Remove removes a blob, whole or not. One that is not there is removed already.
func (f *Folder) Remove(id ids.Blob) error {
	for _, name := range []string{begun, whole} {
		path, err := f.in(name, id)
		if err != nil {
			return err
		}
		if err := f.did("remove from "+name, string(id)); err != nil {
			return err
		}
		err = os.Remove(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("removing a blob: %w", err)
		}
		if err := f.sync(name); err != nil {
			return err
		}
	}
	return nil
}

const listed = 256 // files of a folder that are in memory at once

// Begun yields the blobs that are not whole and whose last byte was written before a time.
func (f *Folder) Begun(before time.Time) iter.Seq2[ids.Blob, error] {
	return func(yield func(ids.Blob, error) bool) {
		folder, err := os.Open(filepath.Join(f.path, begun))
		if err != nil {
			yield("", fmt.Errorf("listing blobs: %w", err))
			return
		}
		defer func() { _ = folder.Close() }() // it was only read
		for {
			entries, err := folder.ReadDir(listed)
			for _, entry := range entries {
				id, foreign := ids.ParseBlob(entry.Name())
				info, gone := entry.Info()
				if foreign == nil && gone == nil && info.ModTime().Before(before) && !yield(id, nil) {
					return
				}
			}
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield("", fmt.Errorf("listing blobs: %w", err))
				return
			}
		}
	}
}

// in is where a blob's file is. Only what is an identifier names one.
func (f *Folder) in(name string, id ids.Blob) (string, error) {
	if _, err := ids.ParseBlob(string(id)); err != nil {
		return "", fault.Wrap(fault.Internal, err, "finding a blob's file")
	}
	return filepath.Join(f.path, name, string(id)), nil
}

// did is asked before each change of the disk: a test ends the work there.
func (f *Folder) did(doing, name string) error {
	if f.step == nil {
		return nil
	}
	return f.step(doing, name)
}

func (f *Folder) sync(name string) error {
	if err := f.did("sync the folder", name); err != nil {
		return err
	}
	return syncFolder(filepath.Join(f.path, name))
}

func syncFolder(path string) error {
	folder, err := os.Open(path) //nolint:gosec // named by the operator
	if err != nil {
		return fmt.Errorf("syncing a folder of blobs: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return failed("syncing a folder of blobs", err)
	}
	return nil
}

// removed takes what is gone for removed.
func removed(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
