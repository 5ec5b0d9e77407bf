package authn

import (
	"crypto/subtle"
	"encoding/base64"
	"io"

	"varco/internal/note"
)

const (
	tokenBytes = 32 // 256 bits: nobody guesses one, so a plain hash hides it
	tokenChars = 43 // base64url without padding
)

// draw makes a token; a failing source of randomness is an internal error.
func draw(rand io.Reader) string {
	raw := make([]byte, tokenBytes)
	if _, err := io.ReadFull(rand, raw); err != nil {
		panic("internal error: drawing a token: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// hashToken returns the hash under which a token is kept, and whether s has the one
// spelling of a token.
func hashToken(s string) (note.Hash, bool) {
	if !is256Bits(s) {
		return note.Hash{}, false
	}
	return note.Sum([]byte(s)), true
}

// is256Bits reports whether s is canonical base64url of 32 bytes: a token, or an S256
// challenge.
func is256Bits(s string) bool {
	if len(s) != tokenChars {
		return false
	}
	_, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil
}

// challengeOf is S256 of RFC 7636.
func challengeOf(verifier string) string {
	sum := note.Sum([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
