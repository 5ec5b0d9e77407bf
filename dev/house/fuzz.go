package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// parses is how functions begin that read what came from outside.
var parses = regexp.MustCompile(`^(Parse|Read|Open|Check|Load|Decode|Unpad|Unpack|Verify)([A-Z]|$)`)

// outside are the types in which it comes.
var outside = []string{"[]byte", "string", "secret.String", "io.Reader", "fs.FS"}

// Unfuzzed returns the exported functions that read bytes from outside and that no fuzz target
// of their own package calls, one line each. Left out are packages for tests, whose names end
// so, those of dev, which read this tree, and methods: what unmarshals by itself calls the
// parser of its form.
func Unfuzzed(root string, files []string) ([]string, error) {
	parsers, fuzzed := []string{}, map[string]bool{}
	for _, name := range files {
		pkg := path.Dir(name)
		if !strings.HasSuffix(name, ".go") || strings.Contains(name, "testdata/") || strings.HasSuffix(pkg, "test") ||
			strings.HasPrefix(pkg, "dev/") || elsewhere(pkg, files) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parsing functions: %w", err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			switch {
			case !ok || f.Recv != nil:
			case !strings.HasSuffix(name, "_test.go"):
				if parses.MatchString(f.Name.Name) && takesOutside(f) {
					parsers = append(parsers, pkg+"."+f.Name.Name)
				}
			case strings.HasPrefix(f.Name.Name, "Fuzz"):
				ast.Inspect(f, func(n ast.Node) bool {
					if used, ok := n.(*ast.SelectorExpr); ok {
						fuzzed[pkg+"."+used.Sel.Name] = true
					}
					return true
				})
			}
		}
	}
	slices.Sort(parsers)
	return slices.DeleteFunc(parsers, func(p string) bool { return fuzzed[p] }), nil
}

// takesOutside reports whether a parameter of f has one of the types.
func takesOutside(f *ast.FuncDecl) bool {
	return slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool {
		switch t := p.Type.(type) {
		case *ast.Ident:
			return slices.Contains(outside, t.Name)
		case *ast.SelectorExpr:
			from, ok := t.X.(*ast.Ident)
			return ok && slices.Contains(outside, from.Name+"."+t.Sel.Name)
		case *ast.ArrayType:
			of, ok := t.Elt.(*ast.Ident)
			return ok && slices.Contains(outside, "[]"+of.Name)
		}
		return false
	})
}
