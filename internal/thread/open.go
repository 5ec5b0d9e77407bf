package thread

import (
	"slices"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// openRule begins a thread: written by the centre, with all members and the first message.
var openRule = rule{print: printOpen, scan: scanOpen, check: checkOpen, own: ownOpening | ownMembers, key: true, body: always,
	blobs: true, apply: applyOpen}

func printOpen(e *Entry, p *note.Printer) {
	o := e.Opening
	p.Line("side", string(o.Side)).Line("with", orNone(string(o.With)))
	if o.Side == INPS {
		p.Line("topic", o.Topic, o.Urgency)
	}
	printMembers(e, p)
}

// orNone prints a value that may be absent.
func orNone(s string) string {
	if s == "" {
		return note.None
	}
	return s
}

func scanOpen(e *Entry, s *note.Scanner) {
	e.Opening = &Opening{Side: Side(s.One("side"))}
	if with := s.One("with"); with != note.None {
		e.Opening.With = note.Parsed(s, with, ids.ParseOrganisation)
	}
	if e.Opening.Side == INPS {
		topic := s.Values("topic", 2)
		e.Opening.Topic, e.Opening.Urgency = topic[0], topic[1]
	}
	scanMembers(e, s)
}

func applyOpen(s *State, e *Entry, cards Cards, _ time.Time) error {
	if e.Epoch != 1 {
		return fault.Refuse(fault.ClassEpoch, "opening a thread: epoch %d", e.Epoch)
	}
	s.Thread, s.Side, s.With = e.Thread, e.Opening.Side, e.Opening.With
	s.Topic, s.Urgency, s.Centre = e.Opening.Topic, e.Opening.Urgency, cards.of(e.Card).Organisation
	if s.With == s.Centre {
		return fault.Refuse(fault.ClassMembership, "opening a thread: the centre with itself")
	}
	if err := s.seats(e.Members, cards, true); err != nil {
		return err
	}
	s.Status = Status{Phase: PhaseOpen}
	// The state outlives the entry: what it keeps of it is its own.
	s.Members = slices.Clone(e.Members)
	m := s.Member(e.Author)
	if m == nil || m.Seat != act.SeatCentre || m.Card != e.Card {
		return fault.Refuse(fault.ClassMembership, "opening a thread: its author has no seat of the centre")
	}
	return nil
}

// checkOpen refuses what can't open a thread, whoever wrote it.
func checkOpen(e *Entry) error {
	o := e.Opening
	var agree bool
	switch o.Side {
	case INPS:
		agree = o.With != "" && code(o.Topic, maxTopic) && urgency(o.Urgency)
	case Partner:
		agree = o.With != "" && o.Topic == "" && o.Urgency == ""
	case Internal:
		agree = o.With == "" && o.Topic == "" && o.Urgency == ""
	}
	if !agree {
		return fault.Refuse(fault.ClassForm, "opening a thread: side, office and topic don't agree")
	}
	return checkMembers(e)
}

// The size limits of codes, in bytes. An outcome has no room for the tax code of a person.
const (
	maxTopic   = 16
	maxOutcome = 12
)

// code accepts what can be a topic or an outcome. Which ones exist is data that changes.
func code(s string, limit int) bool {
	return s != "" && len(s) <= limit && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// urgency accepts what can be one: a header is for the service to read, so a field of it has no
// room for anything but a code.
func urgency(s string) bool { return len(s) == 2 && s[0] == 'U' && s[1] >= '1' && s[1] <= '9' }
