package network

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"varco/internal/act"
	"varco/internal/card"
)

var province = regexp.MustCompile(`^[A-Z]{2}$`)

// check returns everything that is wrong with the file alone.
func (f *File) check() []error {
	var wrong []error
	each(&wrong, "organisation", f.Organisations, func(o Organisation) (string, []error) { return string(o.ID), o.check() })
	each(&wrong, "agreement", f.Agreements, func(a Agreement) (string, []error) { return string(a.ID), a.check() })
	each(&wrong, "issuer", f.Issuers, func(i Issuer) (string, []error) { return i.URL, i.check() })
	each(&wrong, "invitation", f.Invitations, func(i Invitation) (string, []error) { return string(i.ID), i.check() })
	each(&wrong, "leaver", f.Leavers, func(l Leaver) (string, []error) { return string(l.Person), l.check() })
	return wrong
}

// each checks the things of one kind and says of which each error is.
func each[T any](wrong *[]error, kind string, all []T, check func(T) (id string, wrong []error)) {
	seen := map[string]bool{}
	for i, thing := range all {
		id, found := check(thing)
		if seen[id] {
			found = append(found, errors.New("it is in the file twice"))
		}
		seen[id] = true
		if id == "" {
			id = fmt.Sprintf("number %d", i+1)
		}
		for _, err := range found {
			*wrong = append(*wrong, fmt.Errorf("%s %s: %w", kind, id, err))
		}
	}
}

// claims collects what does not hold.
type claims []error

func (c *claims) that(holds bool, otherwise string, args ...any) {
	if !holds {
		*c = append(*c, fmt.Errorf(otherwise, args...))
	}
}

func (o Organisation) check() []error {
	var c claims
	c.that(o.ID != "", "an id is needed: draw one with varcod network id organisation")
	c.that(slices.Contains(act.Kinds, o.Kind), "the kind %q is none of %q", o.Kind, act.Kinds)
	c.that(isName(o.Name), "the name is empty, too long or has characters that do not show")
	c.that((o.Kind == act.INPS) == (o.Province != ""), "an INPS office has a province, and nobody else")
	c.that(o.Province == "" || province.MatchString(o.Province), "the province %q is not two capital letters", o.Province)
	c.that((o.Kind == act.Refuge) == (o.Body != ""), "a refuge has a managing body, and nobody else")
	return c
}

func (a Agreement) check() []error {
	var c claims
	c.that(a.ID != "", "an id is needed: draw one with varcod network id agreement")
	c.that(isName(a.Name), "the name is empty, too long or has characters that do not show")
	c.that(a.Parent == "" || a.Parent != a.ID, "it is its own parent")
	c.that(len(a.Parties) != 1, "one party agrees with nobody")
	c.that(!repeats(a.Parties), "a party is named twice")
	for _, p := range a.Territory {
		c.that(province.MatchString(p), "the province %q is not two capital letters", p)
	}
	c.that(!repeats(a.Territory), "a province is named twice")
	return append(c, checkTerms(a.Terms)...)
}

func checkTerms(terms []Term) []error {
	var c claims
	c.that(len(terms) > 0, "it has no term")
	for _, t := range terms {
		c.that(!t.From.IsZero() && !t.Until.IsZero(), "a term without from or until")
		c.that(!t.Until.Begin().Before(t.From.Begin()), "the term from %s ends before it begins", t.From)
	}
	sorted := sortedTerms(terms)
	for i := 1; i < len(sorted); i++ {
		c.that(!sorted[i].From.Begin().Before(sorted[i-1].Until.End()), "the terms from %s and from %s overlap",
			sorted[i-1].From, sorted[i].From)
	}
	return c
}

func (i Invitation) check() []error {
	var c claims
	c.that(i.ID != "", "an id is needed: draw one with varcod network id invitation")
	c.that(i.Person != "", "a person is needed: draw one with varcod network id person")
	c.that(i.Organisation != "", "an organisation is needed")
	c.that(!i.Until.IsZero(), "a last day is needed: until")
	return c
}

func (l Leaver) check() []error {
	var c claims
	c.that(l.Person != "", "a person is needed")
	return c
}

// isName reports whether a name is good enough to be shown: package card has the rule.
func isName(text string) bool {
	name := card.Name{Text: text}
	return name.Opens(name.Commitment()) == nil
}

func repeats[T cmp.Ordered](all []T) bool {
	sorted := slices.Sorted(slices.Values(all))
	return len(slices.Compact(sorted)) < len(all)
}

func sortedTerms(terms []Term) []Term {
	return slices.SortedFunc(slices.Values(terms), func(a, b Term) int { return a.From.Begin().Compare(b.From.Begin()) })
}
