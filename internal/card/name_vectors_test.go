package card_test

import (
	"strings"
	"testing"

	"varco/internal/card"
	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/vector"
	"varco/internal/words"
)

// TestNameVectors runs testdata/vectors/name: the name in the section "text", with the salt in the
// section "salt", must open the commitment in the line of that name.
func TestNameVectors(t *testing.T) {
	salt := []byte("thirty-two bytes of salt, no less")[:32]
	anna := card.Name{Salt: [32]byte(salt), Text: "Anna Òlivieri-D’Àngelo (sportello 2)"}
	var all []*vector.Vector
	add := func(name, expect, says string, salt []byte, text string, commitment note.Hash) {
		all = append(all, vector.New(name, expect, says).Set("commitment", commitment.String()).
			Attach("salt", salt).Attach("text", []byte(text)))
	}
	own := func(text string) note.Hash { return card.Name{Salt: [32]byte(salt), Text: text}.Commitment() }
	add("ok", vector.OK, "a name with its commitment", salt, anna.Text, anna.Commitment())
	add("ok-longest", vector.OK, "a name of 200 bytes", salt, strings.Repeat("a", 200), own(strings.Repeat("a", 200)))
	add("refused-other-name", "substituted", "another name shown over her card", salt, "Bruna Conti", anna.Commitment())
	add("refused-other-salt", "substituted", "her name with another salt", []byte(strings.Repeat("x", 32)), anna.Text, anna.Commitment())
	for name, c := range map[string]struct{ says, text string }{
		"empty":        {"no name", ""},
		"too-long":     {"201 bytes", strings.Repeat("a", 201)},
		"no-utf-8":     {"bytes that are no UTF-8", "Anna\xff"},
		"turned":       {"a character that turns the direction of writing", "Anna \u202eittoC"},
		"invisible":    {"a character without a shape of its own", "An\u200bna"},
		"line":         {"a second line", "Anna\nreferente"},
		"space-before": {"a space before it", " Anna"},
		"spaces":       {"two spaces", "Anna  Conti"},
		"other-space":  {"a space that is not the ASCII one", "Anna\u00a0Conti"},
	} {
		add("refused-"+name, "form", c.says, salt, c.text, own(c.text))
	}
	notetest.Run(t, "name", all, func(v *vector.Vector) error {
		commitment, err := note.ParseHash(v.Get("commitment"))
		if err != nil {
			return notetest.Broken(v, err)
		}
		return card.Name{Salt: [32]byte(v.Bytes("salt")), Text: string(v.Bytes("text"))}.Opens(commitment)
	})
}

// TestWordsVectors runs testdata/vectors/words: the verification words of a card of the hash in the
// section "hash" are those in the line "words".
func TestWordsVectors(t *testing.T) {
	var all []*vector.Vector
	for name, h := range map[string]note.Hash{
		"ok-zeros": {}, "ok-card": note.Sum([]byte("a card")), "ok-other": note.Sum([]byte("another card")),
	} {
		six := words.Of(h)
		all = append(all, vector.New(name, vector.OK, "the six words of a card").Set("words", strings.Join(six[:], " ")).Attach("hash", h[:]))
	}
	notetest.Run(t, "words", all, func(v *vector.Vector) error {
		six := words.Of([32]byte(v.Bytes("hash")))
		if got := strings.Join(six[:], " "); got != v.Get("words") {
			t.Errorf("the words are %q, want %q", got, v.Get("words"))
		}
		return nil
	})
}
