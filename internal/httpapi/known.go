package httpapi

import (
	"net/http"
	"sync"
	"time"

	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/note"
)

const (
	// lookupsAtOnce is how many sessions are looked up at once for tokens that were not right lately.
	lookupsAtOnce = 16
	// knownLife is how long a token is remembered, right or wrong, and knownRoom how many are.
	knownLife = time.Minute
	knownRoom = 10_000
)

// acquaintance keeps wrong tokens from the database. One that was wrong is wrong for a while
// without being looked up: a token is drawn by the service, so it does not become right later.
// Tokens that were not seen lately are looked up a few at once, and wait; one that was right
// lately does not wait for them. So no right token is refused for wrong ones, and none is taken
// for right without being looked up. Tokens are remembered as hashes.
type acquaintance struct {
	lookups      chan struct{}
	right, wrong memory
}

// caller asks who makes a request, if it has to be asked.
func (a *acquaintance) caller(r *http.Request, now time.Time, ask func(*http.Request) (caller.Caller, error)) (caller.Caller, error) {
	token, one := credential(r)
	if !one {
		return ask(r)
	}
	if a.wrong.has(token, now) {
		return caller.Caller{}, fault.New(fault.Unauthenticated, "finding the session: there was none a moment ago")
	}
	if !a.right.has(token, now) {
		select {
		case a.lookups <- struct{}{}:
			defer func() { <-a.lookups }()
		case <-r.Context().Done():
			return caller.Caller{}, fault.Wrap(fault.Unavailable, r.Context().Err(), "finding the session: too many are looked up")
		}
	}
	who, err := ask(r)
	switch {
	case err == nil:
		a.right.put(token, now)
	case fault.KindOf(err) == fault.Unauthenticated:
		a.wrong.put(token, now)
	}
	return who, err
}

// credential is the hash of what a request says who it is with, and whether that is one thing. What
// is right in a cookie is not as a bearer token.
func credential(r *http.Request) (note.Hash, bool) {
	values, cookies := r.Header.Values("Authorization"), r.CookiesNamed(sessionCookie)
	switch {
	case len(values) == 1 && len(cookies) == 0:
		return note.Sum([]byte("header " + values[0])), true
	case len(values) == 0 && len(cookies) == 1:
		return note.Sum([]byte("cookie " + cookies[0].Value)), true
	}
	return note.Hash{}, false
}

// memory remembers hashes for knownLife, and forgets all when there are too many.
type memory struct {
	mu  sync.Mutex
	all map[note.Hash]time.Time // guarded by mu; since when
}

func (m *memory) has(hash note.Hash, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	since, found := m.all[hash]
	age := now.Sub(since)
	return found && age >= 0 && age < knownLife
}

func (m *memory) put(hash note.Hash, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all == nil || len(m.all) >= knownRoom {
		m.all = map[note.Hash]time.Time{}
	}
	m.all[hash] = now
}
