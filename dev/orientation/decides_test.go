package orientation_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"varco/dev/orientation"
	"varco/policies/questionnaire"
)

// TestEachRuleDecides takes each rule, each condition (of a question, a warning, a document, a
// deadline that presses) and each warning of a benefit away in turn: some case must come out
// otherwise, or nothing would notice that it is wrong.
func TestEachRuleDecides(t *testing.T) {
	r, all := rules(t), cases(t)
	before := []result{}
	for _, c := range all.Cases {
		before = append(before, of(r, c))
	}
	try := func(what string, changed questionnaire.Rules) {
		if slices.EqualFunc(all.Cases, before, func(c questionnaire.Case, was result) bool { return reflect.DeepEqual(of(changed, c), was) }) {
			t.Errorf("no case needs %s", what)
		}
	}
	for i, b := range r.Benefits {
		for n := range b.Hard {
			changed := r
			changed.Benefits = slices.Clone(r.Benefits)
			changed.Benefits[i].Hard = slices.Delete(slices.Clone(b.Hard), n, n+1)
			try(fmt.Sprintf("hard rule %d of %s", n+1, b.ID), withSome(changed))
		}
		for n := range b.Soft {
			changed := r
			changed.Benefits = slices.Clone(r.Benefits)
			changed.Benefits[i].Soft = slices.Delete(slices.Clone(b.Soft), n, n+1)
			if b.Soft[n].Const == nil || !*b.Soft[n].Const {
				try(fmt.Sprintf("soft rule %d of %s", n+1, b.ID), withSome(changed))
			}
		}
	}
	always, never := true, false
	looked := map[string]bool{} // warnings that are looked at whatever a benefit names
	for _, w := range r.Warnings {
		looked[w.ID] = w.Always
	}
	for i, b := range r.Benefits {
		with := func(what string, change func(*questionnaire.Benefit)) {
			changed := r
			changed.Benefits = slices.Clone(r.Benefits)
			change(&changed.Benefits[i])
			try(what+" of "+b.ID, changed)
		}
		for n, d := range b.Documents {
			if d.When != nil {
				with("the condition of the document "+d.ID, func(b *questionnaire.Benefit) {
					b.Documents = slices.Clone(b.Documents)
					b.Documents[n].When = nil
				})
			}
		}
		for _, value := range []*bool{&always, &never} {
			if b.Deadline != nil {
				with(fmt.Sprintf("the deadline that presses (%t)", *value), func(b *questionnaire.Benefit) {
					b.Deadline = &questionnaire.Deadline{Parameter: b.Deadline.Parameter, Pressing: questionnaire.Expression{Const: value}}
				})
			}
		}
		for n, id := range b.Warnings {
			// Where W_DSU applies ISEE_SEP is found too, and shows it: of the others it is only said to whom it belongs.
			if !looked[id] && (id != "W_DSU" || b.ID == "ISEE_SEP") {
				with("the warning "+id, func(b *questionnaire.Benefit) { b.Warnings = slices.Delete(slices.Clone(b.Warnings), n, n+1) })
			}
		}
	}
	for i, w := range r.Warnings {
		if w.When.Const == nil {
			changed := r
			changed.Warnings = slices.Clone(r.Warnings)
			changed.Warnings[i].When = questionnaire.Expression{Const: &always}
			try("the condition of "+w.ID, changed)
		}
	}
	for i, q := range r.Questions {
		if q.ShowIf != nil {
			changed := r
			changed.Questions = slices.Clone(r.Questions)
			changed.Questions[i].ShowIf = nil
			try("what shows "+q.ID, changed)
		}
	}
}

// withSome fills lists of rules that became empty with what always holds.
func withSome(r questionnaire.Rules) questionnaire.Rules {
	always := true
	for i, b := range r.Benefits {
		if len(b.Hard) == 0 {
			r.Benefits[i].Hard = []questionnaire.Expression{{Const: &always}}
		}
		if len(b.Soft) == 0 {
			r.Benefits[i].Soft = []questionnaire.Expression{{Const: &always}}
		}
	}
	return r
}

// result is what a case is about, and how many questions are shown.
type result struct {
	said  map[string]string
	shown int
}

func of(r questionnaire.Rules, c questionnaire.Case) result {
	got := orientation.Read(r, c.Answers)
	return result{said(r, c, got), len(got.Visible)}
}
