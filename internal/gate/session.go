package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"varco/internal/act"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/store"
)

// signingColumn names the sealed column of sign-ins under way.
const signingColumn = "signings.sealed"

// kept is a sign-in under way as it is sealed. It is the only place where an account is
// written down, for minutes, and only sealed.
type kept struct {
	Issuer          string           `json:"issuer"`
	Nonce           string           `json:"nonce,omitempty"`
	Verifier        string           `json:"verifier,omitempty"`
	Loopback        session.Loopback `json:"loopback"`
	Subject         string           `json:"subject,omitempty"`
	SID             string           `json:"sid,omitempty"`
	Challenge       string           `json:"challenge,omitempty"`
	Replaces        ids.Session      `json:"replaces,omitempty"`
	Pushed          bool             `json:"pushed,omitempty"`
	Assurance       string           `json:"assurance,omitempty"`
	AuthenticatedAt time.Time        `json:"authenticated_at"`
	Confirmed       time.Time        `json:"confirmed,omitzero"`
	Expires         time.Time        `json:"expires"`
}

// PutPending keeps a sign-in that went to the provider.
func (g *Gate) PutPending(ctx context.Context, p session.Pending) error {
	return g.putSigning(ctx, p.State, kept{Issuer: p.Issuer, Nonce: p.Nonce.Reveal(), Verifier: p.Verifier.Reveal(),
		Loopback: p.Loopback, Replaces: p.Replaces, Pushed: p.Pushed, Expires: p.Expires})
}

// TakePending removes and returns a sign-in that went to the provider.
func (g *Gate) TakePending(ctx context.Context, state note.Hash) (session.Pending, error) {
	k, err := g.takeSigning(ctx, state)
	return session.Pending{State: state, Issuer: k.Issuer, Nonce: secret.NewString(k.Nonce),
		Verifier: secret.NewString(k.Verifier), Loopback: k.Loopback, Replaces: k.Replaces,
		Pushed: k.Pushed, Expires: k.Expires}, err
}

// PutLogin keeps a sign-in that the provider confirmed.
func (g *Gate) PutLogin(ctx context.Context, l session.Login) error {
	return g.putSigning(ctx, l.Code, kept{Issuer: l.Account.Issuer, Subject: l.Account.Subject.Reveal(), SID: l.SID.Reveal(),
		Challenge: l.Challenge, Assurance: l.Assurance, AuthenticatedAt: l.AuthenticatedAt, Confirmed: l.Confirmed, Expires: l.Expires})
}

// TakeLogin removes and returns a sign-in that the provider confirmed. One of somebody who has
// signed out at the provider since is as one that there is not.
func (g *Gate) TakeLogin(ctx context.Context, code note.Hash) (session.Login, error) {
	k, err := g.takeSigning(ctx, code)
	return session.Login{Code: code, Account: session.Account{Issuer: k.Issuer, Subject: secret.NewString(k.Subject)}, SID: secret.NewString(k.SID),
		Challenge: k.Challenge, Assurance: k.Assurance, AuthenticatedAt: k.AuthenticatedAt, Confirmed: k.Confirmed, Expires: k.Expires}, err
}

func (g *Gate) putSigning(ctx context.Context, hash note.Hash, k kept) error {
	return g.Store.Write(ctx, func(tx *store.Tx) error {
		if k.Confirmed.IsZero() {
			k.Confirmed = tx.Now
		}
		plain, err := json.Marshal(k)
		if err != nil {
			return fmt.Errorf("keeping a sign-in: %w", err)
		}
		sealed, err := g.Vault.Seal(signingColumn, hash.String(), plain)
		if err != nil {
			return err
		}
		return tx.PutSigning(hash, sealed, k.Expires)
	})
}

