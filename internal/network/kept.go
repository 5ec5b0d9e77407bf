package network

import (
	"fmt"
	"slices"
	"strings"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/store"
)

// kept is what was loaded before of all that the file names or refers to.
type kept struct {
	organisations map[ids.Organisation]store.Organisation
	agreements    map[ids.Agreement]store.Agreement
	issuers       []store.Issuer
	people        map[ids.Person]store.Person
	invitations   map[ids.Invitation]store.Invitation
}

// read fills kept.
func (l *load) read() (err error) {
	var organisations []ids.Organisation
	for _, o := range l.file.Organisations {
		organisations = append(organisations, o.ID, o.Body)
	}
	var agreements []ids.Agreement
	for _, a := range l.file.Agreements {
		agreements = append(agreements, a.ID, a.Parent)
		organisations = append(organisations, a.Parties...)
	}
	var people []ids.Person
	var invitations []ids.Invitation
	for _, i := range l.file.Invitations {
		people, invitations = append(people, i.Person), append(invitations, i.ID)
		organisations = append(organisations, i.Organisation)
	}
	for _, leaver := range l.file.Leavers {
		people = append(people, leaver.Person)
	}
	if l.kept.organisations, err = find(organisations, l.Organisation); err != nil {
		return err
	}
	// An invitation for a refuge that was loaded before is one for its managing body.
	var bodies []ids.Organisation
	for _, o := range l.kept.organisations {
		if o.Body != nil {
			bodies = append(bodies, *o.Body)
		}
	}
	managing, err := find(bodies, l.Organisation)
	if err != nil {
		return err
	}
	for id, o := range managing {
		l.kept.organisations[id] = o
	}
	if l.kept.agreements, err = find(agreements, l.Agreement); err != nil {
		return err
	}
	if l.kept.issuers, err = l.Issuers(); err != nil {
		return err
	}
	if l.kept.people, err = find(people, l.Person); err != nil {
		return err
	}
	l.kept.invitations, err = find(invitations, l.Invitation)
	return err
}

func find[K ~string, V any](wanted []K, get func(K) (V, bool, error)) (map[K]V, error) {
	all := map[K]V{}
	for _, id := range wanted {
		if _, known := all[id]; known || id == "" {
			continue
		}
		v, found, err := get(id)
		if err != nil {
			return nil, err
		}
		if found {
			all[id] = v
		}
	}
	return all, nil
}

// organisation is what the file says of an organisation, or else what was loaded before; its
// kind is "" when nobody knows it.
func (l *load) organisation(id ids.Organisation) Organisation {
	for _, o := range l.file.Organisations {
		if o.ID == id {
			return o
		}
	}
	row, found := l.kept.organisations[id]
	if !found {
		return Organisation{ID: id}
	}
	o := Organisation{ID: id, Kind: row.Kind, Province: row.Province}
	if row.Body != nil {
		o.Body = *row.Body
	}
	return o
}

// actsFor is the organisation whose people an invitation makes: of a refuge, its managing body.
func (l *load) actsFor(id ids.Organisation) ids.Organisation {
	if o := l.organisation(id); o.Kind == act.Refuge {
		return o.Body
	}
	return id
}

// check returns everything of the file that does not fit what was loaded before.
func (l *load) check() []error {
	var wrong []error
	each(&wrong, "organisation", l.file.Organisations, func(o Organisation) (string, []error) { return string(o.ID), l.fitOrganisation(o) })
	each(&wrong, "agreement", l.file.Agreements, func(a Agreement) (string, []error) { return string(a.ID), l.fitAgreement(a) })
	each(&wrong, "invitation", l.file.Invitations, func(i Invitation) (string, []error) { return string(i.ID), l.fitInvitation(i) })
	each(&wrong, "leaver", l.file.Leavers, func(v Leaver) (string, []error) { return string(v.Person), l.fitLeaver(v) })
	seats := map[ids.Person]ids.Organisation{}
	for _, i := range l.file.Invitations {
		organisation := l.actsFor(i.Organisation)
		if other, ok := seats[i.Person]; ok && other != organisation {
			wrong = append(wrong, fmt.Errorf("invitation %s: %s is invited by another organisation too", i.ID, i.Person))
		}
		seats[i.Person] = organisation
	}
	return wrong
}

func (l *load) fitOrganisation(o Organisation) []error {
	var c claims
	if o.Kind == act.Refuge {
		c.that(l.organisation(o.Body).Kind == act.Centre, "its managing body %s is no centre that is known", o.Body)
	}
	if old, found := l.kept.organisations[o.ID]; found {
		c.that(old.Kind == o.Kind, "its kind was %s and never changes", old.Kind)
		c.that(old.Kind != act.Refuge || old.Body != nil && *old.Body == o.Body, "its managing body never changes")
	}
	return c
}

func (l *load) fitLeaver(v Leaver) []error {
	var c claims
	_, known := l.kept.people[v.Person]
	c.that(known || slices.ContainsFunc(l.file.Invitations, func(i Invitation) bool { return i.Person == v.Person }),
		"nobody knows this person")
	return c
}

func (l *load) fitAgreement(a Agreement) []error {
	var c claims
	for _, id := range a.Parties {
		kind := l.organisation(id).Kind
		c.that(kind != "", "nobody knows its party %s", id)
		c.that(kind != act.Refuge, "its party %s is a refuge: the managing body is the party", id)
	}
	if a.Parent != "" {
		parents, known := l.parents(a.Parent)
		c.that(known, "nobody knows the agreement %s above it", a.Parent)
		c.that(parents == "", "the agreement %s above it has one above itself", a.Parent)
	}
	if old, found := l.kept.agreements[a.ID]; found {
		c.that(old.Parent == nil && a.Parent == "" || old.Parent != nil && *old.Parent == a.Parent,
			"the agreement above it never changes")
	}
	return c
}

// parents returns the agreement above another, and whether that other one is known.
func (l *load) parents(id ids.Agreement) (ids.Agreement, bool) {
	for _, a := range l.file.Agreements {
		if a.ID == id {
			return a.Parent, true
		}
	}
	old, found := l.kept.agreements[id]
	if found && old.Parent != nil {
		return *old.Parent, true
	}
	return "", found
}

func (l *load) fitInvitation(i Invitation) []error {
	var c claims
	c.that(l.organisation(i.Organisation).Kind != "", "nobody knows its organisation %s", i.Organisation)
	if p, found := l.kept.people[i.Person]; found {
		c.that(p.Organisation == l.actsFor(i.Organisation), "%s is of another organisation", i.Person)
	}
	old, found := l.kept.invitations[i.ID]
	if !found {
		c.that(i.Until.End().After(l.Now), "its last day %s is over", i.Until)
		return c
	}
	c.that(old.Person == i.Person, "it was %s's and never changes", old.Person)
	c.that(old.UntilAtMS == i.Until.End().UnixMilli(), "its last day never changes: make another one, with another id")
	return c
}

// row is how the store keeps an agreement, but for its name.
func (a Agreement) row() store.Agreement {
	row := store.Agreement{ID: a.ID, Parent: orNil(a.Parent),
		Territory: strings.Join(slices.Sorted(slices.Values(a.Territory)), ","),
		Parties:   slices.Sorted(slices.Values(a.Parties))}
	for _, t := range sortedTerms(a.Terms) {
		row.Terms = append(row.Terms, store.Term{FromAtMS: t.From.Begin().UnixMilli(), UntilAtMS: t.Until.End().UnixMilli()})
	}
	return row
}
