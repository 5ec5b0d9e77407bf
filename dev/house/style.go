package house

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// Limits on lines: past them a file wants to be two.
const (
	MaxFileLines = 450
	MaxMainLines = 60 // of a main.go, which only starts things
)

// rule is a pattern that must not be found in the files that it is for. The patterns are
// written so that they don't find themselves.
type rule struct {
	says    string
	pattern *regexp.Regexp
	covers  func(name string) bool
}

var rules = []rule{
	{
		"the host of a package registry, which differs between places",
		regexp.MustCompile(`registry[.](npmjs|yarnpkg)|(proxy|sum)[.]golang[.]org|(deb|security)[.]debian[.]org`),
		all,
	},
	{
		"a path of one machine",
		regexp.MustCompile(`(^|[^\w.-])/(wor[k]|roo[t]|hom[e]/\w+)/|[.][.]/shared/`),
		all,
	},
	{
		"a note to oneself: do it, or say in an issue that it is to be done",
		regexp.MustCompile(`\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b`),
		all,
	},
	{
		"a test that can pass without running",
		regexp.MustCompile(`\b[tbf][.]Skip(f|Now)?[(]|\btestin[g][.]Short[(]`),
		suffix("_test.go"),
	},
	{
		"a download address",
		regexp.MustCompile(`"resolved": "[a-z+]+:`),
		suffix("package-lock.json"),
	},
}

// Style returns what breaks the rules on text in a file, one line each. Checksums and
// binary files have no style.
func Style(name string, text []byte) []string {
	if path.Base(name) == "go.sum" || bytes.IndexByte(text, 0) >= 0 {
		return nil
	}
	broken := long(name, bytes.Count(text, []byte("\n")))
	for i, line := range bytes.Split(text, []byte("\n")) {
		for _, r := range rules {
			if r.covers(name) && r.pattern.Match(line) {
				broken = append(broken, fmt.Sprintf("%s:%d: %s: %s", name, i+1, r.says, r.pattern.Find(line)))
			}
		}
	}
	return broken
}

func long(name string, lines int) []string {
	var limit int
	switch {
	case path.Base(name) == "main.go":
		limit = MaxMainLines
	case strings.HasSuffix(name, ".go"), strings.HasSuffix(name, ".ts"), strings.HasSuffix(name, ".tsx"):
		limit = MaxFileLines
	default:
		return nil
	}
	if lines > limit {
		return []string{fmt.Sprintf("%s: %d lines, at most %d", name, lines, limit)}
	}
	return nil
}

func all(string) bool { return true }

func suffix(end string) func(string) bool {
	return func(name string) bool { return strings.HasSuffix(name, end) }
}
