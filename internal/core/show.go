package core

import (
	"context"
	"slices"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
)

// show makes what the page shows of a conversation.
func show(ctx context.Context, u *client.Unlocked, v *client.Conversation) (Conversation, error) {
	d, err := u.KnownDirectory(ctx)
	if err != nil {
		return Conversation{}, err
	}
	s := v.State
	turn := turnIn(v)
	shown := Conversation{Thread: s.Thread, Side: s.Side, Topic: s.Topic, Urgency: s.Urgency, Centre: nameOf(d, s.Centre),
		With: nameOf(d, s.With), Members: []Member{}, Entries: make([]Entry, len(v.Entries)), Status: Status(s.Status),
		Waiting: turn.waits(), DueAt: turn.by(), Excluded: []Excluded{}}
	if m := s.Member(u.Person()); m != nil {
		shown.Seat = m.Seat
	}
	for _, m := range s.Members {
		member := Member{Person: m.Person, Name: personName(d, m.Organisation, m.Person), Home: m.Organisation,
			Organisation: nameOf(d, m.Organisation), Seat: m.Seat, Self: m.Person == u.Person()}
		member.From, member.Earlier = readsFrom(v, m.Person)
		for _, b := range v.Barred {
			if b.Member.Person == m.Person {
				member.Barred = fault.ClassOf(b.Why)
			}
		}
		shown.Members = append(shown.Members, member)
	}
	if f := v.Fresh; !f.At.IsZero() {
		shown.ProvenAt, shown.Witnessed = stamp(f.At), f.Standing == client.Witnessed
	} else if shown.Doubt = f.Doubt; !f.Last.IsZero() {
		shown.LastProof = stamp(f.Last)
	}
	if s.Side == thread.Internal {
		if all, err := v.Exclusions(); err == nil { // what does not open is told in its entry
			shown.Excluded = excluded(d, all)
		}
	}
	var before []thread.Member
	for i, e := range v.Entries {
		shown.Entries[i] = entryOf(d, u, e)
		before = shown.Entries[i].changes(d, e.Entry, before)
	}
	return shown, nil
}

// readsFrom says since when somebody was granted every epoch, and whether one before, too.
func readsFrom(v *client.Conversation, person ids.Person) (from string, earlier bool) {
	granted := func(e thread.Epoch) bool { return slices.Contains(e.Granted, person) }
	epochs := v.State.Epochs
	first := len(epochs)
	for first > 0 && granted(epochs[first-1]) {
		first--
	}
	for _, e := range v.Entries {
		if e.Entry.Key != nil && e.Entry.Epoch == int64(first)+1 && first > 0 {
			from = stamp(e.Receipt.AdmittedAt)
		}
	}
	return from, slices.ContainsFunc(epochs[:first], granted)
}

func entryOf(d *client.Directory, u *client.Unlocked, e client.Shown) Entry {
	entry := Entry{ID: e.Entry.ID, Sequence: e.Entry.Sequence, Kind: e.Entry.Kind, Author: e.Entry.Author, Name: e.Name,
		Organisation: nameOf(d, e.Organisation), Seat: e.Seat, Self: e.Entry.Author == u.Person(),
		At: stamp(e.Receipt.AdmittedAt), Text: e.Content.Text, Receipt: e.Receipt.Number(), Due: e.Entry.Due,
		Reference: e.Content.Reference, Items: append([]string{}, e.Content.Items...), Attachments: []Attached{}, Joined: []Called{},
		Left: []Called{}, Linked: []string{}, Excluded: excluded(d, e.Content.Exclude)}
	if e.Unreadable != nil {
		entry.Unreadable = fault.ClassOf(e.Unreadable)
	}
	for _, a := range e.Content.Attachments {
		entry.Attachments = append(entry.Attachments, Attached{Name: a.Name, Type: a.Type, Size: a.Size})
	}
	for _, l := range e.Content.Threads {
		entry.Linked = append(entry.Linked, nameOf(d, l.With))
	}
	if s := e.Entry.Status; s != nil {
		standing := Status(*s)
		entry.Status = &standing
	}
	return entry
}

// changes says who has come and gone with an entry, and returns the members after it.
func (e *Entry) changes(d *client.Directory, signed *thread.Entry, before []thread.Member) []thread.Member {
	has := func(all []thread.Member, person ids.Person) bool {
		return slices.ContainsFunc(all, func(m thread.Member) bool { return m.Person == person })
	}
	if g := signed.Giving; g != nil {
		for _, m := range before {
			if m.Person == g.Person {
				e.Given = personName(d, m.Organisation, m.Person)
			}
		}
	}
	if signed.Kind == thread.Recuse {
		return slices.DeleteFunc(slices.Clone(before), func(m thread.Member) bool { return m.Person == signed.Author })
	}
	if len(signed.Members) == 0 {
		return before
	}
	for _, m := range signed.Members {
		if signed.Kind == thread.Members && !has(before, m.Person) {
			e.Joined = append(e.Joined, calledIn(d, m))
		}
		if m.Seat == act.SeatHolder && slices.ContainsFunc(before, func(b thread.Member) bool { return b.Person == m.Person && b.Seat != m.Seat }) {
			e.Holder = new(calledIn(d, m))
		}
	}
	for _, m := range before {
		if !has(signed.Members, m.Person) {
			e.Left = append(e.Left, calledIn(d, m))
		}
	}
	return signed.Members
}

// turnIn finds whose turn it is in a thread that was read, and since when.
func turnIn(v *client.Conversation) turn {
	t := turn{side: v.State.Side, status: v.State.Status, urgency: v.State.Urgency, due: v.State.Due}
	for i, e := range v.Entries {
		if centre := e.Seat == act.SeatCentre; i == 0 || centre != t.centreSpoke {
			t.centreSpoke, t.since = centre, e.Receipt.AdmittedAt
		}
	}
	return t
}

func excluded(d *client.Directory, all []client.Exclusion) []Excluded {
	list := make([]Excluded, len(all))
	for i, x := range all {
		list[i] = Excluded{Organisation: x.Organisation, Person: x.Person, Name: nameOf(d, x.Organisation), Lift: x.Lift}
		if x.Person != "" {
			list[i].Name = personName(d, x.Organisation, x.Person)
		}
	}
	return list
}

func calledIn(d *client.Directory, m thread.Member) Called {
	return Called{personName(d, m.Organisation, m.Person), nameOf(d, m.Organisation)}
}

func personName(d *client.Directory, organisation ids.Organisation, person ids.Person) string {
	if p := d.Person(organisation, person); p != nil {
		return p.Name
	}
	return ""
}

func nameOf(d *client.Directory, id ids.Organisation) string {
	if o := d.Organisation(id); o != nil {
		return o.Name
	}
	return ""
}
