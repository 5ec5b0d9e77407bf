package verify_test

import (
	"bytes"
	"flag"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/bundle"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/verify"
	"varco/internal/verify/verifytest"
)

// edit puts something in the place of cut bytes of s, from at on; at and cut wrap.
func edit(s string, at, cut uint16, put string) string {
	from := int(at) % (len(s) + 1)
	until := from + int(cut)%(len(s)-from+1)
	return s[:from] + put + s[until:]
}

// sane checks what every report promises.
func sane(t *testing.T, r verify.Report) {
	t.Helper()
	if !slices.Contains(verify.Results, r.Result) || (r.Result == verify.Whole) != (r.Finding == nil) {
		t.Fatalf("result %q with finding %+v", r.Result, r.Finding)
	}
	if f := r.Finding; f != nil && (f.Class == "" || f.Why == "" || f.First < 0) {
		t.Fatalf("finding %+v", f)
	}
}

// FuzzVerify takes a good bundle apart and puts it together otherwise: leaves swapped, repeated, left
// out, erased, with what is another's, or cut. Once by somebody who has not the log's key, and once by
// somebody who has and signs it all again, before an auditor who was there before. What is whole after
// that is the bundle, as far as it goes: what people have signed is a beginning of what they signed.
func FuzzVerify(f *testing.F) {
	n := verifytest.Sample(f)
	f.Add([]byte{}, false)
	for op := range byte(operations) {
		for leaf := byte(0); int(leaf) < len(n.Leaves); leaf += 3 {
			f.Add([]byte{op, leaf, leaf + 1}, leaf%2 == 0)
			f.Add([]byte{op, leaf, leaf + 5, opErase, leaf + 2, 0}, leaf%2 == 1)
		}
	}
	for leaf := range n.Leaves {
		f.Add([]byte{opRecord, byte(leaf), 0}, false)
	}
	seen := n.Kept(n.Marks[1])
	signed := map[int64]bundle.Checkpoint{}
	for _, size := range n.Marks {
		signed[size] = n.Checkpoint(size)
	}
	whole := 0
	f.Fuzz(func(t *testing.T, script []byte, again bool) {
		changed := n.Copy(t)
		for len(script) >= 3 && len(changed.Leaves) > 0 {
			operate(changed, script[0]%operations, int(script[1])%len(changed.Leaves), int(script[2])%len(changed.Leaves))
			script = script[3:]
		}
		if len(changed.Leaves) == 0 {
			return // no bundle is of nothing
		}
		var since *ledger.Checkpoint
		var file []byte
		if again {
			for i := range changed.Leaves {
				if l := &changed.Leaves[i]; !l.Erased() {
					l.Commitment = verifytest.Commit(l)
				}
			}
			file, since = changed.Bundle(), seen
		} else {
			file = assembled(t, signed, n.Marks, changed)
		}
		if file == nil {
			return
		}
		r := check(t, file, since)
		sane(t, r)
		if r.Result == verify.Whole {
			whole++
			begins(t, changed.Leaves[:r.Size], n.Leaves, int(n.Marks[1]), again)
		}
	})
	if whole == 0 && flag.Lookup("test.fuzz").Value.String() == "" { // else others have tried
		f.Error("nothing was whole: nothing was tried")
	}
}

// What operate does.
const (
	opSwap = iota
	opRepeat
	opLeaveOut
	opErase
	opText
	opRecord
	opNotes
	opReceipt
	opCut
	opMark
	operations
)

func operate(l *verifytest.Log, op byte, i, j int) {
	a, b := &l.Leaves[i], &l.Leaves[j]
	switch op {
	case opSwap:
		*a, *b = *b, *a
	case opRepeat:
		*a = *b
	case opLeaveOut:
		l.Leaves = slices.Delete(l.Leaves, i, i+1)
	case opErase:
		*a = bundle.Leaf{Commitment: a.Commitment, Card: a.Card, Roster: a.Roster, Header: a.Header, Receipt: a.Receipt}
	case opText:
		a.Text, a.Salt = b.Text, b.Salt
	case opRecord: // says that more was read than was
		if r, err := ledger.ParseRecord(a.Text); err == nil && r.Size > 0 {
			r.Size += int64(j) + 1
			if text, err := r.Text(); err == nil {
				a.Text = text
			}
		}
	case opNotes:
		a.Card, a.Roster, a.Header, a.Receipt = b.Card, b.Roster, b.Header, b.Receipt
	case opReceipt:
		if a.Header != "" && b.Header != "" {
			a.Receipt = b.Receipt
		}
	case opCut:
		l.Leaves = l.Leaves[:i]
	case opMark:
		l.Marks = []int64{int64(i), int64(len(l.Leaves))}
	}
	for i := range l.Leaves {
		l.Leaves[i].Index = int64(i)
	}
	l.Marks = slices.DeleteFunc(l.Marks, func(size int64) bool { return size > int64(len(l.Leaves)) })
	if len(l.Marks) == 0 || l.Marks[0] == 0 {
		l.Marks = []int64{int64(len(l.Leaves))}
	}
	slices.Sort(l.Marks)
	l.Marks = slices.Compact(l.Marks)
}

