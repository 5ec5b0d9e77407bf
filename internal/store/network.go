package store

import (
	"time"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/note"
)

// Organisation as the network was told of it. Its name is sealed.
type Organisation struct {
	ID         ids.Organisation  `db:"id"`
	Kind       act.Kind          `db:"kind"`
	Body       *ids.Organisation `db:"body"` // managing body of a refuge
	Province   string            `db:"province"`
	NameSealed []byte            `db:"name_sealed"`
}

const organisationColumns = "id, kind, body, province, name_sealed"

// Organisation returns an organisation and whether there is one.
func (t *Tx) Organisation(id ids.Organisation) (Organisation, bool, error) {
	type kept struct {
		Organisation
		found bool
	}
	o, err := remember(t, id, func() (o kept, err error) {
		o.found, err = t.get(&o.Organisation, "SELECT "+organisationColumns+" FROM organisations WHERE id = ?", id)
		return o, err
	})
	return o.Organisation, o.found, err
}

// PutOrganisation adds an organisation or changes its province and name. Its kind and
// managing body never change: cards and agreements rest on them.
func (t *Tx) PutOrganisation(o Organisation) error {
	return t.exec(`INSERT INTO organisations (`+organisationColumns+`) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET province = excluded.province, name_sealed = excluded.name_sealed`,
		o.ID, o.Kind, o.Body, o.Province, o.NameSealed)
}

// Agreement as the network was told of it. Its name is sealed.
type Agreement struct {
	ID         ids.Agreement      `db:"id"`
	Parent     *ids.Agreement     `db:"parent"`
	Territory  string             `db:"territory"`
	NameSealed []byte             `db:"name_sealed"`
	Terms      []Term             `db:"-"`
	Parties    []ids.Organisation `db:"-"`
}

// Term is a time in which an agreement is in force: the first one or a renewal.
type Term struct {
	FromAtMS  int64 `db:"from_at_ms"`
	UntilAtMS int64 `db:"until_at_ms"`
}

// Agreement returns an agreement whole, and whether there is one.
func (t *Tx) Agreement(id ids.Agreement) (Agreement, bool, error) {
	var a Agreement
	found, err := t.get(&a, "SELECT id, parent, territory, name_sealed FROM agreements WHERE id = ?", id)
	if err != nil || !found {
		return a, found, err
	}
	if err := t.all(&a.Terms, `SELECT from_at_ms, until_at_ms FROM agreement_terms WHERE agreement = ?
		ORDER BY from_at_ms`, id); err != nil {
		return a, false, err
	}
	err = t.all(&a.Parties, "SELECT organisation FROM agreement_parties WHERE agreement = ? ORDER BY organisation", id)
	return a, true, err
}

// Agreements returns those of which an organisation is a party, or all where none is named.
func (t *Tx) Agreements(of ids.Organisation) ([]Agreement, error) {
	var named []ids.Agreement
	err := t.all(&named, "SELECT id FROM agreements ORDER BY id")
	if of != "" {
		err = t.all(&named, "SELECT agreement FROM agreement_parties WHERE organisation = ? ORDER BY agreement", of)
	}
	all := make([]Agreement, len(named))
	for i, id := range named {
		if err == nil {
			all[i], _, err = t.Agreement(id)
		}
	}
	return all, err
}

// PutAgreement adds an agreement or replaces what it says.
func (t *Tx) PutAgreement(a Agreement) error {
	if err := t.exec(`INSERT INTO agreements (id, parent, territory, name_sealed) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, territory = excluded.territory,
		name_sealed = excluded.name_sealed`, a.ID, a.Parent, a.Territory, a.NameSealed); err != nil {
		return err
	}
	if err := t.exec("DELETE FROM agreement_terms WHERE agreement = ?", a.ID); err != nil {
		return err
	}
	for _, term := range a.Terms {
		if err := t.exec("INSERT INTO agreement_terms (agreement, from_at_ms, until_at_ms) VALUES (?, ?, ?)",
			a.ID, term.FromAtMS, term.UntilAtMS); err != nil {
			return err
		}
	}
	if err := t.exec("DELETE FROM agreement_parties WHERE agreement = ?", a.ID); err != nil {
		return err
	}
	for _, party := range a.Parties {
		if err := t.exec("INSERT INTO agreement_parties (agreement, organisation) VALUES (?, ?)", a.ID, party); err != nil {
			return err
		}
	}
	return nil
}

// inForce says that agreement a is in force at a time, given twice, and so is the one above it.
const inForce = `EXISTS (SELECT 1 FROM agreement_terms t WHERE t.agreement = a.id AND t.from_at_ms <= ? AND ? < t.until_at_ms)
	AND (a.parent IS NULL OR EXISTS (SELECT 1 FROM agreement_terms t
		WHERE t.agreement = a.parent AND t.from_at_ms <= ? AND ? < t.until_at_ms))`

