package main

import (
	"crypto/rand"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"varco/dev/sample"
	"varco/internal/keyring"
)

// network is the sample network without anything running.
func network(t *testing.T) *sample.Network {
	t.Helper()
	people, err := sample.People()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	// With a quote, which the scripts must survive.
	n := &sample.Network{Dir: dir, Programs: filepath.Join(dir, "anna's bin"), Service: "http://localhost:1", Provider: "http://127.0.0.1:2"}
	for _, p := range people {
		phrase, err := keyring.NewPhrase(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		n.People = append(n.People, &sample.Resident{Person: p, Home: filepath.Join(dir, "people", p.Handle), Phrase: phrase})
	}
	return n
}

func TestWelcome(t *testing.T) {
	n := network(t)
	var out strings.Builder
	if err := welcome(&out, n); err != nil {
		t.Fatal(err)
	}
	want := []string{n.Service, n.Provider, n.Dir}
	for _, r := range n.People {
		want = append(want, r.Handle, r.Label, r.Place, r.Phrase.Reveal())
	}
	for _, text := range want {
		if !strings.Contains(out.String(), text) {
			t.Errorf("it does not say %q", text)
		}
	}
}

func TestScriptsMakeATerminalHers(t *testing.T) {
	n := network(t)
	if err := writeScripts(n); err != nil {
		t.Fatal(err)
	}
	for _, r := range n.People {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", `. "$0" && echo "$VARCO_HOME $VARCO_DEV_ACCOUNT" && echo "$PATH"`, as(n, r.Handle))
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if want := r.Home + " " + r.Handle + "\n" + n.Programs + ":"; !strings.HasPrefix(string(out), want) {
			t.Errorf("%s's terminal is %q, want %q…", r.Handle, out, want)
		}
	}
}
