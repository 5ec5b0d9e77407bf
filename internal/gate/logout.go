package gate

import (
	"context"

	"varco/internal/act"
	"varco/internal/ledger"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/store"
)

// sid is what a provider calls somebody's session with it, as it is kept: it can be looked up
// and not read. "" is that of a provider that does not say.
func (g *Gate) sid(issuer string, sid secret.String) string {
	if sid.IsZero() {
		return ""
	}
	return g.Vault.Lookup("sessions.sid", issuer, sid.Reveal())
}

// Logout ends sessions because the provider says so, and records each. A token that was used
// before ends nothing.
func (g *Gate) Logout(ctx context.Context, o session.Logout) error {
	return g.Store.Write(ctx, func(tx *store.Tx) error {
		first, err := tx.Once(o.Token, o.Remember)
		if err != nil || !first {
			return orErr(err, session.ErrReplayed)
		}
		open, err := g.meant(tx, o)
		if err != nil {
			return err
		}
		for _, s := range open {
			if _, err := tx.Record(ledger.Record{Act: act.SessionLogout, Outcome: act.Allow, Person: s.Person,
				Organisation: s.Organisation, Session: s.ID, Request: o.From.Request, Assurance: s.Assurance, Object: string(s.ID)}); err != nil {
				return err
			}
			if _, err := tx.EndSession(s.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// meant are the sessions that a provider means: the one that it names, or, if there is none of
// that name or it names none, all of the person.
func (g *Gate) meant(tx *store.Tx, o session.Logout) ([]store.Session, error) {
	if sid := g.sid(o.Account.Issuer, o.SID); sid != "" {
		named, err := tx.SessionsNamed(sid)
		if err != nil || len(named) > 0 {
			return named, err
		}
	}
	if o.Account.Subject.IsZero() {
		return nil, nil
	}
	person, found, err := tx.Account(g.Vault.Lookup("accounts.lookup", o.Account.Issuer, o.Account.Subject.Reveal()))
	if err != nil || !found {
		return nil, err
	}
	return tx.SessionsOf(person, o.At.Add(-session.AbsoluteLimit), maxSessions)
}
