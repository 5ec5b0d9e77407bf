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
	// Doubt is why it is not, and something may be kept back; "" if there is none.
	Doubt client.Doubt `json:"doubt,omitempty"`
	// LastProof is when that was recorded which proves nothing now: it is old, or ahead.
	LastProof string `json:"lastProof,omitempty"`
	Status
	// Waiting is whose turn it is: as somebody has said, or of the side that has not spoken last; "" for nobody's.
	Waiting act.Kind `json:"waiting,omitempty"`
	// DueAt is as in Listed.
	DueAt string `json:"dueAt,omitempty"`
	// Excluded are those to whom the case is not given, in the centre's own thread.
	Excluded []Excluded `json:"excluded"`
}

// Status is how a thread stands.
type Status struct {
	Phase   thread.Phase `json:"phase"`
	Waits   act.Kind     `json:"waits,omitempty"`
	Outcome string       `json:"outcome,omitempty"` // a code
}

// Excluded is one person, or a whole organisation when Person is "".
type Excluded struct {
	Organisation ids.Organisation `json:"organisation"`
	Person       ids.Person       `json:"person,omitempty"`
	Name         string           `json:"name"` // of the person or the organisation
	Lift         bool             `json:"lift"` // she may be chosen again
}

// Member is somebody who can open what is said in a thread.
type Member struct {
	Person       ids.Person       `json:"person"`
	Name         string           `json:"name"` // "" where it is not told
	Home         ids.Organisation `json:"home"`
	Organisation string           `json:"organisation"`
	Seat         act.Seat         `json:"seat"`
	Self         bool             `json:"self"`
	// Barred says why nothing may be sealed to her today: a class, "" if it may.
	Barred fault.Class `json:"barred,omitempty"`
	// From is since when she reads what is said, "" for from the beginning; Earlier, that she reads
	// some of what was said before, too, as who had left and came again.
	From    string `json:"from,omitempty"`
	Earlier bool   `json:"earlier"`
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

	Attachments []Attached `json:"attachments"`
	Items       []string   `json:"items"`               // what a request asks for
	Due         thread.Day `json:"due,omitempty"`       // the day that a request names
	Reference   string     `json:"reference,omitempty"` // the institute's own protocol number
	Status      *Status    `json:"status,omitempty"`
	Joined      []Called   `json:"joined"` // who came, of the act that changes members
	Left        []Called   `json:"left"`
	Holder      *Called    `json:"holder,omitempty"` // the substitute who became the holder
	Given       string     `json:"given,omitempty"`  // name of whom something was granted to
	Linked      []string   `json:"linked"`           // names of whom another thread of the case is with
	Excluded    []Excluded `json:"excluded"`
}

// Called is somebody of whom an entry says something, by name where it is told.
type Called struct {
	Name         string `json:"name,omitempty"`
	Organisation string `json:"organisation"` // name
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

// Posted is the thread with what was said in it, and its receipt, verified.
type Posted struct {
	Receipt      string       `json:"receipt"`
	Conversation Conversation `json:"conversation"`
}

var (
	_ = method(Page, "read", "read a thread, or what has come since", (*Core).read)
	_ = method(Page, "readings", "who has read a thread", (*Core).readings)
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
