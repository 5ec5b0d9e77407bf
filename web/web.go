// Package web holds the page as it was built from src, embedded: the files that a browser gets.
//
// It serves nothing (internal/httpapi does) and builds nothing (make web does). What is built
// is not kept with the source: a program that was compiled without make web before it holds no
// page, and Built says so.
package web

import (
	"crypto/sha256"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed all:dist
var dist embed.FS

// Index is the page itself; every other file is named in it or by what it names.
const Index = "index.html"

// Files are the built files: Index, those in the root that have fixed names, and in assets
// those whose names hold a hash of what they hold. Beside a file that is worth it lie the same
// bytes compressed, with ".br" and ".gz" after its name.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("internal error: the folder of the page has no valid name: " + err.Error())
	}
	return files
}

// Built reports whether the page was built before this program was compiled.
func Built() bool {
	_, err := fs.Stat(Files(), Index)
	return err == nil
}

// Hashes lists what a browser gets: a line for each file, its SHA-256 in hexadecimal, two spaces
// and its name, sorted by name, as sha256sum prints and checks them. Whoever builds the same
// source gets the same lines. It is "" when there is no page.
func Hashes() string { return hashes() }

// Once, and without copies: the client core alone is as large as all else that the service holds in memory.
var hashes = sync.OnceValue(func() string {
	if !Built() {
		return ""
	}
	var list strings.Builder
	sum := sha256.New()
	err := fs.WalkDir(Files(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") || path.Ext(name) == ".br" || path.Ext(name) == ".gz" {
			return err
		}
		file, err := Files().Open(name)
		if err != nil {
			return err
		}
		sum.Reset()
		_, err = io.Copy(sum, file)
		fmt.Fprintf(&list, "%x  %s\n", sum.Sum(nil), name)
		return errors.Join(err, file.Close())
	})
	if err != nil {
		panic("internal error: an embedded file can't be read: " + err.Error())
	}
	return list.String()
})
