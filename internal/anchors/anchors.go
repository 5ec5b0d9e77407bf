// Package anchors reads the trust anchors of a network: the name of its log, the keys of log and root,
// and who witnesses the log. They are compiled in from keys/network.toml, or for a demonstration in a
// file of the same form, which is a little of TOML: a reader of all of it would be a tenth of what a
// browser loads.
package anchors

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// Anchors are the texts of what is trusted.
type Anchors struct {
	Origin string `json:"origin"` // of the log
	Log    string `json:"log"`    // verifier key
	Root   string `json:"root"`   // verifier key
	// Witnesses are verifier keys of those who cosign the log's checkpoints, and Quorum is how
	// many of them are enough.
	Witnesses []string `json:"witnesses,omitempty"`
	Quorum    int      `json:"quorum,omitempty"`
}

// IsZero reports whether nobody is trusted: no ceremony was held.
func (a Anchors) IsZero() bool {
	return a.Origin == "" && a.Log == "" && a.Root == "" && len(a.Witnesses) == 0 && a.Quorum == 0
}

const value = `"([!#-\[\]-~]*)"`

var (
	keyLine     = regexp.MustCompile(`^(origin|log|root) = ` + value + `$`)
	witnessLine = regexp.MustCompile(`^(witnesses) = \[((?:"[!#-\[\]-~]+"(?:, "[!#-\[\]-~]+")*)?)\]$`)
	quorumLine  = regexp.MustCompile(`^(quorum) = (0|[1-9][0-9]?)$`)
	oneValue    = regexp.MustCompile(value)
)

// Parse reads a text of anchors. Comments and empty lines are passed over; each of the first three
// lines is there once, the two of witnesses once or not at all, and nothing else is (class form). A text without any trusts nobody.
//
//	origin = "varco.example.org/log"
//	log = "varco.example.org/log+…"
//	root = "root.example.org+…"
//	witnesses = ["witness.example.org/w1+…", "…"]
//	quorum = 1
func Parse(text string) (Anchors, error) {
	var a Anchors
	found := map[string]bool{}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
		return Anchors{}, fault.Refuse(fault.ClassForm, "reading anchors: no text")
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var m []string
		for _, form := range []*regexp.Regexp{keyLine, witnessLine, quorumLine} {
			if m == nil {
				m = form.FindStringSubmatch(line)
			}
		}
		if m == nil || found[m[1]] {
			return Anchors{}, fault.Refuse(fault.ClassForm, "reading anchors: a line that is none, or is there twice")
		}
		found[m[1]] = true
		switch m[1] {
		case "origin":
			a.Origin = m[2]
		case "log":
			a.Log = m[2]
		case "root":
			a.Root = m[2]
		case "witnesses":
			for _, key := range oneValue.FindAllStringSubmatch(m[2], -1) {
				a.Witnesses = append(a.Witnesses, key[1])
			}
		case "quorum":
			a.Quorum, _ = strconv.Atoi(m[2]) // two digits
		}
	}
	if len(found) == 0 {
		return a, nil
	}
	if !found["origin"] || !found["log"] || !found["root"] || found["witnesses"] != found["quorum"] {
		return Anchors{}, fault.Refuse(fault.ClassForm, "reading anchors: a line is missing")
	}
	return a, nil
}

// Trust are anchors whose keys were checked.
type Trust struct {
	Log    note.Verifier // its name is the log's origin
	Root   note.Verifier
	Quorum ledger.Quorum
}

// Trust checks the keys. It refuses (class key) what is none, and a log's key under another name than
// the origin; and witnesses that ledger.NewQuorum refuses.
func (a Anchors) Trust() (t Trust, err error) {
	if t.Log, err = note.ParseVerifier(a.Log); err != nil {
		return Trust{}, err
	}
	if t.Root, err = note.ParseVerifier(a.Root); err != nil {
		return Trust{}, err
	}
	if t.Log.Name() != a.Origin {
		return Trust{}, fault.Refuse(fault.ClassKey, "reading anchors: the key of the log is not under its origin")
	}
	t.Quorum, err = ledger.NewQuorum(a.Witnesses, a.Quorum)
	return t, err
}
