// Package workday counts the working days by which an answer is due: the days on which public
// offices in Italy are open.
//
// It is for a date that people read and plan by, not for a legal term: it knows no patron saint's
// day, which is another in each town, and no office's own hours. It promises that the count is the
// same on every device.
package workday

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/it"
)

// italy is the clock by which a day begins: that of Italy in winter, all year. A browser has no
// table of times, and in summer what is sent in the first hour after midnight counts for the day before.
var italy = time.FixedZone("CET", 60*60)

// francis is 4 October, a holiday again since 2026 (law 8 October 2025, n. 151).
var francis = &cal.Holiday{Name: "San Francesco", Type: cal.ObservancePublic, Month: time.October, Day: 4,
	StartYear: 2026, Func: cal.CalcDayOfMonth}

// In days of the week from Monday to Friday.
var calendar = func() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(it.Holidays...)
	c.AddHoliday(francis)
	return c
}()

// urgencies are how many working days each urgency gives (policies: proposed, without a source).
var urgencies = map[string]int{"U1": 1, "U2": 3, "U3": 10}

// Due is the day by which what was asked at a time is to be answered, as 2026-11-30; "" for an
// urgency that it does not know. The day itself does not count.
func Due(asked time.Time, urgency string) string {
	days, ok := urgencies[urgency]
	if !ok || asked.IsZero() {
		return ""
	}
	return calendar.WorkdaysFrom(asked.In(italy), days).Format(time.DateOnly)
}

// Today is the day that it is at a time, as Due says it.
func Today(now time.Time) string { return now.In(italy).Format(time.DateOnly) }
