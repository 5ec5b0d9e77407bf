package app_test

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/store"
	"varco/internal/store/storetest"
)

// Refusals that were only counted are recorded when the service stops.
func TestStopRecordsRefusals(t *testing.T) {
	p := newPlace(t)
	must(t, p.Migrate(t.Context()))
	a := p.start(t)
	const times = 5
	for range times {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.URL()+"/v1/session", strings.NewReader(`{"code":"x","verifier":"x"}`))
		must(t, err)
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		must(t, err)
		must(t, resp.Body.Close())
	}
	must(t, a.Stop(t.Context()))
	s, err := store.Open(t.Context(), p.Database, store.Options{Now: time.Now, Rand: rand.Reader})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	records, sum := 0, int64(0)
	for _, r := range storetest.Records(t, s, act.SessionBegin) {
		if r.Outcome == act.Deny {
			records++
			sum += max(1, r.Count)
		}
	}
	if records != 2 || sum != times {
		t.Errorf("%d records stand for %d, want 2 for %d", records, sum, times)
	}
}
