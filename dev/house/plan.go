// Package house checks the frame that the code stands in: the floors, gates and links of
// docs/house.md, and the few rules on files that no linter knows. Its tests are the check;
// what is exported here are the rules themselves, so that tests can prove that each of
// them can fail.
//
// It reads the tree and the go command's answers. It is no part of any program.
package house

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Plan is what docs/house.md says. Packages are named by their folder below the root.
type Plan struct {
	Floors map[string]Floor
	Gates  []Gate
	Links  []Link
}

// Floor is where a package stands.
type Floor struct {
	Level  int
	Client bool // runs on a person's device, and is never part of the service
}

// Gate says which packages may import a library directly.
type Gate struct {
	Import string // an import path, which stands for all below it too
	Only   []string
}

// Link says what a program must not contain.
type Link struct {
	Program string
	Target  string   // GOOS/GOARCH, "" for this machine
	None    []string // import paths, packages, or *words*
}

// client is the word that marks a package and that stands for all marked ones.
const client = "CLIENT"

// ReadPlan reads the tables of docs/house.md. It refuses a row that it doesn't understand,
// so that a slip in the document can't switch a rule off.
func ReadPlan(text string) (*Plan, error) {
	p := &Plan{Floors: map[string]Floor{}}
	for section, rows := range tables(text) {
		for _, cells := range rows {
			if err := p.add(section, cells); err != nil {
				return nil, fmt.Errorf("reading docs/house.md: %s: %w", strings.Join(cells, " | "), err)
			}
		}
	}
	if len(p.Floors) == 0 || len(p.Gates) == 0 || len(p.Links) == 0 {
		return nil, fmt.Errorf("reading docs/house.md: %d floors, %d gates, %d links", len(p.Floors), len(p.Gates),
			len(p.Links))
	}
	return p, p.known()
}

// add takes one row of a section's table.
func (p *Plan) add(section string, cells []string) error {
	want := map[string]int{"Floors": 3, "Gates": 2, "Links": 3}[section]
	if len(cells) != want {
		return fmt.Errorf("%d cells in section %q, want %d", len(cells), section, want)
	}
	if slices.Contains(cells, "") {
		return fmt.Errorf("an empty cell")
	}
	switch section {
	case "Floors":
		level, err := strconv.Atoi(cells[0])
		if err != nil {
			return err
		}
		if _, twice := p.Floors[cells[1]]; twice {
			return fmt.Errorf("a second row for the package")
		}
		p.Floors[cells[1]] = Floor{level, strings.HasSuffix(cells[2], "— "+client)}
	case "Gates":
		p.Gates = append(p.Gates, Gate{cells[0], strings.Split(cells[1], ", ")})
	case "Links":
		p.Links = append(p.Links, Link{cells[0], strings.TrimPrefix(cells[1], "-"), strings.Split(cells[2], ", ")})
	}
	return nil
}

// known refuses gates and links that name packages without a floor: a misspelt rule is no rule.
func (p *Plan) known() error {
	var named []string
	for _, g := range p.Gates {
		named = append(named, g.Only...)
	}
	for _, l := range p.Links {
		named = append(named, l.Program)
		for _, none := range l.None {
			if strings.HasPrefix(none, "internal/") {
				named = append(named, none)
			}
		}
	}
	for _, name := range named {
		if _, ok := p.Floors[name]; !ok && !strings.HasSuffix(name, "/...") {
			return fmt.Errorf("reading docs/house.md: %s has no floor", name)
		}
	}
	return nil
}

// tables returns the rows of the tables in text, without their headings, by section.
func tables(text string) map[string][][]string {
	found := map[string][][]string{}
	section, inTable := "", false
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.HasPrefix(line, "## "):
			section, inTable = strings.TrimPrefix(line, "## "), false
		case strings.HasPrefix(line, "|---"):
			inTable = true
		case !strings.HasPrefix(line, "|"):
			inTable = false
		case inTable:
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			found[section] = append(found[section], cells)
		}
	}
	return found
}
