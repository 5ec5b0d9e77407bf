package gate_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/gate"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/store"
	"varco/internal/varcotest"
)

// sealedFile is an attachment of size bytes as a device sends it.
func sealedFile(t *testing.T, size int64) []byte {
	t.Helper()
	key, err := seal.NewBlobKey()
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := seal.Blob(&file, key, bytes.NewReader(make([]byte, size)), size); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// half is where the second part of a file begins: the first has the whole header.
func half(file []byte) int64 { return max(envelope.BlobHead, int64(len(file))/2) }

func begin(t *testing.T, n *varcotest.Network, who caller.Caller, size int64) ids.Blob {
	t.Helper()
	nonce := newNonce()
	if _, err := n.Gate.BeginBlob(t.Context(), who, api.BeginBlob{Nonce: nonce, Size: size}); err != nil {
		t.Fatal(err)
	}
	id := ids.BlobOf(who.Person, nonce)
	nonces.Store(id, nonce)
	return id
}

// nonces are those of the ids that were begun.
var nonces sync.Map

func nonceOf(id ids.Blob) note.Hash {
	nonce, _ := nonces.Load(id)
	return nonce.(note.Hash)
}

func newNonce() (nonce note.Hash) {
	_, _ = rand.Read(nonce[:]) // never fails
	return nonce
}

func put(t *testing.T, n *varcotest.Network, who caller.Caller, id ids.Blob, at int64, part []byte) (int64, error) {
	t.Helper()
	got, err := n.Gate.PutPart(t.Context(), who, id, at, bytes.NewReader(part), int64(len(part)))
	return got.Received, err
}

// uploaded is a whole attachment that no entry carries.
func uploaded(t *testing.T, n *varcotest.Network, who caller.Caller, file []byte) ids.Blob {
	t.Helper()
	id := begin(t, n, who, int64(len(file)))
	for _, at := range []int64{0, half(file)} {
		part := file[at:]
		if at == 0 {
			part = file[:half(file)]
		}
		if got, err := put(t, n, who, id, at, part); err != nil || got != at+int64(len(part)) {
			t.Fatalf("PutPart = %d, %v", got, err)
		}
	}
	if _, err := n.Gate.FinishBlob(t.Context(), who, id, api.FinishBlob{Hash: note.Sum(file)}); err != nil {
		t.Fatal(err)
	}
	return id
}

// bound is an attachment that an entry carries.
func bound(t *testing.T, n *varcotest.Network, who caller.Caller, file []byte, entry ids.Entry) ids.Blob {
	t.Helper()
	id := uploaded(t, n, who, file)
	if err := n.Store.Write(t.Context(), func(tx *store.Tx) error {
		ok, err := tx.BindBlob(id, entry)
		if err == nil && !ok {
			t.Error("it was not bound")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return id
}

func blobOf(t *testing.T, n *varcotest.Network, id ids.Blob) (b store.Blob, found bool) {
	t.Helper()
	if err := n.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
		b, found, err = tx.Blob(id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return b, found
}

func TestUpload(t *testing.T) {
	n, _ := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	file := sealedFile(t, 100_000)
	size, mid := int64(len(file)), half(file)
	id := begin(t, n, alba, size)
	for name, c := range map[string]struct {
		at   int64
		part []byte
		want fault.Kind
	}{
		"not at its beginning":      {mid, file[mid:], fault.Conflict},
		"before its beginning":      {-1, file[:mid], fault.Conflict},
		"more than was announced":   {0, append(bytes.Clone(file), 0), fault.Conflict},
		"nothing":                   {0, nil, fault.Invalid},
		"too much at once":          {0, make([]byte, 5<<20), fault.Invalid},
		"no sealed file":            {0, make([]byte, mid), fault.Refused},
		"less than a header":        {0, file[:1000], fault.Refused},
		"far behind its end":        {1 << 62, file[:mid], fault.Conflict},
		"before its end, over it":   {size - 1, file[:mid], fault.Conflict},
		"the last byte as its last": {size - 1, file[size-1:], fault.Conflict},
	} {
		if got, err := put(t, n, alba, id, c.at, c.part); fault.KindOf(err) != c.want {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
	for range 2 { // the same again gets the same answer
		if got, err := put(t, n, alba, id, 0, file[:mid]); err != nil || got != mid {
			t.Fatalf("PutPart = %d, %v", got, err)
		}
	}
	other := bytes.Clone(file[:mid])
	other[mid-1] ^= 1
	if _, err := put(t, n, alba, id, 0, other); fault.KindOf(err) != fault.Conflict {
		t.Errorf("another part in place of the last: %v", err)
	}
	hash := api.FinishBlob{Hash: note.Sum(file)}
	if _, err := n.Gate.FinishBlob(t.Context(), alba, id, hash); fault.KindOf(err) != fault.Conflict {
		t.Errorf("finishing half of it: %v", err)
	}
	if got, err := n.Gate.BeginBlob(t.Context(), alba, api.BeginBlob{Nonce: nonceOf(id), Size: size}); err != nil || got.Received != mid {
		t.Errorf("beginning again: %+v, %v", got, err)
	}
	if got, err := put(t, n, alba, id, mid, file[mid:]); err != nil || got != size {
		t.Fatalf("PutPart = %d, %v", got, err)
	}
	for range 2 {
		if got, err := n.Gate.FinishBlob(t.Context(), alba, id, hash); err != nil || got.Received != size {
			t.Errorf("FinishBlob = %+v, %v", got, err)
		}
	}
	if _, err := put(t, n, alba, id, mid, file[mid:]); fault.KindOf(err) != fault.Conflict {
		t.Errorf("adding to what is whole: %v", err)
	}
	kept, err := os.ReadFile(filepath.Join(n.BlobFolder, "whole", string(id)))
	if err != nil || !bytes.Equal(kept, file) {
		t.Errorf("kept %d bytes, %v", len(kept), err)
	}
	b, _ := blobOf(t, n, id)
	sum := note.Sum(file)
	want := store.Blob{ID: id, Author: alba.Person, Size: size, Received: size, Hash: sum[:], State: store.BlobWhole}
	if diff := cmp.Diff(want, b); diff != "" {
		t.Errorf("the row (-want +got):\n%s", diff)
	}
}

// Beginning and the end are recorded, and what was refused; parts are not.
func TestUploadIsRecorded(t *testing.T) {
	n, _ := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	file := sealedFile(t, 10)
	id := uploaded(t, n, alba, file)
	if err := n.Gate.DropBlob(t.Context(), alba, id); err != nil {
		t.Fatal(err)
	}
	got := records(t, n, 3)
	for i, want := range []ledger.Record{
		{Act: act.BlobPut, Outcome: act.Allow, Size: int64(len(file))},
		{Act: act.BlobPut, Outcome: act.Allow, Size: int64(len(file)), Hash: note.Sum(file)},
		{Act: act.BlobDrop, Outcome: act.Allow},
	} {
		g := got[i]
		if g.Act != want.Act || g.Outcome != want.Outcome || g.Size != want.Size || g.Hash != want.Hash ||
			g.Object != string(id) || g.Person != alba.Person || g.Request != alba.Request {
			t.Errorf("record %d: %+v", i, g)
		}
	}
}

func TestBeginRefuses(t *testing.T) {
	n, _ := opened(t)
	alba, dina := callerOf(t, n, "alba-operatrice"), callerOf(t, n, "dina-operatrice")
	taken := begin(t, n, dina, int64(len(sealedFile(t, 10))))
	for name, c := range map[string]struct {
		size int64
		want fault.Class
	}{
		"over the limit":    {envelope.SealedSize(envelope.MaxBlob) + 1, fault.ClassSize},
		"not a sealed file": {1000, fault.ClassEnvelope},
		"negative":          {-1, fault.ClassEnvelope},
	} {
		if _, err := n.Gate.BeginBlob(t.Context(), alba, api.BeginBlob{Nonce: newNonce(), Size: c.size}); fault.ClassOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := n.Gate.BeginBlob(t.Context(), dina, api.BeginBlob{Nonce: nonceOf(taken), Size: envelope.SealedSize(2048)}); fault.ClassOf(err) != fault.ClassDuplicate {
		t.Errorf("of another size: %v", err)
	}
	// Whoever has another's nonce begins one of her own with it, and learns nothing of the other's.
	if got, err := n.Gate.BeginBlob(t.Context(), alba, api.BeginBlob{Nonce: nonceOf(taken), Size: envelope.SealedSize(2048)}); err != nil || got.Received != 0 {
		t.Errorf("with somebody else's nonce: %+v, %v", got, err)
	}
	if own := ids.BlobOf(alba.Person, nonceOf(taken)); own == taken {
		t.Error("two people have one id")
	}
	for _, name := range []string{"ines-direttrice", "rita-registro", "quinto-controllo"} {
		if _, err := n.Gate.BeginBlob(t.Context(), callerOf(t, n, name), api.BeginBlob{Nonce: newNonce(),
			Size: envelope.SealedSize(1024)}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nobody fills the disk: what no entry carries has a limit for each person, and only for her.
func TestQuota(t *testing.T) {
	n, _ := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	largest := envelope.SealedSize(envelope.MaxBlob)
	var all []ids.Blob
	for range gate.MaxUnboundBytes / largest {
		all = append(all, begin(t, n, alba, largest))
	}
	before := len(records(t, n, everything))
	refused := func() error {
		_, err := n.Gate.BeginBlob(t.Context(), alba, api.BeginBlob{Nonce: newNonce(), Size: largest})
		return err
	}
	for range 3 {
		if err := refused(); fault.KindOf(err) != fault.Limited {
			t.Fatalf("over the limit: %v", err)
		}
	}
	if got := records(t, n, everything)[before:]; len(got) != 1 || got[0].Class != fault.ClassSize || got[0].Outcome != act.Refuse {
		t.Errorf("three refusals in a minute have the records %+v", got)
	}
	begin(t, n, callerOf(t, n, "dina-operatrice"), largest)
	if err := n.Gate.DropBlob(t.Context(), alba, all[0]); err != nil {
		t.Fatal(err)
	}
	if err := refused(); err != nil {
		t.Errorf("after one was dropped: %v", err)
	}
	bruna := callerOf(t, n, "bruna-operatrice")
	for range gate.MaxUnboundBlobs {
		begin(t, n, bruna, envelope.SealedSize(1024))
	}
	if _, err := n.Gate.BeginBlob(t.Context(), bruna, api.BeginBlob{Nonce: newNonce(), Size: envelope.SealedSize(1024)}); fault.KindOf(err) != fault.Limited {
		t.Errorf("too many: %v", err)
	}
}

// What nobody has sent within a day is removed, and nothing else.
func TestSweepBlobs(t *testing.T) {
	n, o := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	file := sealedFile(t, 10)
	kept := bound(t, n, alba, file, o.Thread.Entries[0].Entry.ID)
	left, half := uploaded(t, n, alba, file), begin(t, n, alba, int64(len(file)))
	if _, err := put(t, n, alba, half, 0, file[:2000]); err != nil {
		t.Fatal(err)
	}
	stray := ids.NewBlob(rand.Reader)
	path := filepath.Join(n.BlobFolder, "begun", string(stray))
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	n.Clock.Advance(gate.UnboundLife - time.Minute)
	fresh := uploaded(t, n, callerOf(t, n, "alba-operatrice"), file)
	if swept, err := n.Gate.SweepBlobs(t.Context()); swept != 0 || err != nil {
		t.Errorf("before a day: %d, %v", swept, err)
	}
	n.Clock.Advance(2 * time.Minute)
	if err := os.Chtimes(path, time.Time{}, n.Clock.Now().Add(-25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	before := len(records(t, n, everything))
	if swept, err := n.Gate.SweepBlobs(t.Context()); swept != 2 || err != nil {
		t.Errorf("after a day: %d, %v", swept, err)
	}
	got := records(t, n, everything)[before:]
	if len(got) != 1 || got[0].Act != act.BlobDrop || got[0].Count != 2 || got[0].Person != "" {
		t.Errorf("recorded %+v", got)
	}
	for id, want := range map[ids.Blob]bool{kept: true, fresh: true, left: false, half: false} {
		row, found := blobOf(t, n, id)
		found = found && !row.Gone()
		_, err := os.Stat(filepath.Join(n.BlobFolder, "whole", string(id)))
		if found != want || (err == nil) != want {
			t.Errorf("%s is there: %t, its file: %v; want %t", id, found, err, want)
		}
	}
	for _, name := range []string{string(half), string(stray)} {
		if _, err := os.Stat(filepath.Join(n.BlobFolder, "begun", name)); err == nil {
			t.Errorf("the file of %s is there", name)
		}
	}
	// What a crash has left between the row and the file.
	if err := n.Store.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.DropBlob(fresh); return err }); err != nil {
		t.Fatal(err)
	}
	if swept, err := n.Gate.SweepBlobs(t.Context()); swept != 1 || err != nil {
		t.Errorf("after a crash: %d, %v", swept, err)
	}
}

// blobAttempts are what somebody can ask of an attachment by its identifier.
var blobAttempts = map[string]func(ctx context.Context, g *gate.Gate, who caller.Caller, id ids.Blob) error{
	"read": func(ctx context.Context, g *gate.Gate, who caller.Caller, id ids.Blob) error {
		_, _, err := g.ReadBlob(ctx, who, id, 0)
		return err
	},
	"add a part": func(ctx context.Context, g *gate.Gate, who caller.Caller, id ids.Blob) error {
		_, err := g.PutPart(ctx, who, id, 0, bytes.NewReader([]byte("x")), 1)
		return err
	},
	"finish": func(ctx context.Context, g *gate.Gate, who caller.Caller, id ids.Blob) error {
		_, err := g.FinishBlob(ctx, who, id, api.FinishBlob{Hash: note.Sum(nil)})
		return err
	},
	"drop": func(ctx context.Context, g *gate.Gate, who caller.Caller, id ids.Blob) error {
		return g.DropBlob(ctx, who, id)
	},
}

// An attachment that is not hers and one that there is not are the same answer, after the same
// statements, whether an entry carries it or not.
func TestBlobNotYoursIsNotThere(t *testing.T) {
	n, o := opened(t)
	alba := callerOf(t, n, "alba-operatrice")
	file := sealedFile(t, 10)
	real := map[string]ids.Blob{
		"carried":        bound(t, n, alba, file, o.Thread.Entries[0].Entry.ID),
		"carried inside": bound(t, n, alba, file, o.Inside.Entries[0].Entry.ID),
		"whole":          uploaded(t, n, alba, file),
		"begun":          begin(t, n, alba, int64(len(file))),
	}
	absent := ids.NewBlob(rand.Reader)
	for _, name := range outsiders {
		who := callerOf(t, n, name)
		for what, attempt := range blobAttempts {
			for state, id := range real {
				t.Run(name+"/"+what+"/"+state, func(t *testing.T) {
					var there, not error
					_ = attempt(t.Context(), n.Gate, who, absent)
					did := n.Statements(func() { there = attempt(t.Context(), n.Gate, who, id) })
					would := n.Statements(func() { not = attempt(t.Context(), n.Gate, who, absent) })
					if there == nil || not == nil || there.Error() != not.Error() || fault.KindOf(there) != fault.KindOf(not) {
						t.Fatalf("the answers are %v and %v", there, not)
					}
					if diff := cmp.Diff(besides(would), besides(did)); diff != "" {
						t.Errorf("the statements differ (-not there +not hers):\n%s", diff)
					}
				})
			}
		}
	}
	// Its author can't change what an entry carries.
	for what, attempt := range blobAttempts {
		if err := attempt(t.Context(), n.Gate, alba, real["carried"]); (err == nil) != (what == "read") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestReadBlob(t *testing.T) {
	n, o := opened(t)
	file := sealedFile(t, 100_000)
	entry := o.Thread.Entries[0].Entry.ID
	id := bound(t, n, callerOf(t, n, "alba-operatrice"), file, entry)
	franca := callerOf(t, n, "franca-referente")
	if _, _, err := n.Gate.ReadBlob(t.Context(), franca, id, 0); fault.KindOf(err) != fault.ReasonRequired {
		t.Errorf("before she said why: %v", err)
	}
	if _, err := n.Gate.ReadThread(t.Context(), franca, o.Thread.State.Thread, api.Read{Reason: act.ReasonVerify, Limit: 10}); err != nil {
		t.Fatal(err)
	}
	for _, from := range []int64{0, 70_000, int64(len(file))} {
		before := len(records(t, n, everything))
		r, size, err := n.Gate.ReadBlob(t.Context(), franca, id, from)
		if err != nil {
			t.Fatal(err)
		}
		// It was recorded before a byte is read.
		got := records(t, n, everything)[before:]
		if len(got) != 1 || got[0].Act != act.BlobRead || got[0].Outcome != act.Allow || got[0].Object != string(o.Thread.State.Thread) ||
			got[0].Entry != entry || got[0].Size != size || got[0].Hash != note.Sum(file) || got[0].Reason != act.ReasonVerify {
			t.Errorf("from %d: recorded %+v", from, got)
		}
		served, err := io.ReadAll(r)
		if err != nil || r.Close() != nil || !bytes.Equal(served, file[from:]) || size != int64(len(served)) {
			t.Errorf("from %d: %d bytes of %d, %v", from, len(served), size, err)
		}
	}
	// The centre sees it among the readings, the newest first.
	list, err := n.Gate.Readers(t.Context(), callerOf(t, n, "alba-operatrice"), o.Thread.State.Thread)
	if err != nil || len(list.Readings) != 4 || list.Readings[0].Entry != entry || list.Readings[0].Person != franca.Person ||
		list.Readings[0].Reason != act.ReasonVerify || list.Readings[3].Entry != "" {
		t.Errorf("readings: %+v, %v", list, err)
	}
	if _, _, err := n.Gate.ReadBlob(t.Context(), franca, id, int64(len(file))+1); fault.ClassOf(err) != fault.ClassSize {
		t.Errorf("from behind its end: %v", err)
	}
	if _, _, err := n.Gate.ReadBlob(t.Context(), franca, id, -1); fault.KindOf(err) != fault.Invalid {
		t.Errorf("from before its beginning: %v", err)
	}
	n.Clock.Advance(gate.OpeningLife)
	if _, _, err := n.Gate.ReadBlob(t.Context(), franca, id, 0); fault.KindOf(err) != fault.ReasonRequired {
		t.Errorf("after her opening: %v", err)
	}
}

// everything is more records than there are.
const everything = 1_000_000
