package house_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"varco/dev/house"
)

// docs/asvs.md lists each requirement of levels 1 and 2 once, and every test that it names exists.
func TestASVS(t *testing.T) {
	text, err := os.ReadFile("../../docs/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	named, listed, err := house.ReadASVS(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range named {
		if !strings.Contains(testsOf(t, n.Folder), "\nfunc "+n.Test+"(") {
			t.Errorf("docs/asvs.md: %s has no test %s", n.Folder, n.Test)
		}
	}
	want := 0
	for section, n := range house.ASVS {
		want += n
		for i := 1; i <= n; i++ {
			if r := fmt.Sprintf("%s.%d", section, i); listed[r] != 1 {
				t.Errorf("docs/asvs.md lists %s %d times", r, listed[r])
			}
		}
	}
	if want != 253 || len(listed) != want {
		t.Errorf("docs/asvs.md lists %d requirements, and there are %d", len(listed), want)
	}
}

func TestReadASVSRefuses(t *testing.T) {
	for name, row := range map[string]string{
		"nothing answers": "| 1.1.1 | x | y |",
		"no reason":       "| 1.1.1 | x | doesn't apply |",
		"no requirement":  "| V1.1 | x | not yet |",
		"two sections":    "| 1.1.1 to 1.2.1 | x | not yet |",
		"two columns":     "| 1.1.1 | not yet |",
	} {
		if named, listed, err := house.ReadASVS("## V1\n\n|---|---|---|\n" + row + "\n"); err == nil {
			t.Errorf("%s: %v, %v", name, named, listed)
		}
	}
}
