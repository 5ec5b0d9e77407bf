package gate_test

import (
	"io"
	"os"
	"testing"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/note"
)

// The folder of attachments goes away, as a disk of its own does: nothing is acknowledged that is
// not on it, and when it is back everything goes on.
func TestFolderIsAway(t *testing.T) {
	t.Parallel()
	n, o := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	file := sealedFile(t, 100_000)
	kept := bound(t, n, alba, file, o.Thread.Entries[0].Entry.ID)
	begun := begin(t, n, alba, int64(len(file)))
	if _, err := put(t, n, alba, begun, 0, file[:half(file)]); err != nil {
		t.Fatal(err)
	}
	away := n.BlobFolder + " away"
	if err := os.Rename(n.BlobFolder, away); err != nil {
		t.Fatal(err)
	}
	if _, err := put(t, n, alba, begun, half(file), file[half(file):]); fault.KindOf(err) == fault.NotFound || err == nil {
		t.Errorf("a part is taken without a folder: %v", err)
	}
	if _, err := n.Gate.FinishBlob(t.Context(), alba, begun, api.FinishBlob{Hash: note.Sum(file)}); err == nil {
		t.Error("an upload is whole without a folder")
	}
	if r, _, err := n.Gate.ReadBlob(t.Context(), alba, kept, 0); fault.KindOf(err) == fault.NotFound || err == nil {
		t.Errorf("an attachment is served, or said not to be there, without a folder: %v, %v", r, err)
	}
	if err := os.Rename(away, n.BlobFolder); err != nil {
		t.Fatal(err)
	}
	b, _ := blobOf(t, n, begun)
	if _, err := put(t, n, alba, begun, b.Received, file[b.Received:]); err != nil {
		t.Errorf("the upload does not go on: %v", err)
	}
	if _, err := n.Gate.FinishBlob(t.Context(), alba, begun, api.FinishBlob{Hash: note.Sum(file)}); err != nil {
		t.Errorf("the upload does not end: %v", err)
	}
	r, _, err := n.Gate.ReadBlob(t.Context(), alba, kept, 0)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil || note.Sum(got) != note.Sum(file) {
		t.Errorf("%d bytes of the attachment, %v", len(got), err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}
