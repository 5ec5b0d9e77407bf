package store

import (
	"time"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/session"
)

// PutSigning keeps a sign-in under way under the hash of its state or code, and sweeps
// those whose time is over.
func (t *Tx) PutSigning(hash note.Hash, sealed []byte, until time.Time) error {
	if err := t.exec("DELETE FROM signings WHERE until_at_ms < ?", ms(t.Now)); err != nil {
		return err
	}
	return t.exec("INSERT INTO signings (hash, sealed, until_at_ms) VALUES (?, ?, ?)", hash[:], sealed, ms(until))
}

// TakeSigning removes and returns a sign-in under way, and whether there was one.
func (t *Tx) TakeSigning(hash note.Hash) ([]byte, bool, error) {
	var sealed []byte
	found, err := t.get(&sealed, "DELETE FROM signings WHERE hash = ? RETURNING sealed", hash[:])
	return sealed, found, err
}

// Account returns the person whose account has the look-up value, and whether there is one.
func (t *Tx) Account(lookup string) (ids.Person, bool, error) {
	var person ids.Person
	found, err := t.get(&person, "SELECT person FROM accounts WHERE lookup = ?", lookup)
	return person, found, err
}

// HasAccount reports whether a person has an account.
func (t *Tx) HasAccount(person ids.Person) (bool, error) {
	var n int64
	_, err := t.get(&n, "SELECT COUNT(*) FROM accounts WHERE person = ?", person)
	return n > 0, err
}

// PutAccount binds an account to a person.
func (t *Tx) PutAccount(lookup string, person ids.Person, issuer string) error {
	return t.exec("INSERT INTO accounts (lookup, person, issuer, since_at_ms) VALUES (?, ?, ?, ?)",
		lookup, person, issuer, ms(t.Now))
}

// Session is a signed-in session.
type Session struct {
	TokenHash         []byte           `db:"token_hash"`
	ID                ids.Session      `db:"id"`
	Person            ids.Person       `db:"person"`
	Organisation      ids.Organisation `db:"organisation"`
	Assurance         string           `db:"assurance"`
	Device            session.Device   `db:"device"`
	SID               string           `db:"sid"` // look-up of the provider's name for it; "" for none
	AuthenticatedAtMS int64            `db:"authenticated_at_ms"`
	SinceAtMS         int64            `db:"since_at_ms"`
	UsedAtMS          int64            `db:"used_at_ms"`
}

// Session returns the session with a token that has not ended, and whether there is one.
func (t *Tx) Session(token note.Hash) (Session, bool, error) {
	var s Session
	found, err := t.get(&s, sessionQuery+"AND s.token_hash = ?", token[:])
	return s, found, err
}

const (
	everySession = `SELECT s.token_hash, s.id, s.person, p.organisation, s.assurance, s.device, s.sid, s.authenticated_at_ms,
	s.since_at_ms, s.used_at_ms FROM sessions s JOIN people p ON p.id = s.person WHERE `
	sessionQuery = everySession + "s.ended_at_ms IS NULL AND p.ended_at_ms IS NULL "
)

// PastSession returns the session with a token, also one that has ended, and whether there ever was
// one.
func (t *Tx) PastSession(token note.Hash) (Session, bool, error) {
	var s Session
	found, err := t.get(&s, everySession+"s.token_hash = ?", token[:])
	return s, found, err
}

// SessionByID returns the session that has not ended, and whether there is one.
func (t *Tx) SessionByID(id ids.Session) (Session, bool, error) {
	var s Session
	found, err := t.get(&s, sessionQuery+"AND s.id = ?", id)
	return s, found, err
}

// SessionsOf returns the sessions of a person that have not ended, the newest first, at most
// limit. Time limits are the caller's.
func (t *Tx) SessionsOf(person ids.Person, since time.Time, limit int) ([]Session, error) {
	var all []Session
	err := t.all(&all, sessionQuery+"AND s.person = ? AND s.since_at_ms > ? ORDER BY s.since_at_ms DESC, s.id LIMIT ?",
		person, ms(since), limit)
	return all, err
}

// SessionsNamed returns the sessions that have not ended and that a provider has a name for.
func (t *Tx) SessionsNamed(sid string) ([]Session, error) {
	var all []Session
	err := t.all(&all, sessionQuery+"AND s.sid = ? ORDER BY s.id", sid)
	return all, err
}

// Once remembers what may come once, until a time, and reports whether it is there for the
// first time. It lies beside sign-ins under way, with nothing sealed.
func (t *Tx) Once(hash note.Hash, until time.Time) (bool, error) {
	if err := t.exec("DELETE FROM signings WHERE until_at_ms < ?", ms(t.Now)); err != nil {
		return false, err
	}
	n, err := t.affect("INSERT INTO signings (hash, sealed, until_at_ms) VALUES (?, ?, ?) ON CONFLICT (hash) DO NOTHING",
		hash[:], []byte{}, ms(until))
	return n == 1, err
}

// PutLeft remembers until a time that somebody has left. It lies beside sign-ins under way, with
// nothing sealed.
func (t *Tx) PutLeft(hash note.Hash, until time.Time) error {
	return t.exec(`INSERT INTO signings (hash, sealed, until_at_ms) VALUES (?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET until_at_ms = excluded.until_at_ms`, hash[:], []byte{}, ms(until))
}

