package house_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/dev/house"
)

// notFuzzed are the functions that look like parsers and need no target of their own, with
// the reason.
var notFuzzed = map[string]string{
	"internal/app.Load":                    "reads a file, and is fuzzed as what parses it",
	"internal/blob.Open":                   "opens a folder of ours",
	"internal/cli/desk.Desk.ParseDay":      "is time's parser, of what she types",
	"internal/client.Anchors.CheckService": "looks at an address of her own",
	"internal/client.Anchors.OpenReceipt":  "is ledger.OpenReceipt",
	"internal/client.Client.OpenReceipt":   "is ledger.OpenReceipt",
	"internal/client.Directory.ReadCard":   "is card.Read, which is fuzzed with card.Parse",
	"internal/thread.Entry.Verify":         "is note.Open, of a header that Parse has read",
	"internal/vault.Vault.Open":            "is Tink's, and opens nothing that somebody else has made",
	"internal/cli/desk.ReadSmall":          "reads a file as it is",
	"internal/cli/profile.Open":            "opens a folder, and is fuzzed as what parses its files",
	"internal/seal.ParseBlobKey":           "is hybrid.ParseIdentity",
	"internal/seal.ParseEpoch":             "is hybrid.ParseIdentity",
	"internal/store.Open":                  "opens a database that Check has looked at",
	"internal/vector.Load":                 "reads a folder of what Parse is fuzzed with",
	"internal/verify.Verify":               "is fuzzed, through the tests' check",
}

// A parser that nobody fuzzes is one that somebody else will.
func TestParsersAreFuzzed(t *testing.T) {
	unfuzzed, err := house.Unfuzzed(root, files(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range unfuzzed {
		if notFuzzed[name] == "" {
			t.Errorf("%s reads what comes from outside, and no FuzzXxx of its package calls it", name)
		}
	}
	for name := range notFuzzed {
		if !slices.Contains(unfuzzed, name) {
			t.Errorf("%s is fuzzed, or is no more", name)
		}
	}
}

// A target of another package, of a function of the same name, or of none, does not count.
func TestUnfuzzed(t *testing.T) {
	folder := t.TempDir()
	code := map[string]string{
		"internal/a/a.go": "package a\nfunc Parse(b []byte) {}\nfunc Open(s string) {}\ntype T struct{}\nfunc (*T) Check(b []byte) {}\n" +
			"func (T) Decode(s string) {}\nfunc (T) Read(b []byte) {}\ntype t struct{}\nfunc (t) Parse(b []byte) {}\n",
		"internal/a/a_test.go": "package a_test\nimport (\n\"testing\"\n\"varco/internal/a\"\nother \"varco/internal/b\"\n)\n" +
			"func FuzzX(f *testing.F) { a.Open(\"\"); other.Parse(nil); (&a.T{}).Check(nil) }\nfunc help() { a.Parse(nil) }\n",
	}
	for name, text := range code {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := house.Unfuzzed(folder, slices.Collect(maps.Keys(code)))
	if diff := cmp.Diff([]string{"internal/a.Parse", "internal/a.T.Decode"}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
