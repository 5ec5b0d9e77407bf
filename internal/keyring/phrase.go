package keyring

import (
	"io"
	"strings"
	"unicode"

	"varco/internal/fault"
	"varco/internal/secret"
	"varco/internal/words"
)

// maxTyped is more than anybody types for a phrase, in bytes.
const maxTyped = 512

// NewPhrase draws a phrase from rand: six words of the Italian list, with hyphens between.
//
// A phrase has 66 bits, all of them from rand. Who copied a lock must try half of 2^66
// phrases; each try is scrypt with N = 2^18, r = 8, p = 1, which takes about a second and
// 256 MiB, so that a million machines need about a million years. A phrase that a person
// chooses is worth far less, so there is no way to choose one.
func NewPhrase(rand io.Reader) (secret.String, error) {
	drawn, err := words.Draw(rand)
	if err != nil {
		return secret.String{}, fault.Wrap(fault.Internal, err, "drawing a phrase")
	}
	return secret.NewString(strings.Join(drawn[:], "-")), nil
}

// WordError says which word of a typed phrase is not in the list. It never prints a word.
type WordError struct {
	Position int           // from 1
	Closest  secret.String // the word that was most likely meant
	err      error
}

// Error names the position.
func (e *WordError) Error() string { return e.err.Error() }

// Unwrap returns the refusal, of class phrase.
func (e *WordError) Unwrap() error { return e.err }

// ParsePhrase reads a phrase as a person types it and returns its one spelling: lower case,
// words joined by hyphens. Case, accents (composed or not), spaces, line ends and any kind
// of hyphen between words do not count. It refuses (class phrase) another number of words,
// and a word that is not in the list, with a *WordError.
func ParsePhrase(typed string) (secret.String, error) {
	if len(typed) > maxTyped {
		return secret.String{}, fault.Refuse(fault.ClassPhrase, "reading a phrase: %d bytes, at most %d", len(typed), maxTyped)
	}
	parts := strings.FieldsFunc(plainLetters(typed), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r)
	})
	if len(parts) != words.Six {
		return secret.String{}, fault.Refuse(fault.ClassPhrase, "reading a phrase: %d words, want %d", len(parts), words.Six)
	}
	for i, word := range parts {
		if !words.Known(word) {
			return secret.String{}, &WordError{Position: i + 1, Closest: secret.NewString(words.Closest(word)),
				err: fault.Refuse(fault.ClassPhrase, "reading a phrase: word %d is not in the list", i+1)}
		}
	}
	return secret.NewString(strings.Join(parts, "-")), nil
}

// composed are the letters that Italian and its neighbours write with an accent.
var composed = strings.NewReplacer(
	"à", "a", "á", "a", "â", "a", "ä", "a",
	"è", "e", "é", "e", "ê", "e", "ë", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i",
	"ò", "o", "ó", "o", "ô", "o", "ö", "o",
	"ù", "u", "ú", "u", "û", "u", "ü", "u",
)

// plainLetters lowers case and removes accents; the list has none.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) { // an accent of its own, after its letter
			return -1
		}
		return r
	}, composed.Replace(strings.ToLower(s)))
}
