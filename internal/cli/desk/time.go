package desk

import (
	"time"

	"varco/internal/cli/italian"
)

const (
	timeLayout = "02/01/2006 15:04"
	dayLayout  = "02/01/2006"
)

// When prints a time as the person's clock shows it.
func (r *Desk) When(t time.Time) string { return r.local(t).Format(timeLayout) }

// Day prints a day.
func (r *Desk) Day(t time.Time) string { return r.local(t).Format(dayLayout) }

// Span says from which day to which day, both included; a zero until is no end.
func (r *Desk) Span(from, until time.Time) string {
	if until.IsZero() {
		return "dal " + r.Day(from)
	}
	return "dal " + r.Day(from) + " al " + r.Day(until.Add(-time.Millisecond))
}

// ParseDay reads a day, 2026-03-27 or 27/03/2026, and returns its first instant.
func (r *Desk) ParseDay(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, dayLayout} {
		if t, err := time.ParseInLocation(layout, s, r.Now().Location()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, Misuse("«%s» non è un giorno: scrivilo così, 2026-03-27", italian.Line(s))
}

// Today is the first instant of the day.
func (r *Desk) Today() time.Time {
	year, month, day := r.Now().Date()
	return time.Date(year, month, day, 0, 0, 0, 0, r.Now().Location())
}

func (r *Desk) local(t time.Time) time.Time { return t.In(r.Now().Location()) }
