package orientation

import (
	"slices"
	"strings"

	"varco/policies/questionnaire"
)

// plain says expressions in Italian, as a lawyer would read them aloud.
type plain struct {
	rules questionnaire.Rules
	words questionnaire.Words
}

// lines are what an expression asks for, as items of a list; depth indents them. Negation is
// carried inwards, so that no "not" stands before more than one answer.
func (p plain) lines(e questionnaire.Expression, negated bool, depth int) []string {
	indent := strings.Repeat("  ", depth) + "- "
	switch {
	case e.Not != nil:
		return p.lines(*e.Not, !negated, depth)
	case e.Ref != "":
		return p.lines(p.rules.Expressions[e.Ref], negated, depth)
	case e.Const != nil && *e.Const != negated:
		return []string{indent + "nessun’altra condizione"}
	case e.Const != nil:
		return []string{indent + "mai: l’esito resta «" + p.words.Outcomes["verify"] + "»"}
	case e.Q != "":
		return []string{indent + p.atom(e, negated)}
	}
	parts, head := e.All, "tutte queste"
	if e.Any != nil {
		parts = e.Any
	}
	if (e.Any != nil) != negated {
		head = "almeno una di queste"
	}
	all := []string{indent + head + ":"}
	for _, part := range parts {
		all = append(all, p.lines(part, negated, depth+1)...)
	}
	return all
}

// sentence says a condition in one line: of one answer as it is, of more in brackets.
func (p plain) sentence(e questionnaire.Expression) string {
	lines := p.lines(e, false, 0)
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(strings.TrimSpace(line), "- ")
	}
	if len(lines) == 1 {
		return lines[0]
	}
	return lines[0] + " " + strings.Join(lines[1:], "; ")
}

func (p plain) atom(e questionnaire.Expression, negated bool) string {
	q := p.words.Questions[e.Q]
	listed := []string{}
	for _, o := range slices.Concat(e.In, e.AnyOf) {
		listed = append(listed, "«"+q.Options[o]+"»")
	}
	between, verb := " oppure ", "la risposta è"
	if e.AnyOf != nil {
		verb = "una risposta è"
	}
	if negated {
		between, verb = " né ", "la risposta non è"
	}
	return e.Q + ", " + strings.TrimRight(q.Text, "?: ") + ": " + verb + " " + strings.Join(listed, between)
}
