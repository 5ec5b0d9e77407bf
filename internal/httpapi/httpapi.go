// Package httpapi is the door's and the sign-in's HTTP face: routes, typed handlers, problem
// documents, and what happens to every request on its way in and out.
//
// It decides nothing: who may do what is gate's, who somebody is is authn's. It promises that
//
//   - a handler gets a caller.Caller, and so needs a session, unless it is registered by open,
//     of which there are few (routes.go lists all routes);
//   - a body is one JSON text of exactly the documented members, each once and in its one
//     spelling (decode.go), and within its size limit;
//   - what went wrong is told by one table of problems (problem.go) and in no more words;
//     the operational log gets what is our fault, under the request's identifier, and nothing
//     of what people write, no query strings and no addresses (log.go);
//   - nobody can take the service from others by asking often or slowly (limit.go);
//   - the OpenAPI document is made of the same routes and types (document.go).
//
// A client's address is known from trusted proxies only, and goes no further than source.go,
// which blinds it.
package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"varco/internal/api"
	"varco/internal/authn"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/gate"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/session"
)

// The limits of a request.
const (
	MaxBodyBytes      = 4 << 20   // of a body
	MaxTokenBytes     = 128 << 10 // of a provider's logout token
	MaxEntryBodyBytes = 16 << 20  // of a body that brings entries
	MaxOpenBodyBytes  = 64 << 10  // of a body from somebody without a session
	MaxCodeBytes      = 4 << 10   // of one that brings a code or an invitation

	bodyTime     = 2 * time.Minute  // to read a body: a refuge has mobile data
	openBodyTime = 10 * time.Second // to read one from somebody without a session
	actTime      = 30 * time.Second // to do what was asked, after the body was read
)

// Authn signs people in and says who asks. *authn.Authn is one.
type Authn interface {
	Begin(ctx context.Context, r authn.BeginRequest) (redirectURL string, err error)
	BeginPage(ctx context.Context, issuer string, replaces ids.Session) (authn.Begun, error)
	Callback(ctx context.Context, from session.From, query url.Values, flow secret.String) (authn.Return, error)
	Redeem(ctx context.Context, from session.From, r authn.RedeemRequest) (authn.SignedIn, error)
	RedeemInvitation(ctx context.Context, from session.From, ticket, invitation secret.String) (authn.SignedIn, error)
	Caller(ctx context.Context, from session.From, token secret.String) (caller.Caller, error)
	PageCaller(ctx context.Context, from session.From, cookie secret.String) (caller.Caller, error)
	End(ctx context.Context, who caller.Caller) error
	Logout(ctx context.Context, from session.From, token secret.String) error
}

// Config is what the API is made of. All of it is needed, but for Metrics, Limits, Pace, Pokes, Stopping,
// TrustedProxies and Page.
type Config struct {
	Gate    *gate.Gate
	Authn   Authn
	Service func(context.Context) (api.Service, error) // what is told to who has no session yet
	Ready   func(context.Context) error                // whether requests can be answered now
	Log     *slog.Logger
	Now     func() time.Time
	Rand    io.Reader

	Metrics *Metrics // nil: nothing is counted
	Limits  Limits
	Pace    Pace // of attachments
	Pokes   PokeTimes
	// Stopping is closed when the service begins to stop: then streams end. Nil: never.
	Stopping <-chan struct{}
	// TrustedProxies may say in X-Forwarded-For for whom they ask. Nobody else is believed.
	TrustedProxies []netip.Prefix
	// Page holds the files of the page, at "/"; nil for a service without one.
	Page fs.FS
	// PageHashes is what is served at PageHashesPath; "" for a service without a page.
	PageHashes string
	// URL is by which people reach the service, "https://host" without path. By https, browsers
	// are told to insist on it.
	URL string
}

// server is the API being built, and what its handlers need.
type server struct {
	Config
	limits   *limiter
	hub      *hub
	api      huma.API
	document []byte
}

// New makes the handler of all requests.
func New(c Config) (http.Handler, error) {
	if c.Gate == nil || c.Authn == nil || c.Service == nil || c.Ready == nil || c.Log == nil || c.Now == nil ||
		c.Rand == nil || c.URL == "" {
		return nil, errors.New("making the HTTP API: a part is missing")
	}
	router, s := build(c)
	if err := s.pageRoutes(router); err != nil {
		return nil, fmt.Errorf("reading the page: %w", err)
	}
	var err error
	s.document, err = s.api.OpenAPI().MarshalJSON()
	return router, err
}

// build registers every route behind what every request goes through, outermost first.
func build(c Config) (chi.Router, *server) {
	s := &server{Config: c}
	s.Pace = c.Pace.orDefault()
	s.limits = newLimiter(c.Limits, c.Now, c.Metrics, func(ctx context.Context, who caller.Caller) error {
		return c.Gate.Limited(ctx, who, fromOf(ctx))
	})
	s.Pokes = c.Pokes.orDefault()
	s.hub = &hub{every: s.Pokes.Look, log: c.Log, slots: slots{each: pokesEach, all: MaxPokes},
		look: func(ctx context.Context, from int64, listens func(ids.Person) bool) (map[ids.Person]bool, int64, error) {
			return c.Gate.Stirred(ctx, from, listens)
		}}
	router := chi.NewRouter()
	router.Use(
		s.headers,
		s.request,
		s.clientAddress(),
		s.source(&blinder{now: c.Now, rand: c.Rand}),
		s.accessLog,
		s.recovers,
		limitBody,
		s.crossOrigin(),
	)
	nowhere := func(w http.ResponseWriter, r *http.Request) { writeProblem(w, r, fault.NotFound) }
	router.NotFound(nowhere)
	router.MethodNotAllowed(nowhere)
	s.api = humachi.New(router, description())
	s.routes()
	return router, s
}

// limitBody is the outer bound: that of each route is lower or the same.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, MaxEntryBodyBytes+1)
		next.ServeHTTP(w, r)
	})
}

// crossOrigin refuses what another site's page makes a browser send. What is sent with the
// page's cookie goes through sameOrigin too.
func (s *server) crossOrigin() func(http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	// A proxy may ask for another host than people do.
	if err := protection.AddTrustedOrigin(s.URL); err != nil && s.URL != "" {
		panic("internal error: the service's URL is no origin: " + err.Error())
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, r, fault.Invalid)
	}))
	return protection.Handler
}
