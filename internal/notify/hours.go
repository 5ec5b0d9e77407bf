package notify

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Hours are the times of day at which people are told.
type Hours struct {
	zone  *time.Location
	times []time.Duration // since midnight, ascending
}

// MaxHours is how many times of day there are at most: more would tell when something came.
const MaxHours = 4

// ParseHours reads times of day, "08:00", of a zone like "Europe/Rome".
func ParseHours(times []string, zone string) (Hours, error) {
	if len(times) < 1 || len(times) > MaxHours {
		return Hours{}, fmt.Errorf("reading the hours of notices: %d, want 1 to %d", len(times), MaxHours)
	}
	location, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return Hours{}, fmt.Errorf("reading the hours of notices: there is no time zone %.40q", zone)
	}
	h := Hours{zone: location}
	for _, text := range times {
		at, err := time.Parse("15:04", text)
		if err != nil || at.Format("15:04") != text {
			return Hours{}, fmt.Errorf("reading the hours of notices: %.20q is not hours:minutes", text)
		}
		h.times = append(h.times, time.Duration(at.Hour())*time.Hour+time.Duration(at.Minute())*time.Minute)
	}
	if !slices.IsSorted(h.times) || len(slices.Compact(slices.Clone(h.times))) != len(h.times) {
		return Hours{}, errors.New("reading the hours of notices: not one after the other")
	}
	return h, nil
}

// Around returns the newest hour that is not after now, and the one after it. They are times on
// the clock of the zone, also on days when that is changed.
func (h Hours) Around(now time.Time) (hour, next time.Time) {
	day := now.In(h.zone)
	var all []time.Time
	for days := -1; days <= 1; days++ {
		for _, t := range h.times {
			all = append(all, time.Date(day.Year(), day.Month(), day.Day()+days, int(t/time.Hour), int(t%time.Hour/time.Minute), 0, 0, h.zone))
		}
	}
	slices.SortFunc(all, time.Time.Compare) // on the day of a change, one that is skipped comes later
	for i, at := range all {
		if at.After(now) {
			return all[i-1], at
		}
	}
	panic("internal error: no hour of tomorrow is after today")
}
