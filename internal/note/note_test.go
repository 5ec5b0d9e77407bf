package note_test

import (
	"bytes"
	"strings"
	"testing"

	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/note/notetest"
)

const text = "varco/v1 example\nkey value\nother value\n"

func TestSignOpen(t *testing.T) {
	anna, bruna := newPerson("anna"), newPerson("bruna")
	for name, signers := range map[string][]person{"one": {anna}, "two": {anna, bruna}, "the other way round": {bruna, anna}} {
		t.Run(name, func(t *testing.T) {
			var sign []note.Signer
			var verify []note.Verifier
			for _, s := range signers {
				sign, verify = append(sign, s), append(verify, s.verifier)
			}
			msg := notetest.Sign(t, text, sign...)
			if got, err := note.Open(msg, verify...); err != nil || got != text {
				t.Errorf("opened %q, %v", got, err)
			}
			if got, err := note.Text(msg); err != nil || got != text {
				t.Errorf("the text is %q, %v", got, err)
			}
		})
	}
}

func TestCosign(t *testing.T) {
	anna, bruna := newPerson("anna"), newPerson("bruna")
	one := notetest.Sign(t, text, anna)
	two, err := note.Cosign(one, bruna)
	if err != nil {
		t.Fatal(err)
	}
	if want := notetest.Sign(t, text, anna, bruna); !bytes.Equal(two, want) {
		t.Errorf("got\n%s\nwant\n%s", two, want)
	}
	if note.Sum(one) == note.Sum(two) {
		t.Error("a note and its cosigned form have one hash")
	}
	if _, err := note.Cosign(two, anna); fault.ClassOf(err) != fault.ClassDuplicate {
		t.Errorf("signing twice: %v", err)
	}
	if _, err := note.Cosign(two[:len(two)-1], newPerson("carla")); fault.ClassOf(err) != fault.ClassSignature {
		t.Errorf("cosigning what is no note: %v", err)
	}
}

// TestSignRefuses: nothing is signed that Open would refuse.
func TestSignRefuses(t *testing.T) {
	anna := newPerson("anna")
	for name, test := range map[string]struct {
		text    string
		signers []note.Signer
		want    fault.Class
	}{
		"no signer":         {text, nil, fault.ClassSignature},
		"one signer twice":  {text, []note.Signer{anna, anna}, fault.ClassSignature},
		"five signers":      {text, crowd(5), fault.ClassSignature},
		"name not ASCII":    {text, []note.Signer{newPerson("ànna")}, fault.ClassSignature},
		"too large":         {large(note.MaxBytes), []note.Signer{anna}, fault.ClassSize},
		"empty":             {"", []note.Signer{anna}, fault.ClassForm},
		"only a line end":   {"\n", []note.Signer{anna}, fault.ClassForm},
		"no last line end":  {"a", []note.Signer{anna}, fault.ClassForm},
		"empty line":        {"a\n\nb\n", []note.Signer{anna}, fault.ClassForm},
		"empty first line":  {"\na\n", []note.Signer{anna}, fault.ClassForm},
		"empty last line":   {"a\n\n", []note.Signer{anna}, fault.ClassForm},
		"carriage return":   {"a\r\n", []note.Signer{anna}, fault.ClassForm},
		"tab":               {"a\tb\n", []note.Signer{anna}, fault.ClassForm},
		"delete":            {"a\x7f\n", []note.Signer{anna}, fault.ClassForm},
		"nothing printable": {"a\x00\n", []note.Signer{anna}, fault.ClassForm},
		"not ASCII":         {"è\n", []note.Signer{anna}, fault.ClassForm},
		"not UTF-8":         {"\xff\n", []note.Signer{anna}, fault.ClassForm},
	} {
		t.Run(name, func(t *testing.T) {
			if msg, err := note.Sign(test.text, test.signers...); fault.ClassOf(err) != test.want || msg != nil {
				t.Errorf("got %d bytes, %v, want class %s", len(msg), err, test.want)
			}
		})
	}
	// A name with a space or a "+" is a mistake of the program: no form has one.
	if _, err := note.Sign(text, newPerson("an na")); fault.KindOf(err) != fault.Internal {
		t.Errorf("a name with a space: %v", err)
	}
}

func crowd(n int) []note.Signer {
	var all []note.Signer
	for _, p := range crowdOf(n) {
		all = append(all, p)
	}
	return all
}

