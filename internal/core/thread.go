package core

import (
	"context"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
)

// ReadThread asks for a thread. An officer says why.
type ReadThread struct {
	Thread ids.Thread `json:"thread"`
	Reason act.Reason `json:"reason,omitempty"`
}

// Conversation is a thread, verified up to its last entry.
type Conversation struct {
	Thread  ids.Thread  `json:"thread"`
	Side    thread.Side `json:"side"`
	Topic   string      `json:"topic,omitempty"`
	Urgency string      `json:"urgency,omitempty"`
	Centre  string      `json:"centre"` // name
	With    string      `json:"with"`   // name
	Seat    act.Seat    `json:"seat,omitempty"`
	Members []Member    `json:"members"`
	Entries []Entry     `json:"entries"`
	// ProvenAt is up to when the log has proven that nothing is missing; "" where that is not known.
	ProvenAt  string `json:"provenAt,omitempty"`
	Witnessed bool   `json:"witnessed"` // it is proven for everybody
}

// Member is somebody who can open what is said in a thread.
type Member struct {
	Person       ids.Person `json:"person"`
	Name         string     `json:"name"` // "" where it is not told
	Organisation string     `json:"organisation"`
	Seat         act.Seat   `json:"seat"`
	Self         bool       `json:"self"`
	// Barred says why nothing may be sealed to her today: a class, "" if it may.
	Barred fault.Class `json:"barred,omitempty"`
}

// Entry is one entry as a person sees it.
type Entry struct {
	ID           ids.Entry   `json:"id"`
	Sequence     int64       `json:"sequence"`
	Kind         thread.Kind `json:"kind"`
	Author       ids.Person  `json:"author"`
	Name         string      `json:"name"`
	Organisation string      `json:"organisation"`
	Seat         act.Seat    `json:"seat"`
	Self         bool        `json:"self"`
	At           string      `json:"at"` // when it was admitted
	Text         string      `json:"text"`
	// Unreadable says why there is no text: a class, "" if there is or none belongs here.
	Unreadable fault.Class `json:"unreadable,omitempty"`
	Receipt    string      `json:"receipt"` // the number that people quote
}

// Readings are who has read a thread, the newest first: the service's word.
type Readings struct {
	Readings []Reading `json:"readings"`
	More     bool      `json:"more"` // there are older ones
}

// Reading is one recorded reading.
type Reading struct {
	Person       ids.Person `json:"person"`
	Name         string     `json:"name"`
	Organisation string     `json:"organisation"`
	Roles        []act.Role `json:"roles"`
	Reason       act.Reason `json:"reason,omitempty"`
	At           string     `json:"at"`
	Self         bool       `json:"self"`
}

// OfThread names a thread.
type OfThread struct {
	Thread ids.Thread `json:"thread"`
}

// Post is something to be said in a thread that was read.
type Post struct {
	Thread ids.Thread `json:"thread"`
	Text   string     `json:"text"`
}

// Posted is the thread with what was said in it, and its receipt, verified.
type Posted struct {
	Receipt      string       `json:"receipt"`
	Conversation Conversation `json:"conversation"`
}

var (
	_ = method(Page, "read", "read a thread, or what has come since", (*Core).read)
	_ = method(Page, "readings", "who has read a thread", (*Core).readings)
	_ = method(Page, "post", "say something in a thread", (*Core).post)
)

func (c *Core) read(ctx context.Context, r ReadThread, progress Progress) (Conversation, error) {
	u, err := c.open()
	if err != nil {
		return Conversation{}, err
	}
	v := c.threads[r.Thread]
	if v == nil {
		v, err = u.ReadThread(ctx, r.Thread, r.Reason)
	} else {
		err = u.ReadOn(ctx, v, r.Reason)
	}
	if err != nil {
		return Conversation{}, err
	}
	c.threads[r.Thread] = v
	return show(ctx, u, v)
}

func (c *Core) post(ctx context.Context, p Post, _ Progress) (Posted, error) {
	u, err := c.open()
	if err != nil {
		return Posted{}, err
	}
	v := c.threads[p.Thread]
	if v == nil {
		return Posted{}, fault.New(fault.Internal, "posting: the thread was not read")
	}
	if len(v.Barred) > 0 {
		return Posted{}, barredError{v.Barred[0].Why}
	}
	receipt, err := u.Post(ctx, v, client.Content{Text: p.Text})
	if err != nil {
		return Posted{}, err
	}
	shown, err := show(ctx, u, v)
	return Posted{receipt.Number(), shown}, err
}

func (c *Core) readings(ctx context.Context, t OfThread, _ Progress) (Readings, error) {
	u, err := c.open()
	if err != nil {
		return Readings{}, err
	}
	list, more, err := u.Readers(ctx, t.Thread)
	if err != nil {
		return Readings{}, err
	}
	answer := Readings{Readings: make([]Reading, len(list)), More: more}
	for i, r := range list {
		answer.Readings[i] = Reading{Person: r.Person, Name: r.Name, Organisation: r.OrganisationName,
			Roles: append([]act.Role{}, r.Roles...), Reason: r.Reason, At: stamp(r.At), Self: r.Person == u.Person()}
	}
	return answer, nil
}

// show makes what the page shows of a conversation.
func show(ctx context.Context, u *client.Unlocked, v *client.Conversation) (Conversation, error) {
	d, err := u.KnownDirectory(ctx)
	if err != nil {
		return Conversation{}, err
	}
	s := v.State
	shown := Conversation{Thread: s.Thread, Side: s.Side, Topic: s.Topic, Urgency: s.Urgency, Centre: nameOf(d, s.Centre),
		With: nameOf(d, s.With), Members: []Member{}, Entries: make([]Entry, len(v.Entries))}
	if m := s.Member(u.Person()); m != nil {
		shown.Seat = m.Seat
	}
	for _, m := range s.Members {
		member := Member{Person: m.Person, Organisation: nameOf(d, m.Organisation), Seat: m.Seat, Self: m.Person == u.Person()}
		if p := d.Person(m.Organisation, m.Person); p != nil {
			member.Name = p.Name
		}
		for _, b := range v.Barred {
			if b.Member.Person == m.Person {
				member.Barred = fault.ClassOf(b.Why)
			}
		}
		shown.Members = append(shown.Members, member)
	}
	if f := v.Fresh; !f.At.IsZero() {
		shown.ProvenAt, shown.Witnessed = stamp(f.At), f.Standing == client.Witnessed
	}
	for i, e := range v.Entries {
		shown.Entries[i] = entryOf(d, u, e)
	}
	return shown, nil
}

func entryOf(d *client.Directory, u *client.Unlocked, e client.Shown) Entry {
	entry := Entry{ID: e.Entry.ID, Sequence: e.Entry.Sequence, Kind: e.Entry.Kind, Author: e.Entry.Author, Name: e.Name,
		Organisation: nameOf(d, e.Organisation), Seat: e.Seat, Self: e.Entry.Author == u.Person(),
		At: stamp(e.Receipt.AdmittedAt), Text: e.Content.Text, Receipt: e.Receipt.Number()}
	if e.Unreadable != nil {
		entry.Unreadable = fault.ClassOf(e.Unreadable)
	}
	return entry
}

func nameOf(d *client.Directory, id ids.Organisation) string {
	if o := d.Organisation(id); o != nil {
		return o.Name
	}
	return ""
}
