package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/gate"
	"varco/internal/session"
)

// problems says how each kind of failure is told. It is the only place that does.
var problems = map[fault.Kind]struct {
	status int
	title  string
	about  string // for who writes a client: the page of the type
}{
	fault.Invalid: {http.StatusBadRequest, "The request is malformed",
		"The request is not what /v1/openapi.json describes, or comes from another site's page. The same request fails again."},
	fault.Refused: {http.StatusUnprocessableEntity, "The request breaks a rule of the protocol",
		"It is well-formed and permitted, and breaks the rule that \"class\" names: docs/protocol.md explains each. It was recorded."},
	fault.Unauthenticated: {http.StatusUnauthorized, "Not signed in, or the session has ended",
		"Sign in and send the same request again."},
	fault.NotFound: {http.StatusNotFound, "There is no such thing",
		"It does not exist, or it is not for you: the two are the same answer, on purpose."},
	fault.ReasonRequired: {http.StatusForbidden, "A reason is needed",
		"An officer says why before she reads. Send the same request with one of the reasons of policies/reasons.json."},
	fault.FreshRequired: {http.StatusForbidden, "Sign in again first",
		"The act is a sensitive one and she signed in more than 15 minutes ago. Sign in again and send the same request."},
	fault.Conflict: {http.StatusConflict, "Somebody else was first: fetch what is new and try again",
		"What the request builds on is not the newest any more. Fetch, check, build anew. Nothing was done."},
	fault.TooLarge: {http.StatusRequestEntityTooLarge, "The request is too large",
		"It is over a limit of docs/protocol.md. Nothing was done."},
	fault.Limited: {http.StatusTooManyRequests, "Too many requests: try again later",
		"You have asked too often in a minute, or too much at once. Wait for the seconds of Retry-After. Nothing was done."},
	fault.Unavailable: {http.StatusServiceUnavailable, "Not possible at the moment: try again with the same request",
		"The service is starting, stopping, full, or without its database. Nothing was done. Wait for the " +
			"seconds of Retry-After and send the same bytes again."},
	fault.NotKnown: {http.StatusServiceUnavailable, "Not known whether it was done: send the same request again",
		"The service lost its database while that made the change final. Wait for the seconds of Retry-After and send the same " +
			"bytes again: what was done already is not done twice, and the answer tells."},
	fault.Internal: {http.StatusInternalServerError, "A mistake of ours: quote the request",
		"It may have been done or not: look before you ask again. Report it with the value of \"request\", which the log of the " +
			"service has too."},
}

// explain is the page of a type of problem: RFC 9457 (3.1.1) wants its address to lead to one.
func (s *server) explain(_ context.Context, _ session.From, in *struct {
	Kind string `path:"kind"`
}) (*document, error) {
	row, ok := problems[fault.Kind(in.Kind)]
	if !ok {
		return nil, fault.New(fault.NotFound, "explaining a problem: there is none of this kind")
	}
	return &document{"text/plain; charset=utf-8", fmt.Appendf(nil, "%d %s\n\n%s\n", row.status, row.title, row.about)}, nil
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
	var moved *gate.MovedError
	if errors.As(err, &moved) {
		p.Place = &moved.Place
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
