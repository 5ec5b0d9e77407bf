package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// leastMarker is how long a marker is at least, so that none is found by chance.
const leastMarker = 10

// form is one way in which a marker could be written down.
type form struct {
	name string
	text []byte
}

// forms are all ways that are looked for.
func forms(marker []byte) []form {
	all := []form{
		{"as it is", marker},
		{"in lower case", bytes.ToLower(marker)},
		{"in upper case", bytes.ToUpper(marker)},
		{"in UTF-16", wide(marker, 0)},
		{"in UTF-16 the other way round", wide(marker, 1)},
		{"in an address", []byte(url.QueryEscape(string(marker)))},
		{"in hex", []byte(hex.EncodeToString(marker))},
		{"in upper-case hex", []byte(strings.ToUpper(hex.EncodeToString(marker)))},
	}
	for alignment := range 3 {
		all = append(all,
			form{fmt.Sprintf("in base64, %d bytes in", alignment), within(base64.StdEncoding, marker, alignment)},
			form{fmt.Sprintf("in base64url, %d bytes in", alignment), within(base64.URLEncoding, marker, alignment)})
	}
	return all
}

// wide is UTF-16 with the low byte of each unit at a place, 0 or 1.
func wide(marker []byte, low int) []byte {
	var text []byte
	for _, unit := range utf16.Encode([]rune(string(marker))) {
		pair := [2]byte{}
		pair[low], pair[1-low] = byte(unit), byte(unit>>8)
		text = append(text, pair[:]...)
	}
	return text
}

// within is what a marker looks like inside of something longer in base64, where so many bytes
// stand before it: the characters that nothing but the marker decides.
func within(encoding *base64.Encoding, marker []byte, before int) []byte {
	text := encoding.EncodeToString(append(make([]byte, before), marker...))
	first := (8*before + 5) / 6
	end := 8 * (before + len(marker)) / 6
	return []byte(text[first:end])
}

// finder looks for many markers at once: it goes through a content once, and looks closer where
// the first bytes are those of some form of some marker.
type finder struct {
	begins [1 << 16]bool       // by hash of the first bytes
	sought map[uint64][]sought // by the first bytes
}

type sought struct {
	marker string
	form
}

const firstBytes = 8

func newFinder(t testing.TB, markers ...[]byte) *finder {
	t.Helper()
	f := &finder{sought: map[uint64][]sought{}}
	for _, marker := range markers {
		if len(marker) < leastMarker {
			t.Fatalf("the marker %q is too short to look for", marker)
		}
		for _, form := range forms(marker) {
			first := binary.LittleEndian.Uint64(form.text)
			f.begins[hashOf(first)] = true
			f.sought[first] = append(f.sought[first], sought{string(marker), form})
		}
	}
	return f
}

func hashOf(first uint64) uint64 { return first * 0x9e3779b97f4a7c15 >> 48 }

// find returns the forms in which each marker is in a content, nothing of those that are not.
func (f *finder) find(content []byte) map[string][]string {
	found := map[string][]string{}
	f.findMore(content, found)
	return found
}

// findMore adds the forms in which each marker is in a content.
func (f *finder) findMore(content []byte, found map[string][]string) {
	for i := f.next(content, 0); i >= 0; i = f.next(content, i+1) {
		for _, s := range f.sought[binary.LittleEndian.Uint64(content[i:])] {
			if bytes.HasPrefix(content[i:], s.text) && !slices.Contains(found[s.marker], s.name) {
				found[s.marker] = append(found[s.marker], s.name)
			}
		}
	}
}

// next is the first place from one on where a form may begin, or -1. Nobody else writes to what it
// reads, byte by byte, of hundreds of megabytes: under the race detector that took most of the sweep.
//
//go:norace
func (f *finder) next(content []byte, from int) int {
	for i := from; i+firstBytes <= len(content); i++ {
		if f.begins[hashOf(binary.LittleEndian.Uint64(content[i:]))] {
			return i
		}
	}
	return -1
}

// The search finds what it looks for, wherever and in whatever form it is, and nothing else.
func TestSearch(t *testing.T) {
	marker := []byte("Canarino " + rand.Text() + " + altro/segno?")
	noise := make([]byte, 1<<16)
	_, _ = rand.Read(noise) // never fails
	f := newFinder(t, []byte("something else"), marker)
	if found := f.find(noise); len(found) > 0 {
		t.Errorf("found %v in noise", found)
	}
	writers := map[string]func([]byte) []byte{
		"as it is": func(b []byte) []byte { return b },
		"hex":      func(b []byte) []byte { return []byte(hex.EncodeToString(b)) },
		"HEX":      func(b []byte) []byte { return bytes.ToUpper([]byte(hex.EncodeToString(b))) },
		"base64":   func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b)) },
		"raw url":  func(b []byte) []byte { return []byte(base64.RawURLEncoding.EncodeToString(b)) },
		"little":   func(b []byte) []byte { return wide(b, 0) },
		"big":      func(b []byte) []byte { return wide(b, 1) },
		"query":    func(b []byte) []byte { return []byte(url.Values{"q": {string(b)}}.Encode()) },
		"shouted":  bytes.ToUpper,
	}
	for name, write := range writers {
		for before := range 7 {
			planted := bytes.Clone(noise)
			text := strings.Repeat("x", before) + string(marker) + "yz"
			copy(planted[len(noise)/2:], write([]byte(text)))
			if found := f.find(planted); len(found) != 1 || found[string(marker)] == nil {
				t.Errorf("%s, %d bytes in: not found", name, before)
			}
		}
	}
}
