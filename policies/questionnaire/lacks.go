package questionnaire

import (
	"maps"
	"slices"
)

// Lacks returns what words lack of what the rules name, and what they have too much, one line
// each. Words that a machine translated have the questions and the warnings only.
func (w Words) Lacks(r Rules) []string {
	var lines []string
	compare := func(what string, want []string, got map[string]string) {
		for _, id := range want {
			if got[id] == "" {
				lines = append(lines, what+" lacks "+id)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(got)) {
			if !slices.Contains(want, id) {
				lines = append(lines, what+" has "+id+", which is nowhere")
			}
		}
	}
	named := names(r)
	compare("sections", r.Sections, w.Sections)
	compare("warnings", named["warnings"], w.Warnings)
	questions := map[string]string{}
	for id, q := range w.Questions {
		questions[id] = q.Text
	}
	compare("questions", named["questions"], questions)
	for _, q := range r.Questions {
		compare(q.ID, q.Options, w.Questions[q.ID].Options)
	}
	if w.Machine {
		return lines
	}
	benefits := map[string]string{}
	for id, b := range w.Benefits {
		benefits[id] = b.Name
	}
	compare("benefits", named["benefits"], benefits)
	compare("documents", named["documents"], w.Documents)
	compare("channels", named["channels"], w.Channels)
	compare("parameters", named["parameters"], w.Parameters)
	compare("units", named["units"], w.Units)
	compare("outcomes", []string{"likely", "verify", "not"}, w.Outcomes)
	compare("confidence", []string{"seen", "verify"}, w.Confidence)
	return lines
}

// names are the ids in the rules for which there are words.
func names(r Rules) map[string][]string {
	all := map[string][]string{}
	add := func(what, id string) {
		if !slices.Contains(all[what], id) {
			all[what] = append(all[what], id)
		}
	}
	for _, q := range r.Questions {
		add("questions", q.ID)
	}
	for _, w := range r.Warnings {
		add("warnings", w.ID)
	}
	for _, p := range r.Parameters {
		add("parameters", p.ID)
		add("units", p.Unit)
	}
	for _, b := range r.Benefits {
		add("benefits", b.ID)
		add("channels", b.Channel)
		for _, d := range b.Documents {
			add("documents", d.ID)
		}
	}
	return all
}
