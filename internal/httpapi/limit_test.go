package httpapi_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/httpapi"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/store/storetest"
)

// hands is a clock that a test moves.
type hands struct{ past atomic.Int64 }

func (h *hands) now() time.Time          { return clock().Add(time.Duration(h.past.Load())) }
func (h *hands) move(past time.Duration) { h.past.Add(int64(past)) }

// limited makes a world with limits and a clock, whose proxy is believed.
func limited(t *testing.T, l httpapi.Limits) (*world, *hands) {
	t.Helper()
	h := &hands{}
	w := newWorld(t, func(c *httpapi.Config) {
		c.Limits, c.Now = l, h.now
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	return w, h
}

func from(address string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("X-Forwarded-For", address) }
}

// denials returns the records of requests over a limit: "person count", "-" for nobody.
func (w *world) denials(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, r := range storetest.Records(t, w.store, act.RequestLimit) {
		who := "-"
		for name, p := range w.cast.People {
			if p.Person == r.Person {
				who = name
			}
		}
		if r.Outcome != act.Deny || r.Object != "" || r.Request == "" {
			t.Errorf("recorded %+v", r)
		}
		all = append(all, fmt.Sprintf("%s %d", who, r.Count))
	}
	return all
}

// times asks n times and counts the statuses.
func (w *world) times(t *testing.T, n int, who, path string, change ...func(*http.Request)) map[int]int {
	t.Helper()
	all := map[int]int{}
	for range n {
		a := w.ask(t, who, http.MethodGet, path, "", change...)
		all[a.status]++
		wait, err := strconv.Atoi(a.header.Get("Retry-After"))
		if a.status == http.StatusTooManyRequests && (a.problem(t).Type != "/problems/limited" || err != nil || wait < 1 || wait > 60) {
			t.Errorf("limited: %v %s", a.header, a.body)
		}
	}
	return all
}

func (w *world) want(t *testing.T, what string, got, want map[int]int) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: statuses (-want +got):\n%s", what, diff)
	}
}

