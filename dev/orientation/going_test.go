package orientation_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/dev/orientation"
	"varco/policies/questionnaire"
)

// TestGoing: of the result that goes into a case nothing tells an answer that stays here: it is
// the same whatever was answered there. A question in it has no answer, or "don't know"; what is
// none of the institute's isn't in it, nor what little was answered of.
func TestGoing(t *testing.T) {
	r, rng := rules(t), random(t)
	stays := slices.DeleteFunc(slices.Clone(r.Questions), func(q questionnaire.Question) bool { return !q.Stays })
	if len(stays) != 5 {
		t.Fatalf("%d answers stay", len(stays))
	}
	var orders []order
	for range 600 {
		answers := whole(rng, r, orientation.Answers{}, true)
		if rng.IntN(3) == 0 {
			answers = fewer(rng, r, answers)
		}
		// The same with other answers to what stays, or with none.
		other := maps.Clone(answers)
		for _, q := range stays {
			if answers[q.ID] == nil {
				continue
			}
			if other[q.ID] = fitting(rng, q, true); rng.IntN(4) == 0 {
				delete(other, q.ID)
			}
		}
		orders = append(orders, order{Answers: answers, Sorted: true}, order{Answers: other, Sorted: true})
	}
	seen := map[string]int{}
	all := ask[page](t, orders)
	for i, got := range all {
		if other := all[i^1]; !cmp.Equal(got.Going.Benefits, other.Going.Benefits) {
			t.Fatalf("%v and %v differ in a case:\n%s", orders[i].Answers, orders[i^1].Answers, cmp.Diff(got.Going.Benefits, other.Going.Benefits))
		}
		may := topics(r, got)
		for _, code := range got.Going.Topics {
			if !may[code] {
				t.Errorf("%s is proposed, which nothing in it has, with %v", code, orders[i].Answers)
			}
		}
		for _, b := range got.Going.Benefits {
			seen[b.Outcome]++
			seen["open"] += len(b.Open)
			if b.ID == "PERMESSO_18BIS" || slices.Contains(got.Early, b.ID) {
				t.Errorf("%s goes into a case with %v", b.ID, orders[i].Answers)
			}
			for _, id := range b.Open {
				if a := got.Counting[id]; len(a) > 0 && !slices.Contains(a, questionnaire.Unknown) {
					t.Errorf("%s is to be cleared up for %s, and was answered with %v", id, b.ID, a)
				}
				if slices.ContainsFunc(stays, func(q questionnaire.Question) bool { return q.ID == id }) {
					t.Errorf("%s is asked for in a case", id)
				}
			}
		}
	}
	if seen["likely"] < 500 || seen["verify"] < 500 || seen["open"] < 500 {
		t.Errorf("too few to say anything: %v", seen)
	}
}

// topics are those of what goes, and of the warnings that apply.
func topics(r questionnaire.Rules, got page) map[string]bool {
	may := map[string]bool{}
	for _, b := range r.Benefits {
		for _, goes := range got.Going.Benefits {
			for _, code := range b.Topics {
				may[code] = may[code] || goes.ID == b.ID
			}
		}
	}
	for _, w := range r.Warnings {
		for _, code := range w.Topics {
			may[code] = may[code] || slices.Contains(got.Warnings, orientation.Warning{ID: w.ID, Certain: true})
		}
	}
	return may
}

// TestGoingOf shows it on cases: the abuser who employs her, and the permit that no office of the
// institute gives.
func TestGoingOf(t *testing.T) {
	var orders []order
	want := map[string][]string{
		"daria":                   {"RDL", "CONGEDO", "ISEE_SEP", "AUU", "AUU_RIP", "CONG_PAR"},
		"beatrice-ricevuta":       {"CONGEDO", "PARTTIME", "MAT_IND", "CONG_PAR", "RDL", "AUU", "NUOVI_NATI", "NIDO"},
		"beatrice-senza-permesso": {"CONTRIB"}, // she works without a contract, whoever he is
	}
	names := []string{}
	for _, c := range cases(t).Cases {
		if want[c.ID] != nil {
			names, orders = append(names, c.ID), append(orders, order{Answers: c.Answers, Sorted: true})
		}
	}
	for i, got := range ask[page](t, orders) {
		goes := []string{}
		for _, b := range got.Going.Benefits {
			goes = append(goes, b.ID)
		}
		slices.Sort(goes)
		slices.Sort(want[names[i]])
		if diff := cmp.Diff(want[names[i]], goes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", names[i], diff)
		}
		if names[i] == "daria" && slices.Contains(got.Going.Topics, "LAV-01") {
			t.Errorf("%s: %v are proposed", names[i], got.Going.Topics)
		}
	}
	if len(names) != len(want) {
		t.Errorf("only %v were looked at", names)
	}
}
