package sample

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
)

// programs are what a network needs: the service, the command line, the verifier, and a browser
// without a screen.
var programs = []string{"varco/cmd/varcod", "varco/cmd/varco", "varco/cmd/varco-verify", "varco/dev/browser"}

// Build builds programs of this source tree into a folder.
//
// Before that it looks at the whole tree. The go command keeps a test's result until something changes
// that the test was linked with or has looked at, and what it starts is neither.
func Build(ctx context.Context, folder string, programs ...string) error {
	root, err := output(ctx, "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	err = filepath.WalkDir(strings.TrimSpace(root), func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "bin" || entry.Name() == "node_modules") {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		return err
	}
	_, err = output(ctx, "go", append([]string{"build", "-o", folder + string(filepath.Separator)}, programs...)...)
	return err
}
