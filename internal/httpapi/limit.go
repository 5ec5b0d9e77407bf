package httpapi

import (
	"context"
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"varco/internal/caller"
	"varco/internal/fault"
)

// Limits bound what one asker can take away from all others. A field that is 0 has its default.
//
// Who is signed in is counted as herself, wherever she asks from: colleagues behind one proxy
// never share a limit, and no stranger can use up hers. Only what comes without a session is
// counted by its address, on each route apart. A wrong token, code, state or ticket is answered as
// limited when an address has sent many; a right one is not counted at all, and takes a place only
// when it is there whole, so nobody is locked out by what somebody else tries.
type Limits struct {
	PersonPerMinute   int // requests of one person, in all her sessions together
	PersonAtOnce      int // of which under way
	AddressPerMinute  int // requests without a session from one address (of IPv6, one /64)
	AddressAtOnce     int // of which under way
	FailuresPerMinute int // from one address, that end in 401
	AtOnce            int // requests under way with a session, and as many on each route without
}

// DefaultLimits are for the office with the most people behind one address, on opening day: a
// sign-in takes four requests without a session. A person's bound leaves room for an attachment
// of 100 MB in parts at 30 MB/s.
var DefaultLimits = Limits{PersonPerMinute: 1200, PersonAtOnce: 16, AddressPerMinute: 1200, AddressAtOnce: 64,
	FailuresPerMinute: 120, AtOnce: 512}

// OrDefault fills in what was not said.
func (l Limits) OrDefault() Limits {
	for _, f := range []struct{ own, usual *int }{{&l.PersonPerMinute, &DefaultLimits.PersonPerMinute},
		{&l.PersonAtOnce, &DefaultLimits.PersonAtOnce}, {&l.AddressPerMinute, &DefaultLimits.AddressPerMinute},
		{&l.AddressAtOnce, &DefaultLimits.AddressAtOnce}, {&l.FailuresPerMinute, &DefaultLimits.FailuresPerMinute},
		{&l.AtOnce, &DefaultLimits.AtOnce}} {
		if *f.own == 0 {
			*f.own = *f.usual
		}
	}
	return l
}

// limiter counts requests and says which are too many. It is of one process: several on one
// database each grant the limits.
type limiter struct {
	now       func() time.Time
	metrics   *Metrics
	refused   func(ctx context.Context, who caller.Caller) error // records
	people    meter
	addresses meter
	failures  meter
	signedIn  slots
	bodies    slots // bytes
	known     acquaintance
	strangers func() *slots // places of one route for those who have no session
}

func newLimiter(l Limits, now func() time.Time, metrics *Metrics, refused func(context.Context, caller.Caller) error) *limiter {
	l = l.OrDefault()
	return &limiter{now: now, metrics: metrics, refused: refused, people: meter{perMinute: l.PersonPerMinute},
		addresses: meter{perMinute: l.AddressPerMinute}, failures: meter{perMinute: l.FailuresPerMinute},
		bodies:   slots{each: bodiesEach, all: bodiesAll},
		signedIn: slots{each: l.PersonAtOnce, all: l.AtOnce}, strangers: func() *slots { return &slots{each: l.AddressAtOnce, all: l.AtOnce} },
		known: acquaintance{lookups: make(chan struct{}, lookupsAtOnce)}}
}

// person lets a person's request in. What it returns lets it out.
func (l *limiter) person(ctx context.Context, who caller.Caller) (done func(), err error) {
	if wait := l.people.take(string(who.Person), l.now()); wait > 0 {
		return nil, l.deny(ctx, who, wait, "person")
	}
	return l.slot(ctx, &l.signedIn, who, string(who.Person), 1, "at-once")
}

// stranger lets in a request of somebody who has no session yet.
func (l *limiter) stranger(ctx context.Context, places *slots) (done func(), err error) {
	if wait := l.addresses.take(networkOf(ctx), l.now()); wait > 0 {
		return nil, l.deny(ctx, caller.Caller{}, wait, "address")
	}
	return l.place(ctx, places)
}

// place lets in a request without a session that is not counted by its address, since what it brings
// may be right: strangers at the same address could use up the count.
func (l *limiter) place(ctx context.Context, places *slots) (done func(), err error) {
	return l.slot(ctx, places, caller.Caller{}, networkOf(ctx), 1, "at-once")
}

// The bytes of bodies that are read or done at once, for one person and for all. Nobody needs more than
// two of the largest and a small one, and a body is in memory several times over while it is read.
const (
	bodiesEach = 2*MaxEntryBodyBytes + MaxBodyBytes
	bodiesAll  = 16 * MaxEntryBodyBytes
)

