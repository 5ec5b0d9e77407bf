package httpapi_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/httpapi"
	"varco/internal/store/storetest"
)

func bearer(ctx context.Context, t *testing.T, token string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "/v1/me", nil)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// A wrong token is looked up once a minute, a right one each time.
func TestWrongTokensAreRemembered(t *testing.T) {
	admit := httpapi.Acquaintance()
	now, asked := clock(), 0
	ask := func(r *http.Request) (caller.Caller, error) {
		asked++
		if r.Header.Get("Authorization") == "Bearer right" {
			return caller.Caller{}, nil
		}
		return caller.Caller{}, fault.New(fault.Unauthenticated, "finding the session")
	}
	for _, c := range []struct {
		token string
		later time.Duration
		times int // asked, of three
	}{{"wrong", 0, 1}, {"wrong", 59 * time.Second, 0}, {"wrong", time.Minute, 1}, {"right", time.Minute, 3}, {"other", time.Minute, 1}} {
		asked = 0
		for range 3 {
			if _, err := admit(bearer(t.Context(), t, c.token), now.Add(c.later), ask); (fault.KindOf(err) == fault.Unauthenticated) != (c.token != "right") {
				t.Errorf("%s: %v", c.token, err)
			}
		}
		if asked != c.times {
			t.Errorf("%s, %s later: looked up %d times, want %d", c.token, c.later, asked, c.times)
		}
	}
	for i := range 30_000 { // and does not fill the memory
		_, _ = admit(bearer(t.Context(), t, strconv.Itoa(i)), now, ask)
	}
}

// Tokens that nobody knows wait for each other, and nobody who was right a moment ago for them.
func TestLookupsAtOnce(t *testing.T) {
	admit := httpapi.Acquaintance()
	now, held, let := clock(), make(chan struct{}), make(chan struct{})
	right := func(*http.Request) (caller.Caller, error) { return caller.Caller{}, nil }
	_, err := admit(bearer(t.Context(), t, "right"), now, right)
	must(t, err)
	slow := func(r *http.Request) (caller.Caller, error) {
		held <- struct{}{}
		<-let
		return right(r)
	}
	for i := range httpapi.LookupsAtOnce {
		r := bearer(t.Context(), t, strconv.Itoa(i))
		go func() { _, _ = admit(r, now, slow) }()
	}
	for range httpapi.LookupsAtOnce {
		<-held
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := admit(bearer(ctx, t, "new"), now, right); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("one more: %v", err)
	}
	if _, err := admit(bearer(t.Context(), t, "right"), now, right); err != nil {
		t.Errorf("who was right waits: %v", err)
	}
	close(let)
	if _, err := admit(bearer(t.Context(), t, "new"), now, right); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A session that was ended and comes back is recorded by name once a minute, without a count: until
// then its token is not looked up again.
func TestEndedTokenComesBack(t *testing.T) {
	w, h := limited(t, httpapi.Limits{PersonPerMinute: 1e6, AddressPerMinute: 1e6, FailuresPerMinute: 1e6})
	if a := w.ask(t, "anna", http.MethodDelete, "/v1/session", ""); a.status != http.StatusNoContent {
		t.Fatalf("signing out: %d %s", a.status, a.body)
	}
	uses := func() (counts []int64) {
		must(t, w.door.RecordRefusals(t.Context()))
		for _, r := range storetest.Records(t, w.store, act.SessionUse) {
			if r.Outcome != act.Deny || r.Person != w.cast.People["anna"].Person {
				t.Errorf("recorded %+v", r)
			}
			counts = append(counts, r.Count)
		}
		return counts
	}
	for _, want := range [][]int64{{0}, {0, 0}, {0, 0, 0}} {
		w.want(t, "with what was ended", w.times(t, 5, "anna", "/v1/me"), map[int]int{http.StatusUnauthorized: 5})
		if diff := cmp.Diff(want, uses()); diff != "" {
			t.Errorf("records (-want +got):\n%s", diff)
		}
		h.move(time.Minute)
	}
}
