package ledger_test

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// cosigner makes a witness's key from a seed.
func cosigner(t testing.TB, name string, seed byte) (s note.Signer, vkey string) {
	t.Helper()
	private := ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed))
	public, err := note.NewPublicKey(private[ed25519.SeedSize:])
	if err != nil {
		t.Fatal(err)
	}
	return note.NewCosigner(name, private, func() time.Time { return admitted.Add(time.Duration(seed) * time.Minute) }),
		note.CosignerKey(name, public)
}

func witnessKey(t testing.TB, seed byte) string {
	t.Helper()
	_, vkey := cosigner(t, fmt.Sprintf("w%d.example", seed), seed)
	return vkey
}

func policy(t testing.TB, lines ...string) string {
	t.Helper()
	text := ""
	for i := range byte(5) {
		text += fmt.Sprintf("witness W%d %s https://w%d.example\n", i+1, witnessKey(t, i+1), i+1)
	}
	return text + strings.Join(lines, "\n") + "\n"
}

func TestQuorum(t *testing.T) {
	at := func(seeds ...int) []note.Cosigned {
		var by []note.Cosigned
		for _, s := range seeds {
			by = append(by, note.Cosigned{Name: fmt.Sprintf("w%d.example", s), At: admitted.Add(time.Duration(s) * time.Minute)})
		}
		return by
	}
	for _, test := range []struct {
		text  string
		by    []int
		since int // the witness whose time it is; 0 for no quorum
	}{
		{"quorum none", []int{1, 2}, 0},
		{"quorum W2", []int{1}, 0},
		{"quorum W2", []int{1, 2, 3}, 2},
		{"group g any W1 W2\nquorum g", nil, 0},
		{"group g any W1 W2\nquorum g", []int{1, 2}, 2},
		{"group g all W1 W2\nquorum g", []int{2}, 0},
		{"group g all W1 W2\nquorum g", []int{1, 2, 3}, 1},
		{"group g 2 W1 W2 W3\nquorum g", []int{1, 2, 3}, 2},
		{"group a 2 W1 W2 W3\ngroup b any W4 W5\ngroup c all a b\nquorum c", []int{1, 2, 3}, 0},
		{"group a 2 W1 W2 W3\ngroup b any W4 W5\ngroup c all a b\nquorum c", []int{1, 3, 5}, 1},
	} {
		q, err := ledger.ParseQuorum("# what is trusted, as it è\n\n\t" + policy(t, test.text))
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		since, ok := q.Witnessed(at(test.by...))
		if want := admitted.Add(time.Duration(test.since) * time.Minute); ok != (test.since > 0) || ok && !since.Equal(want) {
			t.Errorf("%s by %v: since %v, %v", test.text, test.by, since, ok)
		}
		if q.IsNone() != (test.text == "quorum none") || len(q.Keys()) != 5 {
			t.Errorf("%s: none is %v, %d keys", test.text, q.IsNone(), len(q.Keys()))
		}
	}
	// The same witnesses in another program.
	if _, err := witness.ParsePolicy([]byte(policy(t, "group g 2 W1 W2 W3\nquorum g"))); err != nil {
		t.Errorf("another program refuses it: %v", err)
	}
}

func TestParseQuorum(t *testing.T) {
	w1, w2 := witnessKey(t, 1), witnessKey(t, 2)
	_, sameKey := cosigner(t, "else.example", 1)
	_, sameName := cosigner(t, "w1.example", 7)
	if _, err := ledger.ParseQuorum("quorum none"); fault.ClassOf(err) != fault.ClassForm {
		t.Errorf("without a last line end: %v", err)
	}
	q, err := ledger.ParseQuorum("witness b " + w2 + "  https://b.example/w\n witness a " + w1 + "\nquorum b \n")
	if err != nil || len(q.Witnesses) != 2 || q.Witnesses[0].Name != "a" || q.Witnesses[1].URL != "https://b.example/w" || q.Log != nil {
		t.Errorf("ParseQuorum = %+v, %v", q, err)
	}
	for text, want := range map[string]fault.Class{
		"":                                    fault.ClassForm,
		"quorum a\n":                          fault.ClassForm,
		"quorum none\nquorum none\n":          fault.ClassForm,
		"quorum none\nwitness a " + w1 + "\n": fault.ClassForm,
		"witness a " + w1 + "\nwitness a " + w2 + "\nquorum a\n":                fault.ClassDuplicate,
		"witness a " + w1 + "\nwitness b " + w1 + "\nquorum a\n":                fault.ClassDuplicate,
		"witness a " + w1 + "\nwitness b " + sameKey + "\nquorum a\n":           fault.ClassDuplicate,
		"witness a " + w1 + "\nwitness b " + sameName + "\nquorum a\n":          fault.ClassDuplicate,
		"witness none " + w1 + "\nquorum none\n":                                fault.ClassForm,
		"witness a " + w1 + "\ngroup g 0 a\nquorum g\n":                         fault.ClassForm,
		"witness a " + w1 + "\ngroup g 2 a\nquorum g\n":                         fault.ClassForm,
		"witness a " + w1 + "\ngroup g 01 a\nquorum g\n":                        fault.ClassForm,
		"witness a " + w1 + "\ngroup g any a b\nquorum g\n":                     fault.ClassForm,
		"witness a " + w1 + "\ngroup g any a\ngroup h any a\nquorum g\n":        fault.ClassForm,
		"witness a " + w1 + "\ngroup g any a a\nquorum g\n":                     fault.ClassForm,
		"witness a " + w1 + "\n\x01quorum a\n":                                  fault.ClassForm,
		"witness a " + w1 + "\r\nquorum a\r\n":                                  fault.ClassForm,
		"witness a b\nquorum a\n":                                               fault.ClassKey,
		"log a\nquorum none\n":                                                  fault.ClassKey,
		"log " + w1 + "\nquorum none\n":                                         fault.ClassKey,
		"witnes a " + w1 + "\nquorum a\n":                                       fault.ClassForm,
		"#" + strings.Repeat(" ", 70_000) + "\nquorum none\n":                   fault.ClassSize,
		strings.Repeat("witness a "+w1+"\n", 1) + strings.Repeat("# \xff\n", 1): fault.ClassForm,
	} {
		if _, err := ledger.ParseQuorum(text); fault.ClassOf(err) != want {
			t.Errorf("%.80q: %v, want class %s", text, err, want)
		}
	}
	if q, err := ledger.NewQuorum([]string{w2, w1}, 2); err != nil || q.IsNone() || q.Witnesses[0].Key.Name() != "w1.example" {
		t.Errorf("NewQuorum = %+v, %v", q, err)
	}
	if _, err := ledger.NewQuorum([]string{w1}, 2); err == nil {
		t.Error("NewQuorum asks for more than there are")
	}
}

