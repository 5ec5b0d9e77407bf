// Package verifytest writes whole logs for tests, as a service would: a network with its
// stewards, cards and rosters, threads with their entries and receipts, readings,
// denials, checkpoints. The clock is the test's and keys are drawn from names.
//
// Its tree is that of github.com/transparency-dev/merkle and its commitments are plain
// SHA-256, so that what package verify recomputes is compared with somebody else's work.
// A Log is open: a test changes its leaves into what a lying service would write and
// signs again. The package is for tests only.
package verifytest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/bundle"
	"varco/internal/card/cardtest"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/verify"
)

// Origin names the log.
const Origin = "log.varco.example"

// Signer signs for the log.
func Signer() note.Signer { return note.NewSigner(Origin, cardtest.Key(Origin)) }

// Trust is what an auditor of the log trusts.
func Trust() verify.Trust {
	return verify.Trust{Origin: Origin, Log: cardtest.Public(Origin).Verifier(Origin), Root: cardtest.RootVerifier()}
}

// Log is a log that is being written.
type Log struct {
	Leaves []bundle.Leaf
	Marks  []int64 // sizes at which the log signs a checkpoint
	// Cosigners cosign the checkpoint of a size.
	Cosigners map[int64][]note.Signer
	Now       time.Time // of the next record; each takes a second

	t testing.TB
}

// NewLog returns a log without leaves.
func NewLog(t testing.TB) *Log {
	return &Log{Now: cardtest.Start, t: t}
}

// Record appends a record with the log's time, and returns its leaf, which is good until
// the next.
func (l *Log) Record(r ledger.Record) *bundle.Leaf {
	l.t.Helper()
	index := int64(len(l.Leaves))
	r.At = l.Now
	l.Now = l.Now.Add(time.Second)
	text, err := r.Text()
	if err != nil {
		l.t.Fatal(err)
	}
	salt := make([]byte, 32)
	if _, err := io.ReadFull(cardtest.Rand(fmt.Sprint("salt ", index)), salt); err != nil {
		l.t.Fatal(err)
	}
	l.Leaves = append(l.Leaves, bundle.Leaf{Index: index, Salt: salt, Text: text})
	leaf := &l.Leaves[index]
	leaf.Commitment = Commit(leaf)
	return leaf
}

// Commit computes the commitment of a leaf by hand.
func Commit(l *bundle.Leaf) note.Hash {
	return sha256.Sum256([]byte("varco/v1 leaf\n" + string(l.Salt) + l.Text))
}

// Rewrite changes the record of a leaf, as whoever holds the log's key can.
func (l *Log) Rewrite(leaf int64, change func(*ledger.Record)) {
	l.t.Helper()
	r, err := ledger.ParseRecord(l.Leaves[leaf].Text)
	if err != nil {
		l.t.Fatal(err)
	}
	change(&r)
	text, err := r.Text()
	if err != nil {
		l.t.Fatal(err)
	}
	l.Leaves[leaf].Text = text
	l.Leaves[leaf].Commitment = Commit(&l.Leaves[leaf])
}

// Erase erases the records of leaves, as after their retention.
func (l *Log) Erase(from, until int64) {
	for i := from; i < until; i++ {
		l.Leaves[i].Salt, l.Leaves[i].Text = nil, ""
	}
}

// Drop removes a leaf, as if it had never been there.
func (l *Log) Drop(leaf int64) {
	l.Leaves = append(l.Leaves[:leaf:leaf], l.Leaves[leaf+1:]...)
	for i := range l.Leaves {
		l.Leaves[i].Index = int64(i)
	}
	for i, size := range l.Marks {
		if size > leaf {
			l.Marks[i]--
		}
	}
}

// Find returns the index of the nth leaf, from 0, whose record is of an act with an outcome.
func (l *Log) Find(a act.Act, o act.Outcome, nth int) int64 {
	l.t.Helper()
	for i := range l.Leaves {
		r, err := ledger.ParseRecord(l.Leaves[i].Text)
		if err == nil && r.Act == a && r.Outcome == o {
			if nth == 0 {
				return int64(i)
			}
			nth--
		}
	}
	l.t.Fatalf("no such record: %s %s", a, o)
	return -1
}

