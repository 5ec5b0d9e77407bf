package gate

import (
	"context"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/session"
)

// maxSessions is how many sessions a list has at most. Somebody who holds another's password may
// begin more: what ends sessions ends them all.
const maxSessions = 100

// Sessions lists the caller's own sessions, the newest first.
func (g *Gate) Sessions(ctx context.Context, who caller.Caller) (api.Sessions, error) {
	return g.SessionsOf(ctx, who, who.Person)
}

// SessionsOf lists the sessions of somebody: of oneself, or of a colleague by a steward.
func (g *Gate) SessionsOf(ctx context.Context, who caller.Caller, person ids.Person) (api.Sessions, error) {
	listed := api.Sessions{Sessions: []api.OpenSession{}}
	err := g.through(ctx, who, func(d *desk) error {
		r, err := d.about(act.SessionList, person)
		if err != nil {
			return err
		}
		rows, err := d.signedIn(person)
		if err != nil {
			return err
		}
		for _, s := range rows {
			listed.Sessions = append(listed.Sessions, api.OpenSession{ID: s.ID, Device: s.Device, Begun: s.BegunAt, Used: s.UsedAt,
				Ends: s.Ends(), Current: s.ID == who.Session})
		}
		_, err = d.allow(r, func(record *ledger.Record) { record.Count = more(int64(len(rows))) })
		return err
	})
	return listed, err
}

// RevokeSession ends one session, at the next request in it: of oneself, or of a colleague by a
// steward.
func (g *Gate) RevokeSession(ctx context.Context, who caller.Caller, id ids.Session) error {
	return g.through(ctx, who, func(d *desk) error {
		s, _, err := d.SessionByID(id) // of nobody if there is none
		if err != nil {
			return err
		}
		r, err := d.aboutPerson(act.SessionRevoke, s.Person, string(id))
		if err != nil {
			return err
		}
		if _, err := d.allow(r, nil); err != nil {
			return err
		}
		_, err = d.Tx.EndSession(id)
		return err
	})
}

// RevokeSessions ends all sessions of somebody, but for the one in which it is asked. One record
// says how many there were, and so does the answer.
func (g *Gate) RevokeSessions(ctx context.Context, who caller.Caller, person ids.Person) (api.Revoked, error) {
	var revoked api.Revoked
	err := g.through(ctx, who, func(d *desk) error {
		r, err := d.about(act.SessionRevoke, person)
		if err != nil {
			return err
		}
		if revoked.Sessions, err = d.OpenSessions(person, who.Session); err != nil {
			return err
		}
		if _, err := d.allow(r, func(record *ledger.Record) { record.Count = more(revoked.Sessions) }); err != nil {
			return err
		}
		return d.EndSessions(person, who.Session)
	})
	return revoked, err
}

// EndPerson ends the sign-in of a colleague who has left, for good, and all her sessions. What
// is on rosters is not touched: a steward takes her off the next one. Ending her again does
// nothing, and is recorded.
func (g *Gate) EndPerson(ctx context.Context, who caller.Caller, person ids.Person) (api.Revoked, error) {
	var revoked api.Revoked
	err := g.through(ctx, who, func(d *desk) error {
		r, err := d.about(act.PersonEnd, person)
		if err != nil {
			return err
		}
		if revoked.Sessions, err = d.OpenSessions(person, ""); err != nil {
			return err
		}
		if _, err := d.allow(r, func(record *ledger.Record) { record.Count = more(revoked.Sessions) }); err != nil {
			return err
		}
		_, err = d.Tx.EndPerson(person)
		return err
	})
	return revoked, err
}

// more is a number as records have one: for more than one.
func more(n int64) int64 {
	if n < 2 {
		return 0
	}
	return n
}

// about decides an act on a person.
func (d *desk) about(a act.Act, person ids.Person) (ruling, error) {
	return d.aboutPerson(a, person, string(person))
}

// aboutPerson decides an act on what is a person's. For one who does not exist the same
// statements run.
func (d *desk) aboutPerson(a act.Act, person ids.Person, object string) (ruling, error) {
	f, err := d.facts(a)
	if err != nil {
		return ruling{}, err
	}
	row, found, err := d.Person(person)
	if err != nil {
		return ruling{}, err
	}
	f.Subject = ""
	if found {
		f.Subject, f.SubjectOrganisation = row.ID, row.Organisation
	}
	return d.decide(f, object)
}

// signedIn returns the sessions of a person that are within their limits.
func (d *desk) signedIn(person ids.Person) ([]session.Session, error) {
	rows, err := d.SessionsOf(person, d.Now.Add(-session.AbsoluteLimit), maxSessions)
	if err != nil {
		return nil, err
	}
	var all []session.Session
	for _, row := range rows {
		if s := sessionOf(row); d.Now.Before(s.Ends()) {
			all = append(all, s)
		}
	}
	return all, nil
}
