package house_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varco/dev/house"
)

// Every test that docs/threats.md names exists.
func TestThreatsNameTests(t *testing.T) {
	text, err := os.ReadFile("../../docs/threats.md")
	if err != nil {
		t.Fatal(err)
	}
	named, err := house.ReadThreats(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range named {
		if !strings.Contains(testsOf(t, n.Folder), "\nfunc "+n.Test+"(") {
			t.Errorf("docs/threats.md: %s has no test %s", n.Folder, n.Test)
		}
	}
}

// testsOf returns all test files of a folder.
func testsOf(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func TestReadThreatsRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"a row without a test": "## A\n\n|---|---|\n| thief | a lock |\n",
		"no row":               "## A\n",
	} {
		if named, err := house.ReadThreats(text); err == nil {
			t.Errorf("%s: %v", name, named)
		}
	}
}
