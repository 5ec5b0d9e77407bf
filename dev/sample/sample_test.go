package sample_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/dev/sample"
	"varco/internal/act"
	"varco/internal/network"
)

// TestPeople sees that the people are those whom the network file invites, and that every
// organisation can work.
func TestPeople(t *testing.T) {
	people, err := sample.People()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("network.toml")
	if err != nil {
		t.Fatal(err)
	}
	file, err := network.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(file.Invitations) != len(people)+2 { // the newcomers have one too
		t.Errorf("%d invitations for %d people", len(file.Invitations), len(people))
	}
	seen := map[string]bool{}
	got := map[string][]act.Role{}
	for _, p := range people {
		got[p.Place] = append(got[p.Place], p.Roles...)
		for _, own := range []string{p.Handle, p.Name, p.Label, string(p.ID)} {
			if seen[own] {
				t.Errorf("two people have %q", own)
			}
			seen[own] = true
		}
		if designated := p.Act != ""; designated != (p.Roles[0] == act.Officer) {
			t.Errorf("%s, %s, is designated by the act %q", p.Handle, p.Roles[0], p.Act)
		}
		if steward := p.Roles[0] != act.Operator && p.Roles[0] != act.Officer; p.Steward() != steward {
			t.Errorf("%s is steward: %t", p.Handle, p.Steward())
		}
	}
	want := map[string][]act.Role{
		"Centro antiviolenza Alba":        {act.Operator, act.Operator, act.Coordinator, act.Operator},
		"Centro antiviolenza Mimosa":      {act.Coordinator, act.Operator, act.Operator},
		"INPS, sede di Valdoria":          {act.Manager, act.Officer, act.Officer},
		"INPS, sede di Ombrena":           {act.Manager, act.Officer, act.Officer},
		"Comune di Valdoria":              {act.Partner},
		"Comitato di garanzia della rete": {act.Auditor},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("who works where (-want +got):\n%s", diff)
	}
}

// TestRaiseFails sees that nothing is left of a network that could not be raised.
func TestRaiseFails(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		want error
	}{
		"without programs": {t.Context(), os.ErrNotExist},
		"interrupted":      {interrupted, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "network")
			n, err := sample.Raise(c.ctx, sample.Options{Dir: dir, Programs: t.TempDir()})
			if n != nil || !errors.Is(err, c.want) {
				t.Errorf("Raise = %v, %v, want %v", n, err, c.want)
			}
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the folder is still there: %v", err)
			}
		})
	}
}
