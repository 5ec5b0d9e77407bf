// Package words turns random bits into Italian words that people can write down, read to
// each other over the telephone and compare: phrases, and the six words of a hash.
//
// The list is the Italian one of BIP 39: 2,048 words, so eleven bits each, of four to nine
// letters without accents; no two begin with the same four letters. The package draws and
// finds words; what a phrase protects, and who compares what, is its callers'.
package words

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
)

// Six is the number of words in a phrase and in the words of a hash: 66 bits.
const Six = 6

// bits of one word; the list has 1<<bits words.
const bits = 11

// The list is bip-0039/italian.txt of github.com/bitcoin/bips, byte for byte. A library would
// carry the lists of nine languages into every browser; the tests hold this one against it.
//
//go:embed italian.txt
var file string

// list is the words in the file's order.
var list = strings.Fields(file)

// position of each word in the list.
var position = index(list)

func index(list []string) map[string]int {
	if len(list) != 1<<bits {
		panic("internal error: the list of words has changed")
	}
	m := make(map[string]int, len(list))
	for i, word := range list {
		m[word] = i
	}
	return m
}

// Known reports whether word is in the list, in its one spelling: lower case, no accents.
func Known(word string) bool {
	_, ok := position[word]
	return ok
}

// Draw draws six words from rand, each of the list's with the same chance.
func Draw(rand io.Reader) ([Six]string, error) {
	var drawn [Six]string
	var raw [2 * Six]byte
	if _, err := io.ReadFull(rand, raw[:]); err != nil {
		return drawn, fmt.Errorf("drawing words: %w", err)
	}
	for i := range drawn {
		// Eleven of sixteen bits: the list's length is a power of two, so none is favoured.
		drawn[i] = list[binary.BigEndian.Uint16(raw[2*i:])%(1<<bits)]
	}
	return drawn, nil
}

// hashLabel separates the words of a hash from every other use of SHA-256.
const hashLabel = "varco/v1 words\n"

// Of returns the six words of a hash, that of a card: two people who see the same words see
// the same card. They are the first 66 bits of SHA-256("varco/v1 words\n" ‖ hash), so that
// whoever wants another card with the same words must try some 2^66 of them.
func Of(hash [sha256.Size]byte) [Six]string {
	sum := sha256.Sum256(append([]byte(hashLabel), hash[:]...))
	var of [Six]string
	for i := range of {
		of[i] = list[take(sum[:], i*bits)]
	}
	return of
}

// take returns the eleven bits of b that begin at bit from, most significant first.
func take(b []byte, from int) int {
	three := uint32(b[from/8])<<16 | uint32(b[from/8+1])<<8 | uint32(b[from/8+2])
	return int(three >> (24 - bits - from%8) % (1 << bits))
}

// Closest returns the word of the list that was most likely meant by a mistyped one: the
// word with the same first four letters, or else that with the fewest letters to change.
func Closest(typed string) string {
	if head := []rune(typed); len(head) >= 4 {
		for _, word := range list {
			if strings.HasPrefix(word, string(head[:4])) {
				return word
			}
		}
	}
	best, least := "", -1
	for _, word := range list {
		if d := distance(typed, word); least < 0 || d < least {
			best, least = word, d
		}
	}
	return best
}

// distance is Levenshtein's: how many letters to change, add or leave out.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, s := range to {
			cost := diagonal
			if r != s {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(to)]
}
