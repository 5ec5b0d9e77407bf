package httpapi_test

import (
	"bufio"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/card/cardtest"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/store"
	"varco/internal/store/storetest"
)

// stream is what somebody hears.
type stream struct {
	status int
	header http.Header
	ended  chan struct{}
	close  func()

	mu    sync.Mutex
	lines []string
}

// listen opens a stream as somebody.
func (w *world) listen(t *testing.T, who string) *stream {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+"/v1/pokes", nil)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+w.tokens[who])
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	s := &stream{status: resp.StatusCode, header: resp.Header, ended: make(chan struct{}), close: func() { _ = resp.Body.Close() }}
	t.Cleanup(s.close)
	go func() {
		defer close(s.ended)
		for scan := bufio.NewScanner(resp.Body); scan.Scan(); {
			if scan.Text() == "" {
				continue
			}
			s.mu.Lock()
			s.lines = append(s.lines, scan.Text())
			s.mu.Unlock()
		}
	}()
	return s
}

// heard counts what was heard, by line.
func (s *stream) heard() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]int{}
	for _, l := range s.lines {
		all[l]++
	}
	return all
}

const poke = "data: changed"

// settle waits until the first pokes of a stream are over.
func (s *stream) settle(t *testing.T) int {
	t.Helper()
	until(t, "the first pokes", func() bool { return s.heard()[poke] >= 1 })
	return s.heard()[poke]
}

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < 20*time.Second; time.Sleep(10 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("%s: it does not come", what)
}

// write keeps an entry in the thread as if somebody had written it.
func (w *world) write(t *testing.T, who string, sequence int64) {
	t.Helper()
	must(t, w.store.Write(t.Context(), func(tx *store.Tx) error {
		leaf, err := tx.Record(ledger.Record{Act: act.EntryAppend, Outcome: act.Allow, Person: w.cast.People[who].Person})
		if err != nil {
			return err
		}
		hash := w.cast.People[who].Hash
		return tx.PutEntry(store.Entry{ID: ids.NewEntry(cardtest.Rand(who + string(rune('0'+sequence)))), Thread: w.thread.State.Thread, Sequence: sequence,
			Author: w.cast.People[who].Person, Header: "CANARY", Hash: hash[:], Cards: hash[:], Receipt: "x", Leaf: leaf,
			AtMS: clock().UnixMilli()}, nil)
	}))
}

func pokeWorld(t *testing.T, change ...func(*httpapi.Config)) *world {
	t.Helper()
	return newWorld(t, append(change, func(c *httpapi.Config) {
		c.Pokes = httpapi.PokeTimes{Look: 20 * time.Millisecond, Beat: 100 * time.Millisecond}
	})...)
}

// A poke comes to those who see on their list that somebody else has written, and to nobody
// else; it is the same for all of them, whatever has happened.
func TestPokes(t *testing.T) {
	w := pokeWorld(t)
	streams, before := map[string]*stream{}, map[string]int{}
	for _, who := range []string{"anna", "bruna", "berta", "carla", "elsa", "zita"} {
		streams[who] = w.listen(t, who)
	}
	for who, s := range streams {
		if s.status != http.StatusOK || s.header.Get("Content-Type") != "text/event-stream" ||
			s.header.Get("X-Accel-Buffering") != "no" || s.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", who, s.status, s.header)
		}
		before[who] = s.settle(t)
	}
	time.Sleep(200 * time.Millisecond)
	for who, s := range streams {
		before[who] = s.heard()[poke]
	}
	w.write(t, "bruna", 1)
	for _, who := range []string{"anna", "carla"} {
		until(t, who, func() bool { return streams[who].heard()[poke] > before[who] })
	}
	time.Sleep(200 * time.Millisecond)
	for who, s := range streams {
		heard := s.heard()
		want := before[who]
		if who == "anna" || who == "carla" {
			want++
		}
		if heard[poke] != want || heard[": ..."] == 0 || len(heard) != 2 {
			t.Errorf("%s has heard %v, want %d pokes", who, heard, want)
		}
	}
	w.listen(t, "anna").settle(t) // again in an hour is in the first record
	if opened := storetest.Records(t, w.store, act.PokesOpen); len(opened) != len(streams) {
		t.Errorf("%d records of %d who listen: %+v", len(opened), len(streams), opened)
	}
	if strings.Contains(w.log.String(), "CANARY") {
		t.Error("the log holds a canary")
	}
}

// A stream ends with its session and with the service, and one person has few of them; they
// take nothing from what she may ask meanwhile.
func TestPokesEnd(t *testing.T) {
	stopping := make(chan struct{})
	w := pokeWorld(t, func(c *httpapi.Config) {
		c.Stopping, c.Limits.PersonAtOnce = stopping, 2
	})
	var annas []*stream
	for range 4 {
		annas = append(annas, w.listen(t, "anna"))
	}
	carla := w.listen(t, "carla")
	if s := w.listen(t, "anna"); s.status != http.StatusTooManyRequests || s.header.Get("Retry-After") == "" {
		t.Errorf("a fifth stream: %d %v", s.status, s.header)
	}
	annas[0].close()
	until(t, "a place", func() bool {
		s := w.listen(t, "anna")
		return s.status == http.StatusOK
	})
	if a := w.ask(t, "anna", http.MethodDelete, "/v1/session", ""); a.status != http.StatusNoContent {
		t.Fatalf("signing out: %d %s", a.status, a.body)
	}
	for _, s := range annas {
		until(t, "the end of a session's stream", func() bool { return over(s) })
	}
	if over(carla) {
		t.Error("somebody else's stream has ended")
	}
	close(stopping)
	until(t, "the end of the service's streams", func() bool { return over(carla) })
}

func over(s *stream) bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// Who begins to listen while it is being looked what has changed is poked after that look: what she
// missed in between is in no later one.
func TestPokeInBetween(t *testing.T) {
	var join func(ids.Person) (<-chan struct{}, func())
	came, looks := make(chan (<-chan struct{}), 1), 0
	join = httpapi.Hub(time.Millisecond, func() map[ids.Person]bool {
		if looks++; looks == 2 {
			bruna, leave := join("bruna")
			t.Cleanup(leave)
			<-bruna // what came before
			came <- bruna
		}
		return nil
	})
	_, leave := join("anna")
	t.Cleanup(leave)
	select {
	case <-<-came:
	case <-time.After(5 * time.Second):
		t.Error("she was not poked")
	}
}

// A stream that finds no place is not recorded as one that was opened.
func TestNoPlaceIsNotRecorded(t *testing.T) {
	w := newWorld(t)
	for range 4 {
		w.listen(t, "anna").settle(t)
	}
	w.tokens["anna again"] = w.enter(t, "anna again", "anna", secret.String{}, session.DeviceTerminal)
	if s := w.listen(t, "anna again"); s.status != http.StatusTooManyRequests {
		t.Errorf("a fifth stream: %d", s.status)
	}
	if opened := storetest.Records(t, w.store, act.PokesOpen); len(opened) != 1 {
		t.Errorf("%d records of streams that were opened, want 1", len(opened))
	}
}
