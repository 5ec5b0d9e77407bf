package authn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// checkObject refuses all but one JSON object in valid UTF-8 in which, at every depth, no
// name comes twice, however it is cased. encoding/json, which the libraries use, takes the
// last of "sub" and "SUB" for sub: two readers of one such text would see two people.
func checkObject(raw []byte) error {
	if !jsontext.Value(raw).IsValid() {
		return errors.New("not one valid JSON text")
	}
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	if d.PeekKind() != '{' {
		return errors.New("not an object")
	}
	var open []map[string]bool // the folded names of each object that is open; nil for an array
	for {
		kind, length := d.StackIndex(d.StackDepth())
		isName := kind == '{' && length%2 == 0
		token, err := d.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return errors.New("not one valid JSON text")
		case token.Kind() == '{':
			open = append(open, map[string]bool{})
		case token.Kind() == '[':
			open = append(open, nil)
		case token.Kind() == '}' || token.Kind() == ']':
			open = open[:len(open)-1]
		case isName:
			name := fold(token.String())
			if open[len(open)-1][name] {
				return fmt.Errorf("the name %.40q comes twice", name)
			}
			open[len(open)-1][name] = true
		}
	}
}

// checkSpelling refuses an object with a top-level name that is one of known but for its
// case. It takes what checkObject let through.
func checkSpelling(raw []byte, known []string) error {
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	if _, err := d.ReadToken(); err != nil {
		return errors.New("not an object")
	}
	for d.PeekKind() == '"' {
		token, err := d.ReadToken()
		if err != nil {
			return errors.New("not an object")
		}
		name := token.String()
		if !slices.Contains(known, name) && slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, name) }) {
			return fmt.Errorf("the name %.40q is misspelt", name)
		}
		if err := d.SkipValue(); err != nil {
			return errors.New("not an object")
		}
	}
	return nil
}

// fold maps names that strings.EqualFold calls equal to one.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, s)
}
