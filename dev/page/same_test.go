package main_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const web = "../../web"

// TestSameBytes builds the page again, in another folder, and finds the bytes that make web has
// built: so anybody can compare what a service serves with its source.
func TestSameBytes(t *testing.T) {
	copied := filepath.Join(t.TempDir(), "elsewhere")
	copyTracked(t, web, copied)
	// The page is made of the questionnaire too, which it finds beside its own folder.
	copyTracked(t, "../../policies/questionnaire", filepath.Join(filepath.Dir(copied), "policies", "questionnaire"))
	modules, err := filepath.Abs(filepath.Join(web, "node_modules"))
	must(t, err)
	must(t, os.Symlink(modules, filepath.Join(copied, "node_modules")))
	command(t, nil, "../core", filepath.Join(copied, "out", "core.wasm"))
	command(t, []string{"QUICK=1"}, "node", filepath.Join(copied, "build.mjs"))
	if diff := cmp.Diff(files(t, filepath.Join(web, "dist")), files(t, filepath.Join(copied, "dist"))); diff != "" {
		t.Errorf("built again (-before +now); was make web run after the last change?\n%s", diff)
	}
}

// copyTracked copies a folder as git knows it, with what is new and not ignored.
func copyTracked(t *testing.T, from, to string) {
	t.Helper()
	source, err := exec.CommandContext(t.Context(), "git", "-C", from, "ls-files", "--cached", "--others", "--exclude-standard").Output()
	must(t, err)
	for name := range strings.Lines(string(source)) {
		name = strings.TrimSpace(name)
		text, err := os.ReadFile(filepath.Join(from, name))
		must(t, err)
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o700))
		must(t, os.WriteFile(filepath.Join(to, name), text, 0o600))
	}
}

// files are the hashes of a built page, by name, without the compressed forms.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".br") || strings.HasSuffix(path, ".gz") {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path) // path is below folder
		all[name] = fmt.Sprintf("%x", sha256.Sum256(text))
		return err
	}))
	return all
}

func command(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), name, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("running %s: %v\n%s", name, err, out)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
