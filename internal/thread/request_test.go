package thread_test

import (
	"testing"
	"time"

	"varco/internal/fault"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
)

func TestParseDay(t *testing.T) {
	for _, s := range []string{"2026-11-30", "2028-02-29", "0001-01-01", "9999-12-31"} {
		if day, err := thread.ParseDay(s); err != nil || string(day) != s {
			t.Errorf("%s: %q, %v", s, day, err)
		}
	}
	for _, s := range []string{"", "-", "2026-11-31", "2027-02-29", "2026-1-30", "2026-11-30 ", "26-11-30", "0000-01-01", "+2026-11-30",
		"12026-11-30", "2026/11/30", "2026-11-30T00:00:00Z"} {
		_, err := thread.ParseDay(s)
		threadtest.Refused(t, err, fault.ClassForm)
	}
}

// FuzzParseDay: what is accepted is a day of the calendar in its one spelling.
func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"2026-11-30", "2028-02-29", "2027-02-29", "-", "0000-01-01", "2026-11-3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, err := thread.ParseDay(s)
		if err != nil {
			threadtest.Refused(t, err, fault.ClassForm)
			return
		}
		if at, err := time.Parse(time.DateOnly, s); err != nil || at.Format(time.DateOnly) != string(day) {
			t.Fatalf("accepted %q", s)
		}
	})
}
