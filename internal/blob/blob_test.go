package blob_test

import (
	"bytes"
	"crypto/rand"
	"io"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"varco/internal/blob"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newFolder(t testing.TB) (*blob.Folder, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "blobs")
	must(t, blob.Create(path))
	return open(t, path), path
}

func open(t testing.TB, path string) *blob.Folder {
	t.Helper()
	f, err := blob.Open(path)
	must(t, err)
	return f
}

// content is size bytes that are the same each time.
func content(size int) []byte {
	b := make([]byte, size)
	_, _ = mathrand.NewChaCha8([32]byte{1}).Read(b) // never fails
	return b
}

func spool(t testing.TB, f *blob.Folder, b []byte) *blob.Part {
	t.Helper()
	p, err := f.Spool(bytes.NewReader(b), int64(len(b)))
	must(t, err)
	t.Cleanup(func() { must(t, p.Close()) })
	return p
}

func appendPart(t testing.TB, f *blob.Folder, id ids.Blob, at int64, b []byte) error {
	t.Helper()
	p := spool(t, f, b)
	u, err := f.Upload(id)
	if err != nil {
		return err
	}
	defer func() { must(t, u.Close()) }()
	return u.Append(at, p)
}

func finish(t testing.TB, f *blob.Folder, id ids.Blob, b []byte) (bool, error) {
	t.Helper()
	u, err := f.Upload(id)
	if err != nil {
		return false, err
	}
	defer func() { must(t, u.Close()) }()
	return u.Finish(int64(len(b)), note.Sum(b))
}

func read(t testing.TB, f *blob.Folder, id ids.Blob, offset int64) []byte {
	t.Helper()
	r, err := f.Read(id, offset)
	must(t, err)
	defer r.Close()
	b, err := io.ReadAll(r)
	must(t, err)
	return b
}

func all(t testing.TB, f *blob.Folder, before time.Time) []ids.Blob {
	t.Helper()
	var found []ids.Blob
	for id, err := range f.Begun(before) {
		must(t, err)
		found = append(found, id)
	}
	return found
}

func TestUpload(t *testing.T) {
	f, path := newFolder(t)
	id, b := ids.NewBlob(rand.Reader), content(3000)
	must(t, appendPart(t, f, id, 0, b[:1000]))
	if _, err := f.Read(id, 0); err == nil {
		t.Error("what is not whole can be read")
	}
	must(t, appendPart(t, f, id, 1000, b[1000:]))
	if ok, err := finish(t, f, id, b[:2999]); ok || err != nil {
		t.Errorf("another size and hash: %t, %v", ok, err)
	}
	for range 2 {
		if ok, err := finish(t, f, id, b); !ok || err != nil {
			t.Errorf("Finish = %t, %v", ok, err)
		}
	}
	for _, offset := range []int64{0, 1, 2999, 3000} {
		if !bytes.Equal(read(t, f, id, offset), b[offset:]) {
			t.Errorf("reading from %d gives other bytes", offset)
		}
	}
	if err := appendPart(t, f, id, 3000, b); err == nil {
		t.Error("a whole blob grows")
	}
	if entries, err := os.ReadDir(filepath.Join(path, "parts")); err != nil || len(entries) > 0 {
		t.Errorf("parts with a name: %v, %v", entries, err)
	}
	must(t, f.Remove(id))
	must(t, f.Remove(id))
	if _, err := f.Read(id, 0); err == nil {
		t.Error("a removed blob can be read")
	}
	must(t, appendPart(t, f, id, 0, b))
	must(t, f.Remove(id))
	if left := all(t, f, time.Now().Add(time.Hour)); len(left) > 0 {
		t.Errorf("a removed upload is found: %v", left)
	}
}

// What comes again takes the place of what was never acknowledged.
func TestAppendAgain(t *testing.T) {
	f, _ := newFolder(t)
	id, b := ids.NewBlob(rand.Reader), content(300_000)
	must(t, appendPart(t, f, id, 0, b[:200_000]))
	must(t, appendPart(t, f, id, 100_000, bytes.Repeat([]byte("x"), 200_000)))
	must(t, appendPart(t, f, id, 100_000, b[100_000:]))
	u, err := f.Upload(id)
	must(t, err)
	other := bytes.Clone(b[100_000:])
	other[len(other)-1] ^= 1
	for name, c := range map[string]struct {
		at   int64
		part []byte
		want bool
	}{
		"the same":       {100_000, b[100_000:], true},
		"the first":      {0, b[:100_000], true},
		"another offset": {99_999, b[100_000:], false},
		"another end":    {100_000, other, false},
		"beyond the end": {299_999, b[:2], false},
	} {
		if got, err := u.Holds(c.at, spool(t, f, c.part)); got != c.want || err != nil {
			t.Errorf("%s: Holds = %t, %v", name, got, err)
		}
	}
	if err := u.Append(300_001, spool(t, f, b[:1])); fault.KindOf(err) != fault.Internal {
		t.Errorf("a gap: %v", err)
	}
	must(t, u.Close())
	if ok, err := finish(t, f, id, b); !ok || err != nil {
		t.Errorf("Finish = %t, %v", ok, err)
	}
}

