package typescript_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/dev/typescript"
)

var update = flag.Bool("update", false, "write the types anew")

const file = "../../web/src/core/types.ts"

// What the page believes of the core is what the core says.
func TestTypes(t *testing.T) {
	want, err := typescript.Types()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("stale: go test ./dev/typescript -update (-want +got):\n%s", diff)
	}
}
