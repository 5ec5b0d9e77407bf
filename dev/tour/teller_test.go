package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varco/dev/sample"
)

// newTestTeller tells to nobody, with a program that echoes its arguments and its input, and
// ends with the status 4.
func newTestTeller(t *testing.T) *teller {
	t.Helper()
	dir := t.TempDir()
	n := &sample.Network{Dir: dir, Programs: dir, Anchors: filepath.Join(dir, "anchors"),
		People: []*sample.Resident{{Person: sample.Person{Handle: "anna"}, Home: dir}}}
	for name, text := range map[string]string{"anchors": "", "phrase": "sei parole\n",
		"echo": "#!/bin/sh\necho '*** DIMOSTRAZIONE' >&2\necho \"$@\"; cat; [ $# -lt 2 ] || cat <&3; exit 4\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	told, err := newTeller(t.Context(), n, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return told
}

// TestBrokenPromises sees that the tour stops at whatever is not as it says.
func TestBrokenPromises(t *testing.T) {
	for name, c := range map[string]struct {
		tell func(*teller)
		want string // in the error, "" for none
	}{
		"as promised": {func(t *teller) {
			t.same([]string{"richiesta q-1", "richiesta q-2"})
			t.find(t.run("anna", command{line: "echo one", input: "two", phrase: true, exits: 4,
				says: []string{"one --phrase-fd 3", "two", "sei parole"}, sayNone: []string{"DIMOSTRAZIONE", "three"}}), `(one)`)
		}, ""},
		"status":     {func(t *teller) { t.run("anna", command{line: "echo"}) }, "ended with 4, not 0"},
		"unsaid":     {func(t *teller) { t.run("anna", command{line: "echo one", exits: 4, says: []string{"two"}}) }, `did not say "two"`},
		"said":       {func(t *teller) { t.run("anna", command{line: "echo one", exits: 4, sayNone: []string{"one"}}) }, `said "one"`},
		"no program": {func(t *teller) { t.run("anna", command{line: "none"}) }, "no such file"},
		"not found":  {func(t *teller) { t.find("one", "(two)") }, "nothing like"},
		"not same":   {func(t *teller) { t.same([]string{"one", "two"}) }, "different things"},
		"first": {func(t *teller) {
			t.find("one", "(two)")
			t.run("anna", command{line: "echo"})
		}, "nothing like"},
	} {
		t.Run(name, func(t *testing.T) {
			told := newTestTeller(t)
			c.tell(told)
			if (told.err == nil) != (c.want == "") || told.err != nil && !strings.Contains(told.err.Error(), c.want) {
				t.Errorf("got %v, want %q", told.err, c.want)
			}
		})
	}
}