func TestSpoolRefuses(t *testing.T) {
	f, _ := newFolder(t)
	for name, c := range map[string]struct {
		size, announced int64
	}{"empty": {0, 0}, "shorter": {9, 10}, "longer": {11, 10}, "negative": {1, -1}, "too large": {blob.MaxPart + 1, blob.MaxPart + 1}} {
		p, err := f.Spool(bytes.NewReader(make([]byte, c.size)), c.announced)
		if fault.KindOf(err) != fault.Invalid || p != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := spool(t, f, make([]byte, blob.MaxPart))
	if first, err := p.Begins(10); len(first) != 10 || err != nil || p.Size() != blob.MaxPart {
		t.Errorf("Begins = %d bytes, %v", len(first), err)
	}
	if first, err := spool(t, f, []byte("abc")).Begins(10); string(first) != "abc" || err != nil {
		t.Errorf("Begins = %q, %v", first, err)
	}
}

// A file is named by an identifier or not at all.
func TestNames(t *testing.T) {
	f, path := newFolder(t)
	for _, name := range []ids.Blob{"", ".", "../x", "b-1", "b-../../../etc", ids.Blob(ids.NewThread(rand.Reader))} {
		if _, err := f.Upload(name); fault.KindOf(err) != fault.Internal {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := f.Read(name, 0); fault.KindOf(err) != fault.Internal {
			t.Errorf("%q: %v", name, err)
		}
		if err := f.Remove(name); fault.KindOf(err) != fault.Internal {
			t.Errorf("%q: %v", name, err)
		}
	}
	must(t, os.WriteFile(filepath.Join(path, "begun", "lost+found"), nil, 0o600))
	if found := all(t, f, time.Now().Add(time.Hour)); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func TestBegun(t *testing.T) {
	f, path := newFolder(t)
	var want []ids.Blob
	for i := range 600 {
		id := ids.NewBlob(rand.Reader)
		must(t, os.WriteFile(filepath.Join(path, "begun", string(id)), nil, 0o600))
		if i%3 == 0 {
			must(t, os.Chtimes(filepath.Join(path, "begun", string(id)), time.Time{}, time.Now().Add(-25*time.Hour)))
			want = append(want, id)
		}
	}
	slices.Sort(want)
	found := all(t, f, time.Now().Add(-24*time.Hour))
	slices.Sort(found)
	if !slices.Equal(found, want) {
		t.Errorf("found %d, want %d", len(found), len(want))
	}
}

func TestOpenRefuses(t *testing.T) {
	_, path := newFolder(t)
	if _, err := blob.Open(filepath.Join(path, "elsewhere")); err == nil {
		t.Error("a folder that is not there was opened")
	}
	must(t, os.Remove(filepath.Join(path, "whole")))
	if _, err := blob.Open(path); err == nil {
		t.Error("half a folder was opened")
	}
	must(t, os.WriteFile(filepath.Join(path, "whole"), nil, 0o600))
	if _, err := blob.Open(path); err == nil {
		t.Error("a file was opened as a folder")
	}
}

// Who uploads the same blob at once waits; each part is whole in the end, whoever comes last.
func TestAtOnce(t *testing.T) {
	f, path := newFolder(t)
	id := ids.NewBlob(rand.Reader)
	var writers sync.WaitGroup
	for i := range 8 {
		writers.Go(func() {
			part := bytes.Repeat([]byte{byte('a' + i)}, 500_000)
			if err := appendPart(t, f, id, 0, part); err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	got, err := os.ReadFile(filepath.Join(path, "begun", string(id)))
	must(t, err)
	if len(got) != 500_000 || strings.Trim(string(got), string(got[:1])) != "" {
		t.Errorf("%d bytes, of several", len(got))
	}
}
