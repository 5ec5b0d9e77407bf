package house_test

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"varco/dev/house"
)

const root = "../.."

// files lists the tree. It also reads every folder itself, because the go command keeps
// the result of a test until something changes that the test has read, and can't see what
// git has read: a new file must not be missed.
func files(t *testing.T) []string {
	t.Helper()
	files, err := house.Files(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, name := range files {
		for dir := path.Dir(name); !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			if _, err := os.ReadDir(filepath.Join(root, dir)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return files
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func readPlan(t *testing.T) *house.Plan {
	t.Helper()
	p, err := house.ReadPlan(string(read(t, "docs/house.md")))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func report(t *testing.T, broken []string) {
	t.Helper()
	for _, line := range broken {
		t.Error(line)
	}
}

func TestFloorsAndGates(t *testing.T) {
	imports, err := house.ReadImports(root, files(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := imports["internal/ids"]; !ok {
		t.Fatalf("the packages were not found: %v", imports)
	}
	report(t, readPlan(t).Check(imports))
}

func TestLinks(t *testing.T) {
	p := readPlan(t)
	for _, rule := range p.Links {
		t.Run(rule.Program, func(t *testing.T) {
			linked, err := house.Linked(t.Context(), root, rule)
			if err != nil {
				t.Fatal(err)
			}
			for _, pkg := range p.Forbidden(rule, linked) {
				t.Errorf("%s links %s", rule.Program, pkg)
			}
		})
	}
}

// TestModule sees that folders are named as the plan names them.
func TestModule(t *testing.T) {
	if !strings.HasPrefix(string(read(t, "go.mod")), "module "+house.Module+"\n") {
		t.Errorf("go.mod is not of the module %s", house.Module)
	}
}

func TestTreeHasStyle(t *testing.T) {
	for _, name := range files(t) {
		report(t, house.Style(name, read(t, name)))
	}
}

func TestTreeHoldsNoPrivateKey(t *testing.T) {
	for _, name := range files(t) {
		report(t, house.PrivateKeys(name, read(t, name)))
	}
}
