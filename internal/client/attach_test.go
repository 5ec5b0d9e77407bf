package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	strictjson "github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/varcotest"
)

// file is size bytes that belong to a name.
func file(t testing.TB, name string, size int) []byte {
	t.Helper()
	b := make([]byte, size)
	if _, err := io.ReadFull(rng(name), b); err != nil {
		t.Fatal(err)
	}
	return b
}

func attach(t testing.TB, u *client.Unlocked, name string, content []byte) client.Attachment {
	t.Helper()
	a, err := u.Attach(t.Context(), bytes.NewReader(content), name, "application/pdf", int64(len(content)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// fetched is what comes of fetching an attachment of a thread's last entry.
func fetched(t testing.TB, u *client.Unlocked, v *client.Conversation, n int) ([]byte, error) {
	t.Helper()
	var got bytes.Buffer
	err := u.Fetch(t.Context(), v, v.Entries[len(v.Entries)-1].Entry.ID, n, &got, nil)
	return got.Bytes(), err
}

// carrying is a thread whose last entry carries an attachment.
func carrying(t *testing.T, n *varcotest.Network, content []byte) ids.Thread {
	t.Helper()
	o := openCase(t, n)
	u := n.Person(alba)
	if _, err := u.Post(t.Context(), o.Thread, client.Content{Text: "ecco", Attachments: []client.Attachment{attach(t, u, "a.pdf", content)}}); err != nil {
		t.Fatal(err)
	}
	return o.Thread.State.Thread
}

func TestAttach(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	o := openCase(t, n)
	u := n.Person(alba)
	contents := map[string][]byte{"vuoto.txt": nil, "piccolo.pdf": file(t, "small", 10), "Relazione è qui.pdf": file(t, "large", 9<<20)}
	var c client.Content
	for name, content := range contents {
		var told []int64
		a, err := u.Attach(t.Context(), bytes.NewReader(content), name, "application/pdf", int64(len(content)), func(done, total int64) {
			if told = append(told, done); done > total || done < told[0] {
				t.Errorf("told %d of %d", done, total)
			}
		})
		if err != nil || len(told) == 0 {
			t.Fatalf("%s: %v, told %d times", name, err, len(told))
		}
		c.Attachments = append(c.Attachments, a)
	}
	if _, err := u.Post(t.Context(), o.Thread, c); err != nil {
		t.Fatal(err)
	}
	if _, err := u.Post(t.Context(), o.Thread, c); fault.ClassOf(err) != fault.ClassMissing {
		t.Errorf("sent twice: %v", err)
	}
	for _, name := range []string{franca, bruna, alba} {
		reader := n.Person(name)
		reason := act.Reason("")
		if name == franca {
			reason = act.ReasonVerify
		}
		v := read(t, n, name, o.Thread.State.Thread, reason)
		shown := v.Entries[len(v.Entries)-1].Content.Attachments
		if len(shown) != len(contents) {
			t.Fatalf("%s sees %d attachments", name, len(shown))
		}
		for i, a := range shown {
			got, err := fetched(t, reader, v, i)
			if err != nil || !bytes.Equal(got, contents[a.Name]) || a.Size != int64(len(got)) || a.Type != "application/pdf" {
				t.Errorf("%s: %s: %d bytes, %v", name, a.Name, len(got), err)
			}
		}
		if _, err := fetched(t, reader, v, len(shown)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("one that there is not: %v", err)
		}
	}
}

// The key of an attachment is in what is sealed and in nothing else that is printed of it.
func TestAttachmentHidesItsKey(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	c := client.Content{Attachments: []client.Attachment{attach(t, n.Person(alba), "a", []byte("abc"))}}
	sealed, err := c.Bytes()
	if err != nil || !bytes.Contains(sealed, []byte("AGE-SECRET-KEY-PQ-1")) {
		t.Fatalf("what is sealed: %s, %v", sealed, err)
	}
	strict, err := strictjson.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	printed := []string{string(strict), string(encode(t, c)), fmt.Sprintf("%v %+v %#v", c, c, c)}
	for _, text := range printed {
		if strings.Contains(text, "SECRET") || !strings.Contains(text, string(c.Attachments[0].Blob)) {
			t.Errorf("printed: %s", text)
		}
	}
}

// A case is opened with attachments, on both sides.
func TestAttachToACase(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	u := n.Person(alba)
	outside, inside := file(t, "outside", 1000), file(t, "inside", 2000)
	o, err := u.OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content:    client.Content{Text: "Buongiorno.", Attachments: []client.Attachment{attach(t, u, "a", outside)}},
		Inside:     client.Content{Attachments: []client.Attachment{attach(t, u, "b", inside)}},
		Colleagues: []ids.Person{n.ID(bruna)}})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[ids.Thread][]byte{o.Thread.State.Thread: outside, o.Inside.State.Thread: inside} {
		if got, err := fetched(t, n.Person(bruna), read(t, n, bruna, id, ""), 0); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
}

// A way that breaks is taken up again, up and down.
func TestAttachOverABrokenWay(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	wire := n.Wire(alba)
	parts := func(method, path string) bool { return method == "PUT" && strings.Contains(path, "/parts/") }
	wire.Drop, wire.Lose = times(2, parts), times(3, parts)
	content := file(t, "content", 9<<20)
	id := carrying(t, n, content)

	n.Wire(bruna).Tamper = func(_, _ string, status int, answer io.ReadCloser) (int, io.ReadCloser) {
		return status, &breaking{answer, 3 << 20}
	}
	if got, err := fetched(t, n.Person(bruna), read(t, n, bruna, id, ""), 0); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	readings := 0
	for _, e := range n.Wire(bruna).Seen() {
		if strings.Contains(e.Path, "/v1/blobs/") {
			readings++
		}
	}
	if readings != 4 {
		t.Errorf("%d readings, want 4", readings)
	}
	// One that never comes through ends, and leaves nothing.
	wire.Drop = parts
	_, err := n.Person(alba).Attach(t.Context(), bytes.NewReader(content), "a", client.DefaultType, int64(len(content)), nil)
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("Attach = %v", err)
	}
	for _, folder := range []string{"begun", "parts"} {
		if left, err := os.ReadDir(n.BlobFolder + "/" + folder); err != nil || len(left) > 0 {
			t.Errorf("left: %v, %v", left, err)
		}
	}
}

// breaking breaks after some bytes.
type breaking struct {
	io.ReadCloser
	left int
}

func (b *breaking) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errors.New("broken")
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func TestAttachIsCancelled(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	content := file(t, "content", 9<<20)
	_, err := n.Person(alba).Attach(ctx, bytes.NewReader(content), "a", client.DefaultType, int64(len(content)), func(int64, int64) { cancel() })
	if err == nil {
		t.Fatal("it went on")
	}
	if left, err := os.ReadDir(n.BlobFolder + "/begun"); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestAttachRefuses(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	u := n.Person(alba)
	for name, c := range map[string]struct {
		name, kind string
		size       int64
		class      fault.Class
		of         fault.Kind
	}{
		"a path":       {"a/b", client.DefaultType, 3, fault.ClassForm, fault.Refused},
		"a bad type":   {"a", "Text/HTML", 3, fault.ClassForm, fault.Refused},
		"too large":    {"a", client.DefaultType, 1 << 30, fault.ClassSize, fault.Refused},
		"negative":     {"a", client.DefaultType, -1, fault.ClassSize, fault.Refused},
		"has grown":    {"a", client.DefaultType, 2, "", fault.Invalid},
		"has shrunk":   {"a", client.DefaultType, 4, "", fault.Invalid},
		"has vanished": {"a", client.DefaultType, 9 << 20, "", fault.Invalid},
	} {
		_, err := u.Attach(t.Context(), strings.NewReader("abc"), c.name, c.kind, c.size, nil)
		if fault.ClassOf(err) != c.class || fault.KindOf(err) != c.of {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := openCase(t, n)
	never := client.Content{Attachments: []client.Attachment{{Blob: ids.NewBlob(rng("never")), Name: "a", Type: client.DefaultType}}}
	if _, err := u.Post(t.Context(), o.Thread, never); fault.KindOf(err) != fault.Invalid {
		t.Errorf("what was not uploaded: %v", err)
	}
	a := attach(t, n.Person(bruna), "a", []byte("abc"))
	if _, err := u.Post(t.Context(), o.Thread, client.Content{Attachments: []client.Attachment{a}}); fault.ClassOf(err) != fault.ClassMissing {
		t.Errorf("what a colleague has uploaded: %v", err)
	}
	a = attach(t, u, "a", []byte("abc"))
	if _, err := u.Post(t.Context(), o.Thread, client.Content{Attachments: []client.Attachment{a, a}}); err == nil {
		t.Error("one twice in an entry")
	}
}

// A service that changes, cuts or swaps an attachment is found out, and what was written of it
// does not count.
func TestFetchLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	content := file(t, "content", 300_000)
	id, other := carrying(t, n, content), carrying(t, n, file(t, "other", 300_000))
	v, w := read(t, n, bruna, id, ""), read(t, n, bruna, other, "")
	blobOf := func(v *client.Conversation) string { return string(v.Entries[len(v.Entries)-1].Entry.Blobs[0].ID) }
	swapped, err := os.ReadFile(n.BlobFolder + "/whole/" + blobOf(w))
	if err != nil {
		t.Fatal(err)
	}
	own, err := os.ReadFile(n.BlobFolder + "/whole/" + blobOf(v))
	if err != nil {
		t.Fatal(err)
	}
	flipped := func(at int) []byte {
		b := bytes.Clone(own)
		b[at] ^= 1
		return b
	}
	for name, c := range map[string]struct {
		served []byte
		class  fault.Class
	}{
		"nothing":               {nil, fault.ClassMissing},
		"cut":                   {own[:len(own)-1], fault.ClassMissing},
		"cut by a chunk":        {own[:len(own)-100_000], fault.ClassMissing},
		"swapped":               {swapped, fault.ClassSubstitute},
		"changed in the header": {flipped(100), fault.ClassSubstitute},
		"changed in the middle": {flipped(len(own) / 2), fault.ClassSubstitute},
		"changed at the end":    {flipped(len(own) - 1), fault.ClassSubstitute},
		"zeros":                 {make([]byte, len(own)), fault.ClassSubstitute},
		"longer":                {append(bytes.Clone(own), 0), fault.ClassSubstitute},
		"endless":               {bytes.Repeat(own, 3), fault.ClassSubstitute},
		"as it is":              {own, ""},
	} {
		n.Wire(bruna).Tamper = func(_, path string, status int, answer io.ReadCloser) (int, io.ReadCloser) {
			var from int
			for _, digit := range path[strings.Index(path, "?from=")+6:] {
				from = 10*from + int(digit-'0')
			}
			return status, struct {
				io.Reader
				io.Closer
			}{bytes.NewReader(c.served[min(from, len(c.served)):]), answer}
		}
		got, err := fetched(t, n.Person(bruna), v, 0)
		if fault.ClassOf(err) != c.class || (err == nil) != (c.class == "") {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && !bytes.Equal(got, content) {
			t.Errorf("%s: another content", name)
		}
	}
}

// weighing looks at the memory that is held while bytes go by.
type weighing struct {
	r     io.Reader
	bytes int64
	times int
	most  uint64
}

func (w *weighing) Read(p []byte) (int, error) { n, err := w.r.Read(p); w.went(n); return n, err }

func (w *weighing) Write(p []byte) (int, error) { w.went(len(p)); return len(p), nil }

func (w *weighing) went(n int) {
	const every = 9 << 20
	if w.bytes/every != (w.bytes+int64(n))/every {
		w.times++
		w.most = max(w.most, live())
	}
	w.bytes += int64(n)
}

// live is how many bytes are held by what is not garbage.
func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// However large an attachment is, device and service hold a part of it. Not parallel: others
// would be weighed too.
func TestAttachMemory(t *testing.T) {
	const size, limit = 64 << 20, 12 << 20
	n := varcotest.New(t)
	o, u, reader := openCase(t, n), n.Person(alba), n.Person(bruna)
	before := live()
	up := &weighing{r: io.LimitReader(rng("much"), size)}
	a, err := u.Attach(t.Context(), up, "a", client.DefaultType, size, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.Post(t.Context(), o.Thread, client.Content{Attachments: []client.Attachment{a}}); err != nil {
		t.Fatal(err)
	}
	v := read(t, n, bruna, o.Thread.State.Thread, "")
	down := &weighing{}
	if err := reader.Fetch(t.Context(), v, v.Entries[1].Entry.ID, 0, down, nil); err != nil {
		t.Fatal(err)
	}
	for name, w := range map[string]*weighing{"up": up, "down": down} {
		if w.bytes != size || w.times < 7 || w.most > before+limit {
			t.Errorf("%s: %d bytes went by, and %d of memory were held, weighed %d times", name, w.bytes, w.most-before, w.times)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("è", 100)
	for _, name := range []string{"a", "Domanda di congedo (1).pdf", "perché no.txt", "申请.pdf", long, "a'b,c;d=e+f&g%h~i$j#k!l@m"} {
		if err := client.CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if got := client.NameOf(name); got != name {
			t.Errorf("NameOf(%q) = %q", name, got)
		}
	}
	got := map[string]string{}
	want := map[string]string{"": "allegato", ".": "allegato", "..": "allegato", "/": "allegato", "/x/y/a.pdf": "a.pdf",
		`C:\x\y\a.pdf`: "a.pdf", ".bashrc": "bashrc", "a\nb": "a_b", "a\u202efdp.exe": "a_fdp.exe", "a:b?.pdf": "a_b_.pdf",
		"perche\u0301.txt": "perché.txt", " a ": "a", "a.": "a", "\xff.pdf": "_.pdf", long + "x": long[2:] + "x", "a\u00a0b": "a_b"}
	for name := range want {
		got[name] = client.NameOf(name)
		if err := client.CheckName(name); fault.ClassOf(err) != fault.ClassForm && name != "/x/y/a.pdf" {
			t.Errorf("%q: %v", name, err)
		}
		if err := client.CheckName(got[name]); err != nil {
			t.Errorf("NameOf(%q) = %q: %v", name, got[name], err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	for kind, good := range map[string]bool{"application/pdf": true, "image/svg+xml": true, "text/plain; charset=utf-8": false,
		"": false, "pdf": false, "Text/plain": false, "a/b/c": false, "text/\n": false, client.DefaultType: true} {
		if err := client.CheckType(kind); (err == nil) != good {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

func FuzzNameOf(f *testing.F) {
	for _, name := range []string{"a.pdf", "..", "/", "a\u202eb", "e\u0301", "\xff", strings.Repeat("e\u0301", 200)} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if err := client.CheckName(client.NameOf(name)); err != nil {
			t.Fatalf("NameOf(%q) = %q: %v", name, client.NameOf(name), err)
		}
	})
}

func FuzzCheckType(f *testing.F) {
	f.Add("application/pdf")
	f.Add("text/plain; charset=utf-8")
	f.Fuzz(func(t *testing.T, kind string) {
		if client.CheckType(kind) == nil && strings.ContainsFunc(kind, func(r rune) bool { return r <= ' ' || r > '~' || r == ';' || r == '"' }) {
			t.Fatalf("%q is a type", kind)
		}
	})
}
