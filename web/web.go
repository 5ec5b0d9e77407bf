// Package web holds the page as it was built from src, embedded: the files that a browser gets.
//
// It serves nothing (internal/httpapi does) and builds nothing (make web does). What is built
// is not kept with the source: a program that was compiled without make web before it holds no
// page, and Built says so.
package web

import (
	"embed"
	"io/fs"
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
