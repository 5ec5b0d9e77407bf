package core

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
)

// Network is who is who around a person, as the stewards have signed it.
type Network struct {
	Organisation ids.Organisation `json:"organisation"`
	Name         string           `json:"name"`
	Kind         act.Kind         `json:"kind"`
	// Version of the roster, 0 before the first.
	Version  int64  `json:"version"`
	Issued   string `json:"issued"`
	Expires  string `json:"expires"`
	SignedBy string `json:"signedBy"` // a name
	// Signs: she may sign the next one.
	Signs         bool           `json:"signs"`
	Roles         []act.Role     `json:"roles"` // that this organisation gives
	People        []Colleague    `json:"people"`
	Waiting       []Waiting      `json:"waiting"`
	Substitutions []Substitution `json:"substitutions"`
	Others        []Neighbour    `json:"others"`
}

// Colleague is somebody on the roster of one's own organisation.
type Colleague struct {
	Person  ids.Person `json:"person"`
	Name    string     `json:"name"`
	Roles   []act.Role `json:"roles"`
	Active  bool       `json:"active"` // her line counts today
	Act     string     `json:"act"`    // number of the act of designation
	From    string     `json:"from"`
	Until   string     `json:"until"` // "" for no end but the roster's
	Words   []string   `json:"words"`
	Expires string     `json:"expires"` // of her card
	Steward bool       `json:"steward"` // may sign the roster
	Self    bool       `json:"self"`
	// Changed: this device knew her by another card.
	Changed bool        `json:"changed"`
	Barred  fault.Class `json:"barred,omitempty"` // why nothing may be sealed to her today
}

// Waiting is a card that is on no roster yet.
type Waiting struct {
	Person ids.Person `json:"person"`
	Name   string     `json:"name"` // "" of somebody new
	Words  []string   `json:"words"`
	Issued string     `json:"issued"`
	// Before are the words of the card that is on the roster, none of somebody new.
	Before []string `json:"before"`
	// Renewal: it succeeds the card on the roster, and needs no words.
	Renewal bool `json:"renewal"`
}

// Substitution says that one officer stands in for another.
type Substitution struct {
	Who     ids.Person `json:"who"`
	WhoName string     `json:"whoName"`
	For     ids.Person `json:"for"`
	ForName string     `json:"forName"`
	From    string     `json:"from"`
	Until   string     `json:"until"`
}

// Neighbour is another organisation that she deals with.
type Neighbour struct {
	Organisation ids.Organisation `json:"organisation"`
	Name         string           `json:"name"`
	Kind         act.Kind         `json:"kind"`
	Province     string           `json:"province"`
	People       []Stranger       `json:"people"`
}

// Stranger is somebody of another organisation who may have a seat in a thread.
type Stranger struct {
	Person  ids.Person  `json:"person"`
	Name    string      `json:"name"`
	Roles   []act.Role  `json:"roles"` // today
	Words   []string    `json:"words"`
	Changed bool        `json:"changed"`
	Barred  fault.Class `json:"barred,omitempty"`
}

// Agreements are those of her organisation, as the service says.
type Agreements struct {
	Agreements []Agreement `json:"agreements"`
}

// Agreement is one of them, with its renewals.
type Agreement struct {
	ID        ids.Agreement `json:"id"`
	Name      string        `json:"name"`
	Territory string        `json:"territory"`
	From      string        `json:"from"`
	Until     string        `json:"until"`
	InForce   bool          `json:"inForce"`
}

// Compared is a person's card whose words were compared with her.
type Compared struct {
	Organisation ids.Organisation `json:"organisation"`
	Person       ids.Person       `json:"person"`
	Words        []string         `json:"words"`
}

// ChangedCards are those of people whom this device knew by another card: nothing is sealed to
// them before their words were compared.
type ChangedCards struct {
	Changed []ChangedCard `json:"changed"`
}

// ChangedCard is one of them.
type ChangedCard struct {
	Organisation ids.Organisation `json:"organisation"`
	Place        string           `json:"place"` // name of the organisation
	Person       ids.Person       `json:"person"`
	Name         string           `json:"name"`
	Before       []string         `json:"before"` // words of the card by which she was known
	Words        []string         `json:"words"`
	Issued       string           `json:"issued"`
}

var (
	_ = method(Page, "changedCards", "who has another card than this device knew", (*Core).changedCards)
	_ = method(Page, "network", "who is who in her organisation and around it", func(c *Core, ctx context.Context, _ None, _ Progress) (Network, error) {
		u, err := c.open()
		if err != nil {
			return Network{}, err
		}
		d, err := u.Directory(ctx)
		if err != nil {
			return Network{}, err
		}
		return c.network(u, d), nil
	})
	_ = method(Page, "agreements", "the agreements of her organisation, for who answers for them", (*Core).agreements)
	_ = method(Page, "acceptCard", "take a changed card for hers, after comparing its words", (*Core).acceptCard)
)

