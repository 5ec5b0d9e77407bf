package blob

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// Upload is a blob that is being uploaded, or is whole. Nobody else has it until it is closed.
type Upload struct {
	folder *Folder
	id     ids.Blob
	file   *os.File
	whole  bool
}

// Upload opens a blob to add to it, beginning it if there is none, and waits for whoever has it.
func (f *Folder) Upload(id ids.Blob) (*Upload, error) {
	for {
		u, err := f.upload(id)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(u.file.Fd()), syscall.LOCK_EX); err != nil {
			return nil, errors.Join(failed("locking a blob", err), u.Close())
		}
		// Whoever had it may have moved or removed it.
		if u.still() {
			return u, nil
		}
		if err := u.Close(); err != nil {
			return nil, err
		}
	}
}

func (f *Folder) upload(id ids.Blob) (*Upload, error) {
	u := &Upload{folder: f, id: id}
	for _, name := range []string{whole, begun} {
		path, err := f.in(name, id)
		if err != nil {
			return nil, err
		}
		u.file, err = os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // a folder of ours and an identifier
		if err == nil {
			u.whole = name == whole
			return u, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("opening a blob: %w", err)
		}
	}
	if err := f.did("create", string(id)); err != nil {
		return nil, err
	}
	var err error
	u.file, err = os.OpenFile(u.path(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, failed("beginning a blob", err)
	}
	if err := f.sync(begun); err != nil {
		return nil, errors.Join(err, u.Close())
	}
	return u, nil
}

// still reports whether the file is the one in its place.
func (u *Upload) still() bool {
	own, err := u.file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(u.path())
	return err == nil && os.SameFile(own, there)
}

func (u *Upload) path() string {
	name := begun
	if u.whole {
		name = whole
	}
	return filepath.Join(u.folder.path, name, string(u.id))
}

// Append puts a part at an offset, in place of what is there from the offset on: that was never
// acknowledged. When it returns the part is on the disk. A blob that is shorter than the offset
// has lost bytes that were acknowledged, which is an error, and so is one that is whole.
func (u *Upload) Append(at int64, p *Part) error {
	info, err := u.file.Stat()
	if err != nil {
		return failed("appending to a blob", err)
	}
	if u.whole || info.Size() < at {
		return fault.New(fault.Internal, "appending to a blob: it has %d bytes, and %d were acknowledged", info.Size(), at)
	}
	if info.Size() > at {
		if err := u.folder.did("truncate", string(u.id)); err != nil {
			return err
		}
		if err := u.file.Truncate(at); err != nil {
			return failed("appending to a blob", err)
		}
	}
	if _, err := u.file.Seek(at, io.SeekStart); err != nil {
		return failed("appending to a blob", err)
	}
	if err := u.folder.did("write", string(u.id)); err != nil {
		return err
	}
	if _, err := io.Copy(u.file, p.reader()); err != nil {
		return failed("appending to a blob", err)
	}
	return u.sync()
}

func (u *Upload) sync() error {
	if err := u.folder.did("sync", string(u.id)); err != nil {
		return err
	}
	if err := u.file.Sync(); err != nil {
		return failed("appending to a blob", err)
	}
	return nil
}

// Holds reports whether the bytes at an offset are those of a part.
func (u *Upload) Holds(at int64, p *Part) (bool, error) {
	there, own := io.NewSectionReader(u.file, at, p.size), p.reader()
	a, b := make([]byte, 64<<10), make([]byte, 64<<10)
	for {
		n, err := io.ReadFull(own, b)
		m, short := io.ReadFull(there, a[:n])
		if m != n || !bytes.Equal(a[:n], b[:n]) {
			return false, nil
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return true, nil
		case err != nil || short != nil:
			return false, fmt.Errorf("comparing a part: %w", errors.Join(err, short))
		}
	}
}

// Finish makes the blob whole if it has this size and hash, and reports whether it has. One that
// is whole already is looked at again.
func (u *Upload) Finish(size int64, hash note.Hash) (bool, error) {
	if _, err := u.file.Seek(0, io.SeekStart); err != nil {
		return false, failed("finishing a blob", err)
	}
	sum := sha256.New()
	n, err := io.Copy(sum, u.file)
	if err != nil {
		return false, failed("finishing a blob", err)
	}
	if n != size || note.Hash(sum.Sum(nil)) != hash {
		return false, nil
	}
	if !u.whole {
		if err := u.move(); err != nil {
			return false, err
		}
	}
	// Also of one that was found whole: whoever moved it may have gone no further. The new name
	// comes first: at no time is the blob under none.
	if err := u.folder.sync(whole); err != nil {
		return false, err
	}
	return true, u.folder.sync(begun)
}

// move takes a blob among the whole ones.
func (u *Upload) move() error {
	if err := u.sync(); err != nil { // a crash may have left what was never synced
		return err
	}
	if err := u.folder.did("rename", string(u.id)); err != nil {
		return err
	}
	from := u.path()
	u.whole = true
	if err := os.Rename(from, u.path()); err != nil {
		return failed("finishing a blob", err)
	}
	return nil
}

// failed says what failed. A disk that is full is no mistake of anybody's: it can be done when there
// is room again, and what was there is as it was.
func failed(doing string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return fault.Wrap(fault.Unavailable, err, "%s: there is no room", doing)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// Close lets others have the blob.
func (u *Upload) Close() error { return u.file.Close() }
