package core

import (
	"time"

	"varco/internal/act"
	"varco/internal/thread"
	"varco/internal/workday"
)

// turn is what is known of whose turn it is in a thread.
type turn struct {
	side        thread.Side
	status      thread.Status
	urgency     string
	due         thread.Day // that the newest request names
	centreSpoke bool       // the last entry is the centre's
	since       time.Time  // since when entries are of that side
}

// waits is whose turn it is: as somebody has said, or else of the side that has not spoken last.
func (t turn) waits() act.Kind {
	switch {
	case t.status.Phase != thread.PhaseOpen || t.side == thread.Internal:
		return ""
	case t.status.Waits != "":
		return t.status.Waits
	case !t.centreSpoke:
		return act.Centre
	case t.side == thread.Partner:
		return act.Associate
	}
	return act.INPS
}

// by is the day by which an answer is due, "" for none: of the institute in the working days that
// the urgency gives since it has been its turn, of the centre by the day of the request.
func (t turn) by() string {
	switch t.waits() {
	case act.INPS:
		return workday.Due(t.since, t.urgency)
	case act.Centre:
		return string(t.due)
	case act.Associate, act.Refuge, act.Oversight:
	}
	return ""
}
