// Package secret holds bytes and strings that can't print themselves.
//
// A value that must never reach a log line, an error or a JSON document is kept in
// one of these types; whoever needs what is inside says so with Reveal, which is
// easy to find in a review. It is not protection of memory: Go gives none.
package secret

import (
	"fmt"
)

const hidden = "[secret]"

// String is a text that prints as "[secret]".
//
// What is inside stands behind a function: fmt calls no method of a value in an unexported
// field, but prints no more of a function than its address.
type String struct{ text func() string }

// NewString keeps s from being printed.
func NewString(s string) String { return String{func() string { return s }} }

// Reveal returns the text itself.
func (s String) Reveal() string {
	if s.text == nil {
		return ""
	}
	return s.text()
}

// IsZero reports whether there is nothing inside.
func (s String) IsZero() bool { return s.Reveal() == "" }

// String hides the text.
func (String) String() string { return hidden }

// Format hides the text from every verb of fmt.
func (String) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText hides the text from JSON and TOML.
func (String) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Bytes are bytes that print as "[secret]".
type Bytes struct{ raw func() []byte }

// NewBytes keeps b from being printed. It does not copy b.
func NewBytes(b []byte) Bytes { return Bytes{func() []byte { return b }} }

// Reveal returns the bytes themselves, not a copy.
func (b Bytes) Reveal() []byte {
	if b.raw == nil {
		return nil
	}
	return b.raw()
}

// String hides the bytes.
func (Bytes) String() string { return hidden }

// Format hides the bytes from every verb of fmt.
func (Bytes) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText hides the bytes from JSON and TOML.
func (Bytes) MarshalText() ([]byte, error) { return []byte(hidden), nil }
