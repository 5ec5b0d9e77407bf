package cases

import (
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/thread"
)

// Views are what --json answers with. Their members are added, never renamed; times are RFC 3339.

// listedView is one conversation of varco case list: as the service lists it, with names.
type listedView struct {
	api.Listed
	CentreName string `json:"centre_name,omitempty"`
	WithName   string `json:"with_name,omitempty"`
}

func listedViews(list []client.Listed) []listedView {
	all := make([]listedView, len(list))
	for i, l := range list {
		all[i] = listedView(l)
	}
	return all
}

// threadView is what varco thread read answers with.
type threadView struct {
	Thread  ids.Thread      `json:"thread"`
	Side    thread.Side     `json:"side"`
	Topic   string          `json:"topic,omitempty"`
	Status  thread.Status   `json:"status,omitzero"`
	Due     thread.Day      `json:"due,omitempty"`
	Members []thread.Member `json:"members"`
	Entries []entryView     `json:"entries"`
	// Of what the service may keep back: up to when the log proves that nothing is missing, whether its
	// witnesses say so too, and why that is in doubt, with the time of the proof that is worth nothing now.
	ProvenAt  time.Time    `json:"proven_at,omitzero"`
	Witnessed bool         `json:"witnessed"`
	Doubt     client.Doubt `json:"doubt,omitempty"`
	LastProof time.Time    `json:"last_proof,omitzero"`
	Barred    []barredView `json:"barred,omitempty"`
}

// barredView is a member to whom nothing may be sealed today; Why is the class.
type barredView struct {
	Person ids.Person  `json:"person"`
	Why    fault.Class `json:"why"`
}

// entryView is one entry; Unreadable is the class of what is wrong with its content.
type entryView struct {
	Entry      ids.Entry       `json:"entry"`
	Sequence   int64           `json:"sequence"`
	Kind       thread.Kind     `json:"kind"`
	At         time.Time       `json:"at"`
	Author     ids.Person      `json:"author"`
	Name       string          `json:"name,omitempty"`
	Seat       act.Seat        `json:"seat"`
	Receipt    string          `json:"receipt"`
	Due        thread.Day      `json:"due,omitempty"`
	Status     *thread.Status  `json:"status,omitempty"`
	Content    *client.Content `json:"content,omitempty"`
	Unreadable fault.Class     `json:"unreadable,omitempty"`
}

func viewOf(v *client.Conversation) threadView {
	view := threadView{Thread: v.State.Thread, Side: v.State.Side, Topic: v.State.Topic, Status: v.State.Status, Due: v.State.Due,
		Members: v.State.Members, ProvenAt: v.Fresh.At, Witnessed: v.Fresh.Standing == client.Witnessed, Doubt: v.Fresh.Doubt, LastProof: v.Fresh.Last}
	for _, b := range v.Barred {
		view.Barred = append(view.Barred, barredView{b.Member.Person, fault.ClassOf(b.Why)})
	}
	for i := range v.Entries {
		s := &v.Entries[i]
		e := entryView{Entry: s.Entry.ID, Sequence: s.Entry.Sequence, Kind: s.Entry.Kind, At: s.Receipt.AdmittedAt, Author: s.Entry.Author,
			Name: s.Name, Seat: s.Seat, Receipt: s.Receipt.Number(), Due: s.Entry.Due, Status: s.Entry.Status}
		switch {
		case s.Unreadable != nil:
			e.Unreadable = fault.ClassOf(s.Unreadable)
		case s.Entry.Body != nil:
			e.Content = &s.Content
		}
		view.Entries = append(view.Entries, e)
	}
	return view
}

// readersView is what varco readers answers with.
type readersView struct {
	Readings []readingView `json:"readings"`
	More     bool          `json:"more"` // there are older ones
}

type readingView struct {
	At           time.Time        `json:"at"`
	Person       ids.Person       `json:"person"`
	Name         string           `json:"name,omitempty"`
	Organisation ids.Organisation `json:"organisation"`
	Reason       act.Reason       `json:"reason,omitempty"`
	Receipt      string           `json:"receipt"`
	Entry        ids.Entry        `json:"entry,omitempty"` // of which an attachment was fetched
}

func readingViews(list []client.Reading, more bool) readersView {
	view := readersView{Readings: make([]readingView, len(list)), More: more}
	for i, one := range list {
		view.Readings[i] = readingView{one.At, one.Person, one.Name, one.Organisation, one.Reason, ledger.Number(one.Leaf), one.Entry}
	}
	return view
}