// A person is counted as herself: neither her colleague at the same address nor anybody else
// shares her limit, and one record a minute says how often she was refused.
func TestPersonLimit(t *testing.T) {
	w, h := limited(t, httpapi.Limits{PersonPerMinute: 20})
	const path = "/v1/me"
	w.want(t, "anna", w.times(t, 15, "anna", path), map[int]int{200: 10, 429: 5})
	w.want(t, "anna elsewhere", w.times(t, 1, "anna", path, from("192.0.2.1")), map[int]int{429: 1})
	w.want(t, "bruna", w.times(t, 10, "bruna", path), map[int]int{200: 10})
	h.move(30 * time.Second)
	w.want(t, "anna later", w.times(t, 6, "anna", path), map[int]int{200: 5, 429: 1})
	h.move(time.Hour)
	w.want(t, "anna rested", w.times(t, 11, "anna", path), map[int]int{200: 10, 429: 1})
	if diff := cmp.Diff([]string{"anna 0", "anna 7"}, w.denials(t)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// An address is counted for those who have no session. Who has one is not held up by it.
func TestAddressLimit(t *testing.T) {
	w, h := limited(t, httpapi.Limits{AddressPerMinute: 20})
	const path = "/v1/service"
	w.want(t, "one address", w.times(t, 12, "", path, from("192.0.2.1")), map[int]int{200: 10, 429: 2})
	w.want(t, "its neighbour", w.times(t, 10, "", path, from("192.0.2.2")), map[int]int{200: 10})
	w.want(t, "who is signed in there", w.times(t, 10, "anna", "/v1/me", from("192.0.2.1")), map[int]int{200: 10})
	w.want(t, "what a person asks without need", w.times(t, 1, "anna", path, from("192.0.2.1")), map[int]int{429: 1})
	w.want(t, "is it alive", w.times(t, 30, "", "/healthz", from("192.0.2.1")), map[int]int{204: 30})
	all := map[int]int{}
	for i := range 12 { // a new address of one customer's for each request
		all[w.ask(t, "", http.MethodGet, path, "", from(fmt.Sprintf("2001:db8:0:1::%x", i+1))).status]++
	}
	w.want(t, "one /64", all, map[int]int{200: 10, 429: 2})
	w.want(t, "the next /64", w.times(t, 1, "", path, from("2001:db8:0:2::1")), map[int]int{200: 1})
	h.move(time.Minute)
	w.want(t, "later", w.times(t, 11, "", path, from("192.0.2.1")), map[int]int{200: 10, 429: 1})
	if diff := cmp.Diff([]string{"- 0", "- 5"}, w.denials(t)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// Wrong tokens and codes are answered as limited when there are many. A right one is not,
// at the same address, so nobody can be locked out by somebody else's.
func TestFailureLimit(t *testing.T) {
	w, _ := limited(t, httpapi.Limits{FailuresPerMinute: 20, AddressPerMinute: 1000})
	wrong := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+strings.Repeat("A", 43)) }
	w.want(t, "wrong tokens", w.times(t, 12, "", "/v1/me", wrong), map[int]int{401: 10, 429: 2})
	if a := w.ask(t, "", http.MethodPost, "/v1/session", `{"code":"x","verifier":"x"}`); a.status != http.StatusTooManyRequests {
		t.Errorf("a wrong code: %d %s", a.status, a.body)
	}
	w.want(t, "a right token", w.times(t, 10, "anna", "/v1/me"), map[int]int{200: 10})
	w.want(t, "elsewhere", w.times(t, 1, "", "/v1/me", wrong, from("192.0.2.1")), map[int]int{401: 1})
}

// Who sends slowly holds her own places and nobody else's.
func TestAtOnce(t *testing.T) {
	w, _ := limited(t, httpapi.Limits{PersonPerMinute: 1e6, AddressPerMinute: 1e6, PersonAtOnce: 2, AddressAtOnce: 2, AtOnce: 5})
	slow := func(who, path string) (end func()) {
		conn, err := net.Dial("tcp", w.Listener.Addr().String()) //nolint:noctx // closed below
		must(t, err)
		header := "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"
		if who != "" {
			header += "Authorization: Bearer " + w.tokens[who] + "\r\n"
		}
		_, err = io.WriteString(conn, header+"\r\n{")
		must(t, err)
		end = func() { _ = conn.Close() }
		t.Cleanup(end)
		return end
	}
	await := func(who, path string, status int) {
		t.Helper()
		var a answer
		for begun := time.Now(); time.Since(begun) < 20*time.Second; {
			if a = w.ask(t, who, http.MethodGet, path, ""); a.status == status {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("%s as %q: %d %s, want %d", path, who, a.status, a.body, status)
	}
	var ends []func()
	// fill begins slow requests until somebody's request is refused as it should be. An answer comes
	// a moment before its place is free, so one that finds no place yet is not the last.
	fill := func(path string, askers []string, probe, probed string, status int) answer {
		t.Helper()
		var a answer
		for begun := time.Now(); time.Since(begun) < 20*time.Second; {
			for _, who := range askers {
				ends = append(ends, slow(who, path))
			}
			time.Sleep(10 * time.Millisecond)
			if a = w.ask(t, probe, http.MethodGet, probed, ""); a.status == status {
				return a
			}
		}
		t.Fatalf("%s as %q: %d %s, want %d", probed, probe, a.status, a.body, status)
		return a
	}
	for range 12 { // who has no session holds no place while she sends, whatever she sends
		ends = append(ends, slow("", "/v1/session"))
	}
	await("", "/v1/service", http.StatusOK)
	if a := w.ask(t, "", http.MethodPost, "/v1/session", `{"code":"x","verifier":"x"}`); a.status != http.StatusUnauthorized {
		t.Errorf("a code beside slow ones: %d %s", a.status, a.body)
	}
	fill("/v1/cards", []string{"anna", "anna"}, "anna", "/v1/me", http.StatusTooManyRequests)
	await("bruna", "/v1/me", http.StatusOK)
	full := fill("/v1/cards", []string{"berta", "carla"}, "dora", "/v1/me", http.StatusServiceUnavailable)
	if full.header.Get("Retry-After") == "" || full.problem(t).Type != "/problems/unavailable" {
		t.Errorf("full: %v %s", full.header, full.body)
	}
	await("", "/healthz", http.StatusNoContent)
	for _, end := range ends {
		end()
	}
	await("anna", "/v1/me", http.StatusOK)
	await("", "/v1/service", http.StatusOK)
}

// However deep a body is nested, it is refused as it is read.
func TestDepth(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{
		strings.Repeat("[", 1<<20), strings.Repeat(`{"note":`, 1<<18), `{"note":` + strings.Repeat("[", 1<<20) + "}",
		`{"names":` + strings.Repeat(`[{"names":`, 1<<18),
	} {
		if a := w.ask(t, "anna", http.MethodPost, "/v1/cards", body); a.status != http.StatusBadRequest {
			t.Errorf("%.20s…: %d %s", body, a.status, a.body)
		}
	}
}

// What counts is forgotten when it rests, and has an end when it does not.
func TestMeterIsBounded(t *testing.T) {
	now := clock()
	kept, shared := httpapi.Meter(250_000, func(i int) (string, time.Time) { return strconv.Itoa(i), now })
	if kept > 100_001 || !shared {
		t.Errorf("%d kept of those that ask at once, shared is %v", kept, shared)
	}
	kept, _ = httpapi.Meter(250_000, func(i int) (string, time.Time) {
		return strconv.Itoa(i), now.Add(time.Duration(i) * time.Second)
	})
	if kept > 3_000 {
		t.Errorf("%d kept of those that rest", kept)
	}
}

// A right code begins a session, whatever strangers at the same address have used up: requests, failures
// and places.
func TestRightCodeIsNeverLimited(t *testing.T) {
	w, _ := limited(t, httpapi.Limits{AddressPerMinute: 20, FailuresPerMinute: 20, AddressAtOnce: 2, AtOnce: 5})
	w.times(t, 12, "", "/v1/service")
	w.want(t, "an address that is used up", w.times(t, 1, "", "/v1/service"), map[int]int{429: 1})
	code, verifier := strings.Repeat("c", 42)+"A", strings.Repeat("v", 43)
	sum := note.Sum([]byte(verifier))
	must(t, w.door.PutLogin(t.Context(), session.Login{Code: note.Sum([]byte(code)),
		Account:   session.Account{Issuer: "https://idp.example", Subject: secret.NewString("anna")},
		Challenge: base64.RawURLEncoding.EncodeToString(sum[:]), Assurance: "otp", AuthenticatedAt: clock(), Expires: clock().Add(time.Minute)}))
	redeem := func(code string) int {
		return w.ask(t, "", http.MethodPost, "/v1/session", fmt.Sprintf(`{"code":%q,"verifier":%q}`, code, verifier)).status
	}
	all := map[int]int{}
	for range 12 {
		all[redeem("x")]++
	}
	w.want(t, "wrong codes", all, map[int]int{401: 10, 429: 2})
	if got := redeem(code); got != http.StatusCreated {
		t.Errorf("the right code: %d", got)
	}
}

// Each route has places of its own for those who have no session.
func TestPlacesByRoute(t *testing.T) {
	held, let := make(chan struct{}), make(chan struct{})
	w := newWorld(t, func(c *httpapi.Config) {
		c.Limits.AddressAtOnce = 2
		c.Service = func(context.Context) (api.Service, error) {
			held <- struct{}{}
			<-let
			return api.Service{}, nil
		}
	})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() { w.ask(t, "", http.MethodGet, "/v1/service", "") })
		<-held
	}
	w.want(t, "one more", w.times(t, 1, "", "/v1/service"), map[int]int{429: 1})
	w.want(t, "another route", w.times(t, 1, "", "/v1/openapi.json"), map[int]int{200: 1})
	close(let)
	all.Wait()
}
