// Package policies holds what the network agreed on, as data: the Cedar policies with
// their schema, the topics of a case, what may become of one, and the words for an officer's
// reasons.
//
// It decides nothing (internal/authz does) and knows no type of the service, so that a
// client and a verifier can read the same data. The folder tests holds the policies' own
// tests, which internal/authz runs. Every file is read strictly: an unknown or repeated
// member, a repeated code or a word that is not in its list refuses the whole file.
package policies

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"

	"github.com/go-json-experiment/json"
)

//go:embed *.cedar schema.cedarschema
var rules embed.FS

// Rules is the policy set: *.cedar and schema.cedarschema, and nothing else.
func Rules() fs.FS { return rules }

// decode reads one JSON value that fits T exactly.
func decode[T any](b []byte, what string) (T, error) {
	var v T
	if err := json.Unmarshal(b, &v, json.RejectUnknownMembers(true)); err != nil {
		return v, fmt.Errorf("reading the %s: %w", what, err)
	}
	return v, nil
}

// unique refuses a code that repeats or is not spelt like the others.
type unique struct {
	shape *regexp.Regexp
	seen  map[string]bool
}

func (u *unique) check(code string) error {
	if !u.shape.MatchString(code) {
		return fmt.Errorf("the code %q is not spelt like the others", code)
	}
	if u.seen[code] {
		return fmt.Errorf("the code %q stands twice", code)
	}
	if u.seen == nil {
		u.seen = map[string]bool{}
	}
	u.seen[code] = true
	return nil
}
