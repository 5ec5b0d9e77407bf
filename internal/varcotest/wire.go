package varcotest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	strict "github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/gate"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
)

// Wire is the way from one device to the door: client.Transport without HTTP. Its zero
// fields are those of an honest one.
type Wire struct {
	// Lie may change an answer on its way.
	Lie func(method, path string, status int, answer []byte) (int, []byte)
	// Lose says which answers don't arrive, although what was asked is done.
	Lose func(method, path string) bool
	// Withhold says which requests are not done; Lie makes up their answers, from status 0.
	Withhold func(method, path string) bool
	// Drop says which requests don't arrive.
	Drop func(method, path string) bool
	// Tamper may change an answer that is streamed.
	Tamper func(method, path string, status int, answer io.ReadCloser) (int, io.ReadCloser)
	// Before is called before a request is done.
	Before func(method, path string, body []byte)

	network *Network
	mu      sync.Mutex
	seen    []Exchange // guarded by mu
}

// Exchange is one request with its answer as it left the door or the lie; a dropped one has
// status 0.
type Exchange struct {
	Method, Path string
	Request      []byte
	Status       int
	Answer       []byte
}

// Seen returns everything that went over the wire, in order.
func (w *Wire) Seen() []Exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Exchange{}, w.seen...)
}

// Do asks the door for the person whose session the token is.
func (w *Wire) Do(ctx context.Context, token secret.String, method, path string, body []byte) (int, []byte, error) {
	if w.Before != nil {
		w.Before(method, path, body)
	}
	if w.Drop != nil && w.Drop(method, path) {
		w.note(Exchange{method, path, body, 0, nil})
		return 0, nil, errBroken
	}
	var status int
	var answer []byte
	if w.Withhold == nil || !w.Withhold(method, path) {
		status, answer = w.network.answer(ctx, token, method, path, body)
	}
	if w.Lie != nil {
		status, answer = w.Lie(method, path, status, answer)
	}
	w.note(Exchange{method, path, body, status, answer})
	if w.Lose != nil && w.Lose(method, path) {
		return 0, nil, errBroken
	}
	return status, answer, nil
}

// Stream is Do for what is not held in memory, and is seen without what it carries.
func (w *Wire) Stream(ctx context.Context, token secret.String, method, path string, body []byte) (int, io.ReadCloser, error) {
	if w.Before != nil {
		w.Before(method, path, nil)
	}
	if w.Drop != nil && w.Drop(method, path) {
		w.note(Exchange{method, path, nil, 0, nil})
		return 0, nil, errBroken
	}
	status, answer := w.network.stream(ctx, token, method, path, body)
	if w.Tamper != nil {
		status, answer = w.Tamper(method, path, status, answer)
	}
	w.note(Exchange{method, path, nil, status, nil})
	if w.Lose != nil && w.Lose(method, path) {
		return 0, nil, errors.Join(errBroken, answer.Close())
	}
	return status, answer, nil
}

// stream asks the door for what is carried in pieces.
func (n *Network) stream(ctx context.Context, token secret.String, method, path string, body []byte) (int, io.ReadCloser) {
	n.t.Helper()
	whole := func(status int, answer []byte) (int, io.ReadCloser) {
		return status, io.NopCloser(bytes.NewReader(answer))
	}
	address, err := url.Parse(path)
	must(n.t, err)
	parts := strings.Split(strings.TrimPrefix(address.Path, "/v1/blobs/"), "/")
	id, err := ids.ParseBlob(parts[0])
	if err != nil {
		return whole(n.tell(nil, fault.Wrap(fault.NotFound, err, "routing")))
	}
	who, err := n.caller(ctx, token)
	if err != nil {
		return whole(n.tell(nil, err))
	}
	if method == "PUT" {
		at, err := strconv.ParseInt(parts[2], 10, 64)
		must(n.t, err)
		return whole(n.tell(answerOf(n.Gate.PutPart(ctx, who, id, at, bytes.NewReader(body), int64(len(body))))))
	}
	from, err := strconv.ParseInt(address.Query().Get("from"), 10, 64)
	must(n.t, err)
	file, _, err := n.Gate.ReadBlob(ctx, who, id, from)
	if err != nil {
		return whole(n.tell(nil, err))
	}
	return http.StatusOK, file
}

