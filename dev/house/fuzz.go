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

// Unfuzzed returns the exported functions and methods that read bytes from outside and that no
// fuzz target of their own package calls, one line each. Of a method only the name is looked for,
// on anything that is no package. Left out are packages for tests, whose names end so, those of
// dev, which read this tree, and Read of an io.Reader.
func Unfuzzed(root string, files []string) ([]string, error) {
	parsers, fuzzed := []string{}, map[string]bool{} // by package, type of a method, and name
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
			case !ok:
			case !strings.HasSuffix(name, "_test.go"):
				if of, exported := receiver(f); exported && parses.MatchString(f.Name.Name) && takesOutside(f) &&
					(of == "" || f.Name.Name != "Read") {
					parsers = append(parsers, pkg+"."+of+f.Name.Name)
				}
			case f.Recv == nil && strings.HasPrefix(f.Name.Name, "Fuzz"):
				for _, called := range selected(f, file.Imports, pkg) {
					fuzzed[called] = true
				}
			}
		}
	}
	slices.Sort(parsers)
	return slices.DeleteFunc(parsers, func(p string) bool {
		pkg, name, _ := strings.Cut(p, ".")
		if _, method, ok := strings.Cut(name, "."); ok {
			name = "*." + method
		}
		return fuzzed[pkg+"."+name]
	}), nil
}

// receiver is the type whose method f is, with a dot after it, "" of a function; and whether somebody
// elsewhere can name it.
func receiver(f *ast.FuncDecl) (of string, exported bool) {
	if f.Recv == nil {
		return "", true
	}
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	name, ok := t.(*ast.Ident)
	if !ok {
		return "", false // of a generic type, which reads no bytes
	}
	return name.Name + ".", name.IsExported()
}

// selected lists what f calls of its package: functions as "internal/card.Parse", methods as
// "internal/card.*.Check".
func selected(f *ast.FuncDecl, imports []*ast.ImportSpec, pkg string) (all []string) {
	packages := map[string]string{}
	for _, i := range imports {
		from := strings.Trim(i.Path.Value, `"`)
		as := path.Base(from)
		if i.Name != nil {
			as = i.Name.Name
		}
		packages[as] = strings.TrimPrefix(from, "varco/")
	}
	ast.Inspect(f, func(n ast.Node) bool {
		used, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of := pkg + ".*"
		if x, ok := used.X.(*ast.Ident); ok && packages[x.Name] != "" {
			of = packages[x.Name]
		}
		all = append(all, of+"."+used.Sel.Name)
		return true
	})
	return all
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
