// Package orientation reads the anonymous questionnaire a second time, for tests and reviewers:
// an evaluator of its rules written from docs/decisions/0017-orientation.md and not from the
// page's, which must agree with it on any answers; and the page that a lawyer reads and signs.
//
// It is no part of any program: what people answer is evaluated by the page alone, on their
// own device (web/src/orientation).
package orientation

import (
	"cmp"
	"slices"

	"varco/policies/questionnaire"
)

// Answers are options by question; a question that is absent is unanswered.
type Answers map[string][]string

// Reading is all that the rules say of some answers, in the page's own form.
type Reading struct {
	Visible   []string  `json:"visible"`  // questions that are shown
	Counting  Answers   `json:"counting"` // answers that were not withdrawn
	Benefits  []Benefit `json:"benefits"` // by deadline and need
	Warnings  []Warning `json:"warnings"`
	Documents []string  `json:"documents"`
	Topics    []string  `json:"topics"`
}

// Benefit is how one stands.
type Benefit struct {
	ID        string   `json:"id"`
	Outcome   string   `json:"outcome"` // likely, verify, not
	Blocking  []string `json:"blocking"`
	Unknown   []string `json:"unknown"`
	Missing   []string `json:"missing"`
	Pressing  bool     `json:"pressing"`
	Documents []string `json:"documents"`
}

// Warning is one that is shown.
type Warning struct {
	ID      string `json:"id"`
	Certain bool   `json:"certain"`
}

// degree is how far something holds: Kleene's values in their order, so that "and" is the
// lesser, "or" the greater, and "not" the opposite end.
type degree int

const (
	fails degree = 0
	open  degree = 1
	holds degree = 2
)

// questions is a set of them: bit n is the nth of the rules, which has fewer than 64.
type questions uint64

// weight is a degree and the questions on which it rests.
type weight struct {
	degree degree
	rests  questions
}

type reader struct {
	rules   questionnaire.Rules
	at      map[string]int // place of a question
	answers Answers
	shows   map[string]weight // by question: whether it is shown
}

// Read evaluates the rules.
func Read(rules questionnaire.Rules, answers Answers) Reading {
	r := begin(rules, answers)
	out := Reading{Visible: []string{}, Counting: Answers{}}
	for _, q := range rules.Questions {
		if r.shown(q.ID).degree == fails {
			continue
		}
		out.Visible = append(out.Visible, q.ID)
		if a := r.answer(q.ID); a != nil {
			out.Counting[q.ID] = a
		}
	}
	out.Benefits = r.benefits()
	out.Warnings = r.warnings(out.Benefits)
	out.Documents = r.documents(out.Benefits)
	out.Topics = r.topics(out)
	return out
}

// Shown reports whether one question is shown.
func Shown(rules questionnaire.Rules, answers Answers, id string) bool {
	r := begin(rules, answers)
	return r.shown(id).degree != fails
}

func begin(rules questionnaire.Rules, answers Answers) *reader {
	r := reader{rules: rules, at: map[string]int{}, answers: answers, shows: map[string]weight{}}
	for i, q := range rules.Questions {
		r.at[q.ID] = i
	}
	return &r
}

func (r *reader) question(id string) questionnaire.Question { return r.rules.Questions[r.at[id]] }

// shown weighs a question's show_if; without one it is always shown.
func (r *reader) shown(id string) weight {
	if w, ok := r.shows[id]; ok {
		return w
	}
	w := weight{degree: holds}
	if e := r.question(id).ShowIf; e != nil {
		w = r.weigh(*e)
	}
	r.shows[id] = w
	return w
}

// answer is what was answered, or nil for what is no answer to the question.
func (r *reader) answer(id string) []string {
	q, a := r.question(id), r.answers[id]
	for i, o := range a {
		alone := q.Type == "single" || slices.Contains(q.Exclusive, o)
		if !slices.Contains(q.Options, o) || alone && len(a) > 1 || slices.Contains(a[:i], o) {
			return nil
		}
	}
	if len(a) == 0 {
		return nil
	}
	return a
}

func (r *reader) weigh(e questionnaire.Expression) weight {
	switch {
	case e.Q != "":
		return r.atom(e.Q, slices.Concat(e.In, e.AnyOf))
	case e.Ref != "":
		return r.weigh(r.rules.Expressions[e.Ref])
	case e.Not != nil:
		w := r.weigh(*e.Not)
		return weight{holds - w.degree, w.rests}
	case e.Const != nil:
		return weight{degree: map[bool]degree{false: fails, true: holds}[*e.Const]}
	case e.All != nil:
		return together(r.each(e.All), slices.Min)
	default:
		return together(r.each(e.Any), slices.Max)
	}
}

func (r *reader) each(list []questionnaire.Expression) []weight {
	all := make([]weight, len(list))
	for i, e := range list {
		all[i] = r.weigh(e)
	}
	return all
}