// body lets in a body of so many bytes.
func (l *limiter) body(ctx context.Context, who caller.Caller, size int64) (done func(), err error) {
	return l.slot(ctx, &l.bodies, who, string(who.Person), int(size), "bodies")
}

func (l *limiter) slot(ctx context.Context, s *slots, who caller.Caller, key string, n int, limit string) (done func(), err error) {
	switch s.take(key, n) {
	case tooManyOfOne:
		return nil, l.deny(ctx, who, time.Second, limit)
	case tooManyOfAll:
		l.metrics.refused("all")
		return nil, fault.New(fault.Unavailable, "letting a request in: too many are under way")
	case welcome:
	}
	return sync.OnceFunc(func() { s.give(key, n) }), nil
}

// wrong counts what failed for want of a right token.
func (l *limiter) wrong(ctx context.Context, err error) (wait time.Duration) {
	if fault.KindOf(err) != fault.Unauthenticated {
		return 0
	}
	return l.failures.take(networkOf(ctx), l.now())
}

// failed counts a request that ended in 401, and says so in its place when there are too many.
func (l *limiter) failed(ctx context.Context, err error) error {
	if wait := l.wrong(ctx, err); wait > 0 {
		return l.deny(ctx, caller.Caller{}, wait, "failures")
	}
	return err
}

// deny is the answer to one request too many. Those of a person share one record a minute, and
// so do those of all strangers, which says how many there were since the one before.
func (l *limiter) deny(ctx context.Context, who caller.Caller, wait time.Duration, limit string) error {
	l.metrics.refused(limit)
	if err := l.refused(ctx, who); err != nil {
		return err
	}
	return &limitedError{error: fault.New(fault.Limited, "letting a request in: too many in a minute, or at once"), wait: wait}
}

// limitedError is fault.Limited, and knows until when.
type limitedError struct {
	error
	wait time.Duration
}

func (e *limitedError) Unwrap() error { return e.error }

// seconds is for a Retry-After header (RFC 9110, 10.2.3): whole, and one at least.
func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }

const (
	// meterSweep is how many askers a meter counts before it forgets those that rest, and
	// meterRoom how many at most: beyond it all that are new share one count.
	meterSweep = 1_000
	meterRoom  = 100_000
	crowd      = "crowd"
)

// meter grants each asker so many requests in any minute: half of them at once, and the other
// half as the minute goes by.
type meter struct {
	perMinute int

	mu     sync.Mutex
	counts map[string]*rate.Limiter // guarded by mu
	sweep  int                      // guarded by mu; at which size to forget
}

// take counts a request. It returns how long to wait when it is one too many.
func (m *meter) take(key string, now time.Time) time.Duration {
	r := m.count(key, now).ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

func (m *meter) count(key string, now time.Time) *rate.Limiter {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.counts == nil {
		m.counts, m.sweep = map[string]*rate.Limiter{}, meterSweep
	}
	if count := m.counts[key]; count != nil {
		return count
	}
	if len(m.counts) >= m.sweep {
		m.forget(now)
	}
	if len(m.counts) >= meterRoom {
		key = crowd
		if count := m.counts[key]; count != nil {
			return count
		}
	}
	burst := max(1, m.perMinute/2)
	count := rate.NewLimiter(rate.Limit(float64(max(1, m.perMinute-burst))/60), burst)
	m.counts[key] = count
	return count
}

// forget drops those that have all their requests left: they are as if they had never asked.
func (m *meter) forget(now time.Time) {
	for key, count := range m.counts {
		if count.TokensAt(now) >= float64(count.Burst()) {
			delete(m.counts, key)
		}
	}
	m.sweep = max(meterSweep, 2*len(m.counts))
}

// slots bound what is under way: requests, or bytes.
type slots struct {
	each, all int

	mu    sync.Mutex
	held  map[string]int // guarded by mu
	total int            // guarded by mu
}

type verdict int

const (
	welcome verdict = iota
	tooManyOfOne
	tooManyOfAll
)

func (s *slots) take(key string, n int) verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.held[key]+n > s.each:
		return tooManyOfOne
	case s.total+n > s.all:
		return tooManyOfAll
	case s.held == nil:
		s.held = map[string]int{}
	}
	s.held[key] += n
	s.total += n
	return welcome
}

func (s *slots) give(key string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total -= n
	if s.held[key] -= n; s.held[key] == 0 {
		delete(s.held, key)
	}
}

// admit finds who asks and lets the request in. What it returns lets it out.
func (s *server) admit(r *http.Request) (who caller.Caller, done func(), err error) {
	who, err = s.limits.known.caller(r, s.limits.now(), s.caller)
	if err != nil {
		return who, nil, s.limits.failed(r.Context(), err)
	}
	done, err = s.limits.person(r.Context(), who)
	return who, done, err
}
