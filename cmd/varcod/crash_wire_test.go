package main

import (
	"context"
	"fmt"
	"io"
	"net/http/httptrace"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/thread"
)

// wire is everybody's way to the service. It remembers what the service has acknowledged and
// served, in its own bytes, and knows which requests are under way.
type wire struct {
	next   client.Transport
	up     *gateway
	people map[string]ids.Person // by token

	mu       sync.Mutex
	underWay map[*request]bool          // guarded by mu
	receipts map[ids.Entry]acknowledged // guarded by mu
	order    []ids.Entry                // guarded by mu; of receipts
	pages    map[reading]int            // guarded by mu; how often each was served
	atStake  []ids.Entry                // guarded by mu; in requests that the last kill cut off

	reads, others, lost, recorded, undone int // guarded by mu
}

// request is one request until it is answered or its connection breaks.
type request struct {
	path   string
	body   []byte
	sent   bool          // all of it was written
	cut    bool          // it was under way when the service was killed
	broken bool          // no answer came
	ended  chan struct{} // closed then
}

// acknowledged is an entry with the receipt that its author got, and the request with which
// she got it.
type acknowledged struct {
	parcel  api.Parcel
	entry   *thread.Entry
	receipt string

	token        secret.String
	path         string
	body, answer []byte
}

// reading is what the record of a reading must say.
type reading struct {
	person ids.Person
	thread ids.Thread
	head   note.Hash // of the last header that was served, zero when none was
}

func newWire(service string, up *gateway) *wire {
	return &wire{next: reach.New(service), up: up, people: map[string]ids.Person{}, underWay: map[*request]bool{},
		receipts: map[ids.Entry]acknowledged{}, pages: map[reading]int{}}
}

// String says what went over it.
func (w *wire) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprintf("%d entries acknowledged, %d pages served, %d other answers; %d requests without answer, whose "+
		"entries had been kept %d times and not kept %d times", len(w.receipts), w.reads, w.others, w.lost, w.recorded, w.undone)
}

// answered is how many entries were acknowledged, or pages served if those are fewer.
func (w *wire) answered() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return min(len(w.receipts), w.reads)
}

// acknowledgedIn is what was acknowledged in a thread so far.
func (w *wire) acknowledgedIn(id ids.Thread) []acknowledged {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []acknowledged
	for _, a := range w.receipts {
		if a.entry.Thread == id {
			all = append(all, a)
		}
	}
	return all
}

// Stream passes on what is carried in pieces.
func (w *wire) Stream(ctx context.Context, token secret.String, method, path string, body []byte) (int, io.ReadCloser, error) {
	return w.next.Stream(ctx, token, method, path, body)
}

// Do passes a request on.
func (w *wire) Do(ctx context.Context, token secret.String, method, path string, body []byte) (int, []byte, error) {
	r := &request{path: path, body: body, ended: make(chan struct{})}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(i httptrace.WroteRequestInfo) {
		w.mu.Lock()
		defer w.mu.Unlock()
		r.sent = i.Err == nil
	}})
	w.mu.Lock()
	w.underWay[r] = true
	w.mu.Unlock()
	status, answer, err := w.next.Do(ctx, token, method, path, body)
	w.mu.Lock()
	defer w.mu.Unlock()
	defer close(r.ended)
	delete(w.underWay, r)
	if err != nil {
		r.broken = true
		w.lost++
		return status, answer, err
	}
	if status < 300 {
		err = w.keep(token, r, answer)
	}
	return status, answer, err
}

// cut kills the service and returns how many requests it broke off: those that had been sent
// and were never answered.
func (w *wire) cut(kill func()) (broken int) {
	w.mu.Lock()
	var met []*request
	w.atStake = nil
	for r := range w.underWay {
		if r.cut = r.sent; r.cut {
			met = append(met, r)
		}
	}
	w.up.shut()
	kill()
	w.mu.Unlock()
	for _, r := range met {
		<-r.ended
		if r.broken {
			broken++
			w.stake(r)
		}
	}
	return broken
}

// stake notes the entries of a request that was broken off: kept or not, nobody knows yet.
func (w *wire) stake(r *request) {
	parcels, err := parcelsOf(r.path, r.body)
	if err != nil {
		panic("internal error: a client sends what it can't read: " + err.Error())
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range parcels {
		w.atStake = append(w.atStake, p.entry.ID)
	}
}

// keep remembers an answer.
func (w *wire) keep(token secret.String, r *request, answer []byte) error {
	switch {
	case r.path == "/v1/entries", r.path == "/v1/cases" && r.body != nil:
		return w.keepReceipts(token, r, answer)
	case strings.HasSuffix(r.path, "/readings"):
		w.reads++
		var page api.Page
		if err := json.Unmarshal(answer, &page); err != nil {
			return err
		}
		served := reading{person: w.people[token.Reveal()], thread: page.Thread}
		if n := len(page.Entries); n > 0 {
			served.head = note.Sum([]byte(page.Entries[n-1].Header))
		}
		w.pages[served]++
	default:
		w.others++
	}
	return nil
}

func (w *wire) keepReceipts(token secret.String, r *request, answer []byte) error {
	parcels, err := parcelsOf(r.path, r.body)
	if err != nil {
		return err
	}
	var receipts api.Receipts
	if err := json.Unmarshal(answer, &receipts); err != nil {
		return err
	}
	if len(receipts.Receipts) != len(parcels) {
		return fmt.Errorf("%d receipts for %d entries", len(receipts.Receipts), len(parcels))
	}
	for i, p := range parcels {
		p.receipt = receipts.Receipts[i]
		p.token, p.path, p.body, p.answer = token, r.path, r.body, answer
		w.receipts[p.entry.ID] = p
		w.order = append(w.order, p.entry.ID)
	}
	return nil
}

// parcelsOf reads the entries of a request, none if it brings none.
func parcelsOf(path string, body []byte) ([]acknowledged, error) {
	if body == nil || path != "/v1/entries" && path != "/v1/cases" {
		return nil, nil
	}
	var request api.Append // or api.OpenCase, which says more
	if err := json.Unmarshal(body, &request); err != nil {
		return nil, err
	}
	all := make([]acknowledged, len(request.Parcels))
	for i, p := range request.Parcels {
		e, err := thread.Parse([]byte(p.Header))
		if err != nil {
			return nil, err
		}
		all[i] = acknowledged{parcel: p, entry: e}
	}
	return all, nil
}
