package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
)

// Problems is the table of problems: status by kind.
func Problems() map[fault.Kind]int {
	all := map[fault.Kind]int{}
	for kind, row := range problems {
		all[kind] = row.status
	}
	return all
}

// Routes lists what the router answers: "GET /healthz".
func Routes() ([]string, error) {
	router, _ := build(Config{})
	var all []string
	err := chi.Walk(router, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		all = append(all, method+" "+path)
		return nil
	})
	return all, err
}

// Blind blinds addresses by one blinder, each at its time.
func Blind(times []time.Time, addresses []netip.Addr, rand func([]byte) (int, error)) []string {
	var at time.Time
	b := &blinder{now: func() time.Time { return at }, rand: reader(rand)}
	all := make([]string, len(times))
	for i := range times {
		at = times[i]
		all[i] = b.blind(addresses[i])
	}
	return all
}

type reader func([]byte) (int, error)

func (r reader) Read(b []byte) (int, error) { return r(b) }

// Meter has a meter of 60 a minute count requests. It returns how many askers it has kept, and
// whether some share a count.
func Meter(n int, next func(int) (key string, at time.Time)) (kept int, shared bool) {
	m := meter{perMinute: 60}
	for i := range n {
		key, at := next(i)
		m.take(key, at)
	}
	return len(m.counts), m.counts[crowd] != nil
}

// LookupsAtOnce is how many tokens that are not known are looked up at once.
const LookupsAtOnce = lookupsAtOnce

// Acquaintance returns what asks who makes a request, and remembers.
func Acquaintance() func(r *http.Request, now time.Time, ask func(*http.Request) (caller.Caller, error)) (caller.Caller, error) {
	a := &acquaintance{lookups: make(chan struct{}, lookupsAtOnce)}
	return a.caller
}

// Hub makes a hub that looks so often, and returns what listens at it.
func Hub(every time.Duration, look func() (stirred map[ids.Person]bool)) func(ids.Person) (stirred <-chan struct{}, leave func()) {
	h := &hub{every: every, log: slog.New(slog.DiscardHandler), slots: slots{each: pokesEach, all: MaxPokes},
		look: func(_ context.Context, from int64, _ func(ids.Person) bool) (map[ids.Person]bool, int64, error) {
			return look(), from, nil
		}}
	return func(p ids.Person) (<-chan struct{}, func()) {
		l, _ := h.join(p)
		return l.stirred, func() { h.leave(l) }
	}
}

// Bodies are the types that the routes read a body as, by the names of the operations.
func Bodies() map[string]reflect.Type {
	_, s := build(Config{})
	all := map[string]reflect.Type{}
	for _, path := range s.api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{path.Get, path.Put, path.Post, path.Delete} {
			if op == nil || op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
				continue
			}
			if of := op.RequestBody.Content["application/json"].Schema; of != nil && of.Ref != "" {
				all[op.OperationID] = s.api.OpenAPI().Components.Schemas.TypeFromRef(of.Ref)
			}
		}
	}
	return all
}

// Decode reads a body as the routes do, and Encode writes one.
func Decode(body []byte, v any) error { return strict.Unmarshal(body, v) }

// Encode is what Decode reads.
func Encode(v any) (string, error) {
	var text strings.Builder
	err := strict.Marshal(&text, v)
	return text.String(), err
}

// ClientOf is for whom somebody on this machine asks who sends these lines of X-Forwarded-For.
func ClientOf(trusted []netip.Prefix, forwarded ...string) (client netip.Addr) {
	s := &server{Config: Config{TrustedProxies: trusted}}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
	r.RemoteAddr = "127.0.0.1:50000"
	r.Header["X-Forwarded-For"] = forwarded
	s.clientAddress()(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		client = middleware.GetClientIPAddr(r.Context())
	})).ServeHTTP(httptest.NewRecorder(), r)
	return client
}
