package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"varco/internal/authn"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
)

const (
	pokesEach = 4 // streams of one person: a browser or two, and a command line
	// MaxPokes is how many streams a process serves: one for everybody of the network, on a busy day.
	MaxPokes = 12_000
	// pokeWrite is how long a listener may take to hear a line.
	pokeWrite = 10 * time.Second
)

// PokeTimes are how pokes go by; what is 0 has its default.
type PokeTimes struct {
	Look time.Duration // how often it is looked whether something has changed: 1 s
	Beat time.Duration // how often a line says that the stream lives, and the session is looked at: 25 s
}

func (t PokeTimes) orDefault() PokeTimes {
	if t.Look == 0 {
		t.Look = time.Second
	}
	if t.Beat == 0 {
		t.Beat = 25 * time.Second
	}
	return t
}

// The lines of a stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). They
// are always the same: a poke says that it is worth looking at the list again, and nothing of
// what has changed, where, or how much.
const (
	beatLine = ": ...\n\n"
	pokeLine = "data: changed\n\n"
)

// pokes serves a stream until its person goes, her session ends, or the service stops.
func (s *server) pokes(ctx context.Context, who caller.Caller, _ *none) (*huma.StreamResponse, error) {
	// First the place: what finds none is not recorded as permitted.
	l, verdict := s.hub.join(who.Person)
	switch verdict {
	case tooManyOfOne:
		return nil, s.limits.deny(ctx, who, s.Pokes.Beat, "pokes")
	case tooManyOfAll:
		return nil, fault.New(fault.Unavailable, "listening for pokes: too many streams")
	case welcome:
	}
	if err := s.Gate.OpenPokes(ctx, who); err != nil {
		s.hub.leave(l)
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer s.hub.leave(l)
		if leave, ok := ctx.Context().Value(placeKey{}).(func()); ok {
			leave() // a stream is no request under way: it has places of its own
		}
		r, w := humachi.Unwrap(ctx)
		s.stream(w, r, l)
	}}, nil
}

func (s *server) stream(w http.ResponseWriter, r *http.Request, l *listener) {
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("X-Accel-Buffering", "no") // nginx's, and what follows it
	to := http.NewResponseController(w)
	_ = to.SetReadDeadline(time.Time{}) // the request was read
	say := func(line string) bool {
		if to.SetWriteDeadline(until(pokeWrite)) != nil {
			return false
		}
		_, err := w.Write([]byte(line))
		return err == nil && to.Flush() == nil
	}
	beat := time.NewTicker(s.Pokes.Beat)
	defer beat.Stop()
	if !say(beatLine) {
		return
	}
	for {
		line := pokeLine
		select {
		case <-r.Context().Done():
			return
		case <-s.Stopping:
			return
		case <-beat.C:
			line = beatLine
		case <-l.stirred:
		}
		if !s.lasts(r) || !say(line) {
			return
		}
	}
}

// lasts looks whether the session of a stream still does. A look is no use of it: a page that
// is left alone ends when it would without a stream.
func (s *server) lasts(r *http.Request) bool {
	ctx, cancel := context.WithTimeout(authn.Watching(r.Context()), actTime)
	defer cancel()
	_, err := s.caller(r.WithContext(ctx))
	return err == nil
}

// listener is one stream.
type listener struct {
	person  ids.Person
	stirred chan struct{} // holds one: what comes together is one poke
}

// hub looks what has changed while somebody listens. It asks the database, so that what another
// process has done is seen too.
type hub struct {
	look  func(ctx context.Context, from int64, listens func(ids.Person) bool) (map[ids.Person]bool, int64, error)
	every time.Duration
	log   *slog.Logger
	slots slots

	mu        sync.Mutex
	listeners map[*listener]bool // guarded by mu
	stop      func()             // guarded by mu; of the look-out, nil while nobody listens
}

// join begins to listen. Whatever came before is told by a first poke.
func (h *hub) join(person ids.Person) (*listener, verdict) {
	if v := h.slots.take(string(person), 1); v != welcome {
		return nil, v
	}
	l := &listener{person, make(chan struct{}, 1)}
	l.stirred <- struct{}{}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listeners == nil {
		h.listeners = map[*listener]bool{}
	}
	h.listeners[l] = true
	if h.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		h.stop = stop
		go h.run(ctx)
	}
	return l, welcome
}

func (h *hub) leave(l *listener) {
	h.slots.give(string(l.person), 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, l)
	if len(h.listeners) == 0 {
		h.stop()
		h.stop = nil
	}
}

// run looks until ctx ends. Its first look only finds out from where: who listens is poked
// again, since something may have come in between.
func (h *hub) run(ctx context.Context) {
	tick := time.NewTicker(h.every)
	defer tick.Stop()
	from := int64(-1)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		listens := h.listening()
		first := from < 0
		if first {
			from = 1 << 62
		}
		stirred, next, err := h.look(ctx, from, func(p ids.Person) bool { return listens[p] })
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			h.log.LogAttrs(ctx, slog.LevelWarn, "no pokes", slog.String("error", err.Error()))
			from = -1 // what is missed meanwhile is told by a poke to everybody
			continue
		case first:
			stirred = listens
		}
		from = next
		h.poke(stirred, listens)
	}
}

func (h *hub) listening() map[ids.Person]bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	people := map[ids.Person]bool{}
	for l := range h.listeners {
		people[l.person] = true
	}
	return people
}

// poke pokes the listeners of some people, and those who came since it was seen who listens: what
// they have missed in between is in no later look.
func (h *hub) poke(people, listened map[ids.Person]bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		if !people[l.person] && listened[l.person] {
			continue
		}
		select {
		case l.stirred <- struct{}{}:
		default: // one is waiting already
		}
	}
}
