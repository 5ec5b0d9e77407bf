package orientation_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/dev/orientation"
	"varco/policies/questionnaire"
)

// probable are the benefits that are, by the second reading, as long as each answer counts.
func probable(r questionnaire.Rules, answers orientation.Answers) map[string]bool {
	out := map[string]bool{}
	got := orientation.Read(r, answers)
	for _, b := range got.Benefits {
		if b.Outcome == "likely" && len(got.Counting) == len(answers) {
			out[b.ID] = true
		}
	}
	return out
}

func with(answers orientation.Answers, question, option string) orientation.Answers {
	out := maps.Clone(answers)
	out[question] = []string{option}
	return out
}

// known are the answers that say something.
func known(answers orientation.Answers) orientation.Answers {
	out := maps.Clone(answers)
	maps.DeleteFunc(out, func(_ string, a []string) bool { return slices.Contains(a, questionnaire.Unknown) })
	return out
}

// further calls f with each set of answers that has one more, to a question that is open.
func further(r questionnaire.Rules, answers orientation.Answers, f func(orientation.Answers)) {
	got := orientation.Read(r, answers)
	for _, q := range r.Questions {
		if !slices.Contains(got.Visible, q.ID) || got.Counting[q.ID] != nil {
			continue
		}
		for _, o := range q.Options {
			if o != questionnaire.Unknown {
				f(with(answers, q.ID, o))
			}
		}
	}
}

// fewest is how many more answers make a benefit probable, found by trying all sets of one and two.
func fewest(r questionnaire.Rules, answers orientation.Answers) map[string]int {
	out := map[string]int{}
	note := func(n int) func(orientation.Answers) {
		return func(more orientation.Answers) {
			for id := range probable(r, more) {
				if out[id] == 0 || n < out[id] {
					out[id] = n
				}
			}
		}
	}
	further(r, answers, func(one orientation.Answers) {
		note(1)(one)
		further(r, one, note(2))
	})
	for id := range probable(r, answers) {
		delete(out, id)
	}
	return out
}

// TestWorthAsking: each suggestion does what it says, with the fewest answers, in the order of
// the benefits, and nothing within two answers is missed, as trying all of them shows.
func TestWorthAsking(t *testing.T) {
	r, rng := rules(t), random(t)
	orders := []order{{Answers: orientation.Answers{}, Worth: true}}
	for len(orders) < 200 {
		answers := fewer(rng, r, whole(rng, r, orientation.Answers{}, true))
		orders = append(orders, order{Answers: orientation.Read(r, answers).Counting, Worth: true})
	}
	suggested, tried := 0, 0
	for i, got := range ask[page](t, orders) {
		answers := known(orders[i].Answers)
		places := []int{}
		few := map[string]int{}
		for _, s := range got.Worth {
			at := slices.IndexFunc(got.Benefits, func(b orientation.Benefit) bool { return b.ID == s.Benefit })
			places, few[s.Benefit] = append(places, at), len(s.Answers)
			if got.Benefits[at].Outcome != "verify" || len(s.Answers) == 0 || len(s.Answers) > 3 {
				t.Fatalf("%s is %s, and %d answers are suggested, with %v", s.Benefit, got.Benefits[at].Outcome, len(s.Answers), answers)
			}
			does(t, r, answers, s)
			suggested++
		}
		if !slices.IsSorted(places) {
			t.Errorf("in the order %v with %v", got.Worth, answers)
		}
		if open := len(got.Visible) - len(answers); tried < 8 && open < 10 {
			tried++
			for id, n := range few {
				if n > 2 {
					delete(few, id)
				}
			}
			if diff := cmp.Diff(fewest(r, answers), few); diff != "" {
				t.Errorf("with %v (-trying all +suggested):\n%s", answers, diff)
			}
		}
	}
	if suggested < 200 || tried < 8 {
		t.Errorf("%d suggestions, %d tried", suggested, tried)
	}
}

// does tries every option of a suggestion, with the first of the others.
func does(t *testing.T, r questionnaire.Rules, answers orientation.Answers, s suggestion) {
	t.Helper()
	first := maps.Clone(answers)
	for _, a := range s.Answers {
		if len(a.Options) == 0 {
			t.Fatalf("no option of %s for %s with %v", a.Question, s.Benefit, answers)
		}
		first[a.Question] = a.Options[:1]
	}
	for _, a := range s.Answers {
		for _, o := range a.Options {
			if !probable(r, with(first, a.Question, o))[s.Benefit] {
				t.Fatalf("%s isn't probable with %s of %s, as suggested, with %v", s.Benefit, o, a.Question, answers)
			}
		}
	}
}

// TestWorthOf shows it on cases: what an answer forgotten in a whole set would bring.
func TestWorthOf(t *testing.T) {
	var orders []order
	forgotten := map[string][]string{"anna": {"q04"}, "beatrice-non-sa": nil, "elena-salta": nil, "fatima-non-sa": nil}
	names := []string{}
	for _, c := range cases(t).Cases {
		gone, ok := forgotten[c.ID]
		if !ok {
			continue
		}
		for _, q := range gone {
			delete(c.Answers, q)
		}
		names, orders = append(names, c.ID), append(orders, order{Answers: c.Answers, Worth: true})
	}
	type asked map[string][]string // by question, the options
	want := map[string]map[string]asked{
		"anna": {"RDL": {"q04": {"si"}}},
		"beatrice-non-sa": {"CONGEDO": {"q03": {"si"}, "q27": {"zero", "parte"}}, "PARTTIME": {"q03": {"si"}}, "MAT_IND": {"q31": {"si"}},
			"MAT_COM": {"q31": {"no"}}, "MAT_STATO": {"q31": {"discontinua"}}, "NIDO": {"q19": {"si"}}},
		"elena-salta":   {"SUPERSTITI": {"q21": {"si"}}},
		"fatima-non-sa": {"NASPI": {"q28": {"licenz", "giusta_causa", "maternita"}, "q29": {"lt60", "60a68"}}, "DISCOLL": {"q28": {"cococo"}, "q29": {"lt60", "60a68"}}},
	}
	for i, answer := range ask[page](t, orders) {
		got := map[string]asked{}
		for _, s := range answer.Worth {
			got[s.Benefit] = asked{}
			for _, a := range s.Answers {
				got[s.Benefit][a.Question] = a.Options
			}
		}
		if diff := cmp.Diff(want[names[i]], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", names[i], diff)
		}
	}
}
