package client_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"varco/internal/client"
	"varco/internal/secret"
)

// line is a transport whose streams are what a test says.
type line struct {
	client.Transport
	streams atomic.Int64
	hear    func(ctx context.Context, n int64, hear func([]byte)) (int, error)
}

func (l *line) Stream(ctx context.Context, _ secret.String, method, path string, _ []byte) (int, io.ReadCloser, error) {
	if method != "GET" || path != "/v1/pokes" {
		return 404, http.NoBody, nil
	}
	r, w := io.Pipe()
	begun := make(chan int, 1)
	n := l.streams.Add(1)
	go func() {
		var first sync.Once
		status, err := l.hear(ctx, n, func(b []byte) {
			first.Do(func() { begun <- 200 })
			_, _ = w.Write(b)
		})
		first.Do(func() { begun <- status })
		_ = w.CloseWithError(err)
	}()
	if status := <-begun; status != 0 {
		return status, r, nil
	}
	return 0, nil, context.Canceled
}

const short = 20 * time.Millisecond

func pokes(t *testing.T, transport client.Transport, pace client.PokePace) (<-chan struct{}, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return client.ForPokes(transport).Pokes(ctx, pace), cancel
}

// next waits for a poke, or for the end.
func next(t *testing.T, c <-chan struct{}) bool {
	t.Helper()
	select {
	case _, ok := <-c:
		return ok
	case <-time.After(20 * time.Second):
		t.Fatal("no poke")
		return false
	}
}

func TestPokesCome(t *testing.T) {
	more := make(chan string)
	l := &line{hear: func(ctx context.Context, _ int64, hear func([]byte)) (int, error) {
		hear([]byte(": ...\n\n"))
		for {
			select {
			case s := <-more:
				hear([]byte(s))
			case <-ctx.Done():
				return 200, ctx.Err()
			}
		}
	}}
	c, cancel := pokes(t, l, client.PokePace{First: time.Hour, Quiet: time.Hour, Poll: time.Hour})
	for _, parts := range [][]string{{"data: changed\n\n"}, {"da", "ta: ch", "anged\n", "\n"}, {": ...\n\ndata: changed\n\n: ...\n\n"}} {
		for _, s := range parts {
			more <- s
		}
		if !next(t, c) {
			t.Fatal("it has ended")
		}
	}
	more <- ": ...\n\n: data: changed\n\nretry: 1\n\n"
	more <- ": ...\n\n" // what came before was heard
	select {
	case <-c:
		t.Error("a poke that is none")
	case <-time.After(5 * short):
	}
	cancel()
	if next(t, c) {
		t.Error("it goes on")
	}
}

// Where nothing comes through it is polled, and a stream that ends is opened again.
func TestPokesFallBack(t *testing.T) {
	silent := func(ctx context.Context, _ int64, _ func([]byte)) (int, error) {
		<-ctx.Done() // a proxy that keeps everything until the end
		return 0, ctx.Err()
	}
	pace := client.PokePace{First: short, Quiet: short, Poll: short, Again: short}
	for name, hear := range map[string]func(context.Context, int64, func([]byte)) (int, error){
		"held back": silent,
		"refused":   func(context.Context, int64, func([]byte)) (int, error) { return 429, nil },
		"no way":    func(context.Context, int64, func([]byte)) (int, error) { return 0, context.DeadlineExceeded },
		"falls silent": func(ctx context.Context, n int64, hear func([]byte)) (int, error) {
			hear([]byte(": ...\n\n"))
			return silent(ctx, n, hear)
		},
		"ends at once": func(_ context.Context, _ int64, hear func([]byte)) (int, error) {
			hear([]byte(": ...\n\n"))
			return 200, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := &line{hear: hear}
			c, _ := pokes(t, l, pace)
			for l.streams.Load() < 3 {
				if !next(t, c) {
					t.Fatal("it has ended")
				}
			}
		})
	}
	t.Run("signed out", func(t *testing.T) {
		c, _ := pokes(t, &line{hear: func(context.Context, int64, func([]byte)) (int, error) { return 401, nil }}, pace)
		if next(t, c) {
			t.Error("it goes on without a session")
		}
	})
}
