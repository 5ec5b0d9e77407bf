package orientation_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/dev/orientation"
	"varco/policies"
	"varco/policies/questionnaire"
)

var update = flag.Bool("update", false, "write docs/it/questionario.md anew")

// TestReview: the page that people sign is what the data says.
func TestReview(t *testing.T) {
	name := filepath.Join("..", "..", "docs", "it", "questionario.md")
	words, err := questionnaire.Languages()
	if err != nil {
		t.Fatal(err)
	}
	topics, err := policies.Topics()
	if err != nil {
		t.Fatal(err)
	}
	got := orientation.Review(orientation.Data{Rules: rules(t), Words: words["it"], Cases: cases(t), Topics: topics})
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/it/questionario.md is stale: go test ./dev/orientation -run TestReview -update\n(-file +data):\n%s", diff)
	}
	if over := "20.382,90 € (fino al 31-12-2025, da verificare); "; !strings.Contains(got, over) {
		t.Errorf("no benefit says %q of a value that is over", over)
	}
	for _, p := range rules(t).Parameters {
		if !strings.Contains(got, p.Source) {
			t.Errorf("no source of %s", p.ID)
		}
	}
}
