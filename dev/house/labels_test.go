package house_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// label finds what separates a hash or a form from all others: "varco/v1 …", and the kinds that
// note.Print and note.Scan are given, by name or in a constant.
var label = regexp.MustCompile(`"varco/v1 ([a-z][a-z -]*)|note\.(?:Print|Scan)\((?:[a-z.()A-Z]+, )?"([a-z-]+)"|[a-zA-Z]+Kind\s+= "([a-z-]+)"`)

// Every label in the code is in the table of docs/protocol.md: who adds one sees the others.
func TestLabelsAreInTheDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n## Labels\n")
	table, _, _ = strings.Cut(table, "\n## ")
	out, err := exec.CommandContext(t.Context(), "git", "-C", "../..", "ls-files", "--", "*.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for file := range strings.Lines(string(out)) {
		file = strings.TrimSpace(file)
		if strings.HasSuffix(file, "_test.go") || !strings.HasPrefix(file, "internal/") || strings.Contains(file, "test/") {
			continue
		}
		code, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range label.FindAllStringSubmatch(string(code), -1) {
			name := m[slices.IndexFunc(m[1:], func(s string) bool { return s != "" })+1]
			found[name] = true
			if !strings.Contains(table, "`"+name) && !strings.Contains(table, "varco/v1 "+name) {
				t.Errorf("%s: the label %q is not in docs/protocol.md", file, name)
			}
		}
	}
	if !found["leaf"] || !found["roster"] || !found["record"] {
		t.Errorf("only the labels %v were found", found)
	}
}

// Every form of the table is shown with its lines.
func TestFormsAreShown(t *testing.T) {
	text, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, row, _ := strings.Cut(string(text), "| `varco/v1 <kind>` | first line of a form: ")
	row, _, _ = strings.Cut(row, "\n")
	kinds := regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(row, -1)
	if len(kinds) < 14 {
		t.Errorf("only the kinds %v were found", kinds)
	}
	for _, k := range kinds {
		if !regexp.MustCompile("\n```[^\n]*\nvarco/v1 " + k[1] + "\n").Match(text) {
			t.Errorf("docs/protocol.md does not show the lines of %q", k[1])
		}
	}
}