// assembled is a bundle of leaves under the checkpoints that the log had signed, nil if a Writer does
// not take them.
func assembled(t *testing.T, signed map[int64]bundle.Checkpoint, marks []int64, changed *verifytest.Log) []byte {
	t.Helper()
	var checkpoints []bundle.Checkpoint
	for _, size := range marks {
		if size <= int64(len(changed.Leaves)) {
			checkpoints = append(checkpoints, signed[size])
		}
	}
	if len(checkpoints) == 0 {
		return nil
	}
	var out bytes.Buffer
	w, err := bundle.NewWriter(&out, verifytest.Origin, checkpoints)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range changed.Leaves[:w.Size()] {
		if err := w.Leaf(l); err != nil {
			return nil
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// begins checks that leaves which are believed are those of the log up to what an auditor has seen, or
// all of them where the log has signed nothing anew; and that of each thread, organisation and person
// they hold a beginning of what was signed. What was erased is not there.
func begins(t *testing.T, got, want []bundle.Leaf, seen int, again bool) {
	t.Helper()
	if !again {
		seen = len(got)
	}
	for i := range min(seen, len(got)) {
		same := got[i]
		if same.Erased() {
			same.Text, same.Salt = want[i].Text, want[i].Salt
		}
		if diff := cmp.Diff(want[i], same); diff != "" {
			t.Fatalf("leaf %d is another and believed:\n%s", i, diff)
		}
	}
	if len(got) < seen {
		t.Fatalf("%d leaves are believed, and %d were seen", len(got), seen)
	}
	signed := func(leaves []bundle.Leaf) map[string][]string {
		all := map[string][]string{}
		for _, l := range leaves {
			if e, err := thread.Parse([]byte(l.Header)); err == nil {
				all[string(e.Thread)] = append(all[string(e.Thread)], l.Header)
			}
			if text, err := note.Text([]byte(l.Roster)); err == nil && l.Roster != "" {
				organisation := note.Scan(text, "roster").One("organisation")
				all[organisation] = append(all[organisation], l.Roster)
			}
			if l.Card != "" {
				all[l.Card] = append(all[l.Card], l.Card)
			}
		}
		return all
	}
	original := signed(want)
	for of, notes := range signed(got) {
		if len(notes) > len(original[of]) || !slices.Equal(notes, original[of][:len(notes)]) {
			t.Fatalf("of %s something else is believed than was signed: %q, want %q", of, notes, original[of])
		}
	}
}

// FuzzLie changes what one leaf says and signs the log again, as whoever holds its key can:
// that must be found, or be something that a service may have recorded.
func FuzzLie(f *testing.F) {
	n := verifytest.Sample(f)
	for i := 0; i < len(n.Leaves); i += 4 {
		f.Add(uint16(i), uint8(0), uint16(80), uint16(1), "deny")
		f.Add(uint16(i), uint8(1), uint16(200), uint16(1), "x")
		f.Add(uint16(i), uint8(2), uint16(40), uint16(3), "\n")
	}
	f.Fuzz(func(t *testing.T, leaf uint16, field uint8, at, cut uint16, put string) {
		changed := n.Copy(t)
		l := &changed.Leaves[int(leaf)%len(changed.Leaves)]
		was := *l
		switch {
		case field%3 == 0:
			l.Text = edit(l.Text, at, cut, put)
		case l.Header != "" && field%3 == 1:
			l.Header = edit(l.Header, at, cut, put)
			recordAgain(l, was.Header, l.Header)
		case l.Header != "":
			l.Receipt = edit(l.Receipt, at, cut, put)
		case l.Card != "":
			l.Card = edit(l.Card, at, cut, put)
			recordAgain(l, was.Card, l.Card)
		case l.Roster != "":
			l.Roster = edit(l.Roster, at, cut, put)
			recordAgain(l, was.Roster, l.Roster)
		}
		if !writable(was, *l) {
			return
		}
		l.Commitment = verifytest.Commit(l)
		r := check(t, changed.Bundle(), nil)
		sane(t, r)
		if r.Result == verify.Whole && (l.Card != was.Card || l.Roster != was.Roster || l.Header != was.Header || l.Receipt != was.Receipt) {
			t.Fatalf("a changed note is believed: %+v", *l)
		}
		if r.Result == verify.Whole {
			admitsTheSame(t, was, *l)
		}
	})
}

// recordAgain lets the record be of a note that was changed.
func recordAgain(l *bundle.Leaf, was, msg string) {
	r, err := ledger.ParseRecord(l.Text)
	if err != nil {
		return
	}
	hash := note.Sum([]byte(msg))
	r.Size += int64(len(msg) - len(was))
	r.Hash = hash
	if !r.Head.IsZero() {
		r.Head = hash
	}
	if text, err := r.Text(); err == nil {
		l.Text = text
	}
}

// writable tells what a Writer takes from what never gets into a file.
func writable(was, l bundle.Leaf) bool {
	for _, s := range []string{l.Text, l.Card, l.Roster, l.Header, l.Receipt} {
		if !utf8.ValidString(s) || len(s) > note.MaxBytes {
			return false
		}
	}
	return l.Text != "" && (l.Card == "") == (was.Card == "") && (l.Roster == "") == (was.Roster == "") &&
		(l.Header == "") == (was.Header == "") && (l.Receipt == "") == (was.Receipt == "")
}

// admitsTheSame checks that a record which is believed is about the same thing by the same
// person, where people have signed what it is about.
func admitsTheSame(t *testing.T, was, l bundle.Leaf) {
	t.Helper()
	before, err := ledger.ParseRecord(was.Text)
	if err != nil {
		t.Fatal(err)
	}
	after, err := ledger.ParseRecord(l.Text)
	if err != nil {
		t.Fatalf("a record that can't be read is believed: %v", err)
	}
	signed := before.Outcome == act.Allow && (was.Header != "" || was.Card != "" || was.Roster != "")
	if signed && (before.Person != after.Person || before.Organisation != after.Organisation || before.Object != after.Object ||
		before.Hash != after.Hash || before.Size != after.Size || before.Act != after.Act || before.Outcome != after.Outcome) {
		t.Fatalf("%q is believed in place of %q", l.Text, was.Text)
	}
}
