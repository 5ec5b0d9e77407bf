package keyring_test

import (
	"fmt"
	"strings"
	"testing"

	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/secret"
)

var rootWork = keyring.Work{Seal: 2, Min: 2, Max: 4}

func halves(first, second string) keyring.Halves {
	return keyring.Halves{secret.NewString(first), secret.NewString(second)}
}

const (
	oneHalf   = "abaco abbaglio abbinato abete abisso abolire"
	otherHalf = "abrasivo abrogato accadere accenno accusato acetone"
)

func TestRoot(t *testing.T) {
	root, err := keyring.NewRoot("root.example")
	if err != nil {
		t.Fatal(err)
	}
	file, err := keyring.SealRoot(root, halves(oneHalf, otherHalf), rootWork)
	if err != nil {
		t.Fatal(err)
	}
	again, err := keyring.OpenRoot(file, halves(strings.ToUpper(oneHalf), strings.ReplaceAll(otherHalf, " ", "-")), rootWork)
	if err != nil {
		t.Fatal(err)
	}
	vkey, err := root.VerifierKey()
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := note.ParseVerifier(vkey)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(note.Print("example").String(), again.Signer())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, verifier); err != nil {
		t.Errorf("the opened root signs as another: %v", err)
	}
}

func TestOpenRootRefuses(t *testing.T) {
	root, err := keyring.NewRoot("root.example")
	if err != nil {
		t.Fatal(err)
	}
	file, err := keyring.SealRoot(root, halves(oneHalf, otherHalf), rootWork)
	if err != nil {
		t.Fatal(err)
	}
	changed := append([]byte{}, file...)
	changed[len(changed)-1] ^= 1
	for name, c := range map[string]struct {
		file   []byte
		halves keyring.Halves
		work   keyring.Work
		class  fault.Class
	}{
		"one half alone":  {file, halves(oneHalf, ""), rootWork, fault.ClassPhrase},
		"one half twice":  {file, halves(oneHalf, oneHalf), rootWork, fault.ClassPhrase},
		"the other order": {file, halves(otherHalf, oneHalf), rootWork, fault.ClassPhrase},
		"too little work": {file, halves(oneHalf, otherHalf), keyring.Work{Seal: 3, Min: 3, Max: 4}, fault.ClassLock},
		"changed":         {changed, halves(oneHalf, otherHalf), rootWork, fault.ClassLock},
		"not a file":      {[]byte("age"), halves(oneHalf, otherHalf), rootWork, fault.ClassLock},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := keyring.OpenRoot(c.file, c.halves, c.work); fault.ClassOf(err) != c.class {
				t.Errorf("OpenRoot = %v, want class %s", err, c.class)
			}
		})
	}
}

func TestRootNames(t *testing.T) {
	for _, name := range []string{"", "a b", "a+b", "a\nb", "è"} {
		if _, err := keyring.NewRoot(name); fault.KindOf(err) != fault.Invalid {
			t.Errorf("NewRoot(%q) = %v, want it refused", name, err)
		}
	}
}

func TestRootPrintsNothing(t *testing.T) {
	root, err := keyring.NewRoot("root.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if got := fmt.Sprintf(verb, root); got != "[secret]" {
			t.Errorf("%s prints %q", verb, got)
		}
		if got := fmt.Sprintf(verb, struct{ r keyring.Root }{root}); strings.Contains(got, "91 115") {
			t.Errorf("%s in a field prints %q", verb, got)
		}
	}
}

func FuzzOpenRoot(f *testing.F) {
	root, err := keyring.NewRoot("root.example")
	if err != nil {
		f.Fatal(err)
	}
	file, err := keyring.SealRoot(root, halves(oneHalf, otherHalf), rootWork)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Add(file[:len(file)/2])
	f.Add([]byte("age-encryption.org/v1\n"))
	f.Fuzz(func(t *testing.T, other []byte) {
		opened, err := keyring.OpenRoot(other, halves(oneHalf, otherHalf), rootWork)
		if err != nil {
			if class := fault.ClassOf(err); class != fault.ClassLock && class != fault.ClassPhrase {
				t.Errorf("OpenRoot = %v", err)
			}
			return
		}
		if _, err := opened.VerifierKey(); err != nil {
			t.Errorf("opened a root without a key: %v", err)
		}
	})
}
