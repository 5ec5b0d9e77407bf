package session

import (
	"encoding/binary"
	"fmt"

	"varco/internal/note"
)

// Compare returns the code of a command line's sign-in, "482 107": the command line shows it,
// and so does the browser before it goes back there. Another user of the same computer who
// sends somebody a sign-in of his own has a command line that shows the code to him alone.
// It follows from the challenge, which both sides know.
func Compare(challenge string) string {
	sum := note.Sum([]byte("varco/v1 sign-in comparison\n" + challenge))
	n := binary.BigEndian.Uint64(sum[:8]) % 1_000_000
	return fmt.Sprintf("%03d %03d", n/1000, n%1000)
}