// large returns a text that, signed by anna, makes a note of size bytes and a line.
func large(size int) string {
	return "varco/v1 example\nkey " + strings.Repeat("v", size) + "\n"
}

// TestLargest: the limit is on the whole note and is itself allowed.
func TestLargest(t *testing.T) {
	anna := newPerson("anna")
	frame := len(notetest.Sign(t, large(1), anna)) - 1
	msg := notetest.Sign(t, large(note.MaxBytes-frame), anna)
	if _, err := note.Open(msg, anna.verifier); err != nil || len(msg) != note.MaxBytes {
		t.Errorf("%d bytes: %v", len(msg), err)
	}
	if _, err := note.Sign(large(note.MaxBytes-frame+1), anna); fault.ClassOf(err) != fault.ClassSize {
		t.Errorf("one byte more: %v", err)
	}
}

// TestTextBelievesNobody: Text returns the text of a note whose signature is false, but of
// none that is not in its one spelling.
func TestTextBelievesNobody(t *testing.T) {
	msg := bytes.Replace(notetest.Sign(t, text, newPerson("anna")), []byte("other"), []byte("outer"), 1)
	if got, err := note.Text(msg); err != nil || !strings.Contains(got, "outer") {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := note.Text([]byte(text)); fault.ClassOf(err) != fault.ClassSignature {
		t.Errorf("an unsigned text: %v", err)
	}
}

// TestEveryChangedByte: no byte of a note can be changed, dropped or doubled.
func TestEveryChangedByte(t *testing.T) {
	anna := newPerson("anna")
	msg := notetest.Sign(t, text, anna)
	for i := range msg {
		for name, changed := range map[string][]byte{
			"changed": append(append(bytes.Clone(msg[:i]), msg[i]^1), msg[i+1:]...),
			"dropped": append(bytes.Clone(msg[:i]), msg[i+1:]...),
			"doubled": append(append(bytes.Clone(msg[:i]), msg[i]), msg[i:]...),
			"cut":     msg[:i],
		} {
			if _, err := note.Open(changed, anna.verifier); fault.ClassOf(err) == "" {
				t.Errorf("byte %d %s: %v", i, name, err)
			}
		}
	}
}

// FuzzText: what is accepted is its text, an empty line, and signature lines in one spelling.
func FuzzText(f *testing.F) {
	notetest.Seed(f, "note", "note")
	f.Fuzz(func(t *testing.T, msg []byte) {
		text, err := note.Text(msg)
		if err != nil {
			if fault.ClassOf(err) == "" {
				t.Fatalf("an error without class: %v", err)
			}
			return
		}
		signatures, ok := strings.CutPrefix(string(msg), text+"\n")
		if !ok || signatures == "" || strings.Contains(text, "\n\n") {
			t.Fatalf("the text of %q is %q", msg, text)
		}
		for line := range strings.Lines(signatures) {
			checkSignatureLine(t, line)
		}
	})
}

// FuzzOpen: what is accepted is exactly what the signer prints.
func FuzzOpen(f *testing.F) {
	anna := newPerson("anna")
	notetest.Seed(f, "note", "note")
	f.Add(notetest.Sign(f, text, anna))
	f.Fuzz(func(t *testing.T, msg []byte) {
		text, err := note.Open(msg, anna.verifier)
		if err != nil {
			return
		}
		if want := notetest.Sign(t, text, anna); !bytes.Equal(msg, want) {
			t.Fatalf("accepted\n%q\nfor\n%q", msg, want)
		}
	})
}

// FuzzSign: any text is refused, or signed so that Open returns it.
func FuzzSign(f *testing.F) {
	anna := newPerson("anna")
	f.Add(text)
	f.Add("a\n— anna AAAA\n")
	f.Fuzz(func(t *testing.T, text string) {
		msg, err := note.Sign(text, anna)
		if err != nil {
			return
		}
		if got, err := note.Open(msg, anna.verifier); err != nil || got != text {
			t.Fatalf("signed %q and opened %q, %v", text, got, err)
		}
	})
}

// A hash has one spelling.
func FuzzParseHash(f *testing.F) {
	f.Add(note.Sum(nil).String())
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := note.ParseHash(s)
		if err != nil && fault.ClassOf(err) != fault.ClassForm {
			t.Fatalf("refused %q: %v", s, err)
		}
		if err == nil && h.String() != s {
			t.Fatalf("%q was read as %s", s, h)
		}
	})
}
