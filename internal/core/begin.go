package core

import (
	"context"
	"slices"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
)

// NewCase is what an operator decides when she opens a case. It asks for nobody's data.
type NewCase struct {
	With           ids.Organisation   `json:"with"`
	Topic          string             `json:"topic"`
	Urgency        string             `json:"urgency"`
	Text           string             `json:"text"`
	Inside         string             `json:"inside"` // for the centre alone; may be empty
	Colleagues     []ids.Person       `json:"colleagues"`
	Alone          bool               `json:"alone"` // she knows that nobody else of the centre has it
	Exclude        []ids.Person       `json:"exclude"`
	ExcludeOffices []ids.Organisation `json:"excludeOffices"`
	Holder         ids.Person         `json:"holder,omitempty"`
	Substitute     ids.Person         `json:"substitute,omitempty"`
}

// Draw asks who would get a case: those who are named, others by chance.
type Draw struct {
	With       ids.Organisation `json:"with"`
	Exclude    []ids.Person     `json:"exclude"`
	Holder     ids.Person       `json:"holder,omitempty"`
	Substitute ids.Person       `json:"substitute,omitempty"`
}

// Drawn are the officers who would get it.
type Drawn struct {
	Holder     ids.Person `json:"holder"`
	Substitute ids.Person `json:"substitute,omitempty"` // "" where there is no second one
}

// Begun is a case that was opened: its threads, and the receipts of their first entries.
type Begun struct {
	Threads  []Listed `json:"threads"`
	Receipts []string `json:"receipts"`
}

var (
	_ = method(Page, "draw", "who would get a case now, before it is opened", (*Core).draw)
	_ = method(Page, "openCase", "open a case with an office, without a name", (*Core).openCase)
)

func (c *Core) draw(ctx context.Context, n Draw, _ Progress) (Drawn, error) {
	u, err := c.open()
	if err != nil {
		return Drawn{}, err
	}
	holder, substitute, err := u.Draw(ctx, client.NewCase{With: n.With, Exclude: n.Exclude, Holder: n.Holder, Substitute: n.Substitute})
	return Drawn{holder, substitute}, err
}

func (c *Core) openCase(ctx context.Context, n NewCase, _ Progress) (Begun, error) {
	u, err := c.open()
	if err != nil {
		return Begun{}, err
	}
	opened, err := u.OpenCase(ctx, client.NewCase{With: n.With, Topic: n.Topic, Urgency: n.Urgency, Content: client.Content{Text: n.Text},
		Inside: client.Content{Text: n.Inside}, Colleagues: n.Colleagues, Alone: n.Alone, Exclude: n.Exclude,
		ExcludeOffices: n.ExcludeOffices, Holder: n.Holder, Substitute: n.Substitute})
	if err != nil {
		return Begun{}, notChosen(ctx, u, err, append(n.Colleagues, n.Holder, n.Substitute, u.Person())...)
	}
	c.keep(opened.Thread, opened.Inside)
	d, err := u.KnownDirectory(ctx)
	if err != nil {
		return Begun{}, err
	}
	return Begun{[]Listed{c.fresh(d, opened.Case, opened.Thread), c.fresh(d, opened.Case, opened.Inside)}, numbers(opened.Receipts)}, nil
}

// keep keeps conversations that were read or made.
func (c *Core) keep(all ...*client.Conversation) {
	for _, v := range all {
		c.threads[v.State.Thread] = v
	}
}

// fresh is the line in the list of a thread that was just opened here.
func (c *Core) fresh(d *client.Directory, cs ids.Case, v *client.Conversation) Listed {
	s, at := &v.State, v.Entries[0].Receipt.AdmittedAt
	return c.listed(client.Listed{Listed: api.Listed{Case: cs, Thread: s.Thread, Side: string(s.Side), Topic: s.Topic, Urgency: s.Urgency,
		Seat: act.SeatCentre, Entries: s.Next, OpenedAt: at, LastAt: at, LastSeat: act.SeatCentre, TurnAt: at, Phase: string(s.Status.Phase)},
		CentreName: nameOf(d, s.Centre), WithName: nameOf(d, s.With)})
}

func numbers(receipts []ledger.Receipt) []string {
	all := make([]string, len(receipts))
	for i, r := range receipts {
		all[i] = r.Number()
	}
	return all
}

// notChosen tells a refusal that is because of somebody who was chosen and can't have a seat today.
func notChosen(ctx context.Context, u *client.Unlocked, err error, chosen ...ids.Person) error {
	d, unknown := u.KnownDirectory(ctx)
	if unknown != nil || fault.KindOf(err) != fault.Refused {
		return err
	}
	for _, o := range append([]*client.Organisation{d.Own}, d.Others...) {
		for i := range o.People {
			if p := &o.People[i]; slices.Contains(chosen, p.ID) && (p.Barred != nil || p.Changed) {
				return barredError{err}
			}
		}
	}
	return err
}