func (g *Gate) takeSigning(ctx context.Context, hash note.Hash) (kept, error) {
	var k kept
	gone := false
	err := g.Store.Write(ctx, func(tx *store.Tx) error {
		k, gone = kept{}, false
		sealed, found, err := tx.TakeSigning(hash)
		if err != nil {
			return err
		}
		if !found {
			return session.ErrAbsent
		}
		plain, err := g.Vault.Open(signingColumn, hash.String(), sealed)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(plain, &k); err != nil {
			return err
		}
		gone, err = g.signedOut(tx, k)
		return err
	})
	if err == nil && gone {
		return kept{}, session.ErrAbsent
	}
	return k, err
}

// OpenSession begins a session for the person who is bound to the account; at the first
// sign-in an invitation binds her. Both are recorded with it.
func (g *Gate) OpenSession(ctx context.Context, o session.Opening) (session.Session, error) {
	var s session.Session
	lookup := g.Vault.Lookup("accounts.lookup", o.Account.Issuer, o.Account.Subject.Reveal())
	err := g.Store.Write(ctx, func(tx *store.Tx) error {
		id, err := g.bound(tx, lookup, o)
		if err != nil {
			return err
		}
		person, found, err := tx.Person(id)
		if err != nil || !found {
			return fault.Wrap(fault.Internal, err, "opening a session: the account's person is missing")
		}
		if _, err := tx.Record(ledger.Record{Act: act.SessionBegin, Outcome: act.Allow, Person: id,
			Organisation: person.Organisation, Session: o.ID, Request: o.From.Request,
			Source:    sourceOf(id, o.From.Source),
			Assurance: o.Assurance}); err != nil {
			return err
		}
		s = session.Session{ID: o.ID, Person: id, Organisation: person.Organisation, Assurance: o.Assurance,
			AuthenticatedAt: o.AuthenticatedAt, Device: o.Device, BegunAt: o.At, UsedAt: o.At}
		if err := tx.PutSession(store.Session{TokenHash: o.Token[:], ID: o.ID, Person: id, Assurance: o.Assurance, Device: o.Device, SID: g.sid(o.Account.Issuer, o.SID),
			AuthenticatedAtMS: o.AuthenticatedAt.UnixMilli(), SinceAtMS: o.At.UnixMilli(), UsedAtMS: o.At.UnixMilli()}); err != nil {
			return err
		}
		return replace(tx, o)
	})
	return s, err
}

// replace ends the session that the same browser had before, whoever's it was.
func replace(tx *store.Tx, o session.Opening) error {
	if o.Replaces == "" {
		return nil
	}
	old, found, err := tx.SessionByID(o.Replaces)
	if err != nil || !found {
		return err
	}
	if _, err := tx.Record(ledger.Record{Act: act.SessionEnd, Outcome: act.Allow, Person: old.Person,
		Organisation: old.Organisation, Session: old.ID, Request: o.From.Request, Source: sourceOf(old.Person, o.From.Source),
		Assurance: old.Assurance, Object: string(old.ID)}); err != nil {
		return err
	}
	_, err = tx.EndSession(old.ID)
	return err
}

// bound returns the person of an account, binding her by her invitation if nobody is.
func (g *Gate) bound(tx *store.Tx, lookup string, o session.Opening) (ids.Person, error) {
	person, found, err := tx.Account(lookup)
	if err != nil {
		return person, err
	}
	if found {
		if who, _, err := tx.Person(person); err != nil || who.EndedAtMS != nil {
			return "", orErr(err, session.ErrEnded)
		}
		if o.Invitation.IsZero() {
			return person, nil
		}
	}
	if o.Invitation.IsZero() {
		return "", session.ErrUnknown
	}
	invitation, known, err := tx.InvitationFor(note.Sum([]byte(o.Invitation.Reveal())))
	if err != nil {
		return "", err
	}
	if found && known && invitation.Account != nil && *invitation.Account == lookup {
		return person, nil // a retry of the request that bound her
	}
	if found || !known || invitation.Account != nil || invitation.UntilAtMS <= tx.Now.UnixMilli() {
		return "", session.ErrInvitation
	}
	if has, err := tx.HasAccount(invitation.Person); err != nil || has {
		return "", orErr(err, session.ErrInvitation)
	}
	who, _, err := tx.Person(invitation.Person)
	if err != nil || who.EndedAtMS != nil {
		return "", orErr(err, session.ErrInvitation)
	}
	if _, err := tx.Record(ledger.Record{Act: act.InvitationUse, Outcome: act.Allow, Person: invitation.Person,
		Organisation: who.Organisation, Session: o.ID, Request: o.From.Request, Assurance: o.Assurance, Source: sourceOf(invitation.Person, o.From.Source), Object: string(invitation.ID)}); err != nil {
		return "", err
	}
	if err := tx.UseInvitation(invitation.ID, lookup); err != nil {
		return "", err
	}
	return invitation.Person, tx.PutAccount(lookup, invitation.Person, o.Account.Issuer)
}

func orErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// Session returns the session with a token that has not ended.
func (g *Gate) Session(ctx context.Context, token note.Hash) (session.Session, error) {
	var s session.Session
	err := g.Store.Ask(ctx, func(tx *store.Tx) error {
		row, found, err := tx.Session(token)
		if err != nil {
			return err
		}
		if !found {
			return session.ErrAbsent
		}
		s = sessionOf(row)
		return nil
	})
	return s, err
}

// RefuseSession records, once a minute, that somebody came with the token of a session that has ended.
// One that never was is nobody's, and recorded for nobody.
func (g *Gate) RefuseSession(ctx context.Context, from session.From, token note.Hash) error {
	var s store.Session
	found := false
	err := g.Store.Ask(ctx, func(tx *store.Tx) (err error) {
		s, found, err = tx.PastSession(token)
		return err
	})
	if err != nil || !found {
		return err
	}
	return g.ended(ctx, caller.Caller{Person: s.Person, Organisation: s.Organisation, Session: s.ID, Request: from.Request,
		Assurance: s.Assurance, Source: from.Source})
}

// ended records that somebody asks in a session that has ended.
func (g *Gate) ended(ctx context.Context, who caller.Caller) error {
	return g.counted(ctx, "ended "+string(who.Session), ledger.Record{Act: act.SessionUse, Outcome: act.Deny, Person: who.Person,
		Organisation: who.Organisation, Session: who.Session, Request: who.Request, Assurance: who.Assurance,
		Source: sourceOf(who.Person, who.Source)})
}

func sessionOf(row store.Session) session.Session {
	return session.Session{ID: row.ID, Person: row.Person, Organisation: row.Organisation, Assurance: row.Assurance,
		Device: row.Device, AuthenticatedAt: time.UnixMilli(row.AuthenticatedAtMS).UTC(),
		BegunAt: time.UnixMilli(row.SinceAtMS).UTC(), UsedAt: time.UnixMilli(row.UsedAtMS).UTC()}
}

// TouchSession notes that a session was used.
func (g *Gate) TouchSession(ctx context.Context, token note.Hash, at time.Time) error {
	return g.Store.Write(ctx, func(tx *store.Tx) error { return tx.TouchSession(token, at) })
}

// EndSession ends the caller's session and records it.
func (g *Gate) EndSession(ctx context.Context, e session.End) error {
	return g.through(ctx, e.Caller, func(d *desk) error {
		f, err := d.facts(act.SessionEnd)
		if err != nil {
			return err
		}
		r, err := d.decide(f, string(e.Caller.Session))
		if err != nil {
			return err
		}
		ended, err := d.Tx.EndSession(e.Caller.Session)
		if err != nil {
			return err
		}
		if !ended {
			return session.ErrAbsent
		}
		_, err = d.allow(r, nil)
		return err
	})
}

// RefuseLogin records a sign-in that failed, by nobody. Those of one reason share one record
// a minute, which says how many there were since the last.
func (g *Gate) RefuseLogin(ctx context.Context, r session.Refusal) error {
	what := act.SessionBegin
	if r.Logout {
		what = act.SessionLogout
	}
	return g.counted(ctx, string(what)+" "+string(r.Reason), ledger.Record{Act: what, Outcome: act.Deny,
		Request: r.From.Request, Source: sourceOf("", r.From.Source), Class: fault.Class(r.Reason)})
}
