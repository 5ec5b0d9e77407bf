package verify_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"varco/internal/act"
	"varco/internal/bundle"
	"varco/internal/ledger"
	"varco/internal/note"
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

// FuzzVerify changes the file of a bundle: whatever is not the bundle is not whole.
func FuzzVerify(f *testing.F) {
	whole := string(verifytest.Sample(f).Bundle())
	f.Add(uint16(0), uint16(0), "")
	for i := range whole {
		if whole[i] == '\n' && i%3 == 0 {
			f.Add(uint16(i), uint16(1), "")
			f.Add(uint16(i-70), uint16(5), "A")
		}
	}
	f.Fuzz(func(t *testing.T, at, cut uint16, put string) {
		file := edit(whole, at, cut, put)
		r := check(t, []byte(file), nil)
		sane(t, r)
		if r.Result == verify.Whole && file != whole {
			t.Fatal("a changed bundle is whole")
		}
	})
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
