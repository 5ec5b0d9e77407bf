package act_test

import (
	"os"
	"strings"
	"testing"

	"varco/internal/act"
)

// What is recorded of each act, and when, stands in the protocol's table.
func TestActsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), "| act | when | further lines |\n")
	table, _, ended := strings.Cut(table, "\n\n")
	if !found || !ended {
		t.Fatal("docs/protocol.md has no table of what is recorded")
	}
	first := ""
	for line := range strings.Lines(table) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " |")
		first += cell + "\n"
	}
	for _, a := range act.Acts {
		if strings.Count(first, "`"+string(a)+"`") != 1 {
			t.Errorf("the act %s is not once in the table of docs/protocol.md", a)
		}
	}
}
