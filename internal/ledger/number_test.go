package ledger_test

import (
	"math/rand/v2"
	"testing"

	"varco/internal/fault"
	"varco/internal/ledger"
)

func TestNumber(t *testing.T) {
	for leaf, want := range map[int64]string{0: "R-0-98", 1: "R-1-95", 1234: "R-1234-82", 97: "R-97-98", 93: "R-93-13", 32: "R-32-02"} {
		if got := ledger.Number(leaf); got != want {
			t.Errorf("Number(%d) = %q, want %q", leaf, got, want)
		}
		if got, err := ledger.ParseNumber(want); err != nil || got != leaf {
			t.Errorf("ParseNumber(%q) = %d, %v, want %d", want, got, err, leaf)
		}
	}
}

// What a person mistypes is told at once: every wrong digit and every swap of neighbours,
// also across the hyphen.
func TestNumberFindsMistakes(t *testing.T) {
	rng := rand.New(source(7))
	for range 300 {
		number := ledger.Number(rng.Int64N(1 << (1 + rng.IntN(47))))
		places := []int{}
		for i := range number {
			if number[i] >= '0' && number[i] <= '9' {
				places = append(places, i)
			}
		}
		for n, i := range places {
			for d := byte('0'); d <= '9'; d++ {
				refuseNumber(t, number, change(number, i, d))
			}
			if n > 0 {
				j := places[n-1]
				refuseNumber(t, number, change(change(number, i, number[j]), j, number[i]))
			}
		}
	}
}

func change(s string, i int, c byte) string { return s[:i] + string(c) + s[i+1:] }

func refuseNumber(t *testing.T, right, wrong string) {
	t.Helper()
	if leaf, err := ledger.ParseNumber(wrong); err == nil && wrong != right {
		t.Fatalf("ParseNumber(%q) = %d, mistyped from %q", wrong, leaf, right)
	}
}

func TestParseNumberRefuses(t *testing.T) {
	for _, s := range []string{"", "R", "R-", "R--", "R-0", "R-0-", "R--98", "R-0-98 ", " R-0-98", "r-0-98", "R-00-98",
		"R-+0-98", "R--1-01", "R-0-1", "R-0-098", "R-0-98\n", "R-0-98-", "0-98", "R-٠-98", "R-281474976710655-64",
		"R-9223372036854775807-01", "R-99999999999999999999-01"} {
		_, err := ledger.ParseNumber(s)
		wantClass(t, err, fault.ClassForm)
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, leaf := range []int64{0, 1, 96, 97, 1234, ledger.MaxSize - 1} {
		f.Add(ledger.Number(leaf))
	}
	f.Fuzz(func(t *testing.T, s string) {
		leaf, err := ledger.ParseNumber(s)
		if err == nil && (ledger.Number(leaf) != s || leaf < 0 || leaf >= ledger.MaxSize) {
			t.Fatalf("ParseNumber(%q) = %d", s, leaf)
		}
	})
}
