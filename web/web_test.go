package web_test

import (
	"io/fs"
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
