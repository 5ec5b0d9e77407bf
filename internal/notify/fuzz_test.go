package notify_test

import (
	"strings"
	"testing"
	"time"

	"varco/internal/notify"
)

// What is read as hours gives, at any time, an hour that has come and the one that comes next.
func FuzzParseHours(f *testing.F) {
	f.Add("08:00 13:00", "Europe/Rome", int64(1_800_000_000))
	f.Add("00:00", "UTC", int64(0))
	f.Add("02:30 03:00 23:59", "America/New_York", int64(1_805_000_000))
	f.Fuzz(func(t *testing.T, times, zone string, at int64) {
		hours, err := notify.ParseHours(strings.Fields(times), zone)
		if err != nil {
			return
		}
		now := time.Unix(at%(1<<33), 0)
		hour, next := hours.Around(now)
		if hour.After(now) || !next.After(now) || next.Sub(hour) > 50*time.Hour {
			t.Errorf("%v %s at %s: %s, %s", times, zone, now, hour, next)
		}
	})
}
