package desk

import (
	"slices"
	"strings"

	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/ids"
)

// Pick finds one of several things by its identifier, its whole name, or a part of its name
// that no other has; case does not count. What is what is being looked for, in Italian.
func Pick[T any](all []T, typed, what string, of func(T) (id, name string)) (T, error) {
	var zero T
	var whole, part []T
	for _, one := range all {
		id, name := of(one)
		switch {
		case id == typed:
			return one, nil
		case name != "" && strings.EqualFold(name, typed):
			whole = append(whole, one)
		case name != "" && typed != "" && strings.Contains(strings.ToLower(name), strings.ToLower(typed)):
			part = append(part, one)
		}
	}
	found := whole
	if len(found) == 0 {
		found = part
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return zero, Failed("Nessuna %s si chiama «%s», nemmeno in parte. Non è stato fatto nulla.", what, italian.Line(typed))
	}
	names := make([]string, len(found))
	for i, one := range found {
		id, name := of(one)
		names[i] = italian.Line(name + " (" + id + ")")
	}
	return zero, Failed("«%s» può essere più di una %s: %s.\nScrivi di più del nome, o il codice. Non è stato fatto nulla.", italian.Line(typed),
		what, strings.Join(names, "; "))
}

// PersonOf tells Pick of a person.
func PersonOf(p client.Person) (string, string) { return string(p.ID), p.Name }

// PersonID finds somebody of an organisation.
func PersonID(o *client.Organisation, typed string) (ids.Person, error) {
	p, err := Pick(o.People, typed, "persona", PersonOf)
	return p.ID, err
}

// PeopleIDs finds several.
func PeopleIDs(o *client.Organisation, typed []string) ([]ids.Person, error) {
	var all []ids.Person
	for _, one := range typed {
		id, err := PersonID(o, one)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all, nil
}

// Everybody are the people of a directory.
func Everybody(d *client.Directory) []client.Person {
	all := slices.Clone(d.Own.People)
	for _, o := range d.Others {
		all = append(all, o.People...)
	}
	return all
}

// NameIn is somebody's name on an organisation's roster, "" where it is not known.
func NameIn(o *client.Organisation, person ids.Person) string {
	for i := range o.People {
		if o.People[i].ID == person {
			return o.People[i].Name
		}
	}
	return ""
}

// Organisations are those of a directory, the caller's own first.
func Organisations(d *client.Directory) []*client.Organisation {
	return append([]*client.Organisation{d.Own}, d.Others...)
}

// OrganisationOf tells Pick of an organisation.
func OrganisationOf(o *client.Organisation) (string, string) { return string(o.ID), o.Name }

// PlaceOf names an organisation.
func PlaceOf(o *client.Organisation) string {
	return italian.Line(o.Name + " (" + italian.Kind(o.Kind) + ", " + string(o.ID) + ")")
}
