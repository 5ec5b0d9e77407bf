package orientation_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// TestEdition: which of several editions is used on a day, and how it stands then.
func TestEdition(t *testing.T) {
	an := func(from, until, review string) json.RawMessage {
		valid := fmt.Sprintf(`{"from":%q}`, from)
		if until != "" {
			valid = fmt.Sprintf(`{"from":%q,"until":%q}`, from, until)
		}
		return json.RawMessage(fmt.Sprintf(`{"valid":%s,"review":%q}`, valid, review))
	}
	first := an("2026-04-01", "2026-12-31", "2026-10-31")
	second := an("2027-01-01", "", "2027-12-31")
	early := an("2026-12-15", "", "2027-12-31") // overlaps the first
	type standing struct {
		At       int    `json:"at"`
		Standing string `json:"standing"`
	}
	var orders []order
	var want []standing
	add := func(today string, at int, how string, editions ...json.RawMessage) {
		orders = append(orders, order{Today: today, Editions: editions})
		want = append(want, standing{at, how})
	}
	add("2026-04-01", 0, "valid", first, second)
	add("2026-10-31", 0, "valid", first, second)
	add("2026-11-01", 0, "review", first, second)
	add("2026-12-31", 0, "review", first, second)
	add("2027-01-01", 1, "valid", first, second)
	add("2027-01-01", 0, "valid", second, first)
	add("2026-12-20", 1, "valid", first, early)
	add("2026-03-31", 0, "future", first, second)
	add("2026-03-31", 1, "future", second, first)
	add("2027-01-01", 0, "ended", first)
	add("2030-01-01", 0, "review", second)
	for i, got := range ask[standing](t, orders) {
		if got != want[i] {
			t.Errorf("%d, on %s: %+v, want %+v", i, orders[i].Today, got, want[i])
		}
	}
}

// TestToVerify: a value that nobody saw in a source, and one whose time is over, are to be verified.
func TestToVerify(t *testing.T) {
	type list struct {
		Verify []string `json:"verify"`
	}
	got := ask[list](t, []order{{Today: "2025-12-12"}, {Today: "2025-12-13"}, {Today: "2026-11-22"}, {Today: "2027-01-01"}})
	for id, want := range map[string][4]bool{
		"adi_residenza":   {true, true, true, true},     // not seen
		"congedo_giorni":  {false, false, false, false}, // seen, without dates
		"rdl_importo":     {true, false, false, false},  // from 2025-12-13
		"mat_comune_isee": {false, false, true, true},   // until 2025-12-31
		"esonero_massimo": {false, false, false, true},  // until 2026-12-31
	} {
		for i, day := range got {
			if slices.Contains(day.Verify, id) != want[i] {
				t.Errorf("%s on day %d: %t", id, i, !want[i])
			}
		}
	}
}
