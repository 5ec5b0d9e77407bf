package client_test

import (
	"crypto/sha256"
	"encoding/json"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"varco/internal/card"
	"varco/internal/varcotest"
)

// rng returns the random bytes that belong to a name.
func rng(name string) io.Reader { return rand.NewChaCha8(sha256.Sum256([]byte(name))) }

func cardSubstitution(n *varcotest.Network, who, whom string, from, until time.Time) card.Substitution {
	return card.Substitution{Who: n.ID(who), For: n.ID(whom), From: from, Until: until}
}

func decode[T any](t testing.TB, b []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func encode(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// lastTo returns the last exchange whose path ends so.
func lastTo(t testing.TB, w *varcotest.Wire, suffix string) varcotest.Exchange {
	t.Helper()
	seen := w.Seen()
	for i := len(seen) - 1; i >= 0; i-- {
		if path, _, _ := strings.Cut(seen[i].Path, "?"); strings.HasSuffix(path, suffix) {
			return seen[i]
		}
	}
	t.Fatalf("nothing was sent to %s", suffix)
	return varcotest.Exchange{}
}

// to matches a request by its method and the end of its path.
func to(method, suffix string) func(string, string) bool {
	return func(m, path string) bool {
		path, _, _ = strings.Cut(path, "?")
		return m == method && strings.HasSuffix(path, suffix)
	}
}

// times limits what matches to the first n times.
func times(n int, match func(string, string) bool) func(string, string) bool {
	return func(method, path string) bool {
		if n == 0 || !match(method, path) {
			return false
		}
		n--
		return true
	}
}

// lie makes a lie that changes the answers of type T which match.
func lie[T any](t testing.TB, match func(string, string) bool, change func(*T)) func(string, string, int, []byte) (int, []byte) {
	return func(method, path string, status int, answer []byte) (int, []byte) {
		if status != 200 || !match(method, path) {
			return status, answer
		}
		v := decode[T](t, answer)
		change(&v)
		return status, encode(t, v)
	}
}

// entryLine returns the line of a header that names its entry.
func entryLine(header string) string {
	for line := range strings.Lines(header) {
		if strings.HasPrefix(line, "entry ") {
			return line
		}
	}
	return ""
}

// must returns what a call gave that can't fail here.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func join(words []string) string { return strings.Join(words, " ") }
