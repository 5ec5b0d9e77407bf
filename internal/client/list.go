package client

import (
	"context"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
)

// Listed is one thread in the service's list, with the names of its two organisations as
// their stewards have signed them, "" where the directory does not have them.
type Listed struct {
	api.Listed
	CentreName, WithName string
}

// Cases lists the threads that the caller may read, the newest first. The list is the
// service's word; what is in a thread is verified when it is read. A thread of which this
// device has seen more entries is refused (class rollback).
func (c *Client) Cases(ctx context.Context) ([]Listed, error) {
	var wire api.Cases
	if err := c.ask(ctx, "GET", "/v1/cases", nil, &wire); err != nil {
		return nil, err
	}
	d, err := c.known(ctx)
	if err != nil {
		return nil, err
	}
	m, err := c.parts.Memory.Load(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "reading what this device remembers")
	}
	list := make([]Listed, len(wire.Threads))
	for i, l := range wire.Threads {
		if seen := m.Threads[l.Thread].Next; l.Entries < seen {
			return nil, fault.Refuse(fault.ClassRollback, "listing threads: %s has %d entries, and %d were seen", l.Thread, l.Entries, seen)
		}
		list[i] = Listed{Listed: l, CentreName: d.nameOf(l.Centre), WithName: d.nameOf(l.With)}
	}
	return list, nil
}

// Reading is one recorded reading of a thread, with names as in Listed.
type Reading struct {
	api.Reading
	Name, OrganisationName string
}

// Readers lists who has read a thread of a case of her centre, the newest first, and whether
// there are older readings than those. It is the service's word, from its ledger; an auditor
// holds it against the ledger itself.
func (c *Client) Readers(ctx context.Context, thread ids.Thread) (list []Reading, more bool, err error) {
	var wire api.Readers
	if err := c.ask(ctx, "GET", pathTo("/v1/threads/%s/readers", thread), nil, &wire); err != nil {
		return nil, false, err
	}
	d, err := c.known(ctx)
	if err != nil {
		return nil, false, err
	}
	list = make([]Reading, len(wire.Readings))
	for i, r := range wire.Readings {
		list[i] = Reading{Reading: r, OrganisationName: d.nameOf(r.Organisation)}
		if p := d.Person(r.Organisation, r.Person); p != nil {
			list[i].Name = p.Name
		}
	}
	return list, wire.More, nil
}

func (d *Directory) nameOf(id ids.Organisation) string {
	if o := d.Organisation(id); o != nil {
		return o.Name
	}
	return ""
}
