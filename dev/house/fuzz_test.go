package house_test

import (
	"slices"
	"testing"

	"varco/dev/house"
)

// notFuzzed are the functions that look like parsers and need no target of their own, with
// the reason.
var notFuzzed = map[string]string{
	"internal/app.Load":           "reads a file, and is fuzzed as what parses it",
	"internal/blob.Open":          "opens a folder of ours",
	"internal/cli/desk.ReadSmall": "reads a file as it is",
	"internal/cli/profile.Open":   "opens a folder, and is fuzzed as what parses its files",
	"internal/seal.ParseBlobKey":  "is hybrid.ParseIdentity",
	"internal/seal.ParseEpoch":    "is hybrid.ParseIdentity",
	"internal/store.Open":         "opens a database that Check has looked at",
	"internal/vector.Load":        "reads a folder of what Parse is fuzzed with",
	"internal/verify.Verify":      "is fuzzed, through the tests' check",
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
