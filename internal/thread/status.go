package thread

import (
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/note"
)

// statusRule says how the thread stands, perhaps with words. Both sides may, and a closed thread is
// opened again by it.
var statusRule = rule{print: printStatus, scan: scanStatus, check: checkStatus, own: ownStatus, body: either, closed: true,
	seats: []act.Seat{act.SeatCentre, act.SeatHolder, act.SeatSubstitute}, apply: applyStatus}

// Status is how a thread stands.
type Status struct {
	Phase   Phase    `json:"phase,omitempty"`   // "" of a thread without entries
	Waits   act.Kind `json:"waits,omitempty"`   // whose turn it is: centre, inps or partner; "" for nobody's
	Outcome string   `json:"outcome,omitempty"` // a code, when it is resolved or closed; "" for none
}

// Phase of a thread.
type Phase string

// The phases.
const (
	PhaseOpen     Phase = "open"     // there is something to do
	PhaseResolved Phase = "resolved" // what was asked was done, and it may go on
	PhaseClosed   Phase = "closed"   // nothing more is said, until it is opened again
)

func printStatus(e *Entry, p *note.Printer) {
	p.Line("phase", string(e.Status.Phase)).Line("waits", orNone(string(e.Status.Waits))).Line("outcome", orNone(e.Status.Outcome))
}

func scanStatus(e *Entry, s *note.Scanner) {
	e.Status = &Status{Phase: Phase(s.One("phase"))}
	if waits := s.One("waits"); waits != note.None {
		e.Status.Waits = act.Kind(waits)
	}
	if outcome := s.One("outcome"); outcome != note.None {
		e.Status.Outcome = outcome
	}
}

// checkStatus refuses what can't be a status: an outcome of what is still open, somebody who is
// waited for when it is closed.
func checkStatus(e *Entry) error {
	refuse := func(format string, args ...any) error {
		return fault.Refuse(fault.ClassForm, "reading a status: "+format, args...)
	}
	switch e.Status.Waits {
	case "", act.Centre, act.INPS, act.Associate:
	case act.Refuge, act.Oversight:
		fallthrough
	default:
		return refuse("nobody waits for %.20q", e.Status.Waits)
	}
	if e.Status.Outcome != "" && !code(e.Status.Outcome, maxOutcome) {
		return refuse("no outcome is called %.20q", e.Status.Outcome)
	}
	agree := false
	switch e.Status.Phase {
	case PhaseOpen:
		agree = e.Status.Outcome == ""
	case PhaseResolved:
		agree = true
	case PhaseClosed:
		agree = e.Status.Waits == ""
	}
	if !agree {
		return refuse("phase, waits and outcome don't agree")
	}
	return nil
}

// applyStatus keeps the first closing, from which the time counts in which the other side still
// reads, until the centre opens the thread again: nobody else gives herself more time.
func applyStatus(s *State, e *Entry, _ Cards, admitted time.Time) error {
	if w := e.Status.Waits; w != "" && w != act.Centre && string(w) != string(s.Side) {
		return fault.Refuse(fault.ClassMembership, "stating how the thread stands: nobody of %s is in it", w)
	}
	s.Status = *e.Status
	switch {
	case !s.Closed() && s.Member(e.Author).Seat == act.SeatCentre:
		s.ClosedAtMS = 0
	case s.Closed() && s.ClosedAtMS == 0: // closing again changes nothing of when it was closed
		s.ClosedAtMS = admitted.UnixMilli()
	}
	if s.Status.Phase != PhaseOpen {
		s.Due = ""
	}
	return nil
}
