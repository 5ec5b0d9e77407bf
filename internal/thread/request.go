package thread

import (
	"time"

	"varco/internal/fault"
	"varco/internal/note"
)

// requestRule asks for something, perhaps by a day. What is asked is in the sealed body.
var requestRule = rule{print: printRequest, scan: scanRequest, check: checkRequest, own: ownDue, may: ownDue, body: always,
	blobs: true, apply: applyRequest}

// Day is a date of the calendar, 2026-11-30, or "" for none.
type Day string

// ParseDay reads a day in its one spelling, from the year 1 on.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Format(time.DateOnly) != s || t.Year() < 1 {
		return "", fault.Refuse(fault.ClassForm, "reading a day: %.20q", s)
	}
	return Day(s), nil
}

func printRequest(e *Entry, p *note.Printer) { p.Line("due", orNone(string(e.Due))) }

func scanRequest(e *Entry, s *note.Scanner) {
	if due := s.One("due"); due != note.None {
		e.Due = note.Parsed(s, due, ParseDay)
	}
}

func checkRequest(e *Entry) error {
	if e.Due == "" {
		return nil
	}
	_, err := ParseDay(string(e.Due))
	return err
}

func applyRequest(s *State, e *Entry, _ Cards, _ time.Time) error {
	s.Due = e.Due
	return nil
}
