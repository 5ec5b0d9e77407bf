package httpapi_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/httpapi"
	"varco/internal/secret"
	"varco/internal/session"
)

func TestBlind(t *testing.T) {
	noon := time.Date(2026, time.November, 2, 12, 0, 0, 0, time.UTC)
	one, two := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	got := httpapi.Blind(
		[]time.Time{noon, noon.Add(11 * time.Hour), noon, noon.Add(12 * time.Hour), noon},
		[]netip.Addr{one, one, two, one, {}}, rand.Read)
	if got[0] != got[1] {
		t.Error("one address on one day gives two sources")
	}
	if got[0] == got[2] {
		t.Error("two addresses give one source")
	}
	if got[0] == got[3] {
		t.Error("a source is the same on the next day")
	}
	if got[4] != "" {
		t.Errorf("no address gives %q", got[4])
	}
	if again := httpapi.Blind([]time.Time{noon}, []netip.Addr{one}, rand.Read); again[0] == got[0] {
		t.Error("a source is the same after a restart")
	}
	if len(got[0]) != 22 {
		t.Errorf("a source is %q", got[0])
	}
}

// sources is an Authn that sees from where it is asked.
type sources struct {
	httpapi.Authn
	seen *[]string
}

func (s sources) Caller(_ context.Context, from session.From, _ secret.String) (caller.Caller, error) {
	*s.seen = append(*s.seen, from.Source)
	return caller.Caller{}, fault.New(fault.Unauthenticated, "nobody")
}

func TestTrustedProxies(t *testing.T) {
	for name, c := range map[string]struct {
		trusted  []netip.Prefix
		believed bool
	}{
		"nobody":     {nil, false},
		"others":     {[]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, false},
		"this proxy": {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			var seen []string
			w := newWorld(t, func(h *httpapi.Config) { h.Authn, h.TrustedProxies = sources{seen: &seen}, c.trusted })
			for i, forwarded := range []string{"198.51.100.1", "198.51.100.2", "203.0.113.9, 198.51.100.1"} {
				w.ask(t, "", http.MethodGet, "/v1/me", "", func(r *http.Request) {
					r.Header.Set("X-Forwarded-For", forwarded)
					r.Header.Set("Authorization", "Bearer "+strconv.Itoa(i)) // a wrong token is looked up once
				})
			}
			if differs := seen[0] != seen[1]; differs != c.believed {
				t.Errorf("believed is %v, want %v", differs, c.believed)
			}
			if seen[0] != seen[2] {
				t.Error("what a client put before what the proxy says is believed")
			}
		})
	}
}
