package questionnaire

import (
	"errors"
	"fmt"
	"slices"
)

// check refuses rules that name what is not there, that name it twice, or that ask a question
// before the one that shows it.
func (r *Rules) check() error {
	c := checker{questions: map[string]*Question{}, expressions: r.Expressions, parameters: map[string]bool{}, warnings: map[string]bool{}}
	for _, p := range r.Parameters {
		if c.parameters[p.ID] {
			return fmt.Errorf("the parameter %s stands twice", p.ID)
		}
		c.parameters[p.ID] = true
		if p.Until != "" && p.Until < p.From {
			return fmt.Errorf("the parameter %s ends before it begins", p.ID)
		}
	}
	if r.Valid.Until != "" && r.Valid.Until < r.Valid.From || r.Review < r.Valid.From {
		return errors.New("they end, or are to be reviewed, before they begin")
	}
	for i := range r.Questions {
		if err := c.question(&r.Questions[i], r.Sections); err != nil {
			return fmt.Errorf("question %s: %w", r.Questions[i].ID, err)
		}
	}
	for name, e := range r.Expressions {
		if err := c.expression(e, 0); err != nil {
			return fmt.Errorf("expression %s: %w", name, err)
		}
	}
	for _, w := range r.Warnings {
		if c.warnings[w.ID] {
			return fmt.Errorf("the warning %s stands twice", w.ID)
		}
		c.warnings[w.ID] = true
		if err := c.expression(w.When, 0); err != nil {
			return fmt.Errorf("warning %s: %w", w.ID, err)
		}
	}
	return c.benefits(r.Benefits)
}

type checker struct {
	questions   map[string]*Question // those that came before
	expressions map[string]Expression
	parameters  map[string]bool
	warnings    map[string]bool
}

func (c *checker) question(q *Question, sections []string) error {
	if c.questions[q.ID] != nil {
		return errors.New("it stands twice")
	}
	if !slices.Contains(sections, q.Section) {
		return fmt.Errorf("there is no section %s", q.Section)
	}
	if (q.Type == "multi") != (q.Exclusive != nil) {
		return errors.New("what stands alone is for several choices, and for these only")
	}
	if err := among(q.Exclusive, q.Options); err != nil {
		return err
	}
	if q.Type == "multi" && slices.Contains(q.Options, Unknown) && !slices.Contains(q.Exclusive, Unknown) {
		return fmt.Errorf("%s does not stand alone", Unknown)
	}
	if err := c.known(q.Parameters); err != nil {
		return err
	}
	if q.ShowIf != nil {
		// Only what was asked before can show it, so there is no circle.
		if err := c.expression(*q.ShowIf, 0); err != nil {
			return err
		}
	}
	c.questions[q.ID] = q
	return nil
}

func (c *checker) benefits(all []Benefit) error {
	seen := map[string]bool{}
	for _, b := range all {
		if seen[b.ID] {
			return fmt.Errorf("the benefit %s stands twice", b.ID)
		}
		seen[b.ID] = true
		if err := c.benefit(b); err != nil {
			return fmt.Errorf("benefit %s: %w", b.ID, err)
		}
	}
	return nil
}

func (c *checker) benefit(b Benefit) error {
	rules := slices.Concat(b.Hard, b.Soft)
	for _, d := range b.Documents {
		if d.When != nil {
			rules = append(rules, *d.When)
		}
	}
	if b.Deadline != nil {
		rules = append(rules, b.Deadline.Pressing)
		if err := c.known([]string{b.Deadline.Parameter}); err != nil {
			return err
		}
	}
	for _, e := range rules {
		if err := c.expression(e, 0); err != nil {
			return err
		}
		if namesUnknown(e, c.expressions) {
			return fmt.Errorf("a rule takes %s for an answer", Unknown)
		}
	}
	for _, w := range b.Warnings {
		if !c.warnings[w] {
			return fmt.Errorf("there is no warning %s", w)
		}
	}
	return c.known(b.Parameters)
}

func (c *checker) known(parameters []string) error {
	for _, p := range parameters {
		if !c.parameters[p] {
			return fmt.Errorf("there is no parameter %s", p)
		}
	}
	return nil
}

// expression holds what it names against the questions that came before. Depth finds circles.
func (c *checker) expression(e Expression, depth int) error {
	if depth > 8 {
		return errors.New("expressions in a circle, or too deep")
	}
	if e.Ref != "" {
		named, ok := c.expressions[e.Ref]
		if !ok {
			return fmt.Errorf("there is no expression %s", e.Ref)
		}
		return c.expression(named, depth+1)
	}
	if e.Q != "" {
		return c.atom(e)
	}
	for _, part := range parts(e) {
		if err := c.expression(part, depth+1); err != nil {
			return err
		}
	}
	if len(parts(e)) == 0 && e.Const == nil {
		return errors.New("an expression says nothing")
	}
	return nil
}

func (c *checker) atom(e Expression) error {
	q := c.questions[e.Q]
	if q == nil {
		return fmt.Errorf("there is no question %s, or it comes later", e.Q)
	}
	if (q.Type == "multi") != (e.AnyOf != nil) || (q.Type == "single") != (e.In != nil) {
		return fmt.Errorf("%s is %s, and is asked as if not", e.Q, q.Type)
	}
	if err := among(slices.Concat(e.In, e.AnyOf), q.Options); err != nil {
		return fmt.Errorf("%s: %w", e.Q, err)
	}
	return nil
}

// parts are the expressions of which one is made.
func parts(e Expression) []Expression {
	all := slices.Concat(e.All, e.Any)
	if e.Not != nil {
		all = append(all, *e.Not)
	}
	return all
}

// namesUnknown reports whether a rule lists "don't know". Warnings may; a benefit must not rest on it.
func namesUnknown(e Expression, named map[string]Expression) bool {
	if e.Ref != "" {
		return namesUnknown(named[e.Ref], named)
	}
	if slices.Contains(e.In, Unknown) || slices.Contains(e.AnyOf, Unknown) {
		return true
	}
	return slices.ContainsFunc(parts(e), func(part Expression) bool { return namesUnknown(part, named) })
}

func among(some, all []string) error {
	for _, o := range some {
		if !slices.Contains(all, o) {
			return fmt.Errorf("there is no option %s", o)
		}
	}
	return nil
}
