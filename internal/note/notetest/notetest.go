// Package notetest runs the vectors of the forms that are signed notes, and changes the
// text of notes line by line to make what a form must refuse. It is for tests only.
package notetest

import (
	"bytes"
	"errors"
	"flag"
	"path/filepath"
	"testing"

	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/vector"
)

var update = flag.Bool("update", false, "write the vectors anew")

// folder of the vectors, from the folder of a package in internal.
func folder(form string) string { return filepath.Join("..", "..", "testdata", "vectors", form) }

// Run checks the vectors of a form: that read says of each what it expects, and that they
// are the ones that the form's test makes, byte for byte. With -update it first writes
// them anew.
func Run(t *testing.T, form string, made []*vector.Vector, read func(*vector.Vector) error) {
	t.Helper()
	if *update {
		if err := vector.Store(folder(form), made); err != nil {
			t.Fatal(err)
		}
	}
	kept := map[string]*vector.Vector{}
	for _, v := range load(t, form) {
		kept[v.Name] = v
		t.Run(v.Name, func(t *testing.T) {
			if got := Verdict(read(v)); got != v.Expect {
				t.Errorf("%s: got %s, want %s", v.Says, got, v.Expect)
			}
		})
	}
	for _, v := range made {
		if kept[v.Name] == nil || !bytes.Equal(kept[v.Name].Format(), v.Format()) {
			t.Errorf("the vector %s/%s is missing or not what its test makes: see -update", form, v.Name)
		}
		delete(kept, v.Name)
	}
	for name := range kept {
		t.Errorf("the vector %s/%s is made twice or by no test: see -update", form, name)
	}
}

// Seed adds one section of every vector of a form to the seeds of a fuzz test: the note
// that it is and the note's text alone.
func Seed(f *testing.F, form, section string) {
	f.Helper()
	for _, v := range load(f, form) {
		if b := v.Bytes(section); b != nil {
			text, _, _ := bytes.Cut(b, []byte("\n\n"))
			f.Add(b)
			f.Add(append(bytes.Clone(text), '\n'))
		}
	}
}

func load(t testing.TB, form string) []*vector.Vector {
	t.Helper()
	vectors, err := vector.Load(folder(form))
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}

// Verdict returns what a vector would expect of err: vector.OK, its class, or else the
// error's text, which no vector expects.
func Verdict(err error) string {
	class := fault.ClassOf(err)
	switch {
	case err == nil:
		return vector.OK
	case class != "":
		return string(class)
	default:
		return err.Error()
	}
}

// Broken says that a vector itself can't be read. It hides the class of err, which no
// vector may expect.
func Broken(v *vector.Vector, err error) error {
	return errors.New("reading the vector " + v.Name + ": " + err.Error())
}

// Text returns the text of a note that is known to be good.
func Text(t testing.TB, msg []byte) string {
	t.Helper()
	text, err := note.Text(msg)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Sign signs a text that is known to be good.
func Sign(t testing.TB, text string, signers ...note.Signer) []byte {
	t.Helper()
	msg, err := note.Sign(text, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return msg
}
