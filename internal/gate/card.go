package gate

import (
	"context"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/card"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

const (
	// maxWaiting is how many cards of one person wait for the roster at once: one that she renewed,
	// and one more for each time that she has lost her keys before a steward came to it.
	maxWaiting = 3
	// maxSerial is the highest serial of a card: a keyring has no more keys.
	maxSerial = 64
)

// The sealed columns of names.
const (
	nameColumn         = "names.name_sealed"         // row: the commitment
	organisationColumn = "organisations.name_sealed" // row: the organisation's id
)

// PutCard publishes the caller's own card. It counts for nothing until a roster names it, or
// for a steward card, until the root has signed it, which is checked here.
func (g *Gate) PutCard(ctx context.Context, who caller.Caller, req api.PutCard) (api.Recorded, error) {
	c, name, err := g.ownCard(ctx, who, req)
	if err != nil {
		return api.Recorded{}, g.malformed(ctx, who, act.CardPut, err)
	}
	recorded := api.Recorded{Hash: c.Hash}
	err = g.through(ctx, who, func(d *desk) error { return d.putCard(c, name, &recorded) })
	return recorded, err
}

// ownCard reads a card that must be the caller's; a steward card comes with a name.
func (g *Gate) ownCard(ctx context.Context, who caller.Caller, req api.PutCard) (*card.Signed, *card.Name, error) {
	var c *card.Signed
	err := g.Store.Read(ctx, func(tx *store.Tx) (err error) {
		c, err = g.readCard(tx, []byte(req.Note))
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if c.Person != who.Person || c.Organisation != who.Organisation {
		return nil, nil, fault.Refuse(fault.ClassSubstitute, "publishing a card: it is somebody else's")
	}
	if err := envelope.CheckRecipient(c.SealsTo); err != nil || c.Steward == nil {
		return c, nil, err
	}
	name, err := openedBy(req.Name, c.Steward.NameCommitment)
	return c, name, err
}

func (d *desk) putCard(c *card.Signed, name *card.Name, recorded *api.Recorded) error {
	f, err := d.facts(act.CardPut)
	if err != nil {
		return err
	}
	f.Subject = c.Person
	r, err := d.decide(f, string(c.Person))
	if err != nil {
		return err
	}
	if kept, found, err := d.Card(c.Hash); err != nil || found {
		recorded.Leaf = kept.Leaf
		return err
	}
	latest, _, err := d.LatestCard(c.Person)
	if err != nil {
		return err
	}
	if c.Serial != latest.Serial+1 {
		return d.refuse(r, fault.Refuse(fault.ClassSequence, "publishing a card: serial %d after %d", c.Serial, latest.Serial))
	}
	book, err := d.book(c.Organisation)
	if err != nil {
		return err
	}
	if err := orErr(hasRoom(book, c), goesOn(book, c)); err != nil {
		return d.refuse(r, err)
	}
	if c.Steward != nil && c.Steward.Kind != f.Kind {
		return d.refuse(r, fault.Refuse(fault.ClassSubstitute, "publishing a card: the organisation is of another kind"))
	}
	if !c.ValidAt(d.Now) {
		return d.refuse(r, fault.Refuse(fault.ClassStale, "publishing a card: it has expired or is not yet good"))
	}
	// An issue that was dated back must not let expired keys make new ones.
	if p := c.Predecessor(); p != nil && !p.ValidAt(d.Now) {
		return d.refuse(r, fault.Refuse(fault.ClassStale, "publishing a card: the one that it succeeds has expired"))
	}
	if recorded.Leaf, err = d.allow(r, func(record *ledger.Record) {
		record.Hash, record.Size = c.Hash, int64(len(c.Note()))
	}); err != nil {
		return err
	}
	steward := int64(0)
	if c.Steward != nil {
		steward = 1
		if err := d.putName(*name); err != nil {
			return err
		}
	}
	return d.Tx.PutCard(store.Card{Hash: c.Hash[:], Person: c.Person, Organisation: c.Organisation, Serial: c.Serial,
		Steward: steward, Note: string(c.Note()), Leaf: recorded.Leaf})
}

// hasRoom refuses a card of somebody who has more than the directory and her keyring have room
// for (class size). A steward's is bounded by the ceremony.
func hasRoom(book *card.Book, c *card.Signed) error {
	if c.Serial > maxSerial {
		return fault.Refuse(fault.ClassSize, "publishing a card: serial %d, at most %d", c.Serial, maxSerial)
	}
	seated := int64(0) // the highest serial of hers that was ever on a roster
	for v := int64(1); book.Version(v) != nil; v++ {
		if seat := book.Version(v).Seat(c.Person); seat != nil {
			if on := book.Card(seat.Card); on != nil {
				seated = max(seated, on.Serial)
			}
		}
	}
	waiting := 0
	for _, other := range book.CardsOf(c.Person) {
		if other.Steward == nil && other.Serial > seated {
			waiting++
		}
	}
	if c.Steward == nil && waiting >= maxWaiting {
		return fault.Refuse(fault.ClassSize, "publishing a card: %d wait for the roster", waiting)
	}
	return nil
}

// goesOn refuses a card that succeeds one from before its person has enrolled again (class stale):
// whoever has the keys that she has lost must not make new ones with them.
func goesOn(book *card.Book, c *card.Signed) error {
	p := c.Predecessor()
	if p == nil {
		return nil
	}
	for _, other := range book.CardsOf(c.Person) {
		if other.Steward == nil && other.Predecessor() == nil && other.Serial > p.Serial {
			return fault.Refuse(fault.ClassStale, "publishing a card: it succeeds card %d, and card %d succeeds none", p.Serial, other.Serial)
		}
	}
	return nil
}

// readCard reads a card of either kind; those that it succeeds were admitted.
func (g *Gate) readCard(tx *store.Tx, msg []byte) (*card.Signed, error) {
	var failed error
	c, err := card.Read(msg, g.Root, func(hash note.Hash) *card.Signed {
		previous, err := g.card(tx, hash)
		if err != nil && fault.ClassOf(err) == "" {
			failed = err
		}
		return previous
	})
	return c, orErr(failed, err)
}

// openedBy checks that a name opens a commitment.
func openedBy(n *api.Name, commitment note.Hash) (*card.Name, error) {
	if n == nil || len(n.Salt) != len(card.Name{}.Salt) {
		return nil, fault.Refuse(fault.ClassMissing, "checking a name: it or its salt was left out")
	}
	name := card.Name{Salt: [32]byte(n.Salt), Text: n.Text}
	return &name, name.Opens(commitment)
}

// putName keeps a name in a sealed column.
func (d *desk) putName(name card.Name) error {
	commitment := name.Commitment()
	sealed, err := d.gate.Vault.Seal(nameColumn, commitment.String(), append(name.Salt[:], name.Text...))
	if err != nil {
		return err
	}
	return d.PutName(commitment, sealed)
}

// name returns the name that opens a commitment, nil when it is not kept.
func (g *Gate) name(tx *store.Tx, commitment note.Hash) (*api.Name, error) {
	sealed, found, err := tx.Name(commitment)
	if err != nil || !found {
		return nil, err
	}
	plain, err := g.Vault.Open(nameColumn, commitment.String(), sealed)
	if err != nil {
		return nil, err
	}
	const salt = len(card.Name{}.Salt)
	if len(plain) < salt {
		return nil, fault.New(fault.Internal, "opening a name: it has no salt")
	}
	return &api.Name{Salt: plain[:salt], Text: string(plain[salt:])}, nil
}
