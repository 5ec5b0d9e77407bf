package italian_test

import (
	"testing"

	"varco/internal/cli/italian"
)

func TestSize(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 byte", 999: "999 byte", 1000: "1,0 kB", 9940: "9,9 kB", 9960: "10 kB",
		999_400: "999 kB", 999_600: "1,0 MB", 1_250_000: "1,2 MB", 256 << 20: "268 MB"} {
		if got := italian.Size(bytes); got != want {
			t.Errorf("Size(%d) = %q, want %q", bytes, got, want)
		}
	}
}
