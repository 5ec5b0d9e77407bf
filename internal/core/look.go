package core

import (
	"context"
	"unicode/utf16"

	"varco/internal/personal"
)

// Looked is what was found in a text, in its order.
type Looked struct {
	Found []Telling `json:"found"`
}

// Telling is a part of a text that would tell who somebody is or where she lives. Places are counted as
// JavaScript counts them, in UTF-16.
type Telling struct {
	Kind personal.Kind `json:"kind"`
	Text string        `json:"text"`
	From int           `json:"from"`
	To   int           `json:"to"`
	// Checked: its check character or digits are right.
	Checked bool `json:"checked"`
}

func (c *Core) look(_ context.Context, l Look, _ Progress) (Looked, error) {
	found := Looked{Found: []Telling{}}
	for _, f := range personal.Find(l.Text) {
		from := units(l.Text[:f.At])
		found.Found = append(found.Found, Telling{f.Kind, f.Text, from, from + units(f.Text), f.Checked})
	}
	return found, nil
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
