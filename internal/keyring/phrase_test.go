package keyring_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/words"
)

func TestNewPhrase(t *testing.T) {
	seen := map[string]bool{}
	for range 500 {
		phrase := newPhrase(t)
		if seen[phrase.Reveal()] {
			t.Fatal("a phrase was drawn twice")
		}
		seen[phrase.Reveal()] = true
		if got, err := keyring.ParsePhrase(phrase.Reveal()); err != nil || got.Reveal() != phrase.Reveal() {
			t.Fatalf("%q is read as %q, %v", phrase.Reveal(), got.Reveal(), err)
		}
		if fmt.Sprint(phrase) == phrase.Reveal() {
			t.Fatal("a phrase prints")
		}
	}
	got, err := keyring.NewPhrase(bytes.NewReader(make([]byte, 12)))
	if want := "abaco-abaco-abaco-abaco-abaco-abaco"; err != nil || got.Reveal() != want {
		t.Errorf("got %q, %v, want %q", got.Reveal(), err, want)
	}
	if _, err := keyring.NewPhrase(iotest.ErrReader(errors.New("none"))); fault.KindOf(err) != fault.Internal {
		t.Errorf("without randomness: %v", err)
	}
}

func TestParsePhrase(t *testing.T) {
	const want = "abaco-zulu-pianta-umile-velina-zuppa"
	for name, typed := range map[string]string{
		"as drawn":        want,
		"upper case":      strings.ToUpper(want),
		"sentence":        "Abaco zulu pianta umile velina zuppa",
		"spaces":          "  abaco  zulu\tpianta umile velina   zuppa \n",
		"lines":           "abaco\nzulu\r\npianta\numile\nvelina\nzuppa\n",
		"odd spaces":      "abaco\u00a0zulu\u2003pianta\u3000umile velina zuppa",
		"odd hyphens":     "abaco‐zulu‑pianta–umile—velina-zuppa",
		"spaced hyphens":  "abaco - zulu - pianta - umile - velina - zuppa",
		"accents, NFC":    "àbacò-zulù-piànta-ùmilé-vèlìna-zùppa",
		"accents, NFD":    "a\u0300baco\u0300-zulu\u0300-pia\u0300nta-u\u0300mile\u0301-velina-zuppa",
		"capital accents": "ÀBACÒ-ZULÙ-PIÀNTA-UMILÈ-VELÌNA-ZÜPPA",
	} {
		got, err := keyring.ParsePhrase(typed)
		if err != nil || got.Reveal() != want {
			t.Errorf("%s: %q, %v", name, got.Reveal(), err)
		}
	}
}

func TestParsePhraseRefuses(t *testing.T) {
	for name, typed := range map[string]string{
		"empty":          "",
		"only spaces":    " - ",
		"five words":     "abaco-zulu-pianta-umile-velina",
		"seven words":    "abaco-zulu-pianta-umile-velina-zuppa-abaco",
		"no separators":  "abacozulupiantaumilevelinazuppa",
		"commas":         "abaco,zulu,pianta,umile,velina,zuppa",
		"very long":      strings.Repeat("abaco-", 200),
		"not UTF-8":      "\xff-zulu-pianta-umile-velina-zuppa",
		"another script": "абако-zulu-pianta-umile-velina-zuppa",
	} {
		if got, err := keyring.ParsePhrase(typed); fault.ClassOf(err) != fault.ClassPhrase || !got.IsZero() {
			t.Errorf("%s: %q, %v", name, got.Reveal(), err)
		}
	}
}

func TestWordError(t *testing.T) {
	_, err := keyring.ParsePhrase("abaco-zulu-plianta-umile-velina-zuppa")
	wrong, ok := errors.AsType[*keyring.WordError](err)
	if !ok || wrong.Position != 3 || wrong.Closest.Reveal() != "pianta" {
		t.Fatalf("%v", err)
	}
	if fault.ClassOf(err) != fault.ClassPhrase || fault.KindOf(err) != fault.Refused {
		t.Errorf("class %q", fault.ClassOf(err))
	}
	if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, "plianta") || strings.Contains(text, "pianta") {
		t.Errorf("the error prints part of the phrase: %s", text)
	}
}

// A phrase that is read is six words of the list, in its one spelling.
func FuzzParsePhrase(f *testing.F) {
	f.Add("abaco-zulu-pianta-umile-velina-zuppa")
	f.Add("Abaco zulù  pianta umile velina zuppa\n")
	f.Add("u\u0300")
	f.Add("")
	f.Fuzz(func(t *testing.T, typed string) {
		phrase, err := keyring.ParsePhrase(typed)
		if err != nil {
			if fault.ClassOf(err) != fault.ClassPhrase {
				t.Fatalf("class %q", fault.ClassOf(err))
			}
			return
		}
		parts := strings.Split(phrase.Reveal(), "-")
		if len(parts) != words.Six {
			t.Fatalf("%q is read as %q", typed, phrase.Reveal())
		}
		for _, word := range parts {
			if !words.Known(word) {
				t.Fatalf("%q is read as %q", typed, phrase.Reveal())
			}
		}
		again, err := keyring.ParsePhrase(phrase.Reveal())
		if err != nil || again.Reveal() != phrase.Reveal() {
			t.Fatalf("%q is read as %q", phrase.Reveal(), again.Reveal())
		}
	})
}
