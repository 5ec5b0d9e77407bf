package gate_test

import (
	"io"
	"os/signal"
	"syscall"
	"testing"

	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/note"
)

// The disk of attachments is full and the database's is not. What comes is refused as something for
// later, whether there is no room for the part or for the attachment; what was acknowledged stays;
// all else goes on; and when there is room again the upload does, from where it was.
func TestBlobDiskIsFull(t *testing.T) {
	n, o := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	small := sealedFile(t, 1000)
	kept := bound(t, n, alba, small, o.Thread.Entries[0].Entry.ID)
	const part = 4 << 20
	file := sealedFile(t, 3*part)
	id := begin(t, n, alba, int64(len(file)))
	first, err := put(t, n, alba, id, 0, file[:part])
	if err != nil || first != part {
		t.Fatalf("%d, %v", first, err)
	}
	for name, size := range map[string]uint64{"in the middle of a part that has arrived": part + part/2, "while a part arrives": part - 1} {
		withRoomFor(t, size, func() {
			for range 2 {
				_, err := put(t, n, alba, id, part, file[part:2*part])
				if fault.KindOf(err) != fault.Unavailable {
					t.Errorf("%s: %v", name, err)
				}
			}
			if b, found := blobOf(t, n, id); !found || b.Received != part {
				t.Errorf("%s: it has come to %d", name, b.Received)
			}
			if _, err := n.Person("alba-operatrice").Post(t.Context(), o.Thread, client.Content{Text: "senza allegato"}); err != nil {
				t.Errorf("%s: what needs no room there is not done: %v", name, err)
			}
			r, _, err := n.Gate.ReadBlob(t.Context(), alba, kept, 0)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || note.Sum(got) != note.Sum(small) {
				t.Errorf("%s: %d bytes of another attachment, %v", name, len(got), err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	for at := int64(part); at < int64(len(file)); at += part {
		if _, err := put(t, n, alba, id, at, file[at:min(at+part, int64(len(file)))]); err != nil {
			t.Fatalf("the upload does not go on: %v", err)
		}
	}
	if _, err := n.Gate.FinishBlob(t.Context(), alba, id, api.FinishBlob{Hash: note.Sum(file)}); err != nil {
		t.Errorf("the upload does not end: %v", err)
	}
}

// withRoomFor runs fn while no file of this process can grow over a size: what a database here and
// an attachment need differs, so one has room and the other has not. No other test may run meanwhile.
func withRoomFor(t *testing.T, size uint64, fn func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	set := func(limit syscall.Rlimit) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
	}
	set(syscall.Rlimit{Cur: size, Max: before.Max})
	defer set(before)
	fn()
}
