// Package seal puts the words of people inside sealed files and takes them out: the bodies
// of entries, and the grants that give a member the key of an epoch.
//
// An epoch of a thread is an age identity made by the author of the entry that starts it.
// Bodies are sealed to its recipient, which the entry's signed header states; a grant seals
// the identity itself to one member's card.
//
// age authenticates no sender and binds no context, so anybody could take a file from one
// place and serve it in another. Therefore every plaintext begins with what it was sealed
// for, and opening compares each line with the signed header at hand: a body with thread,
// entry, epoch, author and kind; a grant with thread, epoch and card. That the header was
// signed by its author, and covers the hash of the file, is for package thread to check.
//
// The package opens sealed bytes, so it is never linked into the service.
package seal

import (
	"bytes"
	"strings"

	"varco/internal/fault"
)

// MaxKind is the longest kind of entry, in characters.
const MaxKind = 32

// unbind removes the lines of want from the beginning of plain and returns the rest. It
// refuses (class binding) the first line that differs, and names it.
func unbind(plain []byte, want string) ([]byte, error) {
	rest := plain
	for line := range strings.SplitAfterSeq(want, "\n") {
		after, ok := bytes.CutPrefix(rest, []byte(line))
		if !ok {
			key, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
			return nil, fault.Refuse(fault.ClassBinding, "opening: sealed for something else, by its line %q", key)
		}
		rest = after
	}
	return rest, nil
}
