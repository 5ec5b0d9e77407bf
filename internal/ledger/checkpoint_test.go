package ledger_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

func root(t testing.TB, size int64) tlog.Hash {
	t.Helper()
	var e ledger.Edge
	new(tree).grow(t, &e, size)
	return e.Root()
}

func TestCheckpoint(t *testing.T) {
	s, v := key(t, origin, 1)
	for _, size := range []int64{0, 1, 2, 300} {
		want := ledger.Checkpoint{Origin: origin, Size: size, Root: root(t, size)}
		msg, err := ledger.SignCheckpoint(origin, size, want.Root, s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ledger.OpenCheckpoint(msg, origin, v)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("OpenCheckpoint (-want +got):\n%s", diff)
		}
		// What any other program of the C2SP world makes of it.
		theirs, rest, _, err := log.ParseCheckpoint(msg, origin, v)
		if err != nil || len(rest) > 0 || theirs.Size != uint64(size) || !bytes.Equal(theirs.Hash, want.Root[:]) {
			t.Fatalf("log.ParseCheckpoint = %+v, %q, %v", theirs, rest, err)
		}
	}
}

func TestSignCheckpointRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		origin, signs string
		size          int64
		want          fault.Class
	}{
		"no origin":          {"", "", 3, fault.ClassForm},
		"origin of a note":   {"varco/v1 record", "varco/v1 record", 3, fault.ClassForm},
		"origin like a note": {"varco/log", "varco/log", 3, fault.ClassForm},
		"origin with plus":   {"a+b", "a+b", 3, fault.ClassForm},
		"origin with line":   {"a\n7", "a\n7", 3, fault.ClassForm},
		"another's name":     {origin, "other.example", 3, fault.ClassSignature},
		"negative":           {origin, origin, -1, fault.ClassForm},
		"too large":          {origin, origin, ledger.MaxSize + 1, fault.ClassForm},
		"root of nothing":    {origin, origin, 0, fault.ClassForm},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := key(t, test.signs, 1)
			_, err := ledger.SignCheckpoint(test.origin, test.size, root(t, 3), s)
			wantClass(t, err, test.want)
		})
	}
}

func TestOpenCheckpointRefuses(t *testing.T) {
	s, v := key(t, origin, 1)
	b64 := root(t, 3).String()
	good := origin + "\n3\n" + b64 + "\n"
	sign := func(text string, signers ...note.Signer) []byte {
		msg, err := note.Sign(text, signers...)
		if err != nil {
			t.Fatal(err)
		}
		return msg
	}
	witness, _ := key(t, "witness.example", 2)
	forger, _ := key(t, origin, 3)
	other, _ := key(t, "other.example", 1)
	ours := sign(good, s)
	for name, test := range map[string]struct {
		msg  []byte
		want fault.Class
	}{
		"empty":           {nil, fault.ClassForm},
		"unsigned":        {[]byte(good + "\n"), fault.ClassSignature},
		"by another key":  {sign(good, forger), fault.ClassSignature},
		"by another name": {sign(good, other), fault.ClassSignature},
		"cosigned":        {sign(good, s, witness), fault.ClassSignature},
		"witness first":   {sign(good, witness, s), fault.ClassSignature},
		"changed":         {bytes.Replace(ours, []byte("\n3\n"), []byte("\n4\n"), 1), fault.ClassSignature},
		"another dash":    {bytes.Replace(ours, []byte("— "), []byte("- "), 1), fault.ClassSignature},
		"of another log":  {sign("other.example\n3\n"+b64+"\n", s), fault.ClassSubstitute},
		"extension line":  {sign(good+"more\n", s), fault.ClassForm},
		"two lines":       {sign(origin+"\n3\n", s), fault.ClassForm},
		"size with zero":  {sign(origin+"\n03\n"+b64+"\n", s), fault.ClassForm},
		"size with plus":  {sign(origin+"\n+3\n"+b64+"\n", s), fault.ClassForm},
		"negative size":   {sign(origin+"\n-3\n"+b64+"\n", s), fault.ClassForm},
		// tlog never returns from a proof for such a size.
		"endless size":       {sign(origin+"\n9223372036854775807\n"+b64+"\n", s), fault.ClassForm},
		"size over 63 bits":  {sign(origin+"\n9223372036854775811\n"+b64+"\n", s), fault.ClassForm},
		"short root":         {sign(origin+"\n3\n"+base64.StdEncoding.EncodeToString(make([]byte, 31))+"\n", s), fault.ClassForm},
		"root not canonical": {sign(origin+"\n3\n"+strings.TrimSuffix(b64, b64[42:])+string(b64[42]+1)+"=\n", s), fault.ClassForm},
		"no leaves, a root":  {sign(origin+"\n0\n"+b64+"\n", s), fault.ClassForm},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ledger.OpenCheckpoint(test.msg, origin, v)
			wantClass(t, err, test.want)
		})
	}
}

// An origin that begins like every other signed text must not name a log, even where a
// key of that name exists.
func TestOpenCheckpointRefusesOriginLikeANote(t *testing.T) {
	s, v := key(t, "varco/log", 1)
	msg, err := note.Sign("varco/log\n3\n"+root(t, 3).String()+"\n", s)
	if err != nil {
		t.Fatal(err)
	}
	_, err = ledger.OpenCheckpoint(msg, "varco/log", v)
	wantClass(t, err, fault.ClassForm)
}

func FuzzOpenCheckpoint(f *testing.F) {
	s, v := key(f, origin, 1)
	for _, size := range []int64{0, 1, 300} {
		msg, err := ledger.SignCheckpoint(origin, size, root(f, size), s)
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
	// With signs set, b is a text and the log signs whatever it is: what is after the
	// signature's check must hold by itself.
	f.Fuzz(func(t *testing.T, b []byte, signs bool) {
		if signs {
			msg, err := note.Sign(string(b), s)
			if err != nil {
				return
			}
			b = msg
		}
		c, err := ledger.OpenCheckpoint(b, origin, v)
		if err != nil {
			if fault.ClassOf(err) == "" {
				t.Fatalf("refused without a class: %v", err)
			}
			return
		}
		if again, err := ledger.SignCheckpoint(c.Origin, c.Size, c.Root, s); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%q comes back as %q, %v", b, again, err)
		}
	})
}
