package orientation_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"varco/dev/orientation"
	"varco/policies/questionnaire"
)

// TestUnknown: who knows nothing is told of nothing as probable, and is warned of everything.
func TestUnknown(t *testing.T) {
	r, rng := rules(t), random(t)
	orders := []order{{Answers: orientation.Answers{}}}
	for len(orders) < 200 {
		answers := orientation.Answers{}
		for _, q := range r.Questions {
			if slices.Contains(q.Options, questionnaire.Unknown) && (len(orders) == 1 || rng.IntN(2) == 0) {
				answers[q.ID] = []string{questionnaire.Unknown}
			}
		}
		orders = append(orders, order{Answers: answers})
	}
	for i, got := range ask[page](t, orders) {
		for _, b := range got.Benefits {
			if b.Outcome != "verify" {
				t.Errorf("%s is %s with %v", b.ID, b.Outcome, orders[i].Answers)
			}
		}
		if len(got.Warnings) != len(r.Warnings) || len(got.Visible) != len(r.Questions) {
			t.Errorf("%d of %d warnings, %d of %d questions with %v", len(got.Warnings), len(r.Warnings), len(got.Visible), len(r.Questions), orders[i].Answers)
		}
	}
}

// fewer forgets some answers, and knows of others no more.
func fewer(rng *rand.Rand, r questionnaire.Rules, answers orientation.Answers) orientation.Answers {
	out, kept := maps.Clone(answers), rng.Float64()
	for _, q := range r.Questions {
		switch {
		case out[q.ID] == nil || rng.Float64() < kept:
		case rng.IntN(3) == 0 && slices.Contains(q.Options, questionnaire.Unknown):
			out[q.ID] = []string{questionnaire.Unknown}
		default:
			delete(out, q.ID)
		}
	}
	return out
}

// TestMoreAnswers: what was found or excluded by some answers stays so by more; only what is to
// be verified moves. So "not found" never becomes "probable" unless an answer changes. In
// the same way a warning that is shown by more answers was shown by fewer.
func TestMoreAnswers(t *testing.T) {
	r, rng := rules(t), random(t)
	var orders []order
	for range 800 {
		more := whole(rng, r, orientation.Answers{}, rng.IntN(2) == 0)
		orders = append(orders, order{Answers: more}, order{Answers: fewer(rng, r, more)})
	}
	moved := 0
	all := ask[page](t, orders)
	for i := 0; i < len(all); i += 2 {
		before := map[string]string{}
		for _, b := range all[i+1].Benefits {
			before[b.ID] = b.Outcome
		}
		for _, b := range all[i].Benefits {
			if before[b.ID] != b.Outcome {
				moved++
				if before[b.ID] != "verify" {
					t.Fatalf("%s was %s with %v, is %s with %v", b.ID, before[b.ID], orders[i+1].Answers, b.Outcome, orders[i].Answers)
				}
			}
		}
		for _, w := range all[i].Warnings {
			if !slices.ContainsFunc(all[i+1].Warnings, func(o orientation.Warning) bool { return o.ID == w.ID }) {
				t.Fatalf("%s was not shown with %v, is with %v", w.ID, orders[i+1].Answers, orders[i].Answers)
			}
		}
	}
	if moved < 500 {
		t.Errorf("only %d outcomes moved", moved)
	}
}

// TestHidden: answers of hidden questions change nothing.
func TestHidden(t *testing.T) {
	r, rng := rules(t), random(t)
	var orders []order
	for range 300 {
		clean := whole(rng, r, orientation.Answers{}, true)
		stale := some(rng, r)
		maps.Copy(stale, clean)
		for _, q := range orientation.Read(r, clean).Visible {
			if clean[q] == nil {
				delete(stale, q)
			}
		}
		orders = append(orders, order{Answers: clean}, order{Answers: stale})
	}
	all := ask[page](t, orders)
	for i := 0; i < len(all); i += 2 {
		if !slices.Equal(all[i].Visible, all[i+1].Visible) || !slices.EqualFunc(all[i].Benefits, all[i+1].Benefits, func(a, b orientation.Benefit) bool {
			return a.ID == b.ID && a.Outcome == b.Outcome
		}) {
			t.Fatalf("%v and %v differ", orders[i].Answers, orders[i+1].Answers)
		}
	}
}

// TestEarly: what little was answered of is only named, and only that; whoever answers all that
// she is asked sees everything. No warning stands aside that is looked at always, that an answer
// makes apply, or that is about something that is shown. Her contacts are never renewed before her
// access is safe.
func TestEarly(t *testing.T) {
	r, rng := rules(t), random(t)
	orders := []order{{Answers: orientation.Answers{}, Sorted: true}}
	for len(orders) < 400 {
		answers := whole(rng, r, orientation.Answers{}, true)
		if len(orders)%4 != 0 {
			answers = fewer(rng, r, answers)
		}
		orders = append(orders, order{Answers: answers, Sorted: true})
	}
	counts := map[string]int{}
	for i, got := range ask[page](t, orders) {
		if open := len(got.Visible) - len(got.Counting); i == 0 && len(got.Early) != len(r.Benefits) || open == 0 && len(got.Early) != 0 {
			t.Errorf("%d answers are open, and early are %v", open, got.Early)
		}
		near := map[string]bool{}
		for _, b := range got.Benefits {
			if slices.Contains(got.Early, b.ID) {
				counts["early"]++
				if b.Outcome != "verify" || b.Pressing {
					t.Errorf("%+v is early", b)
				}
			} else if b.Outcome != "not" {
				counts["shown"]++
				near[b.ID] = true
			}
		}
		access, contacts := slices.Index(got.Order, "W_SPID"), slices.Index(got.Order, "W_CONTATTI")
		if access >= 0 && contacts >= 0 {
			counts["ordered"]++
		}
		if contacts >= 0 && access > contacts || len(got.Order) != len(got.Warnings) {
			t.Errorf("the warnings are read as %v", got.Order)
		}
		for _, id := range got.Aside {
			counts["aside"]++
			w := r.Warnings[slices.IndexFunc(r.Warnings, func(w questionnaire.Warning) bool { return w.ID == id })]
			certain := slices.Contains(got.Warnings, orientation.Warning{ID: id, Certain: true})
			if w.Always || certain && w.When.Const == nil || slices.ContainsFunc(r.Benefits, func(b questionnaire.Benefit) bool {
				return near[b.ID] && slices.Contains(b.Warnings, id)
			}) {
				t.Errorf("%s stands aside with %v", id, orders[i].Answers)
			}
		}
	}
	if counts["early"] < 100 || counts["shown"] < 100 || counts["aside"] < 50 || counts["ordered"] < 50 {
		t.Errorf("too few to say anything: %v", counts)
	}
}
