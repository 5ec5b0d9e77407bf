package core

import (
	"context"
	"slices"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
)

// Among says for what people are chosen.
type Among struct {
	// Inside is the centre's own thread of the case, "" for a new one: who must not get it is left out.
	Inside ids.Thread `json:"inside,omitempty"`
}

// Choices are the people among whom those of a case are chosen: by the newest rosters.
type Choices struct {
	Own    Reachable   `json:"own"`
	Others []Reachable `json:"others"`
}

// Reachable is an organisation with the people who can have a seat in a thread.
type Reachable struct {
	ID     ids.Organisation `json:"id"`
	Kind   act.Kind         `json:"kind"`
	Name   string           `json:"name"`
	People []Choice         `json:"people"`
}

// Choice is somebody who can have a seat.
type Choice struct {
	Person ids.Person `json:"person"`
	Name   string     `json:"name"`
	Self   bool       `json:"self"`
	// Barred says why nothing may be sealed to her today: a class, "" if it may.
	Barred fault.Class `json:"barred,omitempty"`
}

// Look is a text that is about to be sent.
type Look struct {
	Text string `json:"text"`
}

var (
	_ = method(Page, "choices", "the people among whom those of a case are chosen", (*Core).choices)
	_ = method(Page, "look", "find in a text what would tell who somebody is: on this device, and told to nobody", (*Core).look)
)

func (c *Core) choices(ctx context.Context, a Among, _ Progress) (Choices, error) {
	u, err := c.open()
	if err != nil {
		return Choices{}, err
	}
	var kept []client.Exclusion
	if a.Inside != "" {
		v, err := c.inside(ctx, u, a.Inside)
		if err == nil {
			kept, err = v.Exclusions()
		}
		if err != nil {
			return Choices{}, err
		}
	}
	d, err := u.KnownDirectory(ctx)
	if err != nil {
		return Choices{}, err
	}
	all := Choices{Own: reachable(d.Own, u.Person()), Others: []Reachable{}}
	for _, o := range d.Others {
		if o.Kind != act.INPS && o.Kind != act.Associate || slices.Contains(kept, client.Exclusion{Organisation: o.ID}) {
			continue
		}
		r := reachable(o, u.Person())
		r.People = slices.DeleteFunc(r.People, func(one Choice) bool {
			return slices.Contains(kept, client.Exclusion{Organisation: o.ID, Person: one.Person})
		})
		all.Others = append(all.Others, r)
	}
	return all, nil
}

// seatIn is a seat that people of a kind of organisation have.
func seatIn(kind act.Kind) act.Seat {
	switch kind {
	case act.Centre, act.Refuge:
		return act.SeatCentre
	case act.INPS:
		return act.SeatHolder
	case act.Associate, act.Oversight:
	}
	return act.SeatPartner
}

func reachable(o *client.Organisation, self ids.Person) Reachable {
	r := Reachable{ID: o.ID, Kind: o.Kind, Name: o.Name, People: []Choice{}}
	for i := range o.People {
		p := &o.People[i]
		if !p.Has(thread.RolesFor(seatIn(o.Kind))...) {
			continue
		}
		choice := Choice{Person: p.ID, Name: p.Name, Self: p.ID == self}
		switch {
		case p.Barred != nil:
			choice.Barred = fault.ClassOf(p.Barred)
		case p.Changed:
			choice.Barred = fault.ClassSubstitute
		}
		r.People = append(r.People, choice)
	}
	return r
}
