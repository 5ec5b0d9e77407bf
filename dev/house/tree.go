package house

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Module is the module's path, by which its packages import each other.
const Module = "varco"

// Files lists the files of the checkout at root that are or may be committed: those that
// git knows and those that it doesn't ignore. Paths have slashes and begin below root.
func Files(ctx context.Context, root string) ([]string, error) {
	out, err := command(ctx, root, nil, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard",
		"--deduplicate")
	if err != nil {
		return nil, err
	}
	var files []string
	for name := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		info, err := os.Lstat(filepath.Join(root, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed, and not committed yet
		}
		if err != nil {
			return nil, fmt.Errorf("listing files: %w", err)
		}
		if info.Mode().IsRegular() {
			files = append(files, name)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("listing files: none in %s", root)
	}
	return files, nil
}

// ReadImports parses the imports of the module's Go files, whatever system they are built
// for. Tests are left out, since they may import any floor, and so are other modules.
func ReadImports(root string, files []string) (Imports, error) {
	imports := Imports{}
	for _, name := range files {
		pkg := path.Dir(name)
		if !strings.HasSuffix(name, ".go") || strings.Contains(name, "testdata/") || elsewhere(pkg, files) {
			continue
		}
		if _, ok := imports[pkg]; !ok {
			imports[pkg] = nil
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			return nil, fmt.Errorf("parsing imports: %w", err)
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, fmt.Errorf("parsing imports of %s: %w", name, err)
			}
			if imported = folder(imported); !slices.Contains(imports[pkg], imported) {
				imports[pkg] = append(imports[pkg], imported)
			}
		}
	}
	return imports, nil
}

// Linked lists all packages in the program of a rule, as the go command would link it.
func Linked(ctx context.Context, root string, rule Link) ([]string, error) {
	var env []string
	if goos, goarch, ok := strings.Cut(rule.Target, "/"); ok {
		env = []string{"GOOS=" + goos, "GOARCH=" + goarch}
	}
	out, err := command(ctx, root, env, "go", "list", "-deps", "./"+rule.Program)
	if err != nil {
		return nil, err
	}
	linked := strings.Fields(out)
	for i := range linked {
		linked[i] = folder(linked[i])
	}
	return linked, nil
}

// elsewhere reports whether a folder belongs to another module than the root's.
func elsewhere(dir string, files []string) bool {
	for ; dir != "."; dir = path.Dir(dir) {
		if slices.Contains(files, dir+"/go.mod") {
			return true
		}
	}
	return false
}

// folder names a package of the module by its folder, any other by its import path.
func folder(imported string) string { return strings.TrimPrefix(imported, Module+"/") }

func command(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("running %s %s: %w: %s", name, args[0], err, exit.Stderr)
	}
	if err != nil {
		return "", fmt.Errorf("running %s %s: %w", name, args[0], err)
	}
	return string(out), nil
}