// Agree reports whether two organisations are parties of one agreement in force at a time.
func (t *Tx) Agree(one, other ids.Organisation, at time.Time) (bool, error) {
	var n int64
	_, err := t.get(&n, `SELECT COUNT(*) FROM agreements a
		JOIN agreement_parties x ON x.agreement = a.id AND x.organisation = ?
		JOIN agreement_parties y ON y.agreement = a.id AND y.organisation = ?
		WHERE `+inForce, one, other, ms(at), ms(at), ms(at), ms(at))
	return n > 0, err
}

// Parties returns the organisations that share an agreement in force with one, itself excluded.
func (t *Tx) Parties(one ids.Organisation, at time.Time) ([]ids.Organisation, error) {
	var all []ids.Organisation
	err := t.all(&all, `SELECT DISTINCT y.organisation FROM agreements a
		JOIN agreement_parties x ON x.agreement = a.id AND x.organisation = ?
		JOIN agreement_parties y ON y.agreement = a.id AND y.organisation <> ?
		WHERE `+inForce+` ORDER BY y.organisation`, one, one, ms(at), ms(at), ms(at), ms(at))
	return all, err
}

// Issuer is an OpenID provider as the network was told of it.
type Issuer struct {
	URL      string `db:"url"`
	ClientID string `db:"client_id"`
	Label    string `db:"label"`
	ACR      string `db:"acr"` // values that count as a second factor, one a line
	AMR      string `db:"amr"`
	Prompt   string `db:"prompt"`
}

const issuerColumns = "url, client_id, label, acr, amr, prompt"

// Issuers returns all issuers.
func (t *Tx) Issuers() ([]Issuer, error) {
	var all []Issuer
	err := t.all(&all, "SELECT "+issuerColumns+" FROM issuers ORDER BY url")
	return all, err
}

// PutIssuer adds an issuer or replaces what is said of it.
func (t *Tx) PutIssuer(i Issuer) error {
	return t.exec(`INSERT INTO issuers (`+issuerColumns+`) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (url) DO UPDATE SET client_id = excluded.client_id, label = excluded.label,
		acr = excluded.acr, amr = excluded.amr, prompt = excluded.prompt`, i.URL, i.ClientID, i.Label, i.ACR, i.AMR, i.Prompt)
}

// Person is someone with a seat in the network.
type Person struct {
	ID           ids.Person       `db:"id"`
	Organisation ids.Organisation `db:"organisation"`
	SinceAtMS    int64            `db:"since_at_ms"`
	EndedAtMS    *int64           `db:"ended_at_ms"` // since then she signs in no more
}

// Person returns a person and whether there is one.
func (t *Tx) Person(id ids.Person) (Person, bool, error) {
	var p Person
	found, err := t.get(&p, "SELECT id, organisation, since_at_ms, ended_at_ms FROM people WHERE id = ?", id)
	return p, found, err
}

// PutPerson adds a person.
func (t *Tx) PutPerson(p Person) error {
	return t.exec("INSERT INTO people (id, organisation, since_at_ms) VALUES (?, ?, ?)", p.ID, p.Organisation, ms(t.Now))
}

// EndPerson ends somebody's sign-in for good, and all her sessions. It reports whether it had not
// ended before.
func (t *Tx) EndPerson(id ids.Person) (bool, error) {
	n, err := t.affect("UPDATE people SET ended_at_ms = ? WHERE id = ? AND ended_at_ms IS NULL", ms(t.Now), id)
	if err != nil || n == 0 {
		return false, err
	}
	return true, t.exec("UPDATE sessions SET ended_at_ms = ? WHERE person = ? AND ended_at_ms IS NULL", ms(t.Now), id)
}

// Invitation is a seat promised to a person until a time, against a code.
type Invitation struct {
	ID        ids.Invitation `db:"id"`
	Person    ids.Person     `db:"person"`
	CodeHash  []byte         `db:"code_hash"`
	UntilAtMS int64          `db:"until_at_ms"`
	Account   *string        `db:"account"` // the account that used it
}

const invitationColumns = "id, person, code_hash, until_at_ms, account"

// Invitation returns an invitation and whether there is one.
func (t *Tx) Invitation(id ids.Invitation) (Invitation, bool, error) {
	var i Invitation
	found, err := t.get(&i, "SELECT "+invitationColumns+" FROM invitations WHERE id = ?", id)
	return i, found, err
}

// InvitationFor returns the invitation with a code and whether there is one.
func (t *Tx) InvitationFor(codeHash note.Hash) (Invitation, bool, error) {
	var i Invitation
	found, err := t.get(&i, "SELECT "+invitationColumns+" FROM invitations WHERE code_hash = ?", codeHash[:])
	return i, found, err
}

// PutInvitation adds an invitation.
func (t *Tx) PutInvitation(i Invitation) error {
	return t.exec("INSERT INTO invitations ("+invitationColumns+") VALUES (?, ?, ?, ?, ?)",
		i.ID, i.Person, i.CodeHash, i.UntilAtMS, i.Account)
}

// UseInvitation notes which account used an invitation.
func (t *Tx) UseInvitation(id ids.Invitation, account string) error {
	return t.exec("UPDATE invitations SET account = ? WHERE id = ?", account, id)
}