// Copy returns a log that can be changed, by another test, without changing l.
func (l *Log) Copy(t testing.TB) *Log {
	other := *l
	other.t = t
	other.Leaves = append([]bundle.Leaf(nil), l.Leaves...)
	other.Marks = append([]int64(nil), l.Marks...)
	return &other
}

// Mark signs a checkpoint here.
func (l *Log) Mark() { l.Marks = append(l.Marks, int64(len(l.Leaves))) }

// Checkpoint signs the log as it was with size leaves.
func (l *Log) Checkpoint(size int64) bundle.Checkpoint {
	l.t.Helper()
	return l.checkpoints([]int64{size})[0]
}

// Kept returns the checkpoint that an auditor kept when the log had size leaves.
func (l *Log) Kept(size int64) *ledger.Checkpoint {
	l.t.Helper()
	c, err := ledger.OpenCheckpoint([]byte(l.Checkpoint(size).Note), Origin, Trust().Log)
	if err != nil {
		l.t.Fatal(err)
	}
	return &c
}

// checkpoints signs the tree at each of the sizes.
func (l *Log) checkpoints(sizes []int64) []bundle.Checkpoint {
	l.t.Helper()
	tree := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	all := make([]bundle.Checkpoint, 0, len(sizes))
	for _, size := range sizes {
		for i := int64(tree.End()); i < size; i++ {
			if err := tree.Append(rfc6962.DefaultHasher.HashLeaf(l.Leaves[i].Commitment[:]), nil); err != nil {
				l.t.Fatal(err)
			}
		}
		root := rfc6962.DefaultHasher.EmptyRoot()
		if size > 0 {
			var err error
			if root, err = tree.GetRootHash(nil); err != nil {
				l.t.Fatal(err)
			}
		}
		msg, err := ledger.SignCheckpoint(Origin, size, tlog.Hash(root), Signer())
		if err != nil {
			l.t.Fatal(err)
		}
		all = append(all, bundle.Checkpoint{Note: string(l.cosigned(msg, size)), Size: size})
	}
	return all
}

func (l *Log) cosigned(msg []byte, size int64) []byte {
	l.t.Helper()
	text, _, err := note.Uncosigned(msg)
	if err != nil {
		l.t.Fatal(err)
	}
	var lines []string
	for _, s := range l.Cosigners[size] {
		line, err := note.SignLine(text, s)
		if err != nil {
			l.t.Fatal(err)
		}
		lines = append(lines, line)
	}
	all, err := note.AddCosignatures(msg, lines)
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// Bundle returns the bundle of the log, up to its last checkpoint.
func (l *Log) Bundle() []byte {
	l.t.Helper()
	var out bytes.Buffer
	w, err := bundle.NewWriter(&out, Origin, l.checkpoints(l.Marks))
	if err != nil {
		l.t.Fatal(err)
	}
	for _, leaf := range l.Leaves[:w.Size()] {
		if err := w.Leaf(leaf); err != nil {
			l.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		l.t.Fatal(err)
	}
	return out.Bytes()
}

// Verify verifies the bundle of the log.
func (l *Log) Verify(since *ledger.Checkpoint) verify.Report {
	l.t.Helper()
	report, err := verify.Verify(bytes.NewReader(l.Bundle()), Trust(), since)
	if err != nil {
		l.t.Fatal(err)
	}
	return report
}

// Receipt signs the receipt of a header that a leaf carries.
func Receipt(t testing.TB, th ids.Thread, e ids.Entry, header note.Hash, leaf int64, at time.Time) string {
	t.Helper()
	msg, err := ledger.Receipt{Log: Origin, Thread: th, Entry: e, Header: header, Leaf: leaf, AdmittedAt: at}.Sign(Signer())
	if err != nil {
		t.Fatal(err)
	}
	return string(msg)
}
