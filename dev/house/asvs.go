package house

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ASVS are the sections of OWASP ASVS 5.0.0 that have requirements of level 1 or 2, and how many:
// in each section they are the first.
var ASVS = map[string]int{
	"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
	"2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
	"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
	"4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
	"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
	"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
	"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
	"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
	"9.1": 3, "9.2": 4,
	"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
	"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
	"12.1": 3, "12.2": 2, "12.3": 4,
	"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
	"14.1": 2, "14.2": 4, "14.3": 3,
	"15.1": 3, "15.2": 3, "15.3": 7,
	"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
	"17.1": 1, "17.2": 4, "17.3": 2,
}

var (
	requirement = regexp.MustCompile(`^(\d+\.\d+)\.(\d+)(?: to (\d+\.\d+)\.(\d+))?$`)
	answered    = regexp.MustCompile(`\]\([a-z0-9/-]+\.md\)|\b` + notYet + `\b|\bdoesn't apply: `)
)

// ReadASVS returns the tests that docs/asvs.md names, and how often it lists each requirement. Each
// row names a test or a document, or says that there is none yet or why it doesn't apply.
func ReadASVS(text string) (named []Named, listed map[string]int, err error) {
	listed = map[string]int{}
	for chapter, rows := range tables(text) {
		for _, cells := range rows {
			if len(cells) != 3 {
				return nil, nil, fmt.Errorf("reading docs/asvs.md: %q has %d columns", cells[0], len(cells))
			}
			tests := namedTest.FindAllStringSubmatch(cells[2], -1)
			if len(tests) == 0 && !answered.MatchString(cells[2]) {
				return nil, nil, fmt.Errorf("reading docs/asvs.md: nothing answers %q", cells[0])
			}
			for _, n := range tests {
				named = append(named, Named{Folder: n[1], Test: n[2]})
			}
			if !strings.HasPrefix(chapter, "V") {
				continue // of another list
			}
			for one := range strings.SplitSeq(cells[0], ", ") {
				if err := list(listed, one); err != nil {
					return nil, nil, err
				}
			}
		}
	}
	return named, listed, nil
}

// list counts a requirement, or a run of them in one section.
func list(listed map[string]int, one string) error {
	m := requirement.FindStringSubmatch(one)
	if m == nil || m[3] != "" && m[3] != m[1] {
		return fmt.Errorf("reading docs/asvs.md: %q is no requirement", one)
	}
	first, _ := strconv.Atoi(m[2]) // digits
	last := first
	if m[4] != "" {
		last, _ = strconv.Atoi(m[4])
	}
	for i := first; i <= last; i++ {
		listed[fmt.Sprintf("%s.%d", m[1], i)]++
	}
	return nil
}
