package core

import (
	"context"

	"varco/internal/client"
	"varco/internal/ids"
)

// OwnCard is the card by which others know her.
type OwnCard struct {
	Words   []string `json:"words"`
	Issued  string   `json:"issued"`
	Expires string   `json:"expires"`
	Listed  bool     `json:"listed"`  // it is on the roster
	Steward bool     `json:"steward"` // it is renewed at the ceremony
	// Renewed: the card that follows waits to be put on the roster.
	Renewed bool `json:"renewed"`
}

// Reminders are what expires soon, or has.
type Reminders struct {
	Reminders []Reminder `json:"reminders"`
}

// Reminder is one thing that has to be done before something expires.
type Reminder struct {
	Due     client.Due `json:"due"`
	Person  ids.Person `json:"person,omitempty"` // whose card it is; nobody's is the roster
	Name    string     `json:"name"`
	Expires string     `json:"expires"`
	Own     bool       `json:"own"` // it is hers to do
}

// Notices are where she is told by mail that something has come, "" for nowhere.
type Notices struct {
	Address string `json:"address"`
}

var (
	_ = method(Page, "ownCard", "the card by which others know her", (*Core).ownCard)
	_ = method(Page, "renewCard", "make the next card; it waits to be put on the roster", func(c *Core, ctx context.Context, _ None, _ Progress) (OwnCard, error) {
		u, err := c.open()
		if err != nil {
			return OwnCard{}, err
		}
		if _, err := u.RenewCard(ctx); err != nil {
			return OwnCard{}, err
		}
		return c.ownCard(ctx, None{}, nil)
	})
	_ = method(Page, "reminders", "what expires soon", (*Core).reminders)
	_ = method(Page, "notices", "where she is told by mail", func(c *Core, ctx context.Context, _ None, _ Progress) (Notices, error) {
		signedIn, err := c.ready(ctx)
		if err != nil {
			return Notices{}, err
		}
		address, err := signedIn.Notices(ctx)
		return Notices{address}, err
	})
	_ = method(Page, "putNotices", "change where she is told by mail", func(c *Core, ctx context.Context, n Notices, _ Progress) (None, error) {
		signedIn, err := c.ready(ctx)
		if err != nil {
			return None{}, err
		}
		return None{}, signedIn.PutNotices(ctx, n.Address)
	})
)

func (c *Core) ownCard(ctx context.Context, _ None, _ Progress) (OwnCard, error) {
	u, err := c.open()
	if err != nil {
		return OwnCard{}, err
	}
	d, err := u.KnownDirectory(ctx)
	if err != nil || u.Card() == nil {
		return OwnCard{Words: []string{}}, err
	}
	own, words := u.Card(), client.Words(u.Card())
	card := OwnCard{Words: words[:], Issued: stamp(own.Issued), Expires: stamp(own.Expires), Steward: own.Steward != nil}
	p := d.Person(d.Own.ID, u.Person())
	card.Listed = p != nil && p.Card.Hash == own.Hash
	for _, w := range d.Own.Waiting {
		card.Renewed = card.Renewed || w.Person == u.Person() && w.Succeeds(own.Hash)
	}
	return card, nil
}

func (c *Core) reminders(ctx context.Context, _ None, _ Progress) (Reminders, error) {
	u, err := c.open()
	if err != nil {
		return Reminders{}, err
	}
	list, err := u.Reminders(ctx)
	if err != nil {
		return Reminders{}, err
	}
	all := Reminders{make([]Reminder, len(list))}
	for i, r := range list {
		all.Reminders[i] = Reminder{r.Due, r.Person, r.Name, stamp(r.Expires), r.Own}
	}
	return all, nil
}
