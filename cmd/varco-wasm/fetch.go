//go:build js && wasm

package main

import (
	"context"
	"errors"
	"syscall/js"

	"varco/internal/envelope"
	"varco/internal/secret"
)

// maxAnswer is more than any answer of the service, in bytes.
const maxAnswer = 64 << 20

// fetcher is a client.Transport by the browser's fetch. The session is a cookie that neither
// the page nor this program can read: the token is never used.
type fetcher struct {
	fetch js.Value
	parts js.Value // Uint8Array in which parts of files are handed over, one after the other
}

func newFetcher() fetcher {
	return fetcher{js.Global().Get("fetch"), js.Global().Get("Uint8Array").New(envelope.MaxPart)}
}

// Do sends one request. A redirect is an error, and nothing is taken from a cache or put there.
func (f fetcher) Do(ctx context.Context, _ secret.String, method, path string, body []byte) (int, []byte, error) {
	abort := newAbort(ctx)
	defer abort.forget()
	answer, err := await(f.send(abort, method, path, body, "application/json"))
	if err != nil {
		return 0, nil, abort.why(err)
	}
	buffer, err := await(answer.Call("arrayBuffer"))
	if err != nil {
		return 0, nil, abort.why(err)
	}
	size := buffer.Get("byteLength").Int()
	if size > maxAnswer {
		return 0, nil, errors.New("reading an answer: it is too long")
	}
	got := make([]byte, size)
	js.CopyBytesToGo(got, js.Global().Get("Uint8Array").New(buffer))
	return answer.Get("status").Int(), got, nil
}

// send asks the browser to send a request, and returns its promise of an answer.
func (f fetcher) send(abort *abort, method, path string, body []byte, contentType string) js.Value {
	options := map[string]any{"method": method, "cache": "no-store", "credentials": "same-origin", "mode": "same-origin",
		"redirect": "error", "referrerPolicy": "no-referrer", "signal": abort.controller.Get("signal")}
	if method != "GET" { // a type that no form can send, also where there is nothing to send
		options["headers"] = map[string]any{"Content-Type": contentType}
	}
	if body != nil {
		options["body"] = f.handOver(body)
	}
	return f.fetch.Invoke(path, options)
}

// handOver makes bytes that fetch can take, which makes its own copy at once. Whatever fits goes through
// the same memory: else a large file leaves itself behind a second time until the browser collects it.
func (f fetcher) handOver(body []byte) js.Value {
	bytes := f.parts
	if len(body) > bytes.Length() {
		bytes = js.Global().Get("Uint8Array").New(len(body))
	}
	js.CopyBytesToJS(bytes, body)
	return bytes.Call("subarray", 0, len(body))
}

// abort breaks a request off when its context ends, or when it is told to.
type abort struct {
	ctx        context.Context
	controller js.Value
	forget     func() bool
}

func newAbort(ctx context.Context) *abort {
	a := &abort{ctx: ctx, controller: js.Global().Get("AbortController").New()}
	a.forget = context.AfterFunc(ctx, a.now)
	return a
}

func (a *abort) now() { a.controller.Call("abort") }

// why prefers why a request was broken off to how the browser says so.
func (a *abort) why(err error) error {
	if a.ctx.Err() != nil {
		return a.ctx.Err()
	}
	return err
}

// await waits for a promise.
func await(promise js.Value) (js.Value, error) {
	type settled struct {
		value js.Value
		err   error
	}
	done := make(chan settled, 1)
	kept := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- settled{value: args[0]}
		return nil
	})
	defer kept.Release()
	broken := js.FuncOf(func(_ js.Value, args []js.Value) any {
		done <- settled{err: errors.New("asking the browser: " + args[0].Get("name").String())}
		return nil
	})
	defer broken.Release()
	promise.Call("then", kept, broken)
	s := <-done
	return s.value, s.err
}