func (c *Core) agreements(ctx context.Context, _ None, _ Progress) (Agreements, error) {
	u, err := c.open()
	if err != nil {
		return Agreements{}, err
	}
	list, err := u.Agreements(ctx)
	if err != nil {
		return Agreements{}, err
	}
	all := Agreements{make([]Agreement, len(list))}
	for i, a := range list {
		all.Agreements[i] = Agreement{a.ID, a.Name, a.Territory, stamp(a.From), stamp(a.Until), a.InForce}
	}
	return all, nil
}

func (c *Core) acceptCard(ctx context.Context, p Compared, _ Progress) (None, error) {
	u, err := c.open()
	if err != nil {
		return None{}, err
	}
	return None{}, u.AcceptCard(ctx, p.Organisation, p.Person, line(p.Words))
}

func (c *Core) changedCards(ctx context.Context, _ None, _ Progress) (ChangedCards, error) {
	u, err := c.open()
	if err != nil {
		return ChangedCards{}, err
	}
	d, err := u.KnownDirectory(ctx)
	if err != nil {
		return ChangedCards{}, err
	}
	all := ChangedCards{[]ChangedCard{}}
	for _, o := range append([]*client.Organisation{d.Own}, d.Others...) {
		for i := range o.People {
			if p := &o.People[i]; p.Changed {
				before, now := client.WordsOf(p.Known), p.Words()
				all.Changed = append(all.Changed, ChangedCard{o.ID, o.Name, p.ID, p.Name, before[:], now[:], stamp(p.Card.Issued)})
			}
		}
	}
	return all, nil
}

func (c *Core) network(u *client.Unlocked, d *client.Directory) Network {
	own := d.Own
	n := Network{Organisation: own.ID, Name: own.Name, Kind: own.Kind, Signs: u.Steward(), Roles: card.RolesOf(own.Kind),
		People: []Colleague{}, Waiting: []Waiting{}, Substitutions: []Substitution{}, Others: []Neighbour{}}
	now := c.parts.Now()
	for i := range own.People {
		n.People = append(n.People, colleague(u, own, &own.People[i], now))
	}
	n.Waiting = waiting(u, d)
	if r := own.Roster; r != nil {
		n.Version, n.Issued, n.Expires, n.SignedBy = r.Version, stamp(r.Issued), stamp(r.Expires), personIn(own, r.Steward)
		for _, s := range r.Substitutions {
			n.Substitutions = append(n.Substitutions, Substitution{s.Who, personIn(own, s.Who), s.For, personIn(own, s.For),
				stamp(s.From), stamp(s.Until)})
		}
	}
	for _, o := range d.Others {
		n.Others = append(n.Others, neighbour(o))
	}
	return n
}

func colleague(u *client.Unlocked, own *client.Organisation, p *client.Person, now time.Time) Colleague {
	words := p.Words()
	c := Colleague{Person: p.ID, Name: p.Name, Roles: p.Seat.Roles, Active: len(p.Roles) > 0, Act: p.Seat.Act, From: stamp(p.Seat.From),
		Words: words[:], Expires: stamp(p.Card.Expires), Steward: own.StewardAt(p.ID, now), Self: p.ID == u.Person(),
		Changed: p.Changed, Barred: fault.ClassOf(p.Barred)}
	if !p.Seat.Until.IsZero() {
		c.Until = stamp(p.Seat.Until)
	}
	return c
}

// waiting lists of each person the newest card that is on no roster; a steward's own is one
// before her first.
func waiting(u *client.Unlocked, d *client.Directory) []Waiting {
	newest := map[ids.Person]*card.Signed{}
	for _, c := range d.Own.Waiting {
		if last := newest[c.Person]; last == nil || c.Serial > last.Serial {
			newest[c.Person] = c
		}
	}
	all := []Waiting{}
	if own := u.Card(); u.Steward() && d.Person(d.Own.ID, u.Person()) == nil && newest[u.Person()] == nil {
		words := client.Words(own)
		all = append(all, Waiting{Person: u.Person(), Words: words[:], Issued: stamp(own.Issued), Before: []string{}})
	}
	for _, c := range d.Own.Waiting {
		if newest[c.Person] != c {
			continue
		}
		words := client.Words(c)
		w := Waiting{Person: c.Person, Words: words[:], Issued: stamp(c.Issued), Before: []string{}}
		if p := d.Person(d.Own.ID, c.Person); p != nil {
			before := p.Words()
			w.Name, w.Before, w.Renewal = p.Name, before[:], c.Succeeds(p.Card.Hash)
			if c.Serial < p.Card.Serial {
				continue // it was passed over
			}
		}
		all = append(all, w)
	}
	return all
}

func neighbour(o *client.Organisation) Neighbour {
	n := Neighbour{Organisation: o.ID, Name: o.Name, Kind: o.Kind, Province: o.Province, People: []Stranger{}}
	for i := range o.People {
		p := &o.People[i]
		if p.Name == "" || len(p.Roles) == 0 {
			continue
		}
		words := p.Words()
		n.People = append(n.People, Stranger{p.ID, p.Name, p.Roles, words[:], p.Changed, fault.ClassOf(p.Barred)})
	}
	return n
}

func personIn(o *client.Organisation, id ids.Person) string {
	for i := range o.People {
		if o.People[i].ID == id {
			return o.People[i].Name
		}
	}
	return ""
}
