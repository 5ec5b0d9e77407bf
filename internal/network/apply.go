package network

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/store"
	"varco/internal/vault"
)

// Applied is what loading a file has changed.
type Applied struct {
	Changed     []string // identifiers, and URLs of issuers
	Invitations []Issued // the new ones
}

// Issued is a new invitation with its code, which is nowhere else: when it is lost, a new
// invitation is made.
type Issued struct {
	Invitation ids.Invitation
	Person     ids.Person
	Until      time.Time // the first instant at which it is void
	Code       secret.String
}

// Apply loads the file in one transaction. Its error names everything that does not fit what
// was loaded before; then nothing is changed. Codes are drawn from rand.
func (f *File) Apply(ctx context.Context, s *store.Store, v *vault.Vault, rand io.Reader) (Applied, error) {
	var applied Applied
	err := s.Write(ctx, func(tx *store.Tx) error {
		l := &load{Tx: tx, file: f, vault: v, rand: rand}
		if err := l.read(); err != nil {
			return err
		}
		if wrong := l.check(); wrong != nil {
			return errors.Join(wrong...)
		}
		applied = Applied{}
		for _, step := range []func(*Applied) error{l.organisations, l.agreements, l.issuers, l.invitations, l.leavers} {
			if err := step(&applied); err != nil {
				return err
			}
		}
		return nil
	})
	return applied, err
}

// load is one file on its way into the database.
type load struct {
	*store.Tx
	file  *File
	vault *vault.Vault
	rand  io.Reader

	kept kept
}

// changed records that the file changed a thing. Issuers have no identifier, so their records
// have no object.
func (l *load) changed(a *Applied, name, object string) error {
	a.Changed = append(a.Changed, name)
	_, err := l.Record(ledger.Record{Act: act.NetworkApply, Outcome: act.Allow, Object: object, Hash: l.file.hash})
	return err
}

func (l *load) organisations(a *Applied) error {
	// A refuge refers to its managing body, so that one comes before.
	sorted := slices.SortedStableFunc(slices.Values(l.file.Organisations),
		func(x, y Organisation) int { return first(x.Body == "", y.Body == "") })
	for _, o := range sorted {
		row := store.Organisation{ID: o.ID, Kind: o.Kind, Body: orNil(o.Body), Province: o.Province}
		old, found := l.kept.organisations[o.ID]
		same := found && old.Province == o.Province
		var err error
		if row.NameSealed, same, err = l.name("organisations.name_sealed", string(o.ID), o.Name, old.NameSealed, same); err != nil {
			return err
		}
		if same {
			continue
		}
		if err := l.changed(a, string(o.ID), string(o.ID)); err != nil {
			return err
		}
		if err := l.PutOrganisation(row); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) agreements(a *Applied) error {
	sorted := slices.SortedStableFunc(slices.Values(l.file.Agreements),
		func(x, y Agreement) int { return first(x.Parent == "", y.Parent == "") })
	for _, g := range sorted {
		row := g.row()
		old, found := l.kept.agreements[g.ID]
		same := found && old.Territory == row.Territory && slices.Equal(old.Terms, row.Terms) &&
			slices.Equal(old.Parties, row.Parties)
		var err error
		if row.NameSealed, same, err = l.name("agreements.name_sealed", string(g.ID), g.Name, old.NameSealed, same); err != nil {
			return err
		}
		if same {
			continue
		}
		if err := l.changed(a, string(g.ID), string(g.ID)); err != nil {
			return err
		}
		if err := l.PutAgreement(row); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) issuers(a *Applied) error {
	for _, i := range l.file.Issuers {
		if slices.Contains(l.kept.issuers, i.row()) {
			continue
		}
		if err := l.changed(a, i.URL, ""); err != nil {
			return err
		}
		if err := l.PutIssuer(i.row()); err != nil {
			return err
		}
	}
	return nil
}

func (l *load) invitations(a *Applied) error {
	for _, i := range l.file.Invitations {
		if _, found := l.kept.people[i.Person]; !found {
			if err := l.person(a, i); err != nil {
				return err
			}
		}
		if _, found := l.kept.invitations[i.ID]; found {
			continue
		}
		code, err := drawCode(l.rand)
		if err != nil {
			return err
		}
		if err := l.changed(a, string(i.ID), string(i.ID)); err != nil {
			return err
		}
		hash := note.Sum([]byte(code.Reveal()))
		if err := l.PutInvitation(store.Invitation{ID: i.ID, Person: i.Person, CodeHash: hash[:],
			UntilAtMS: i.Until.End().UnixMilli()}); err != nil {
			return err
		}
		a.Invitations = append(a.Invitations, Issued{i.ID, i.Person, i.Until.End(), code})
	}
	return nil
}

// person adds whom an invitation names, as one of the organisation that she will act for.
func (l *load) person(a *Applied, i Invitation) error {
	if err := l.changed(a, string(i.Person), string(i.Person)); err != nil {
		return err
	}
	p := store.Person{ID: i.Person, Organisation: l.actsFor(i.Organisation)}
	l.kept.people[i.Person] = p
	return l.PutPerson(p)
}

func (l *load) leavers(a *Applied) error {
	for _, leaver := range l.file.Leavers {
		if l.kept.people[leaver.Person].EndedAtMS != nil {
			continue
		}
		if err := l.changed(a, string(leaver.Person), string(leaver.Person)); err != nil {
			return err
		}
		if _, err := l.EndPerson(leaver.Person); err != nil {
			return err
		}
	}
	return nil
}

// name seals a name for its row. When the old one says the same, it is returned as it is, with
// whether nothing at all has changed.
func (l *load) name(column, row, text string, old []byte, same bool) ([]byte, bool, error) {
	if old != nil {
		plain, err := l.vault.Open(column, row, old)
		if err != nil {
			return nil, false, err
		}
		if string(plain) == text {
			return old, same, nil
		}
	}
	sealed, err := l.vault.Seal(column, row, []byte(text))
	return sealed, false, err
}

func first(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return -1
	}
	return 1
}

func orNil[T ~string](id T) *T {
	if id == "" {
		return nil
	}
	return &id
}
