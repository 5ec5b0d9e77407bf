package questionnaire

import (
	"fmt"
	"maps"

	"github.com/go-json-experiment/json"
)

// Cases is cases.json: whole answer sets that a lawyer can read, with what must come of them.
type Cases struct {
	Schema string              `json:"$schema"`
	Never  map[string][]string `json:"never"` // outcomes that a benefit can't have, on purpose
	Cases  []Case              `json:"cases"`
}

// Case is one answer set. Benefits that are neither likely nor to verify are not found.
type Case struct {
	ID       string              `json:"id"`
	Name     string              `json:"name"` // who she is, in Italian
	Like     string              `json:"like"` // an earlier case, of which Answers changes some; an empty list takes one away
	Partial  bool                `json:"partial"`
	Answers  map[string][]string `json:"answers"`
	About    []string            `json:"about"` // the benefits and warnings that it is about; without it, all
	Likely   []string            `json:"likely"`
	Verify   []string            `json:"verify"`
	Warnings []string            `json:"warnings"`

	Pressing  []string            `json:"pressing"`  // of those found, whose deadline is near; without it, not looked at
	Documents map[string][]string `json:"documents"` // of some benefits: what to prepare
}

// Examples returns the embedded cases, each with all its answers.
func Examples() (Cases, error) {
	b, err := files.ReadFile("cases.json")
	if err != nil {
		return Cases{}, fmt.Errorf("reading the cases: %w", err)
	}
	return ParseCases(b)
}

// ParseCases reads cases strictly, and fills in the answers of the case that one is like.
func ParseCases(b []byte) (Cases, error) {
	var all Cases
	if err := json.Unmarshal(b, &all, json.RejectUnknownMembers(true)); err != nil {
		return Cases{}, fmt.Errorf("reading the cases: %w", err)
	}
	earlier := map[string]map[string][]string{}
	for i := range all.Cases {
		c := &all.Cases[i]
		if _, twice := earlier[c.ID]; twice {
			return Cases{}, fmt.Errorf("reading the cases: %s stands twice", c.ID)
		}
		answers := map[string][]string{}
		if c.Like != "" {
			base, ok := earlier[c.Like]
			if !ok {
				return Cases{}, fmt.Errorf("reading the cases: %s is like %s, which doesn't come before it", c.ID, c.Like)
			}
			answers = maps.Clone(base)
		}
		for q, a := range c.Answers {
			answers[q] = a
			if len(a) == 0 {
				delete(answers, q)
			}
		}
		c.Answers, earlier[c.ID] = answers, answers
	}
	return all, nil
}
