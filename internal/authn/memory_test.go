package authn_test

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/session"
)

// memory is what authn asks of the store, as small as it can be: for trying the flow.
// That the real store keeps these promises is tested where it is.
type memory struct {
	mu          sync.Mutex
	pending     map[note.Hash]session.Pending
	logins      map[note.Hash]session.Login
	sessions    map[note.Hash]session.Session
	people      map[string]ids.Person // by issuer and subject
	invitations map[string]ids.Person // by code; "" once used
	logouts     map[note.Hash]bool
	sids        map[note.Hash]string
	records     []record
	failRecord  error
}

// record is what a test looks at of a ledger's record.
type record struct {
	Act     act.Act
	Outcome act.Outcome
	Person  ids.Person
	Reason  session.Reason
	Issuer  string
	Request ids.Request
}

func newMemory() *memory {
	return &memory{pending: map[note.Hash]session.Pending{}, logins: map[note.Hash]session.Login{},
		sessions: map[note.Hash]session.Session{}, logouts: map[note.Hash]bool{}, sids: map[note.Hash]string{}, people: map[string]ids.Person{}, invitations: map[string]ids.Person{}}
}

func (m *memory) PutPending(_ context.Context, p session.Pending) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pending[p.State] = p
	return nil
}

func (m *memory) TakePending(_ context.Context, state note.Hash) (session.Pending, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return take(m.pending, state)
}

func (m *memory) PutLogin(_ context.Context, l session.Login) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.logins[l.Code] = l
	return nil
}

func (m *memory) TakeLogin(_ context.Context, code note.Hash) (session.Login, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return take(m.logins, code)
}

func take[T any](rows map[note.Hash]T, key note.Hash) (T, error) {
	row, ok := rows[key]
	if !ok {
		return row, session.ErrAbsent
	}
	delete(rows, key)
	return row, nil
}

func (m *memory) OpenSession(_ context.Context, o session.Opening) (session.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	account, code := o.Account.Issuer+" "+o.Account.Subject.Reveal(), o.Invitation.Reveal()
	person, bound := m.people[account]
	invited := m.invitations[code]
	switch {
	case bound && code == "":
	case code == "":
		return session.Session{}, session.ErrUnknown
	case bound || invited == "":
		return session.Session{}, session.ErrInvitation
	default:
		person = invited
		m.people[account], m.invitations[code] = person, ""
		m.records = append(m.records, record{Act: act.InvitationUse, Outcome: act.Allow, Person: person, Request: o.From.Request})
	}
	s := session.Session{ID: o.ID, Person: person, Organisation: ids.NewOrganisation(rand.Reader), Assurance: o.Assurance,
		AuthenticatedAt: o.AuthenticatedAt, Device: o.Device, BegunAt: o.At, UsedAt: o.At}
	for token, old := range m.sessions {
		if old.ID == o.Replaces {
			delete(m.sessions, token)
			m.records = append(m.records, record{Act: act.SessionEnd, Outcome: act.Allow, Person: old.Person, Request: o.From.Request})
		}
	}
	m.sessions[o.Token], m.sids[o.Token] = s, o.SID.Reveal()
	m.records = append(m.records, record{Act: act.SessionBegin, Outcome: act.Allow, Person: person, Request: o.From.Request})
	return s, nil
}

func (m *memory) Session(_ context.Context, token note.Hash) (session.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.sessions[token]
	if !ok {
		return s, session.ErrAbsent
	}
	return s, nil
}

func (m *memory) RefuseSession(_ context.Context, from session.From, token note.Hash) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.sessions[token]; ok {
		m.records = append(m.records, record{Act: act.SessionUse, Outcome: act.Deny, Person: s.Person, Request: from.Request})
	}
	return nil
}

func (m *memory) TouchSession(_ context.Context, token note.Hash, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.sessions[token]; ok && s.UsedAt.Before(at) {
		s.UsedAt = at
		m.sessions[token] = s
	}
	return nil
}

func (m *memory) EndSession(_ context.Context, e session.End) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for token, s := range m.sessions {
		if s.ID == e.Caller.Session {
			delete(m.sessions, token)
			m.records = append(m.records, record{Act: act.SessionEnd, Outcome: act.Allow, Person: s.Person,
				Request: e.Caller.Request})
			return nil
		}
	}
	return session.ErrAbsent
}

func (m *memory) Logout(_ context.Context, o session.Logout) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.logouts[o.Token] {
		return session.ErrReplayed
	}
	m.logouts[o.Token] = true
	person := m.people[o.Account.Issuer+" "+o.Account.Subject.Reveal()]
	for token, s := range m.sessions {
		if sid := m.sids[token]; !o.SID.IsZero() && sid == o.SID.Reveal() || s.Person == person {
			delete(m.sessions, token)
			m.records = append(m.records, record{Act: act.SessionLogout, Outcome: act.Allow, Person: s.Person, Request: o.From.Request})
		}
	}
	return nil
}

func (m *memory) RefuseLogin(ctx context.Context, r session.Refusal) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failRecord != nil || ctx.Err() != nil {
		return errors.Join(m.failRecord, ctx.Err())
	}
	what := act.SessionBegin
	if r.Logout {
		what = act.SessionLogout
	}
	m.records = append(m.records, record{Act: what, Outcome: act.Deny, Reason: r.Reason, Issuer: r.Issuer,
		Request: r.From.Request})
	return nil
}