// together rests on the parts that have the degree that came out.
func together(parts []weight, choose func([]degree) degree) weight {
	degrees := make([]degree, len(parts))
	for i, p := range parts {
		degrees[i] = p.degree
	}
	d := choose(degrees)
	return weight{d, of(parts, d)}
}

func (r *reader) atom(id string, listed []string) weight {
	show := r.shown(id)
	if show.degree == fails {
		return weight{fails, show.rests}
	}
	rests := questions(1) << r.at[id]
	a := r.answer(id)
	if a == nil && show.degree == open {
		rests |= show.rests
	}
	switch {
	case slices.ContainsFunc(a, func(o string) bool { return slices.Contains(listed, o) }):
		return weight{holds, rests}
	case a == nil || slices.Contains(a, questionnaire.Unknown):
		return weight{open, rests}
	default:
		return weight{fails, rests}
	}
}

func (r *reader) benefits() []Benefit {
	days := map[string]float64{}
	need := map[string]int{}
	all := []Benefit{}
	for _, b := range r.rules.Benefits {
		all = append(all, r.benefit(b))
		need[b.ID], days[b.ID] = b.Need, r.days(b)
	}
	slices.SortStableFunc(all, func(a, b Benefit) int {
		if a.Pressing != b.Pressing {
			return map[bool]int{true: -1, false: 1}[a.Pressing]
		}
		return cmp.Or(cmp.Compare(need[a.ID], need[b.ID]), cmp.Compare(days[a.ID], days[b.ID]))
	})
	return all
}

// days is how long a deadline is; who has none waits longest.
func (r *reader) days(b questionnaire.Benefit) float64 {
	for _, p := range r.rules.Parameters {
		if b.Deadline != nil && p.ID == b.Deadline.Parameter {
			return p.Value * map[string]float64{"days": 1, "weeks": 7, "months": 30, "years": 365}[p.Unit]
		}
	}
	return 1e9
}

func (r *reader) benefit(b questionnaire.Benefit) Benefit {
	hard, soft := r.each(b.Hard), r.each(b.Soft)
	out := Benefit{ID: b.ID, Outcome: "verify", Blocking: []string{}, Unknown: []string{}, Missing: []string{}, Documents: []string{}}
	out.Pressing = b.Deadline != nil && r.weigh(b.Deadline.Pressing).degree == holds
	excluded := together(hard, slices.Min)
	if excluded.degree == fails {
		out.Outcome, out.Blocking = "not", r.inOrder(excluded.rests)
		return out
	}
	all := slices.Concat(hard, soft)
	if together(all, slices.Min).degree == holds {
		out.Outcome = "likely"
	} else {
		out.Unknown, out.Missing = r.inOrder(of(all, open)), r.inOrder(of(soft, fails))
	}
	for _, d := range b.Documents {
		if d.When == nil || r.weigh(*d.When).degree != fails {
			out.Documents = append(out.Documents, d.ID)
		}
	}
	return out
}

// of is what all parts of one degree rest on.
func of(parts []weight, d degree) questions {
	var rests questions
	for _, p := range parts {
		if p.degree == d {
			rests |= p.rests
		}
	}
	return rests
}

func (r *reader) inOrder(set questions) []string {
	list := []string{}
	for i, q := range r.rules.Questions {
		if set>>i&1 == 1 {
			list = append(list, q.ID)
		}
	}
	return list
}

func (r *reader) warnings(benefits []Benefit) []Warning {
	wanted := map[string]bool{}
	for _, b := range r.rules.Benefits {
		for _, got := range benefits {
			if got.ID == b.ID && got.Outcome != "not" {
				for _, w := range b.Warnings {
					wanted[w] = true
				}
			}
		}
	}
	list := []Warning{}
	for _, w := range r.rules.Warnings {
		if d := r.weigh(w.When).degree; d != fails && (w.Always || wanted[w.ID]) {
			list = append(list, Warning{w.ID, d == holds})
		}
	}
	return list
}

func (r *reader) documents(benefits []Benefit) []string {
	list := []string{}
	for _, outcome := range []string{"likely", "verify"} {
		for _, b := range benefits {
			if b.Outcome == outcome {
				list = append(list, b.Documents...)
			}
		}
	}
	return once(list)
}

func (r *reader) topics(got Reading) []string {
	of := func(outcome string) []string {
		var list []string
		for _, b := range got.Benefits {
			for _, rule := range r.rules.Benefits {
				if b.Outcome == outcome && rule.ID == b.ID {
					list = append(list, rule.Topics...)
				}
			}
		}
		return list
	}
	var warned []string
	for _, w := range r.rules.Warnings {
		if slices.Contains(got.Warnings, Warning{w.ID, true}) {
			warned = append(warned, w.Topics...)
		}
	}
	return once(slices.Concat(of("likely"), warned, of("verify")))
}

// once keeps the first of what repeats.
func once(list []string) []string {
	out := []string{}
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
