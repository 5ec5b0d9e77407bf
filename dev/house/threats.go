package house

import (
	"fmt"
	"regexp"
	"strings"
)

// Named is a test that docs/threats.md names.
type Named struct {
	Folder, Test string
}

// notYet begins what says that something has no test.
const notYet = "not yet"

var namedTest = regexp.MustCompile("`([a-z][a-z0-9/_-]*) (Test[A-Za-z0-9]+)`")

// ReadThreats returns the tests that the tables of docs/threats.md name. Each row names one, or
// says that there is none yet.
func ReadThreats(text string) ([]Named, error) {
	var all []Named
	for _, rows := range tables(text) {
		for _, cells := range rows {
			tests := cells[len(cells)-1]
			named := namedTest.FindAllStringSubmatch(tests, -1)
			if len(named) == 0 && !strings.Contains(tests, notYet) {
				return nil, fmt.Errorf("reading docs/threats.md: %q has no test and does not say so", cells[0])
			}
			for _, n := range named {
				all = append(all, Named{Folder: n[1], Test: n[2]})
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("reading docs/threats.md: it names no test")
	}
	return all, nil
}
