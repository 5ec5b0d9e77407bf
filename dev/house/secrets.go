package house

import (
	"fmt"
	"regexp"
	"strings"
)

// private finds private keys in the forms that the project handles. A form's name alone, as
// code and documents need it, is no key.
var private = map[string]*regexp.Regexp{
	"an age identity":    regexp.MustCompile(`(?i)AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]{20}`),
	"an age plugin key":  regexp.MustCompile(`AGE-PLUGIN-[0-9A-Z-]+1[0-9A-Z]{20}`),
	"a note signer":      regexp.MustCompile(`PRIVATE\+KEY\+[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{20}`),
	"a PEM private key":  regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----`),
	"a JSON private key": regexp.MustCompile(`"(d|k)"\s*:\s*"[A-Za-z0-9_-]{20,}"`),
}

// PrivateKeys returns which private keys a file seems to hold. Test data and tests may hold
// keys, which open nothing but test data.
func PrivateKeys(name string, text []byte) []string {
	if strings.Contains("/"+name, "/testdata/") || strings.HasSuffix(name, "_test.go") {
		return nil
	}
	var found []string
	for what, pattern := range private {
		if at := pattern.FindIndex(text); at != nil {
			found = append(found, fmt.Sprintf("%s: %s at byte %d", name, what, at[0]))
		}
	}
	return found
}
