package gate_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/note"
)

// An upload with another hash than was announced is read through once, and is gone.
func TestFinishWithAnotherHash(t *testing.T) {
	n, _ := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	file := sealedFile(t, 10)
	id := begin(t, n, alba, int64(len(file)))
	if _, err := put(t, n, alba, id, 0, file); err != nil {
		t.Fatal(err)
	}
	for i, want := range []fault.Kind{fault.Refused, fault.NotFound} {
		if _, err := n.Gate.FinishBlob(t.Context(), alba, id, api.FinishBlob{Hash: note.Sum(nil)}); fault.KindOf(err) != want {
			t.Errorf("time %d: %v", i+1, err)
		}
		if i > 0 {
			continue
		}
		if last := records(t, n, 1)[0]; last.Outcome != act.Refuse || last.Class != fault.ClassSubstitute || last.Object != string(id) {
			t.Errorf("recorded %+v", last)
		}
	}
	if _, err := os.Stat(filepath.Join(n.BlobFolder, "begun", string(id))); err == nil {
		t.Error("its file is there")
	}
}

// The identifier of an attachment that was removed is never used again: what sweeps would remove
// the new file for the old one. What comes for it late is removed.
func TestBlobIsNeverBegunAgain(t *testing.T) {
	n, _ := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	file := sealedFile(t, 10)
	id := uploaded(t, n, alba, file)
	if err := n.Gate.DropBlob(t.Context(), alba, id); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Gate.BeginBlob(t.Context(), alba, api.BeginBlob{Nonce: nonceOf(id), Size: int64(len(file))}); fault.ClassOf(err) != fault.ClassDuplicate {
		t.Errorf("it is begun again: %v", err)
	}
	for what, attempt := range blobAttempts {
		if err := attempt(t.Context(), n.Gate, alba, id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	late := filepath.Join(n.BlobFolder, "begun", string(id))
	if err := os.WriteFile(late, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(late, time.Time{}, n.Clock.Now().Add(-25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Gate.SweepBlobs(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(late); err == nil {
		t.Error("a part that came late is there")
	}
}
