package gate

import (
	"context"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/store"
)

// agreementColumn names the sealed column of agreements' names.
const agreementColumn = "agreements.name_sealed"

// Agreements serves the agreements of which the caller's organisation is a party, or all for who
// keeps the network: what each is called and until when it is good. Who else is a party is not
// told: a centre learns of no other.
func (g *Gate) Agreements(ctx context.Context, who caller.Caller) (api.Agreements, error) {
	answer := api.Agreements{Agreements: []api.Agreement{}}
	err := g.through(ctx, who, func(d *desk) error {
		f, err := d.facts(act.AgreementsRead)
		if err != nil {
			return err
		}
		r, err := d.decide(f, string(who.Organisation))
		if err != nil {
			return err
		}
		of := who.Organisation
		if slices.Contains(f.Roles, act.Registrar) {
			of = ""
		}
		kept, err := d.Agreements(of)
		if err != nil {
			return err
		}
		for _, a := range kept {
			told, err := d.agreement(a)
			if err != nil {
				return err
			}
			answer.Agreements = append(answer.Agreements, told)
		}
		_, err = d.allow(r, nil)
		return err
	})
	return answer, err
}

// agreement tells of one: its times are those in which the one above it is good too.
func (d *desk) agreement(a store.Agreement) (api.Agreement, error) {
	name, err := d.gate.Vault.Open(agreementColumn, string(a.ID), a.NameSealed)
	if err != nil {
		return api.Agreement{}, err
	}
	told := api.Agreement{ID: a.ID, Name: string(name), Territory: a.Territory}
	told.From, told.Until, told.InForce = span(a.Terms, d.Now)
	if a.Parent == nil {
		return told, nil
	}
	above, _, err := d.Agreement(*a.Parent)
	if err != nil {
		return told, err
	}
	_, until, inForce := span(above.Terms, d.Now)
	if until.Before(told.Until) {
		told.Until = until
	}
	told.InForce = told.InForce && inForce
	return told, nil
}

// span is the term that is in force, up to where those that follow it without a break end; else the last.
func span(terms []store.Term, now time.Time) (from, until time.Time, inForce bool) {
	for _, t := range terms {
		begins, ends := time.UnixMilli(t.FromAtMS).UTC(), time.UnixMilli(t.UntilAtMS).UTC()
		switch {
		case inForce && begins.After(until):
			return from, until, true
		case inForce:
			until = ends
		default:
			from, until, inForce = begins, ends, !begins.After(now) && now.Before(ends)
		}
	}
	return from, until, inForce
}
