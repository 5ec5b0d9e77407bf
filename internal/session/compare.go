package session

import (
	"crypto/sha256"
	"strings"

	"varco/internal/words"
)

// comparisonWork is how many times the challenge is hashed, and comparisonWords how many words are
// shown. Who knows somebody's challenge, which is in an address that other users of the computer
// may see, would have to find another one with the same words in the minutes that a sign-in lasts.
const (
	comparisonWork  = 1 << 14
	comparisonWords = 4
)

// Compare returns the words of a command line's sign-in, "notizia esercito dirupo sdebitare": the
// command line shows them, and so does the browser before it goes back there. Another user of the
// same computer who sends somebody a sign-in of his own has a command line that shows its words to
// him alone. They follow from the challenge, which both sides know.
func Compare(challenge string) string {
	sum := sha256.Sum256([]byte("varco/v1 sign-in comparison\n" + challenge))
	for range comparisonWork {
		sum = sha256.Sum256(sum[:])
	}
	six := words.Of(sum)
	return strings.Join(six[:comparisonWords], " ")
}
