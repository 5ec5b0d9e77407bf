package session_test

import (
	"testing"

	"varco/internal/note/notetest"
	"varco/internal/session"
	"varco/internal/vector"
)

// TestVectors runs testdata/vectors/comparison: a sign-in with the challenge in the section of that
// name shows the words in the line "words".
func TestVectors(t *testing.T) {
	var all []*vector.Vector
	for name, challenge := range map[string]string{
		"ok": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "ok-empty": "", "ok-other": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN",
	} {
		all = append(all, vector.New(name, vector.OK, "the four words of a sign-in").Set("words", session.Compare(challenge)).
			Attach("challenge", []byte(challenge)))
	}
	notetest.Run(t, "comparison", all, func(v *vector.Vector) error {
		if got := session.Compare(string(v.Bytes("challenge"))); got != v.Get("words") {
			t.Errorf("the words are %q, want %q", got, v.Get("words"))
		}
		return nil
	})
}
