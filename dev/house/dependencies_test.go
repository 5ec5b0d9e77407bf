package house_test

import (
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// TestDependenciesHaveReasons sees that the decision on dependencies is complete.
func TestDependenciesHaveReasons(t *testing.T) {
	const decision = "docs/decisions/0001-dependencies.md"
	mod, err := modfile.Parse("go.mod", read(t, "go.mod"), nil)
	if err != nil {
		t.Fatal(err)
	}
	reasons := string(read(t, decision))
	for _, require := range mod.Require {
		if !require.Indirect && !strings.Contains(reasons, "| `"+require.Mod.Path+"` |") {
			t.Errorf("%s is not in %s", require.Mod.Path, decision)
		}
	}
}
