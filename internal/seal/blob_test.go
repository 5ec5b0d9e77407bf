package seal_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strconv"
	"testing"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/seal"
	"varco/internal/secret"
	"varco/internal/vector"
)

func newBlobKey(t testing.TB) seal.BlobKey {
	t.Helper()
	k, err := seal.NewBlobKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sealedBlob(t testing.TB, k seal.BlobKey, content []byte) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := seal.Blob(&file, k, bytes.NewReader(content), int64(len(content))); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestBlob(t *testing.T) {
	k := newBlobKey(t)
	if again, err := seal.ParseBlobKey(secret.NewString(k.Reveal())); err != nil || again.Recipient() != k.Recipient() {
		t.Errorf("ParseBlobKey: %v", err)
	}
	for _, size := range []int64{0, 1, 1016, 1017, 65528, 65529, 131064, 131065, 1_000_000} {
		content := bytes.Repeat([]byte("x"), int(size))
		file := sealedBlob(t, k, content)
		if want, err := seal.BlobSize(size); err != nil || int64(len(file)) != want {
			t.Errorf("%d bytes: sealed %d, BlobSize %d, %v", size, len(file), want, err)
		}
		if err := envelope.CheckBlob(file, int64(len(file))); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
		var opened bytes.Buffer
		if err := seal.OpenBlob(&opened, k, bytes.NewReader(file), int64(len(file)), size); err != nil || !bytes.Equal(opened.Bytes(), content) {
			t.Errorf("%d bytes: opened %d, %v", size, opened.Len(), err)
		}
		for _, other := range []int64{size - 1, size + 1, 1 << 40} {
			if err := seal.OpenBlob(io.Discard, k, bytes.NewReader(file), int64(len(file)), other); fault.ClassOf(err) != fault.ClassPadding {
				t.Errorf("%d bytes, stated %d: %v", size, other, err)
			}
		}
	}
}

func TestBlobRefuses(t *testing.T) {
	k := newBlobKey(t)
	for name, size := range map[string]int64{"negative": -1, "over the limit": envelope.MaxBlob - 7, "huge": 1 << 62} {
		if _, err := seal.BlobSize(size); fault.ClassOf(err) != fault.ClassSize {
			t.Errorf("%s: %v", name, err)
		}
		if err := seal.Blob(io.Discard, k, bytes.NewReader(nil), size); fault.ClassOf(err) != fault.ClassSize {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := seal.BlobSize(envelope.MaxBlob - 8); err != nil {
		t.Errorf("the limit: %v", err)
	}
	for name, size := range map[string]int64{"fewer bytes than stated": 11, "more bytes than stated": 9} {
		if err := seal.Blob(io.Discard, k, bytes.NewReader(make([]byte, 10)), size); !errors.Is(err, envelope.ErrSize) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := seal.Blob(io.Discard, seal.BlobKey{}, bytes.NewReader(nil), 0); fault.ClassOf(err) != fault.ClassKey {
		t.Errorf("no key: %v", err)
	}
	file := sealedBlob(t, k, nil)
	if err := seal.OpenBlob(io.Discard, seal.BlobKey{}, bytes.NewReader(file), int64(len(file)), 0); fault.ClassOf(err) != fault.ClassBinding {
		t.Errorf("no key: %v", err)
	}
}

var errBroken = errors.New("broken")

// failing fails after some bytes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

// A way that breaks is told as that, and not as a file that somebody has changed.
func TestBlobBreaks(t *testing.T) {
	k, content := newBlobKey(t), bytes.Repeat([]byte("x"), 300_000)
	file := sealedBlob(t, k, content)
	for at := 0; at < len(file); at += 20_000 {
		broken := io.MultiReader(bytes.NewReader(file[:at]), &brokenReader{})
		if err := seal.OpenBlob(io.Discard, k, broken, int64(len(file)), int64(len(content))); !errors.Is(err, errBroken) {
			t.Errorf("reading breaks at %d: %v", at, err)
		}
		if err := seal.Blob(&failing{at}, k, bytes.NewReader(content), int64(len(content))); !errors.Is(err, errBroken) {
			t.Errorf("writing the file breaks at %d: %v", at, err)
		}
	}
	if err := seal.OpenBlob(&failing{200_000}, k, bytes.NewReader(file), int64(len(file)), int64(len(content))); !errors.Is(err, errBroken) {
		t.Errorf("writing the data breaks: %v", err)
	}
	if err := seal.Blob(io.Discard, k, &brokenReader{}, int64(len(content))); !errors.Is(err, errBroken) {
		t.Errorf("reading the data breaks: %v", err)
	}
}

type brokenReader struct{}

func (*brokenReader) Read([]byte) (int, error) { return 0, errBroken }

// Whatever is cut off or changed, nobody is told that it is whole.
func TestBlobCut(t *testing.T) {
	k, content := newBlobKey(t), bytes.Repeat([]byte("x"), 200_000)
	file := sealedBlob(t, k, content)
	for at := 0; at < len(file); at += 7919 {
		changed := bytes.Clone(file)
		changed[at] ^= 1
		for name, served := range map[string][]byte{"cut": file[:at], "changed": changed} {
			err := seal.OpenBlob(io.Discard, k, bytes.NewReader(served), int64(len(file)), int64(len(content)))
			if fault.ClassOf(err) != fault.ClassEnvelope {
				t.Errorf("%s at %d: %v", name, at, err)
			}
		}
	}
}

func runBlob(t *testing.T, v *vector.Vector) error {
	t.Helper()
	k, err := seal.ParseBlobKey(secret.NewString(v.Get("identity")))
	if err != nil {
		t.Fatal(err)
	}
	var opened bytes.Buffer
	err = seal.OpenBlob(&opened, k, bytes.NewReader(v.Bytes("file")), number(t, v.Get("sealed")), number(t, v.Get("size")))
	if err == nil && !bytes.Equal(opened.Bytes(), v.Bytes("content")) {
		t.Error("another content")
	}
	return err
}

// makeBlobs makes blobs that are accepted, and what a lying service or author could do to one.
func makeBlobs(t *testing.T) []*vector.Vector {
	k := newBlobKey(t)
	to := parsed(t, k.Recipient())
	content := []byte("%PDF-1.7 un allegato")
	var all []*vector.Vector
	add := func(name, expect, service, says string, k seal.BlobKey, content, file []byte, sealed int) {
		v := vector.New(name, expect, says).Set("service", service).Set("identity", k.Reveal()).
			Set("sealed", strconv.Itoa(sealed)).Set("size", strconv.Itoa(len(content))).Attach("file", file)
		if expect == ok {
			v.Attach("content", content)
		}
		all = append(all, v)
	}
	good := sealedBlob(t, k, content)
	add("ok", ok, ok, "a blob as it should be", k, content, good, len(good))
	add("ok-empty", ok, ok, "an empty blob", k, nil, sealedBlob(t, k, nil), len(good))
	long := bytes.Repeat([]byte("pagina "), 9400)
	two := sealedBlob(t, k, long)
	add("ok-two-chunks", ok, ok, "a blob of two chunks", k, long, two, len(two))
	add("chunk-missing", envelop, ok, "without its last chunk", k, long, two[:envelope.SealedSize(1<<16)], len(two))
	add("cut", envelop, ok, "cut in the middle, and its header states the whole", k, content, good[:len(good)-1000], len(good))
	add("extended", envelop, ok, "a byte after what its header states", k, content, append(bytes.Clone(good), 0), len(good))
	other := newBlobKey(t)
	add("swapped", binding, ok, "another blob in its place", k, content, sealedBlob(t, other, content), len(good))
	add("longer-inside", padding, ok, "more inside than its entry says", k, content[:len(content)-1], good, len(good))
	add("shorter-inside", padding, ok, "less inside than its entry says", k, append(bytes.Clone(content), 'x'), good, len(good))
	add("not-padded-size", envelop, envelop, "stated with a size that nothing padded has", k, content, good, len(good)-1)
	add("larger", size, size, "stated with a size over the limit", k, content, good, int(envelope.SealedSize(envelope.MaxBlob))+1)
	for _, p := range badPaddings(t, content) {
		file := raw(t, p.plain, to)
		add(p.name, p.expect, p.service, p.says, k, content, file, len(file))
	}
	for _, o := range badOutsides(t, good, padded(t, string(content)), to) {
		add(o.name, o.expect, o.service, o.says, k, content, o.file, len(o.file))
	}
	return all
}

// Sealing and opening hold of a blob what its chunks need, however long it is.
func TestBlobMemory(t *testing.T) {
	const size, limit = 64 << 20, 2 << 20
	k := newBlobKey(t)
	sealed, err := seal.BlobSize(size)
	if err != nil {
		t.Fatal(err)
	}
	r, w := io.Pipe()
	seen := &weighing{}
	before := live()
	go func() { w.CloseWithError(seal.Blob(w, k, io.LimitReader(endless{}, size), size)) }()
	if err := seal.OpenBlob(seen, k, r, sealed, size); err != nil {
		t.Fatal(err)
	}
	if seen.bytes != size || seen.times < 8 || seen.most > before+limit {
		t.Errorf("%d bytes went through, and up to %d of memory were held, weighed %d times", seen.bytes, seen.most-before, seen.times)
	}
}

// weighing looks from time to time how much memory is held.
type weighing struct {
	bytes, times int
	most         uint64
}

func (w *weighing) Write(p []byte) (int, error) {
	const every = 7 << 20
	if w.bytes/every != (w.bytes+len(p))/every {
		w.times++
		w.most = max(w.most, live())
	}
	w.bytes += len(p)
	return len(p), nil
}

// live is how many bytes are held by what is not garbage.
func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Whatever stands in the place of an attachment: it is refused, or it is of the size that was
// stated.
func FuzzOpenBlob(f *testing.F) {
	k := newBlobKey(f)
	good := sealedBlob(f, k, []byte("ciao"))
	f.Add(good, int64(4))
	f.Add(good[:len(good)-1], int64(4))
	f.Add(good, int64(5))
	f.Add(sealedBlob(f, newBlobKey(f), []byte("ciao")), int64(4))
	f.Fuzz(func(t *testing.T, file []byte, size int64) {
		var opened bytes.Buffer
		err := seal.OpenBlob(&opened, k, bytes.NewReader(file), int64(len(file)), size)
		if err == nil && int64(opened.Len()) != size {
			t.Fatalf("%d bytes, %d were stated", opened.Len(), size)
		}
	})
}
