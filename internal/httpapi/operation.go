package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/session"
)

// route is one line of routes.go. Bodies have the limit MaxBodyBytes unless it is set.
type route struct {
	method, path string
	id           string // the door's word for it
	summary      string
	status       int
	limit        int64
	anyQuery     bool // takes parameters that are not documented
	unlimited    bool // may be asked as often as one likes, since it costs nothing
	presents     bool // brings a code, state or ticket that proves itself: only a wrong one is counted
	inPieces     bool // what it carries is bytes that come or go as they may: it bounds its own time
	body         map[string]*huma.MediaType
	responses    map[string]*huma.Response
}

// The ways in which a request says whose it is.
const (
	bearerScheme = "session"
	cookieScheme = "page"
)

func (r route) operation() huma.Operation {
	limit := r.limit
	if limit == 0 {
		limit = MaxBodyBytes
	}
	op := huma.Operation{
		Method: r.method, Path: r.path, OperationID: r.id, Summary: r.summary, DefaultStatus: r.status,
		Responses:                    r.responses,
		MaxBodyBytes:                 limit + 1, // huma refuses a body of this size
		BodyReadTimeout:              bodyTime,
		RejectUnknownQueryParameters: !r.anyQuery,
		// The types are checked by the one strict reading, and what they hold by the door.
		SkipValidateBody: true,
	}
	if r.body != nil {
		op.RequestBody = &huma.RequestBody{Required: true, Content: r.body}
	}
	return op
}

// signed registers what only somebody with a session can ask. The handler's second argument is
// the reason that there is no other way to register one, but for open.
func signed[I, O any](s *server, r route, do func(context.Context, caller.Caller, *I) (*O, error)) {
	op := r.operation()
	op.Security = []map[string][]string{{bearerScheme: {}}, {cookieScheme: {}}}
	op.Middlewares = huma.Middlewares{s.authenticate}
	limit := actTime
	if r.inPieces {
		op.Middlewares = append(op.Middlewares, connected)
		limit += s.Pace.Part
	} else if r.method != http.MethodGet {
		op.Middlewares = append(op.Middlewares, s.holding)
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		who, ok := ctx.Value(callerKey{}).(caller.Caller)
		if !ok {
			return nil, s.tell(ctx, fault.New(fault.Internal, "handling a request: nobody asks"))
		}
		out, err := do(ctx, who, in)
		return out, s.tell(ctx, err)
	})
}

// open registers what anybody may ask, in few words: strangers get little room and time.
func open[I, O any](s *server, r route, do func(context.Context, session.From, *I) (*O, error)) {
	if r.limit == 0 {
		r.limit = MaxOpenBodyBytes
	}
	op := r.operation()
	op.BodyReadTimeout = openBodyTime
	op.Security = []map[string][]string{}
	places := s.limits.strangers()
	if !r.unlimited && !r.presents {
		op.Middlewares = huma.Middlewares{s.strangers(places)}
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, actTime)
		defer cancel()
		if r.presents { // only now, when all of it is here: who sends slowly holds no place
			leave, err := s.limits.place(ctx, places)
			if err != nil {
				return nil, s.tell(ctx, err)
			}
			defer leave()
		}
		out, err := do(ctx, fromOf(ctx), in)
		return out, s.tell(ctx, s.limits.failed(ctx, err))
	})
}

// tell turns an error into the problem that the client is told, and reports what is our fault.
func (s *server) tell(ctx context.Context, err error) error {
	if err == nil {
		return nil // and not a nil *problem, which would be an error
	}
	s.report(ctx, err)
	return problemFor(ctx, err)
}

type (
	callerKey struct{}
	placeKey  struct{} // of what frees a request's place among those under way
)

// authenticate finds who asks before anything else of the request is read.
func (s *server) authenticate(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	who, done, err := s.admit(r)
	if err != nil {
		s.report(r.Context(), err)
		problemFor(r.Context(), err).write(w)
		return
	}
	defer done()
	next(huma.WithValue(huma.WithValue(ctx, callerKey{}, who), placeKey{}, done))
}

// holding takes the room in memory for a body before it is read. One that does not say how long it
// is counts as the longest.
func (s *server) holding(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	size, most := r.ContentLength, ctx.Operation().MaxBodyBytes
	if size < 0 || size > most {
		size = most
	}
	who, _ := ctx.Context().Value(callerKey{}).(caller.Caller)
	done, err := s.limits.body(r.Context(), who, size)
	if err != nil {
		s.report(r.Context(), err)
		problemFor(r.Context(), err).write(w)
		return
	}
	defer done()
	next(ctx)
}

// strangers lets in who has no session yet, before anything else of the request is read. Each route
// has places of its own.
func (s *server) strangers(places *slots) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humachi.Unwrap(ctx)
		done, err := s.limits.stranger(r.Context(), places)
		if err != nil {
			s.report(r.Context(), err)
			problemFor(r.Context(), err).write(w)
			return
		}
		defer done()
		next(ctx)
	}
}
