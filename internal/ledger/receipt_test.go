package ledger_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
)

func receipt(leaf int64) ledger.Receipt {
	src := source(6)
	return ledger.Receipt{Log: origin, Thread: ids.NewThread(src), Entry: ids.NewEntry(src),
		Header: note.Sum([]byte("header")), Leaf: leaf, AdmittedAt: admitted}
}

func TestReceipt(t *testing.T) {
	s, v := key(t, origin, 1)
	for _, leaf := range []int64{0, 1, 96, 97, 1234, ledger.MaxSize - 1} {
		want := receipt(leaf)
		msg, err := want.Sign(s)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(msg), "\nnumber "+want.Number()+"\n") {
			t.Fatalf("no number in %q", msg)
		}
		got, err := ledger.OpenReceipt(msg, v)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("OpenReceipt (-want +got):\n%s", diff)
		}
		again, err := got.Sign(s)
		if err != nil || !bytes.Equal(again, msg) {
			t.Fatalf("a retry gives %q, %v, want %q", again, err, msg)
		}
	}
}

func TestSignReceiptRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*ledger.Receipt)
		want   fault.Class
	}{
		"no log":        {func(r *ledger.Receipt) { r.Log = "" }, fault.ClassForm},
		"another log":   {func(r *ledger.Receipt) { r.Log = "other.example" }, fault.ClassSignature},
		"no thread":     {func(r *ledger.Receipt) { r.Thread = "" }, fault.ClassReceipt},
		"no entry":      {func(r *ledger.Receipt) { r.Entry = ids.Entry(r.Thread) }, fault.ClassReceipt},
		"no header":     {func(r *ledger.Receipt) { r.Header = note.Hash{} }, fault.ClassReceipt},
		"negative leaf": {func(r *ledger.Receipt) { r.Leaf = -1 }, fault.ClassReceipt},
		"leaf past all": {func(r *ledger.Receipt) { r.Leaf = ledger.MaxSize }, fault.ClassReceipt},
		"no time":       {func(r *ledger.Receipt) { r.AdmittedAt = time.Time{} }, fault.ClassReceipt},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := key(t, origin, 1)
			r := receipt(7)
			test.change(&r)
			_, err := r.Sign(s)
			wantClass(t, err, test.want)
		})
	}
}

func TestOpenReceiptRefuses(t *testing.T) {
	s, v := key(t, origin, 1)
	forger, _ := key(t, origin, 2)
	msg, err := receipt(1234).Sign(s)
	if err != nil {
		t.Fatal(err)
	}
	good, err := note.Text(msg)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(signer note.Signer, old, new string) []byte {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the receipt", old)
		}
		msg, err := note.Sign(strings.Replace(good, old, new, 1), signer)
		if err != nil {
			t.Fatal(err)
		}
		return msg
	}
	for name, test := range map[string]struct {
		msg  []byte
		want fault.Class
	}{
		"empty":            {nil, fault.ClassForm},
		"by another key":   {sign(forger, "", ""), fault.ClassSignature},
		"changed":          {bytes.Replace(msg, []byte(".123Z"), []byte(".124Z"), 1), fault.ClassSignature},
		"another kind":     {sign(s, "v1 receipt", "v1 entry"), fault.ClassForm},
		"of another log":   {sign(s, origin, "other.example"), fault.ClassSignature},
		"number of none":   {sign(s, "number R-1234-82", "number R-1234-83"), fault.ClassReceipt},
		"another's number": {sign(s, "number R-1234-82", "number "+ledger.Number(1235)), fault.ClassReceipt},
		"another's leaf":   {sign(s, "leaf 1234", "leaf 1235"), fault.ClassReceipt},
		"leaf with zero":   {sign(s, "leaf 1234", "leaf 01234"), fault.ClassForm},
		"zero header":      {sign(s, note.Sum([]byte("header")).String(), note.Hash{}.String()), fault.ClassReceipt},
		"thread mistyped":  {sign(s, "thread t-", "thread u-"), fault.ClassForm},
		"more lines":       {sign(s, ".123Z\n", ".123Z\nnote well\n"), fault.ClassForm},
		"no time":          {sign(s, "2026-11-22T08:00:00.123Z", "0001-01-01T00:00:00.000Z"), fault.ClassReceipt},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ledger.OpenReceipt(test.msg, v)
			wantClass(t, err, test.want)
		})
	}
	cosigned, err := note.Cosign(msg, forger)
	if err != nil {
		t.Fatal(err)
	}
	_, err = ledger.OpenReceipt(cosigned, v)
	wantClass(t, err, fault.ClassSignature)
}

func FuzzOpenReceipt(f *testing.F) {
	s, v := key(f, origin, 1)
	for _, leaf := range []int64{0, 1234, ledger.MaxSize - 1} {
		msg, err := receipt(leaf).Sign(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(msg, false)
		text, err := note.Text(msg)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(text), true)
	}
	// With signs set, b is a text that the log signs whatever it is.
	f.Fuzz(func(t *testing.T, b []byte, signs bool) {
		if signs {
			msg, err := note.Sign(string(b), s)
			if err != nil {
				return
			}
			b = msg
		}
		r, err := ledger.OpenReceipt(b, v)
		if err != nil {
			if fault.ClassOf(err) == "" {
				t.Fatalf("refused without a class: %v", err)
			}
			return
		}
		if again, err := r.Sign(s); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q comes back as %q, %v", b, again, err)
		}
	})
}
