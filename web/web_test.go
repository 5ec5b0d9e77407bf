package web_test

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"varco/web"
)

// With or without a page, the folder is there: a fresh clone compiles.
func TestFiles(t *testing.T) {
	if _, err := fs.ReadDir(web.Files(), "."); err != nil {
		t.Fatal(err)
	}
	_, err := fs.Stat(web.Files(), web.Index)
	if web.Built() != (err == nil) {
		t.Errorf("built is %v, and looking for the page gives %v", web.Built(), err)
	}
}

// What is said of the page is said of each of its files, and of what a browser gets.
func TestHashes(t *testing.T) {
	list := web.Hashes()
	if (list != "") != web.Built() {
		t.Fatalf("built is %v, and the list is %q", web.Built(), list)
	}
	for line := range strings.Lines(list) {
		hash, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		b, err := fs.ReadFile(web.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != hash {
			t.Errorf("%s is %s, and the list says %s", name, got, hash)
		}
	}
	if web.Built() && !strings.Contains(list, "  "+web.Index+"\n") {
		t.Error("the page itself is not in the list")
	}
}
