package house

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Limits on lines: past them a file wants to be two.
const (
	MaxFileLines = 450
	MaxMainLines = 60 // of a main.go, which only starts things
)

// writtenTypes is written by a program (dev/typescript), and read by nobody from end to end.
const writtenTypes = "web/src/core/types.ts"

// rule is a pattern that must not be found in the files that it is for. The patterns are
// written so that they don't find themselves. One of its words is in whatever a pattern finds: to look
// for these first takes a tenth of the time.
type rule struct {
	says    string
	words   []string
	pattern *regexp.Regexp
	covers  func(name string) bool
}

var rules = []rule{
	{
		"the host of a package registry, which differs between places",
		[]string{"registry", "golang", "debian"},
		regexp.MustCompile(`registry[.](npmjs|yarnpkg)|(proxy|sum)[.]golang[.]org|(deb|security)[.]debian[.]org`),
		all,
	},
	{
		"a path of one machine",
		[]string{"/wor", "/roo", "/hom", "/shar"},
		regexp.MustCompile(`(^|[^\w.-])/(wor[k]|roo[t]|hom[e]/\w+)/|[.][.]/shared/`),
		all,
	},
	{
		"a note to oneself: do it, or say in an issue that it is to be done",
		[]string{"TOD", "FIX", "XX", "HAC"},
		regexp.MustCompile(`\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b`),
		all,
	},
	{
		"a test that can pass without running",
		[]string{".Ski", ".Shor"},
		regexp.MustCompile(`\b[tbf][.]Skip(f|Now)?[(]|\btestin[g][.]Short[(]`),
		suffix("_test.go"),
	},
	{
		"a download address",
		[]string{`"resolved"`},
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
	var worth []rule
	for _, r := range rules {
		if r.covers(name) && r.mayFind(text) {
			worth = append(worth, r)
		}
	}
	if len(worth) == 0 {
		return broken
	}
	for i, line := range bytes.Split(text, []byte("\n")) {
		for _, r := range worth {
			if r.mayFind(line) && r.pattern.Match(line) {
				broken = append(broken, fmt.Sprintf("%s:%d: %s: %s", name, i+1, r.says, r.pattern.Find(line)))
			}
		}
	}
	return broken
}

// mayFind reports whether one of the rule's words is in a text.
func (r rule) mayFind(text []byte) bool {
	return slices.ContainsFunc(r.words, func(word string) bool { return bytes.Contains(text, []byte(word)) })
}

func long(name string, lines int) []string {
	var limit int
	switch {
	case name == writtenTypes:
		return nil
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
