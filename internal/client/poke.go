package client

import (
	"bytes"
	"context"
	"time"

	"varco/internal/secret"
)

// PokePace is how a device waits for news; what is 0 has its default.
type PokePace struct {
	First time.Duration // for the first byte of a stream, or it is held back on the way: 10 s
	Quiet time.Duration // between two lines of one, of which the service sends one in 25 s: 60 s
	Poll  time.Duration // between two pokes when there is no stream: 60 s
	Again time.Duration // before a stream that has ended is opened again: 5 s
}

func (p PokePace) orDefault() PokePace {
	for _, f := range []struct {
		own   *time.Duration
		usual time.Duration
	}{{&p.First, 10 * time.Second}, {&p.Quiet, time.Minute}, {&p.Poll, time.Minute}, {&p.Again, 5 * time.Second}} {
		if *f.own == 0 {
			*f.own = f.usual
		}
	}
	return p
}

// polls is how often is polled before a stream is tried again.
const polls = 10

// Pokes returns a channel that gets something whenever it is worth to list again. A poke is the
// service's word, and no news at all may hide behind one: what has changed is found by listing.
// Where a proxy holds the stream back a poke comes every PokePace.Poll.
// The channel is closed when ctx or the session ends. The client may be used meanwhile.
func (c *Client) Pokes(ctx context.Context, pace PokePace) <-chan struct{} {
	w := &waiting{c.parts.Transport, c.parts.Token, pace.orDefault(), make(chan struct{}, 1)}
	go func() {
		defer close(w.pokes)
		for ctx.Err() == nil && w.listen(ctx) {
		}
	}()
	return w.pokes
}

// waiting is a device that waits for news.
type waiting struct {
	transport Transport
	token     secret.String
	pace      PokePace
	pokes     chan struct{}
}

// listen waits on one stream, or polls for a while. It reports whether to go on.
func (w *waiting) listen(ctx context.Context) bool {
	status, lived := w.stream(ctx)
	switch {
	case status == 401 || ctx.Err() != nil:
		return false
	case lived:
		w.poke() // something may have come while there was no stream
		return pause(ctx, w.pace.Again)
	}
	return w.poll(ctx)
}

func (w *waiting) poll(ctx context.Context) bool {
	for range polls {
		if !pause(ctx, w.pace.Poll) {
			return false
		}
		w.poke()
	}
	return true
}

// stream listens until the stream ends or falls silent. It lived if something came through.
func (w *waiting) stream(ctx context.Context) (status int, lived bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	silence := time.AfterFunc(w.pace.First, cancel)
	defer silence.Stop()
	status, answer, err := w.transport.Stream(ctx, w.token, "GET", "/v1/pokes", nil)
	if err != nil {
		return 0, false
	}
	defer answer.Close()
	if status != 200 {
		return status, false
	}
	some := make([]byte, maxPokeLine)
	var line []byte
	for {
		n, err := answer.Read(some)
		if n > 0 {
			lived = true
			silence.Reset(w.pace.Quiet)
			line = w.lines(line, some[:n])
		}
		if err != nil {
			return status, lived
		}
	}
}

// lines pokes for each line that says so, and returns the one that has not ended.
func (w *waiting) lines(line, more []byte) []byte {
	for len(more) > 0 {
		part, rest, whole := bytes.Cut(more, []byte("\n"))
		if len(line) < maxPokeLine {
			line = append(line, part...)
		}
		if more = rest; !whole {
			return line
		}
		if bytes.HasPrefix(line, []byte("data:")) {
			w.poke()
		}
		line = line[:0]
	}
	return line
}

// maxPokeLine is how much of a line is read: none that means something is longer.
const maxPokeLine = 1 << 10

// poke leaves at most one poke waiting.
func (w *waiting) poke() {
	select {
	case w.pokes <- struct{}{}:
	default:
	}
}

// pause reports whether ctx still lasts after it.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
