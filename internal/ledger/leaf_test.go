package ledger_test

import (
	"bytes"
	"testing"

	"github.com/transparency-dev/merkle/rfc6962"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// The value is what `printf 'varco/v1 leaf\n<32 bytes 0..31><text>' | sha256sum` gives, so
// that a change of the form can't pass unseen: it would break every log that exists.
func TestCommit(t *testing.T) {
	var salt [32]byte
	for i := range salt {
		salt[i] = byte(i)
	}
	const text = "varco/v1 record\nat 2026-11-22T08:00:00.123Z\nact ledger.begin\noutcome allow\n"
	const want = "QgJHkOC7vPymzXt2qEHlfk4kJGdhMnxC1G5xALkd/1g="
	got := ledger.Leaf{Salt: salt, Text: text}.Commitment()
	if got.String() != want {
		t.Fatalf("Commitment = %s, want %s", got, want)
	}
	if by := note.Sum(append([]byte("varco/v1 leaf\n"), append(salt[:], text...)...)); got != by {
		t.Fatalf("Commitment = %s, want %s", got, by)
	}
	if hash := ledger.LeafHash(got); !bytes.Equal(hash[:], rfc6962.DefaultHasher.HashLeaf(got[:])) {
		t.Fatalf("LeafHash = %s is not RFC 6962's", hash)
	}
}

func TestNewSalt(t *testing.T) {
	src := source(4)
	one, err := ledger.NewSalt(src)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ledger.NewSalt(src)
	if err != nil || one == other {
		t.Fatalf("NewSalt = %x twice, %v", one, err)
	}
	if ledger.Commit(one, "text") == ledger.Commit(other, "text") {
		t.Fatal("the salt does not matter")
	}
	if _, err := ledger.NewSalt(bytes.NewReader(make([]byte, 31))); fault.KindOf(err) != fault.Internal {
		t.Fatalf("NewSalt without enough randomness: %v", err)
	}
}
