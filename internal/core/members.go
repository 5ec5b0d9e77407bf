package core

import (
	"context"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
)

// Change says who can read a thread from now on: an act of the centre's.
type Change struct {
	Thread ids.Thread   `json:"thread"`
	Inside ids.Thread   `json:"inside,omitempty"` // the centre's own thread of the case, for who is of another organisation
	Add    []Coming     `json:"add"`
	Remove []ids.Person `json:"remove"`
	Holder ids.Person   `json:"holder,omitempty"` // the substitute who becomes holder
}

// Coming is somebody who is added.
type Coming struct {
	Organisation ids.Organisation `json:"organisation"`
	Person       ids.Person       `json:"person"`
	All          bool             `json:"all"` // she reads what was said before, too
}

// Again names a member who is given what she could read before, on the card that she has today: the
// one whose words were compared with her.
type Again struct {
	Thread ids.Thread `json:"thread"`
	Person ids.Person `json:"person"`
	Words  []string   `json:"words"`
}

// Exclude says to whom a case is not given, or may be again; in the centre's own thread.
type Exclude struct {
	Inside       ids.Thread       `json:"inside"`
	Organisation ids.Organisation `json:"organisation"`
	Person       ids.Person       `json:"person,omitempty"` // "" for all of the organisation
	Lift         bool             `json:"lift"`
	Text         string           `json:"text"`
}

// Further is a further thread of a case.
type Further struct {
	Case       ids.Case         `json:"case"`
	Inside     ids.Thread       `json:"inside"`
	With       ids.Organisation `json:"with"`
	Topic      string           `json:"topic,omitempty"`   // with an office
	Urgency    string           `json:"urgency,omitempty"` // with an office
	Text       string           `json:"text"`
	Colleagues []ids.Person     `json:"colleagues"`
	Alone      bool             `json:"alone"`
	Partners   []ids.Person     `json:"partners"`             // of a Comune or association
	Holder     ids.Person       `json:"holder,omitempty"`     // with an office, as drawFurther said
	Substitute ids.Person       `json:"substitute,omitempty"` // with an office
}

// DrawFurther asks who would get a further thread with an office.
type DrawFurther struct {
	Inside ids.Thread       `json:"inside"` // who is excluded there is not drawn
	With   ids.Organisation `json:"with"`
}

var (
	_ = method(Page, "changeMembers", "add and remove who can read", (*Core).changeMembers)
	_ = method(Page, "grantAgain", "open a thread again for somebody with a new card", (*Core).grantAgain)
	_ = method(Page, "exclude", "say to whom a case is not given", (*Core).exclude)
	_ = method(Page, "drawFurther", "who would get a further thread now, before it is opened", (*Core).drawFurther)
	_ = method(Page, "openThread", "open a further thread of a case", (*Core).openThread)
)

// inside returns the centre's own thread of a case, after reading it to its end.
func (c *Core) inside(ctx context.Context, u *client.Unlocked, id ids.Thread) (*client.Conversation, error) {
	v := c.threads[id]
	var err error
	if v == nil {
		v, err = u.ReadThread(ctx, id, "")
	} else {
		err = u.ReadOn(ctx, v, "")
	}
	if err != nil {
		return nil, err
	}
	c.threads[id] = v
	return v, nil
}

func (c *Core) changeMembers(ctx context.Context, n Change, _ Progress) (Posted, error) {
	u, v, err := c.reading(n.Thread)
	if err != nil {
		return Posted{}, err
	}
	change := client.Change{Remove: n.Remove}
	if n.Inside != "" {
		if change.Inside, err = c.inside(ctx, u, n.Inside); err != nil {
			return Posted{}, err
		}
	}
	if n.Holder != "" {
		change.Seats = map[ids.Person]act.Seat{n.Holder: act.SeatHolder}
	}
	chosen := []ids.Person{}
	for _, a := range n.Add {
		j := client.Joining{Organisation: a.Organisation, Person: a.Person, Seat: v.SeatFor(a.Organisation)}
		if a.All {
			j.From = 1
		}
		change.Add, chosen = append(change.Add, j), append(chosen, a.Person)
	}
	receipt, err := u.ChangeMembers(ctx, v, change)
	if err != nil {
		return Posted{}, notChanged(ctx, u, v, err, chosen...)
	}
	return posted(ctx, u, v, receipt)
}

// notChanged tells a refusal that is because of a member who stays or comes, to whom nothing may be
// sealed today.
func notChanged(ctx context.Context, u *client.Unlocked, v *client.Conversation, err error, coming ...ids.Person) error {
	for _, b := range v.Barred {
		if fault.ClassOf(b.Why) == fault.ClassOf(err) {
			return barredError{err}
		}
	}
	return notChosen(ctx, u, err, coming...)
}

func (c *Core) grantAgain(ctx context.Context, a Again, _ Progress) (Posted, error) {
	u, v, err := c.reading(a.Thread)
	if err != nil {
		return Posted{}, err
	}
	m := v.State.Member(a.Person)
	if m == nil {
		return Posted{}, fault.New(fault.NotFound, "granting: %s is no member of the thread", a.Person)
	}
	// Whatever card is on the roster by now, it is granted to the one that was compared or to none.
	if err := u.AcceptCard(ctx, m.Organisation, a.Person, line(a.Words)); err != nil {
		return Posted{}, err
	}
	receipt, err := u.GrantAgain(ctx, v, a.Person)
	if err != nil {
		return Posted{}, notChosen(ctx, u, err, a.Person)
	}
	return posted(ctx, u, v, receipt)
}

func (c *Core) exclude(ctx context.Context, x Exclude, _ Progress) (Posted, error) {
	u, err := c.open()
	if err != nil {
		return Posted{}, err
	}
	v, err := c.inside(ctx, u, x.Inside)
	if err != nil {
		return Posted{}, err
	}
	receipt, err := u.Exclude(ctx, v, client.Content{Text: x.Text,
		Exclude: []client.Exclusion{{Organisation: x.Organisation, Person: x.Person, Lift: x.Lift}}})
	if err != nil {
		return Posted{}, notChanged(ctx, u, v, err)
	}
	return posted(ctx, u, v, receipt)
}

func (c *Core) drawFurther(ctx context.Context, f DrawFurther, _ Progress) (Drawn, error) {
	u, err := c.open()
	if err != nil {
		return Drawn{}, err
	}
	inside, err := c.inside(ctx, u, f.Inside)
	if err != nil {
		return Drawn{}, err
	}
	holder, substitute, err := u.DrawFurther(ctx, inside, f.With)
	return Drawn{holder, substitute}, err
}

func (c *Core) openThread(ctx context.Context, f Further, _ Progress) (Begun, error) {
	u, err := c.open()
	if err != nil {
		return Begun{}, err
	}
	inside, err := c.inside(ctx, u, f.Inside)
	if err != nil {
		return Begun{}, err
	}
	v, receipts, err := u.OpenThread(ctx, f.Case, inside, client.NewThread{With: f.With, Topic: f.Topic, Urgency: f.Urgency,
		Content: client.Content{Text: f.Text}, Colleagues: f.Colleagues, Alone: f.Alone, Partners: f.Partners, Holder: f.Holder, Substitute: f.Substitute})
	if err != nil {
		return Begun{}, notChanged(ctx, u, inside, err, append(append(f.Colleagues, f.Partners...), f.Holder, f.Substitute, u.Person())...)
	}
	c.keep(v)
	d, err := u.KnownDirectory(ctx)
	if err != nil {
		return Begun{}, err
	}
	return Begun{[]Listed{c.fresh(d, f.Case, v)}, numbers(receipts)}, nil
}
