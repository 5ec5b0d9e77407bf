package note_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/vector"
)

const protocol = "../../docs/protocol.md"

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestProtocolNotes: the notes that docs/protocol.md shows are those of the vectors that it
// names, but for the middle of recipients. With -update they are put there.
func TestProtocolNotes(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```vector (\\S+) (\\S+)\n(.*?)```").FindAllStringSubmatch(read(t, protocol), -1)
	if len(blocks) < 8 {
		t.Errorf("only %d notes are shown", len(blocks))
	}
	update := flag.Lookup("update").Value.String() == "true"
	text := read(t, protocol)
	recipient := regexp.MustCompile("age1pq1[a-z0-9]+")
	for _, b := range blocks {
		form, name, section, shown := filepath.Dir(b[1]), filepath.Base(b[1]), b[2], b[3]
		path := filepath.Join("..", "..", "testdata", "vectors", form, name+".txtar")
		v, err := vector.Parse(name, []byte(read(t, path)))
		if err != nil {
			t.Fatal(err)
		}
		if v.Expect != vector.OK {
			t.Errorf("%s is refused, and shown as an example", b[1])
		}
		want := recipient.ReplaceAllString(string(v.Bytes(section)), "age1pq1…")
		if update {
			text = strings.Replace(text, b[0], strings.Replace(b[0], shown, want, 1), 1)
		} else if diff := cmp.Diff(want, shown); diff != "" {
			t.Errorf("%s, %s (-vector +docs)\n%s", b[1], section, diff)
		}
	}
	if !update {
		return
	}
	if err := os.WriteFile(protocol, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestProtocolFences: a form stands in a fence, where TestProtocolNotes compares it, or it is
// one that no vector has.
func TestProtocolFences(t *testing.T) {
	fenced := false
	for i, line := range strings.Split(read(t, protocol), "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			if fenced && line != "```" {
				t.Fatalf("line %d: a fence begins inside another", i+1)
			}
			fenced = !fenced
		case !fenced && strings.HasPrefix(line, "varco/v1 "):
			t.Errorf("line %d: %q stands outside of a fence", i+1, line)
		}
	}
	if fenced {
		t.Error("the last fence does not end")
	}
}

// TestProtocolClasses: docs/protocol.md explains every class of refusal, and no other.
func TestProtocolClasses(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^\tClass\w+\s+Class = "([a-z]+)"`).FindAllStringSubmatch(read(t, "../fault/fault.go"), -1)
	_, section, ok := strings.Cut(read(t, protocol), "\n## Classes of refusal\n")
	if !ok || len(declared) == 0 {
		t.Fatal("no section or no class was found")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	explained := regexp.MustCompile("(?m)^\\| `([a-z]+)` \\|").FindAllStringSubmatch(section, -1)
	names := func(found [][]string) (all []string) {
		for _, f := range found {
			all = append(all, f[1])
		}
		return all
	}
	if diff := cmp.Diff(names(declared), names(explained)); diff != "" {
		t.Errorf("classes (-declared +explained)\n%s", diff)
	}
}
