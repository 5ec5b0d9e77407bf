package cli_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What was exported is opened by stock age, with nothing of Varco.
func TestExport(t *testing.T) {
	w := newWorld(t)
	thread := string(w.opened())
	file := filepath.Join(t.TempDir(), "attestazione.txt")
	if err := os.WriteFile(file, []byte("Si attesta che."), 0o600); err != nil {
		t.Fatal(err)
	}
	w.does(alba, "thread attach "+thread+" "+file).ends(0)
	to := filepath.Join(t.TempDir(), "conversazione")
	w.does(alba, "thread export "+thread+" --to "+to).ends(0).says("Salvata in", "2 voci")
	w.does(alba, "thread export "+thread+" --to "+to).ends(1).says("c'è già")
	w.does(dina, "thread export "+thread+" --to "+to+"2").ends(1).says(nothing)

	age := buildAge(t)
	index := string(readFile(t, filepath.Join(to, "indice.txt")))
	if !strings.Contains(index, "entries/0000.age, si apre con epochs/0001.key") || strings.Contains(index, question) ||
		!strings.Contains(index, "per questa conversazione non l'ha ancora fatto") {
		t.Errorf("the index is\n%s", index)
	}
	if got := opened(t, age, to, "entries/0000.age", "epochs/0001.key"); !bytes.Contains(got, []byte(question)) {
		t.Errorf("the first body is %q", got)
	}
	sealed := glob(t, to, "attachments/*.age")
	if got := opened(t, age, to, sealed, strings.TrimSuffix(sealed, ".age")+".key"); string(got) != "Si attesta che." {
		t.Errorf("the attachment is %q", got)
	}
	if header := string(readFile(t, filepath.Join(to, "entries/0001.txt"))); !strings.HasPrefix(header, "varco/v1 entry\n") ||
		!strings.Contains(header, "varco/v1 receipt\n") {
		t.Errorf("the header and the receipt are\n%s", header)
	}
	if len(readFile(t, filepath.Join(to, "LEGGIMI.txt"))) == 0 || glob(t, to, "cards/*.txt") == "" {
		t.Error("how to open it, or the cards, are missing")
	}
}

// buildAge builds the stock program, of the version that the tools name.
func buildAge(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "age")
	build := exec.CommandContext(t.Context(), "go", "-C", "../../dev/tools/age", "build", "-o", program, "filippo.io/age/cmd/age")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building age: %v\n%s", err, out)
	}
	return program
}

// opened is what a file holds once age has opened it and the padding is off.
func opened(t *testing.T, age, folder, sealed, key string) []byte {
	t.Helper()
	plain, err := exec.CommandContext(t.Context(), age, "-d", "-i", filepath.Join(folder, key), filepath.Join(folder, sealed)).Output()
	if err != nil || len(plain) < 8 {
		t.Fatalf("opening %s: %v", sealed, err)
	}
	size := binary.BigEndian.Uint64(plain)
	return plain[8 : 8+size]
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func glob(t *testing.T, folder, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(found) != 1 && pattern != "cards/*.txt" || len(found) == 0 {
		t.Fatalf("%s: %v, %v", pattern, found, err)
	}
	name, err := filepath.Rel(folder, found[0])
	if err != nil {
		t.Fatal(err)
	}
	return name
}
