package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/dev/liar"
	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/varcotest"
)

// TestLiesOverHTTP has the command line ask through a proxy that lies, with its own transport: each
// command fails, her folder is what it was before to the byte, and what she wanted to fetch is not
// there. Then the proxy is honest, and the same command does it.
func TestLiesOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.SignRoster(ines, func(*client.RosterDraft) { w.Clock.Advance(time.Minute) })
	code := string(w.opened())
	file := filepath.Join(t.TempDir(), "domanda.pdf")
	if err := os.WriteFile(file, make([]byte, 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	w.does(franca, "thread read "+code+" --reason new").ends(0)
	w.does(alba, "thread attach "+code, file).ends(0)
	w.does(alba, "thread post "+code+" --yes --text Grazie.").ends(0) // what is dropped before it is missed
	proxy, err := liar.New(w.Listen())
	if err != nil {
		t.Fatal(err)
	}
	w.over = reach.New(varcotest.Serve(t, proxy))
	out := filepath.Join(t.TempDir(), "copia.pdf")
	w.does(bruna, "thread read "+code).ends(0) // and remembers

	lines := map[string]string{
		"/v1/directory": "case open --office levante --topic rdl-01 --colleague Alba --holder Franca --substitute Gino --yes --text Buongiorno.",
		"/readings":     "thread read " + code,
		"/v1/entries":   "thread post " + code + " --yes --text Ancora.",
		"/v1/blobs/":    "thread fetch " + code + " 1.1 --out " + out,
	}
	home := filepath.Join(w.homes, bruna)
	for _, l := range liar.Lies {
		t.Run(l.Name, func(t *testing.T) {
			before := files(t, home)
			proxy.Tell(l)
			s := w.does(bruna, lines[l.Suffix])
			if s.exit == 0 || proxy.Told() == 0 {
				t.Errorf("%s ended with %d, and the lie was told %d times\n%s", s.line, s.exit, proxy.Told(), s.out)
			}
			for _, request := range proxy.Followed() { // where the lie is that another was first, the same again
				if l.Kind != fault.Conflict || request != "POST /v1/entries" {
					t.Errorf("after the lie came %s", request)
				}
			}
			if diff := cmp.Diff(before, files(t, home)); diff != "" {
				t.Errorf("of the lie something is kept (-before +after):\n%s", diff)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("what came spoiled is there")
			}
			proxy.Tell(liar.Honest)
			w.does(bruna, lines[l.Suffix]).ends(0)
			_ = os.Remove(out) // where there is one
		})
	}
}

// files is what is in the files of a folder.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
