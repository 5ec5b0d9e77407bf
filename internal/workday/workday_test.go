package workday_test

import (
	"testing"
	"time"

	"varco/internal/workday"
)

func TestDue(t *testing.T) {
	for _, c := range []struct{ why, asked, urgency, want string }{
		{"a Monday", "2026-11-23T09:00:00Z", "U1", "2026-11-24"},
		{"over a weekend", "2026-11-20T09:00:00Z", "U1", "2026-11-23"},
		{"on a Sunday", "2026-11-22T09:00:00Z", "U1", "2026-11-23"},
		{"three days", "2026-11-20T09:00:00Z", "U2", "2026-11-25"},
		{"ten days, over 8 December", "2026-11-27T09:00:00Z", "U3", "2026-12-14"},
		{"Christmas, St Stephen's, a weekend", "2026-12-24T09:00:00Z", "U1", "2026-12-28"},
		{"New Year's Day", "2026-12-31T09:00:00Z", "U1", "2027-01-04"},
		{"Easter Monday", "2027-03-26T09:00:00Z", "U1", "2027-03-30"},
		{"25 April and 1 May", "2028-04-24T09:00:00Z", "U3", "2028-05-10"},
		{"2 June", "2026-06-01T09:00:00Z", "U1", "2026-06-03"},
		{"15 August", "2028-08-14T09:00:00Z", "U1", "2028-08-16"},
		{"4 October before it was one", "2024-10-03T09:00:00Z", "U1", "2024-10-04"},
		{"4 October since 2026", "2027-10-01T09:00:00Z", "U1", "2027-10-05"},
		{"late in the evening it is already tomorrow in Italy", "2026-11-23T23:30:00Z", "U1", "2026-11-25"},
		{"no urgency", "2026-11-23T09:00:00Z", "", ""},
		{"an unknown one", "2026-11-23T09:00:00Z", "U4", ""},
	} {
		asked, err := time.Parse(time.RFC3339, c.asked)
		if err != nil {
			t.Fatal(err)
		}
		if got := workday.Due(asked, c.urgency); got != c.want {
			t.Errorf("%s: Due(%s, %s) = %s, want %s", c.why, c.asked, c.urgency, got, c.want)
		}
	}
	if got := workday.Due(time.Time{}, "U1"); got != "" {
		t.Errorf("of no time: %s", got)
	}
}

func TestToday(t *testing.T) {
	if got := workday.Today(time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC)); got != "2026-11-24" {
		t.Errorf("Today = %s", got)
	}
}
