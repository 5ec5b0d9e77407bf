package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/fault"
)

// problems says how each kind of failure is told. It is the only place that does.
var problems = map[fault.Kind]struct {
	status int
	title  string
}{
	fault.Invalid:         {http.StatusBadRequest, "The request is malformed"},
	fault.Refused:         {http.StatusUnprocessableEntity, "The request breaks a rule of the protocol"},
	fault.Unauthenticated: {http.StatusUnauthorized, "Not signed in, or the session has ended"},
	fault.NotFound:        {http.StatusNotFound, "There is no such thing"},
	fault.ReasonRequired:  {http.StatusForbidden, "A reason is needed"},
	fault.Conflict:        {http.StatusConflict, "Somebody else was first: fetch what is new and try again"},
	fault.TooLarge:        {http.StatusRequestEntityTooLarge, "The request is too large"},
	fault.Limited:         {http.StatusTooManyRequests, "Too many requests: try again later"},
	fault.Unavailable:     {http.StatusServiceUnavailable, "Not possible at the moment: try again with the same request"},
	fault.Internal:        {http.StatusInternalServerError, "A mistake of ours: quote the request"},
}

const problemType = "application/problem+json"

// problem is an error as it is told: huma writes it as it is.
type problem struct {
	api.Problem
	wait time.Duration // before trying again, with a status that says so; 0 if nobody knows
}

func (p *problem) Error() string             { return p.Title }
func (p *problem) GetStatus() int            { return p.Status }
func (p *problem) ContentType(string) string { return problemType }

// usualWait is how long to wait when nobody knows better.
const usualWait = 5 * time.Second

// GetHeaders returns the headers that belong to the status.
func (p *problem) GetHeaders() http.Header {
	switch p.Status {
	case http.StatusUnauthorized:
		return http.Header{"Www-Authenticate": {"Bearer"}}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		wait := p.wait
		if wait == 0 {
			wait = usualWait
		}
		return http.Header{"Retry-After": {strconv.Itoa(seconds(wait))}}
	}
	return nil
}

// problemOf tells a kind of failure, with nothing else of it.
func problemOf(ctx context.Context, kind fault.Kind) *problem {
	row, ok := problems[kind]
	if !ok {
		kind, row = fault.Internal, problems[fault.Internal]
	}
	return &problem{Problem: api.Problem{Type: "/problems/" + string(kind), Title: row.title, Status: row.status,
		Request: string(fromOf(ctx).Request)}}
}

// problemFor tells an error by its kind and, when it breaks a rule of the protocol, its class.
func problemFor(ctx context.Context, err error) *problem {
	p := problemOf(ctx, fault.KindOf(err))
	if fault.KindOf(err) == fault.Refused {
		p.Class = string(fault.ClassOf(err))
	}
	var limited *limitedError
	if errors.As(err, &limited) {
		p.wait = limited.wait
	}
	return p
}

// writeProblem answers where no operation does.
func writeProblem(w http.ResponseWriter, r *http.Request, kind fault.Kind) {
	problemOf(r.Context(), kind).write(w)
}

func (p *problem) write(w http.ResponseWriter) {
	text, err := json.Marshal(p.Problem)
	if err != nil {
		panic("internal error: printing a problem: " + err.Error())
	}
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_, _ = w.Write(text) // who is gone need not be told
}

// huma makes errors of its own before a handler runs, and takes how to from these variables.
// Its messages quote what a client sent: none of them is told.
func init() {
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return problemOf(context.Background(), kindOf(status, errs))
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return problemOf(ctx.Context(), kindOf(status, errs))
	}
	huma.DefaultArrayNullable = false // our lists are never null
}

// kindOf reads huma's statuses. It has no failures of ours to tell: a body that can't be read
// to its end is the client's.
func kindOf(status int, errs []error) fault.Kind {
	var tooLong *http.MaxBytesError
	if status == http.StatusRequestEntityTooLarge || errors.As(errors.Join(errs...), &tooLong) {
		return fault.TooLarge
	}
	return fault.Invalid
}