var errBroken = errors.New("the connection broke")

func (w *Wire) note(e Exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, e)
}

// statusOf is the table of the HTTP API.
var statusOf = map[fault.Kind]int{
	fault.Invalid: 400, fault.Refused: 422, fault.Unauthenticated: 401, fault.NotFound: 404, fault.ReasonRequired: 403,
	fault.FreshRequired: 403,
	fault.Conflict:      409, fault.TooLarge: 413, fault.Limited: 429, fault.Unavailable: 503,
	fault.NotKnown: 503, fault.Internal: 500,
}

func (n *Network) answer(ctx context.Context, token secret.String, method, path string, body []byte) (int, []byte) {
	n.t.Helper()
	return n.tell(n.route(ctx, token, method, path, body))
}

// tell prints an answer, or the problem in its place.
func (n *Network) tell(value any, err error) (int, []byte) {
	n.t.Helper()
	status := http.StatusOK
	if err != nil {
		kind := fault.KindOf(err)
		if kind == fault.Internal {
			n.t.Logf("answering: %v", err)
		}
		status = statusOf[kind]
		problem := api.Problem{Type: "/problems/" + string(kind), Title: string(kind), Status: status}
		if kind == fault.Refused {
			problem.Class = string(fault.ClassOf(err))
		}
		if moved, ok := errors.AsType[*gate.MovedError](err); ok {
			problem.Place = &moved.Place
		}
		value = problem
	}
	if value == nil {
		return http.StatusNoContent, nil
	}
	answer, err := json.Marshal(value)
	must(n.t, err)
	return status, answer
}

// route calls the method of the door that a path stands for.
func (n *Network) route(ctx context.Context, token secret.String, method, path string, body []byte) (any, error) {
	address, err := url.Parse(path)
	if err != nil {
		return nil, err
	}
	parts := strings.Split(strings.TrimPrefix(address.Path, "/v1/"), "/")
	if parts[0] == "service" {
		return api.Service{Origin: Origin, Log: n.Anchors.LogKey}, nil
	}
	who, err := n.caller(ctx, token)
	if err != nil {
		return nil, err
	}
	g := n.Gate
	id := ""
	if len(parts) > 1 {
		id = parts[1]
		parts[1] = "{}"
	}
	query := func(key string) int64 {
		v, _ := strconv.ParseInt(address.Query().Get(key), 10, 64) // the door refuses 0 where it matters
		return v
	}
	switch method + " " + strings.Join(parts, "/") {
	case "DELETE session":
		return nil, g.EndSession(ctx, session.End{Caller: who, At: n.Clock.Now()})
	case "GET sessions":
		return answerOf(g.Sessions(ctx, who))
	case "DELETE sessions/{}":
		s, err := ids.ParseSession(id)
		if err != nil {
			return nil, fault.Wrap(fault.NotFound, err, "routing")
		}
		return nil, g.RevokeSession(ctx, who, s)
	case "GET people/{}/sessions", "DELETE people/{}/sessions", "POST people/{}/end":
		return n.person(ctx, who, method+" "+parts[2], id)
	case "GET me":
		return answerOf(g.Me(ctx, who))
	case "GET keyring":
		return answerOf(g.Keyring(ctx, who))
	case "PUT keyring":
		return handle(ctx, who, body, g.PutKeyring)
	case "POST cards":
		return handle(ctx, who, body, g.PutCard)
	case "POST rosters":
		return handle(ctx, who, body, g.PutRoster)
	case "GET agreements":
		return answerOf(g.Agreements(ctx, who))
	case "GET notices":
		return answerOf(g.Notices(ctx, who))
	case "PUT notices":
		return handle(ctx, who, body, g.PutNotices)
	case "GET directory":
		return answerOf(g.Directory(ctx, who))
	case "POST cases":
		return handle(ctx, who, body, g.OpenCase)
	case "GET cases":
		return answerOf(g.ListCases(ctx, who))
	case "POST entries":
		return handle(ctx, who, body, g.AppendEntry)
	case "POST blobs":
		return handle(ctx, who, body, g.BeginBlob)
	case "POST blobs/{}/whole":
		return handle(ctx, who, body, func(ctx context.Context, who caller.Caller, r api.FinishBlob) (api.Received, error) {
			return g.FinishBlob(ctx, who, ids.Blob(id), r)
		})
	case "DELETE blobs/{}":
		return nil, g.DropBlob(ctx, who, ids.Blob(id))
	case "POST threads/{}/readings":
		return handle(ctx, who, body, func(ctx context.Context, who caller.Caller, r api.Read) (api.Page, error) {
			t, err := ids.ParseThread(id)
			if err != nil {
				return api.Page{}, fault.Wrap(fault.NotFound, err, "routing")
			}
			return g.ReadThread(ctx, who, t, r)
		})
	case "GET threads/{}/readers":
		t, err := ids.ParseThread(id)
		if err != nil {
			return nil, fault.Wrap(fault.NotFound, err, "routing")
		}
		return answerOf(g.Readers(ctx, who, t))
	case "GET threads/{}/freshness":
		t, err := ids.ParseThread(id)
		if err != nil {
			return nil, fault.Wrap(fault.NotFound, err, "routing")
		}
		return answerOf(g.Freshness(ctx, who, t, query("seen")))
	case "GET entries/{}/proof":
		e, err := ids.ParseEntry(id)
		if err != nil {
			return nil, fault.Wrap(fault.NotFound, err, "routing")
		}
		return answerOf(g.Proof(ctx, who, e, query("seen")))
	case "POST audit/{}":
		if id == "samples" {
			return handle(ctx, who, body, g.DrawSample)
		}
		return answerOf(g.AuditCheckpoint(ctx, who, query("seen")))
	case "GET audit/{}":
		if id == "checkpoints" {
			return answerOf(g.Checkpoints(ctx, who, query("after"), query("size"), query("limit")))
		}
		if id == "records" {
			return answerOf(g.SearchLedger(ctx, who, searchOf(address.Query())))
		}
		return answerOf(g.Audit(ctx, who, query("from"), query("limit")))
	}
	return nil, fault.New(fault.NotFound, "routing: no such path")
}

