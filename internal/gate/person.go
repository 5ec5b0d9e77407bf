package gate

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/authz"
	"varco/internal/caller"
)

// Me tells the caller what the service says of her.
func (g *Gate) Me(ctx context.Context, who caller.Caller) (api.Me, error) {
	me := api.Me{Person: who.Person, Organisation: who.Organisation, Session: who.Session}
	err := g.through(ctx, who, func(d *desk) error {
		r, err := d.own(act.PersonRead)
		if err != nil {
			return err
		}
		o, _, err := d.Organisation(who.Organisation)
		if err != nil {
			return err
		}
		name, err := g.Vault.Open(organisationColumn, string(o.ID), o.NameSealed)
		if err != nil {
			return err
		}
		me.Kind, me.Name, me.Steward = o.Kind, string(name), r.facts.Steward
		me.Roles = append([]act.Role{}, r.facts.Roles...)
		me.FreshSeconds = int64(max(0, authz.FreshLife-d.Now.Sub(who.AuthenticatedAt)) / time.Second)
		_, err = d.allow(r, nil)
		return err
	})
	return me, err
}
