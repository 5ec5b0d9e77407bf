package gate

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
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

// Logout ends sessions because the provider says so, and records it. A token that was used
// before ends nothing.
func (g *Gate) Logout(ctx context.Context, o session.Logout) error {
	return g.Store.Write(ctx, func(tx *store.Tx) error {
		first, err := tx.Once(o.Token, o.Remember)
		if err != nil || !first {
			return orErr(err, session.ErrReplayed)
		}
		if err := g.leave(tx, o); err != nil {
			return err
		}
		if sid := g.sid(o.Account.Issuer, o.SID); sid != "" {
			named, err := tx.SessionsNamed(sid)
			if err != nil || len(named) > 0 {
				return orErr(err, endNamed(tx, o, named))
			}
		}
		if o.Account.Subject.IsZero() {
			return nil
		}
		person, found, err := tx.Account(g.Vault.Lookup("accounts.lookup", o.Account.Issuer, o.Account.Subject.Reveal()))
		if err != nil || !found {
			return err
		}
		return endAll(tx, o, person)
	})
}

// endNamed ends the sessions that the provider has named, and records each.
func endNamed(tx *store.Tx, o session.Logout, named []store.Session) error {
	for _, s := range named {
		if _, err := tx.Record(ledger.Record{Act: act.SessionLogout, Outcome: act.Allow, Person: s.Person,
			Organisation: s.Organisation, Session: s.ID, Request: o.From.Request, Assurance: s.Assurance, Object: string(s.ID)}); err != nil {
			return err
		}
		if _, err := tx.EndSession(s.ID); err != nil {
			return err
		}
	}
	return nil
}

// endAll ends all sessions of a person, of whom the provider has named none, and records how many
// there were.
func endAll(tx *store.Tx, o session.Logout, person ids.Person) error {
	open, err := tx.OpenSessions(person, "")
	if err != nil || open == 0 {
		return err
	}
	row, _, err := tx.Person(person)
	if err != nil {
		return err
	}
	if _, err := tx.Record(ledger.Record{Act: act.SessionLogout, Outcome: act.Allow, Person: person,
		Organisation: row.Organisation, Request: o.From.Request, Object: string(person), Count: more(open)}); err != nil {
		return err
	}
	return tx.EndSessions(person, "")
}

// signingLife is longer than any sign-in that was confirmed waits.
const signingLife = time.Hour

// left is under what it is remembered that an account, or a session of it with the provider, was left.
func (g *Gate) left(issuer string, subject, sid secret.String) (all []note.Hash) {
	if name := g.sid(issuer, sid); name != "" {
		all = append(all, note.Sum([]byte("varco/v1 left-session\n"+name)))
	}
	if !subject.IsZero() {
		all = append(all, note.Sum([]byte("varco/v1 left-account\n"+g.Vault.Lookup("accounts.lookup", issuer, subject.Reveal()))))
	}
	return all
}

// leave remembers what the provider has ended, the narrowest that it names, so that no sign-in that
// it confirmed before begins a session.
func (g *Gate) leave(tx *store.Tx, o session.Logout) error {
	all := g.left(o.Account.Issuer, o.Account.Subject, o.SID)
	if len(all) == 0 {
		return nil
	}
	return tx.PutLeft(all[0], tx.Now.Add(signingLife))
}

// signedOut reports whether somebody has signed out at the provider since it confirmed a sign-in.
func (g *Gate) signedOut(tx *store.Tx, k kept) (bool, error) {
	for _, hash := range g.left(k.Issuer, secret.NewString(k.Subject), secret.NewString(k.SID)) {
		until, found, err := tx.Left(hash)
		if err != nil {
			return false, err
		}
		if found && !k.Confirmed.After(until.Add(-signingLife)) {
			return true, nil
		}
	}
	return false, nil
}
