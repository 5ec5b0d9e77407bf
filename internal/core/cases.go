package core

import (
	"context"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/thread"
)

// Cases are the threads that a person may read, the newest first. It is the service's word.
type Cases struct {
	Threads []Listed `json:"threads"`
}

// Listed is one thread of the list.
type Listed struct {
	Case       ids.Case    `json:"case,omitempty"` // for the centre's side only
	Thread     ids.Thread  `json:"thread"`
	Side       thread.Side `json:"side"`
	Centre     string      `json:"centre"` // name, "" where it is not known
	With       string      `json:"with"`   // name
	Topic      string      `json:"topic,omitempty"`
	Urgency    string      `json:"urgency,omitempty"`
	Seat       act.Seat    `json:"seat"` // of the person
	Entries    int64       `json:"entries"`
	OpenedAt   string      `json:"openedAt"`
	LastAt     string      `json:"lastAt"`
	LastSeat   act.Seat    `json:"lastSeat"`             // whose entry is the last
	ReadBefore int64       `json:"readBefore,omitempty"` // entries that were read since unlocking

	Phase   thread.Phase `json:"phase"`
	Waits   act.Kind     `json:"waits,omitempty"`   // whose turn somebody said that it is
	Outcome string       `json:"outcome,omitempty"` // a code
	Due     string       `json:"due,omitempty"`     // the day that the newest request names, as 2026-11-30
	// Turn is whose turn it is: as somebody said, or else of the side that has not spoken last.
	Turn act.Kind `json:"turn,omitempty"`
	// DueAt is the day by which whoever has the turn is to answer, as 2026-11-30; "" for none.
	DueAt    string `json:"dueAt,omitempty"`
	ClosedAt string `json:"closedAt,omitempty"`
}

var _ = method(Page, "cases", "list the threads that she may read", (*Core).cases)

func (c *Core) cases(ctx context.Context, _ None, _ Progress) (Cases, error) {
	u, err := c.open()
	if err != nil {
		return Cases{}, err
	}
	list, err := u.Cases(ctx)
	if err != nil {
		return Cases{}, err
	}
	answer := Cases{Threads: make([]Listed, len(list))}
	for i, l := range list {
		answer.Threads[i] = c.listed(l)
	}
	return answer, nil
}

func (c *Core) listed(l client.Listed) Listed {
	listed := Listed{Case: l.Case, Thread: l.Thread, Side: thread.Side(l.Side), Centre: l.CentreName, With: l.WithName,
		Topic: l.Topic, Urgency: l.Urgency, Seat: l.Seat, Entries: l.Entries, OpenedAt: stamp(l.OpenedAt),
		LastAt: stamp(l.LastAt), LastSeat: l.LastSeat, Phase: thread.Phase(l.Phase), Waits: l.Waits, Outcome: l.Outcome,
		Due: l.Due}
	turn := turn{side: listed.Side, status: thread.Status{Phase: listed.Phase, Waits: l.Waits}, urgency: l.Urgency, due: thread.Day(l.Due),
		centreSpoke: l.LastSeat == act.SeatCentre, since: l.TurnAt}
	listed.Turn, listed.DueAt = turn.waits(), turn.by()
	if l.ClosedAt != nil {
		listed.ClosedAt = stamp(*l.ClosedAt)
	}
	if v := c.threads[l.Thread]; v != nil {
		listed.ReadBefore = v.State.Next
	}
	return listed
}