func (n *Network) person(ctx context.Context, who caller.Caller, what, id string) (any, error) {
	p, err := ids.ParsePerson(id)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, err, "routing")
	}
	switch what {
	case "GET sessions":
		return answerOf(n.Gate.SessionsOf(ctx, who, p))
	case "DELETE sessions":
		return answerOf(n.Gate.RevokeSessions(ctx, who, p))
	}
	return answerOf(n.Gate.EndPerson(ctx, who, p))
}

func searchOf(q url.Values) api.Search {
	number := func(key string) int64 {
		v, _ := strconv.ParseInt(q.Get(key), 10, 64)
		return v
	}
	at := func(key string) time.Time {
		v, _ := time.Parse(time.RFC3339Nano, q.Get(key))
		return v
	}
	return api.Search{Person: q.Get("person"), Object: q.Get("object"), Act: q.Get("act"), Outcome: q.Get("outcome"),
		From: at("from"), Until: at("until"), Before: number("before"), Limit: number("limit")}
}

func (n *Network) caller(ctx context.Context, token secret.String) (caller.Caller, error) {
	s, err := n.Gate.Session(ctx, note.Sum([]byte(token.Reveal())))
	if err != nil {
		return caller.Caller{}, fault.Wrap(fault.Unauthenticated, err, "finding the session")
	}
	return caller.Caller{Person: s.Person, Organisation: s.Organisation, Session: s.ID, Request: ids.NewRequest(rand.Reader),
		Assurance: s.Assurance, AuthenticatedAt: s.AuthenticatedAt, Source: "c291cmNl"}, nil
}

func handle[Q, A any](ctx context.Context, who caller.Caller, body []byte, fn func(context.Context, caller.Caller, Q) (A, error)) (any, error) {
	var q Q
	if err := strict.Unmarshal(body, &q, strict.RejectUnknownMembers(true)); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "reading a request")
	}
	return answerOf(fn(ctx, who, q))
}

func answerOf[A any](a A, err error) (any, error) { return a, err }