// Left returns until when it is remembered that somebody has left, and whether it is.
func (t *Tx) Left(hash note.Hash) (time.Time, bool, error) {
	var until int64
	found, err := t.get(&until, "SELECT until_at_ms FROM signings WHERE hash = ?", hash[:])
	return time.UnixMilli(until), found, err
}

// PutSession adds a session, and sweeps those that began longer than session.Remembered ago: they have all ended.
func (t *Tx) PutSession(s Session) error {
	before := ms(t.Now.Add(-session.Remembered))
	if err := t.exec("DELETE FROM openings WHERE session IN (SELECT id FROM sessions WHERE since_at_ms < ?)", before); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM sessions WHERE since_at_ms < ?", before); err != nil {
		return err
	}
	return t.exec(`INSERT INTO sessions (token_hash, id, person, assurance, device, sid, authenticated_at_ms, since_at_ms, used_at_ms,
		listed_at_ms, poked_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`, s.TokenHash, s.ID, s.Person, s.Assurance, s.Device, s.SID, s.AuthenticatedAtMS,
		s.SinceAtMS, s.UsedAtMS)
}

// TouchSession notes that a session was used, unless it has ended or was used later.
func (t *Tx) TouchSession(token note.Hash, at time.Time) error {
	return t.exec("UPDATE sessions SET used_at_ms = ? WHERE token_hash = ? AND ended_at_ms IS NULL AND used_at_ms < ?",
		ms(at), token[:], ms(at))
}

// EndSession ends a session and reports whether it had not ended before.
func (t *Tx) EndSession(id ids.Session) (bool, error) {
	n, err := t.affect("UPDATE sessions SET ended_at_ms = ? WHERE id = ? AND ended_at_ms IS NULL", ms(t.Now), id)
	return n == 1, err
}

// openOf is the condition of a person's sessions, but for one, that are within the limits of
// session.Session.Ends.
const openOf = `person = ? AND id <> ? AND ended_at_ms IS NULL AND since_at_ms > ?
	AND (used_at_ms > ? OR device = ? AND used_at_ms > ?)`

// OpenSessions returns how many sessions of a person, but for one ("" for none), are open now.
func (t *Tx) OpenSessions(person ids.Person, besides ids.Session) (int64, error) {
	var n int64
	_, err := t.get(&n, "SELECT COUNT(*) FROM sessions WHERE "+openOf, person, besides, ms(t.Now.Add(-session.AbsoluteLimit)),
		ms(t.Now.Add(-session.PageIdleLimit)), session.DeviceTerminal, ms(t.Now.Add(-session.IdleLimit)))
	return n, err
}

// EndSessions ends all sessions of a person, however many there are, but for one ("" for none).
func (t *Tx) EndSessions(person ids.Person, besides ids.Session) error {
	return t.exec("UPDATE sessions SET ended_at_ms = ? WHERE person = ? AND id <> ? AND ended_at_ms IS NULL",
		ms(t.Now), person, besides)
}

// ListingDue reports whether a list in a session must be recorded: the last record of one
// is older than life. If so, this one is noted as the last.
func (t *Tx) ListingDue(id ids.Session, life time.Duration) (bool, error) {
	n, err := t.affect("UPDATE sessions SET listed_at_ms = ? WHERE id = ? AND listed_at_ms <= ?",
		ms(t.Now), id, ms(t.Now.Add(-life)))
	return n == 1, err
}

// ListingCovered reports whether a list in a session was recorded less than life ago. What has ended
// covers nothing.
func (t *Tx) ListingCovered(id ids.Session, life time.Duration) (bool, error) {
	var n int64
	_, err := t.get(&n, "SELECT COUNT(*) FROM sessions WHERE id = ? AND listed_at_ms > ? AND ended_at_ms IS NULL", id, ms(t.Now.Add(-life)))
	return n > 0, err
}

// PokesDue reports whether listening for pokes in a session must be recorded, as ListingDue does.
func (t *Tx) PokesDue(id ids.Session, life time.Duration) (bool, error) {
	n, err := t.affect("UPDATE sessions SET poked_at_ms = ? WHERE id = ? AND poked_at_ms <= ?",
		ms(t.Now), id, ms(t.Now.Add(-life)))
	return n == 1, err
}

// Opening returns the reason with which a thread was opened in a session, "" when it was
// not or too long ago.
func (t *Tx) Opening(id ids.Session, thread ids.Thread) (act.Reason, error) {
	var reason act.Reason
	_, err := t.get(&reason, "SELECT reason FROM openings WHERE session = ? AND thread = ? AND until_at_ms > ?",
		id, thread, ms(t.Now))
	return reason, err
}

// PutOpening notes that a thread was opened in a session, until a time, and sweeps the
// openings whose time is over: who opened what and why is the ledger's to remember.
func (t *Tx) PutOpening(id ids.Session, thread ids.Thread, reason act.Reason, until time.Time) error {
	if err := t.exec("DELETE FROM openings WHERE until_at_ms <= ?", ms(t.Now)); err != nil {
		return err
	}
	return t.exec(`INSERT INTO openings (session, thread, reason, until_at_ms) VALUES (?, ?, ?, ?)
		ON CONFLICT (session, thread) DO UPDATE SET reason = excluded.reason, until_at_ms = excluded.until_at_ms`,
		id, thread, reason, ms(until))
}
