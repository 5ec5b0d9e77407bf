package client

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
)

// directoryLife is how long a directory is used before it is asked for again. What is
// sealed to somebody's card always asks.
const directoryLife = 5 * time.Minute

// Directory is who is who, verified root → steward → roster → card.
type Directory struct {
	// Own is the caller's organisation.
	Own *Organisation
	// Others are those that she deals with, in the service's order.
	Others []*Organisation

	cards map[note.Hash]*card.Signed
	root  *card.Root
	roots []string // notes of its successions
}

// ReadCard reads a card of the caller's own organisation, of either kind, that need not have
// been published: by the network's root and the cards that are known.
func (d *Directory) ReadCard(msg []byte) (*card.Signed, error) {
	return card.Read(msg, d.root, d.Own.book.Card)
}

// Directory fetches the directory and verifies all of it. One thing that is wrong refuses
// it whole: a signature or chain that does not hold (class untrusted or signature), a card
// or name of somebody else (substituted), a version that does not follow (fork, missing),
// an older roster than was seen before (rollback).
func (c *Client) Directory(ctx context.Context) (*Directory, error) {
	me, err := c.who(ctx)
	if err != nil {
		return nil, err
	}
	var wire api.Directory
	if err := c.ask(ctx, "GET", "/v1/directory", nil, &wire); err != nil {
		return nil, err
	}
	now := c.now()
	d, err := openDirectory(wire, c.parts.Anchors.Root, me, now)
	if err != nil {
		return nil, err
	}
	if err := c.remember(ctx, d.remember); err != nil {
		return nil, err
	}
	c.directory, c.fetched = d, now
	return d, nil
}

// KnownDirectory returns the directory that was fetched last if that was not long ago, and
// fetches it else: for what is shown. What is sealed to somebody's card asks for a new one.
func (c *Client) KnownDirectory(ctx context.Context) (*Directory, error) { return c.known(ctx) }

// known returns the directory that was fetched last, if that was not long ago.
func (c *Client) known(ctx context.Context) (*Directory, error) {
	if age := c.now().Sub(c.fetched); c.directory != nil && age >= 0 && age < directoryLife {
		return c.directory, nil
	}
	return c.Directory(ctx)
}

func openDirectory(wire api.Directory, root note.Verifier, me self, now time.Time) (*Directory, error) {
	d := &Directory{cards: map[note.Hash]*card.Signed{}, roots: wire.Roots}
	successions := make([][]byte, len(wire.Roots))
	for i, msg := range wire.Roots {
		successions[i] = []byte(msg)
	}
	var err error
	if d.root, err = card.NewRoot(root, successions...); err != nil {
		return nil, err
	}
	seen := map[ids.Organisation]bool{}
	for _, o := range wire.Organisations {
		if seen[o.ID] {
			return nil, fault.Refuse(fault.ClassDuplicate, "opening the directory: %s stands in it twice", o.ID)
		}
		seen[o.ID] = true
		opened, err := openOrganisation(o, d.root, d.cards)
		if err != nil {
			return nil, err
		}
		if o.ID == me.organisation {
			d.Own = opened
		} else {
			d.Others = append(d.Others, opened)
		}
	}
	if d.Own == nil {
		return nil, fault.Refuse(fault.ClassMissing, "opening the directory: the caller's own organisation was left out")
	}
	for _, o := range d.all() {
		// A centre must know whom it writes to, and everyone whom she works with.
		named := o == d.Own || d.Own.Kind == act.Centre
		if err := o.seat(d.cards, named, o == d.Own, now); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *Directory) all() []*Organisation { return append([]*Organisation{d.Own}, d.Others...) }

// Organisation returns an organisation, nil when it is not in the directory.
func (d *Directory) Organisation(id ids.Organisation) *Organisation {
	for _, o := range d.all() {
		if o.ID == id {
			return o
		}
	}
	return nil
}

// Person returns somebody on the newest roster of an organisation, nil when she is not.
func (d *Directory) Person(organisation ids.Organisation, person ids.Person) *Person {
	o := d.Organisation(organisation)
	if o == nil {
		return nil
	}
	for i := range o.People {
		if o.People[i].ID == person {
			return &o.People[i]
		}
	}
	return nil
}

// books finds what is verified of an organisation, for thread.State.Vouch.
func (d *Directory) books(id ids.Organisation) *card.Book {
	if o := d.Organisation(id); o != nil {
		return o.book
	}
	return nil
}

// saw returns the newest versions of the rosters of a thread's organisations, for a header.
func (d *Directory) saw(centre, with ids.Organisation) []thread.Seen {
	var all []thread.Seen
	for _, id := range sorted(centre, with) {
		if book := d.books(id); book != nil && book.Latest() != nil {
			all = append(all, thread.Seen{Organisation: id, Version: book.Latest().Version, Hash: book.Latest().Hash})
		}
	}
	return all
}

func sorted(a, b ids.Organisation) []ids.Organisation {
	switch {
	case b == "":
		return []ids.Organisation{a}
	case b < a:
		a, b = b, a
	}
	return []ids.Organisation{a, b}
}

// remember checks the directory against what was seen before. It marks who has another card
// than she is known by, unless it succeeds that one; people who are new are known by their
// card from now on, and so is who has renewed hers.
func (d *Directory) remember(m *Memory) error {
	if err := m.root(d.roots); err != nil {
		return err
	}
	for _, o := range d.all() {
		if err := m.roster(o.book); err != nil {
			return err
		}
		for i := range o.People {
			p := &o.People[i]
			known, met := m.Cards[p.ID]
			if !met || p.Card.Succeeds(known) {
				known = p.Card.Hash
				put(&m.Cards, p.ID, known)
			}
			if p.Changed = known != p.Card.Hash && p.ID != m.Person; p.Changed {
				p.Known = known
			}
		}
	}
	return nil
}

// AcceptCard takes a person's changed card for hers from now on, after its verification
// words were compared with her by another way. Words that are not those of the card on the
// newest roster are refused (class substituted).
func (c *Client) AcceptCard(ctx context.Context, organisation ids.Organisation, person ids.Person, words string) error {
	d, err := c.Directory(ctx)
	if err != nil {
		return err
	}
	p := d.Person(organisation, person)
	if p == nil {
		return fault.New(fault.NotFound, "accepting a card: %s is on no roster", person)
	}
	if err := compareWords(p.Card, words); err != nil {
		return err
	}
	p.Changed = false
	return c.remember(ctx, func(m *Memory) error {
		put(&m.Cards, person, p.Card.Hash)
		return nil
	})
}