func TestOpenCosigned(t *testing.T) {
	s, v := key(t, origin, 9)
	w, vkey := cosigner(t, "w1.example", 1)
	q, err := ledger.NewQuorum([]string{vkey}, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := ledger.Checkpoint{Origin: origin, Size: 7, Root: root(t, 7)}
	msg, err := ledger.SignCheckpoint(origin, want.Size, want.Root, s)
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(msg), "\n\n")
	line, err := note.SignLine(text+"\n", w)
	if err != nil {
		t.Fatal(err)
	}
	both := append(msg[:len(msg):len(msg)], line...)
	got, by, err := ledger.OpenCosigned(both, origin, v, q)
	if diff := cmp.Diff(want, got); err != nil || diff != "" || len(by) != 1 {
		t.Errorf("OpenCosigned: %v, by %v (-want +got):\n%s", err, by, diff)
	}
	if _, by, err := ledger.OpenCosigned(msg, origin, v, q); err != nil || len(by) != 0 {
		t.Errorf("without cosignatures: %v, %v", by, err)
	}
	if _, err := ledger.OpenCheckpoint(both, origin, v); fault.ClassOf(err) != fault.ClassSignature {
		t.Errorf("OpenCheckpoint takes cosignatures: %v", err)
	}
	if _, _, err := ledger.OpenCosigned(both, "other.example", v, q); fault.ClassOf(err) != fault.ClassSubstitute {
		t.Errorf("of another log: %v", err)
	}
	if c, err := ledger.ReadCheckpoint(text + "\n"); err != nil || c != want {
		t.Errorf("ReadCheckpoint = %v, %v", c, err)
	}
	for _, text := range []string{"", "a\n", "varco/v1 record\n7\n" + tlog.Hash{}.String() + "\n", text + "\nextension\n"} {
		if _, err := ledger.ReadCheckpoint(text); fault.ClassOf(err) == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The example for operators is one.
func TestExampleQuorum(t *testing.T) {
	text, err := os.ReadFile("../../docs/witnesses.example.policy")
	if err != nil {
		t.Fatal(err)
	}
	q, err := ledger.ParseQuorum(string(text))
	if err != nil || q.IsNone() || len(q.Witnesses) != 3 || q.Log == nil {
		t.Errorf("%+v, %v", q, err)
	}
}

func FuzzParseQuorum(f *testing.F) {
	f.Add(policy(f, "group a 2 W1 W2 W3\ngroup b any W4 W5\ngroup c all a b\nquorum c"))
	f.Add("# nobody\nquorum none\n")
	f.Add("witness a b\nquorum a\n")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ledger.ParseQuorum(text)
		if err != nil {
			if fault.ClassOf(err) == "" {
				t.Errorf("no class: %v", err)
			}
			return
		}
		var all []note.Cosigned
		for _, k := range q.Keys() {
			all = append(all, note.Cosigned{Name: k.Name(), At: admitted})
		}
		if _, ok := q.Witnessed(nil); ok {
			t.Error("nobody is a quorum")
		}
		if _, ok := q.Witnessed(all); ok == q.IsNone() {
			t.Errorf("everybody is a quorum: %v", ok)
		}
	})
}

func FuzzOpenCosigned(f *testing.F) {
	s, v := key(f, origin, 9)
	w, vkey := cosigner(f, "w1.example", 1)
	q, err := ledger.NewQuorum([]string{vkey}, 1)
	if err != nil {
		f.Fatal(err)
	}
	msg, err := ledger.SignCheckpoint(origin, 7, root(f, 7), s)
	if err != nil {
		f.Fatal(err)
	}
	text, _, _ := strings.Cut(string(msg), "\n\n")
	line, err := note.SignLine(text+"\n", w)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(msg)
	f.Add(append(msg[:len(msg):len(msg)], line...))
	f.Fuzz(func(t *testing.T, msg []byte) {
		c, by, err := ledger.OpenCosigned(msg, origin, v, q)
		if err == nil && (c.Size != 7 || len(by) > 1) {
			t.Errorf("%+v by %v", c, by)
		}
		if err != nil && fault.ClassOf(err) == "" {
			t.Errorf("no class: %v", err)
		}
		text, _, _ := strings.Cut(string(msg), "\n\n")
		if c, err := ledger.ReadCheckpoint(text + "\n"); err == nil && c.Origin == "" {
			t.Errorf("%q is read as %+v", text, c)
		}
	})
}
