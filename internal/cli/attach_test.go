package cli_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// A file goes to the office and back, by the command line, and comes as it was.
func TestAttach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder := t.TempDir()
	content := bytes.Repeat([]byte("pagina "), 1_000_000)
	first, second := filepath.Join(folder, "domanda di congedo.pdf"), filepath.Join(folder, ".nascosto")
	for path, b := range map[string][]byte{first: content, second: []byte("ciao")} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code := regexp.MustCompile(`t-[a-z0-9-]{19}`).FindString(w.does(alba, "case open --office Levante --topic RDL-01 --colleague Bruna --yes",
		"--text", "Buongiorno.", "--attach", first).ends(0).out)
	w.does(alba, "thread attach "+code, second).ends(0).says("Registrato")
	w.does(bruna, "thread read "+code).ends(0).says("Allegato 0.1: domanda di congedo.pdf (7,0 MB)", "Allegato 1.1: nascosto (4 byte)")

	out := filepath.Join(folder, "copia.pdf")
	w.does(bruna, "thread fetch "+code+" 0.1 --out", out).ends(0).says("Scaricato in " + out)
	if got, err := os.ReadFile(out); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	w.does(bruna, "thread fetch "+code+" 0.1 --out", out).ends(1)
	for _, number := range []string{"0.2", "0.0", "2.1", "9.9"} {
		w.does(bruna, "thread fetch "+code+" --out "+filepath.Join(folder, "x"), number).ends(1)
	}
	w.does(bruna, "thread fetch "+code+" uno").ends(2)
	w.does(alba, "thread post "+code+" --text ciao --yes", "--attach", folder).ends(1)
	w.does(alba, "thread post "+code+" --text ciao --yes", "--attach", filepath.Join(folder, "none")).ends(1)

	// A service that swaps it is found out, and nothing is left of what it has sent.
	evil := filepath.Join(folder, "evil")
	if err := os.Mkdir(evil, 0o700); err != nil {
		t.Fatal(err)
	}
	w.Wire(bruna).Tamper = func(_, _ string, status int, answer io.ReadCloser) (int, io.ReadCloser) {
		whole, err := io.ReadAll(answer)
		if err != nil {
			t.Error(err)
		}
		if len(whole) > 5_000_000 {
			whole[5_000_000] ^= 1
		}
		return status, io.NopCloser(bytes.NewReader(whole))
	}
	w.does(bruna, "thread fetch "+code+" 0.1 --out", filepath.Join(evil, "a.pdf")).ends(3)
	if left, err := os.ReadDir(evil); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
