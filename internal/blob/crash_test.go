package blob_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"varco/internal/blob"
	"varco/internal/fault"
	"varco/internal/ids"
)

var errCut = errors.New("cut")

// acknowledged is how much of an upload its author was told is on the disk.
type acknowledged struct{ bytes int64 }

// goOn uploads what is missing, in parts, and finishes.
func goOn(t *testing.T, f *blob.Folder, id ids.Blob, b []byte, done *acknowledged) error {
	t.Helper()
	for done.bytes < int64(len(b)) {
		part := b[done.bytes:min(done.bytes+1000, int64(len(b)))]
		if err := appendPart(t, f, id, done.bytes, part); err != nil {
			return err
		}
		done.bytes += int64(len(part))
	}
	ok, err := finish(t, f, id, b)
	if err == nil && !ok {
		err = errors.New("not what was announced")
	}
	return err
}

// disk follows what was synced: the rest may be lost when the power is cut.
type disk struct {
	begun, whole string
	last         string // what was done
	name         string // its file or folder
	synced       int64  // bytes of the file
	created      bool   // in the folder, synced
	moved        bool   // into the other folder, not synced
}

// does is called before something is done: what was done before has taken effect.
func (d *disk) does(t *testing.T, doing, name string) {
	t.Helper()
	d.done(t)
	d.last, d.name = doing, name
}

func (d *disk) done(t *testing.T) {
	t.Helper()
	switch {
	case d.last == "sync" || d.last == "truncate":
		info, err := os.Stat(d.begun)
		must(t, err)
		if d.last == "sync" || d.synced > info.Size() {
			d.synced = info.Size()
		}
	case d.last == "rename":
		d.moved = true
	case d.last == "sync the folder" && d.name == "begun":
		d.created = true
	case d.last == "sync the folder" && d.name == "whole":
		d.moved = false
	}
	d.last = ""
}

// losses are what a power cut does to what was not synced.
var losses = map[string]func(t *testing.T, d *disk){
	"all is there": func(*testing.T, *disk) {},
	"nothing is there": func(t *testing.T, d *disk) {
		if d.moved {
			must(t, os.Rename(d.whole, d.begun))
		}
		if info, err := os.Stat(d.begun); err == nil {
			must(t, os.Truncate(d.begun, min(info.Size(), d.synced)))
		}
		if !d.created {
			_ = os.Remove(d.begun) // it may never have been there
		}
	},
	"half is there": func(t *testing.T, d *disk) {
		if info, err := os.Stat(d.begun); err == nil && info.Size() > d.synced {
			must(t, os.Truncate(d.begun, (info.Size()+d.synced)/2))
		}
	},
	"something else is there": func(t *testing.T, d *disk) {
		if info, err := os.Stat(d.begun); err == nil && info.Size() > d.synced {
			f, err := os.OpenFile(d.begun, os.O_WRONLY, 0)
			must(t, err)
			_, err = f.WriteAt(make([]byte, 1500), d.synced)
			must(t, errors.Join(err, f.Close()))
		}
	},
}

// The process ends before each of its changes of the disk, and the disk keeps as little as it
// may of what was not synced. What was acknowledged is there after reopening, and the upload
// goes on from it; or nobody comes back, and what is left is found and can be removed.
func TestCut(t *testing.T) {
	b := content(2500)
	for name, lose := range losses {
		steps := 0
		for cut := 0; ; cut++ {
			f, path := newFolder(t)
			id := ids.NewBlob(rand.Reader)
			d := &disk{begun: filepath.Join(path, "begun", string(id)), whole: filepath.Join(path, "whole", string(id))}
			n := 0
			f.OnStep(func(doing, name string) error {
				if n++; n > cut {
					d.done(t)
					return fmt.Errorf("%s: %w", doing, errCut)
				}
				d.does(t, doing, name)
				return nil
			})
			var done acknowledged
			err := goOn(t, f, id, b, &done)
			if err == nil {
				break // it has come through before the cut
			}
			steps++
			if !errors.Is(err, errCut) {
				t.Fatalf("%s: %v", name, err)
			}
			lose(t, d)
			after(t, path, id, b, done)
		}
		if steps < 10 {
			t.Errorf("%s: cut at %d steps only", name, steps)
		}
	}
}

// after reopens the folder as a new process does.
func after(t *testing.T, path string, id ids.Blob, b []byte, done acknowledged) {
	t.Helper()
	f := open(t, path)
	if left := there(t, f, id); left > 1 || left == 0 && done.bytes > 0 {
		t.Fatalf("after %d bytes it is there %d times", done.bytes, left)
	}
	must(t, goOn(t, f, id, b, &done))
	if !bytes.Equal(read(t, f, id, 0), b) {
		t.Fatal("another content")
	}
	if left := there(t, f, id); left != 1 {
		t.Fatalf("after it was finished it is there %d times", left)
	}
	must(t, f.Remove(id))
	if left := there(t, f, id); left != 0 {
		t.Fatalf("after it was removed it is there %d times", left)
	}
}

// there is in how many places a blob is found.
func there(t *testing.T, f *blob.Folder, id ids.Blob) int {
	t.Helper()
	found := len(all(t, f, time.Now().Add(time.Hour)))
	if r, err := f.Read(id, 0); err == nil {
		must(t, r.Close())
		found++
	}
	return found
}

// A part that was acknowledged and is gone is a fault of ours, and told.
func TestLost(t *testing.T) {
	f, path := newFolder(t)
	id, b := ids.NewBlob(rand.Reader), content(2000)
	must(t, appendPart(t, f, id, 0, b[:1000]))
	must(t, os.Truncate(filepath.Join(path, "begun", string(id)), 999))
	if err := appendPart(t, f, id, 1000, b[1000:]); fault.KindOf(err) != fault.Internal {
		t.Errorf("Append = %v", err)
	}
}

// A part with a name is what a crash has left between two steps.
func TestNamedPart(t *testing.T) {
	_, path := newFolder(t)
	must(t, os.WriteFile(filepath.Join(path, "parts", "part-1"), []byte("x"), 0o600))
	open(t, path)
	if entries, err := os.ReadDir(filepath.Join(path, "parts")); err != nil || len(entries) > 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
}
