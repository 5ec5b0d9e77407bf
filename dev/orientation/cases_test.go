package orientation_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/dev/orientation"
	"varco/policies/questionnaire"
)

func cases(t *testing.T) questionnaire.Cases {
	t.Helper()
	all, err := questionnaire.Examples()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestCases: both evaluators say of each case what it says must come of it.
func TestCases(t *testing.T) {
	r, all := rules(t), cases(t)
	orders := make([]order, len(all.Cases))
	for i, c := range all.Cases {
		orders[i].Answers = c.Answers
	}
	for i, of := range ask[page](t, orders) {
		c := all.Cases[i]
		for by, got := range map[string]orientation.Reading{"page": of.Reading, "second reading": orientation.Read(r, c.Answers)} {
			if diff := cmp.Diff(outcomes(r, c), said(r, c, got)); diff != "" {
				t.Errorf("%s, %s (-case +%s):\n%s", c.ID, c.Name, by, diff)
			}
			if diff := cmp.Diff(orientation.Answers(c.Answers), got.Counting); diff != "" {
				t.Errorf("%s has answers that don't count (-case +%s):\n%s", c.ID, by, diff)
			}
			if whole := len(got.Visible) == len(c.Answers); whole == c.Partial {
				t.Errorf("%s: %d questions are shown, %d answered, partial %t", c.ID, len(got.Visible), len(c.Answers), c.Partial)
			}
		}
	}
}

// outcomes are what a case wants of what it is about: of benefits their outcome, of warnings
// whether they are shown, and where it states them the deadlines that press and the documents.
func outcomes(r questionnaire.Rules, c questionnaire.Case) map[string]string {
	want := map[string]string{}
	for _, b := range r.Benefits {
		want[b.ID] = "not"
	}
	for _, w := range r.Warnings {
		want[w.ID] = "hidden"
	}
	for how, ids := range map[string][]string{"likely": c.Likely, "verify": c.Verify, "shown": c.Warnings} {
		for _, id := range ids {
			want[id] = how
		}
	}
	only(c, want)
	if c.Pressing != nil {
		pressing := slices.Sorted(slices.Values(c.Pressing))
		want["pressing"] = strings.Join(pressing, " ")
	}
	for id, documents := range c.Documents {
		want["documents of "+id] = strings.Join(documents, " ")
	}
	return want
}

// said is the same of what came out, as far as the case states it.
func said(r questionnaire.Rules, c questionnaire.Case, got orientation.Reading) map[string]string {
	all := map[string]string{}
	for _, w := range r.Warnings {
		all[w.ID] = "hidden"
	}
	for _, w := range got.Warnings {
		all[w.ID] = "shown"
	}
	for _, b := range got.Benefits {
		all[b.ID] = b.Outcome
	}
	only(c, all)
	pressing := []string{}
	for _, b := range got.Benefits {
		if _, about := all[b.ID]; about && b.Outcome != "not" && b.Pressing {
			pressing = append(pressing, b.ID)
		}
		if c.Documents[b.ID] != nil {
			all["documents of "+b.ID] = strings.Join(b.Documents, " ")
		}
	}
	if c.Pressing != nil {
		slices.Sort(pressing)
		all["pressing"] = strings.Join(pressing, " ")
	}
	return all
}

// only keeps what a case is about.
func only(c questionnaire.Case, all map[string]string) {
	maps.DeleteFunc(all, func(id, _ string) bool { return len(c.About) > 0 && !slices.Contains(c.About, id) })
}

// TestCasesReachAll: each benefit has a case for each of its outcomes, and one that is said to
// be out of reach is.
func TestCasesReachAll(t *testing.T) {
	r, all, rng := rules(t), cases(t), random(t)
	reached := map[string][]string{}
	note := func(answers orientation.Answers, about []string) {
		for _, b := range orientation.Read(r, answers).Benefits {
			if len(about) == 0 || slices.Contains(about, b.ID) {
				reached[b.ID] = append(reached[b.ID], b.Outcome)
			}
		}
	}
	for _, c := range all.Cases {
		note(c.Answers, c.About)
	}
	for _, b := range r.Benefits {
		for _, outcome := range []string{"likely", "verify", "not"} {
			if !slices.Contains(reached[b.ID], outcome) && !slices.Contains(all.Never[b.ID], outcome) {
				t.Errorf("no case in which %s is %s", b.ID, outcome)
			}
		}
	}
	for range 1000 {
		note(whole(rng, r, orientation.Answers{}, true), nil)
	}
	for id, never := range all.Never {
		for _, outcome := range never {
			if slices.Contains(reached[id], outcome) {
				t.Errorf("%s is %s, which it is said never to be", id, outcome)
			}
		}
	}
}

// TestBlocking: what is not found says which answer excludes it, and what is to verify what is open or missing.
func TestBlocking(t *testing.T) {
	type why struct{ blocking, unknown, missing []string }
	want := map[string]map[string]why{
		"anna": {
			"CONGEDO": {blocking: []string{"q25"}}, // q26 is hidden by q25
			"ADI":     {missing: []string{"q22"}},
			"AUU":     {blocking: []string{"q14", "q18"}},
			"NASPI":   {missing: []string{"q28"}},
			"SFL":     {},
			"NIDO":    {blocking: []string{"q15"}},
		},
		"gina":                    {"RDL": {missing: []string{"q02"}}},
		"beatrice-non-sa":         {"CONGEDO": {unknown: []string{"q03", "q27"}}, "MAT_IND": {unknown: []string{"q31"}}},
		"beatrice-senza-permesso": {"RDL": {blocking: []string{"q10", "q11"}}, "ADI": {blocking: []string{"q09", "q11", "q23"}}},
		"elena-salta":             {"SUPERSTITI": {unknown: []string{"q21"}}},
		"carla-non-residente":     {"ASS_SOC": {blocking: []string{"q08"}}},
	}
	r, seen := rules(t), 0
	for _, c := range cases(t).Cases {
		for _, b := range orientation.Read(r, c.Answers).Benefits {
			w, ok := want[c.ID][b.ID]
			if !ok {
				continue
			}
			seen++
			for what, pair := range map[string][2][]string{"blocking": {w.blocking, b.Blocking}, "unknown": {w.unknown, b.Unknown}, "missing": {w.missing, b.Missing}} {
				if !slices.Equal(pair[0], pair[1]) {
					t.Errorf("%s, %s: %s %v, want %v", c.ID, b.ID, what, pair[1], pair[0])
				}
			}
		}
	}
	if seen != 13 {
		t.Errorf("%d were looked at, want 13", seen)
	}
}
