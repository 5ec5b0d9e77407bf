// Package vector reads and writes the test vectors in testdata/vectors: one file for each
// thing that a form accepts and for each attack that it must refuse.
//
// A vector is a txtar archive. Its first lines are "key: value", of which two are always
// there:
//
//	expect: ok            what the reader of the form must say: ok, or the fault's class
//	says: a grant …       what the vector shows, in plain words
//
// and the sections behind them are bytes in base64. What the other keys and sections mean
// belongs to the form, and so does the test that runs its vectors; with -update that test
// makes them anew. Sealing is random, so a file once made is kept.
//
// The package is for tests only. Vectors hold private keys, which are allowed under
// testdata and nowhere else; they protect nothing.
package vector

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

// OK is the expectation of a vector that must be accepted.
const OK = "ok"

// columns of a base64 line.
const columns = 76

// Vector is one test vector.
type Vector struct {
	Name   string // of its file, without ".txtar"
	Expect string // OK, or a fault.Class
	Says   string // what it shows

	keys     []string
	values   map[string]string
	sections []txtar.File // decoded
}

// New begins a vector.
func New(name, expect, says string) *Vector {
	return &Vector{Name: name, Expect: expect, Says: says, values: map[string]string{}}
}

// Set adds a line and returns v.
func (v *Vector) Set(key, value string) *Vector {
	if _, ok := v.values[key]; !ok {
		v.keys = append(v.keys, key)
	}
	v.values[key] = value
	return v
}

// Attach adds a section of bytes and returns v.
func (v *Vector) Attach(name string, data []byte) *Vector {
	v.sections = append(v.sections, txtar.File{Name: name, Data: data})
	return v
}

// Get returns the value of a line, "" when it is not there.
func (v *Vector) Get(key string) string { return v.values[key] }

// Bytes returns a section, nil when it is not there.
func (v *Vector) Bytes(name string) []byte {
	for _, s := range v.sections {
		if s.Name == name {
			return s.Data
		}
	}
	return nil
}

// Sections returns the names of the sections, in order.
func (v *Vector) Sections() []string {
	var names []string
	for _, s := range v.sections {
		names = append(names, s.Name)
	}
	return names
}

// Format prints the vector's file.
func (v *Vector) Format() []byte {
	var head strings.Builder
	fmt.Fprintf(&head, "expect: %s\nsays: %s\n", v.Expect, v.Says)
	for _, key := range v.keys {
		fmt.Fprintf(&head, "%s: %s\n", key, v.values[key])
	}
	a := txtar.Archive{Comment: []byte(head.String())}
	for _, s := range v.sections {
		a.Files = append(a.Files, txtar.File{Name: s.Name, Data: []byte(wrap(s.Data))})
	}
	return txtar.Format(&a)
}

func wrap(data []byte) string {
	var lines strings.Builder
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(data)), columns) {
		lines.Write(line)
		lines.WriteByte('\n')
	}
	return lines.String()
}

// Parse reads a vector's file. It refuses every spelling but the one of Format.
func Parse(name string, data []byte) (*Vector, error) {
	a := txtar.Parse(data)
	v := New(name, "", "")
	for line := range strings.SplitSeq(strings.TrimSuffix(string(a.Comment), "\n"), "\n") {
		key, value, ok := strings.Cut(line, ": ")
		switch {
		case !ok:
			return nil, fmt.Errorf("reading the vector %s: no line of a vector: %q", name, line)
		case key == "expect":
			v.Expect = value
		case key == "says":
			v.Says = value
		default:
			v.Set(key, value)
		}
	}
	for _, f := range a.Files {
		raw, err := base64.StdEncoding.Strict().DecodeString(string(f.Data))
		if err != nil {
			return nil, fmt.Errorf("reading the vector %s: section %s: %w", name, f.Name, err)
		}
		v.Attach(f.Name, raw)
	}
	if string(v.Format()) != string(data) {
		return nil, fmt.Errorf("reading the vector %s: not its one spelling", name)
	}
	return v, nil
}

// Load reads the vectors of a folder, in order of name. A folder without any is an error,
// so that no test passes because it found nothing to run.
func Load(folder string) ([]*Vector, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil {
		return nil, fmt.Errorf("listing vectors: %w", err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("listing vectors: none in %s", folder)
	}
	var vectors []*Vector
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("reading a vector: %w", err)
		}
		v, err := Parse(strings.TrimSuffix(filepath.Base(path), ".txtar"), data)
		if err != nil {
			return nil, err
		}
		vectors = append(vectors, v)
	}
	return vectors, nil
}

// Store replaces the vectors of a folder.
func Store(folder string, vectors []*Vector) error {
	old, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil {
		return fmt.Errorf("listing vectors: %w", err)
	}
	for _, path := range old {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("removing a vector: %w", err)
		}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("making the folder of vectors: %w", err)
	}
	for _, v := range vectors {
		if err := os.WriteFile(filepath.Join(folder, v.Name+".txtar"), v.Format(), 0o644); err != nil {
			return fmt.Errorf("writing a vector: %w", err)
		}
	}
	return nil
}
