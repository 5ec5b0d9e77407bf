//go:build js && wasm

package main

import (
	"context"
	"io"
	"strconv"
	"syscall/js"
	"time"

	"varco/internal/secret"
)

// The limits of what is carried in pieces: a part may take long over mobile data, and what does
// not move any more is cut.
const (
	partTime = 10 * time.Minute // to send a part
	idleTime = time.Minute      // between two pieces of an answer
)

// Stream sends one request with bytes and returns its answer as it comes.
func (f fetcher) Stream(ctx context.Context, _ secret.String, method, path string, body []byte) (int, io.ReadCloser, error) {
	abort := newAbort(ctx)
	timer := time.AfterFunc(partTime, abort.now)
	answer, err := await(f.send(abort, method, path, body, "application/octet-stream"))
	if err != nil {
		timer.Stop()
		abort.forget()
		return 0, nil, abort.why(err)
	}
	timer.Reset(idleTime)
	s := &stream{abort: abort, timer: timer}
	// What a proxy has compressed on its way has another length than it says.
	headers := answer.Get("headers")
	if length := headers.Call("get", "Content-Length"); length.Truthy() && !headers.Call("has", "Content-Encoding").Bool() {
		if long, err := strconv.ParseInt(length.String(), 10, 64); err == nil {
			s.announced, s.left = true, long
		}
	}
	if pieces := answer.Get("body"); pieces.Truthy() {
		s.reader = pieces.Call("getReader")
	}
	return answer.Get("status").Int(), s, nil
}

// stream is an answer that is read as it comes.
type stream struct {
	abort  *abort
	timer  *time.Timer
	reader js.Value // undefined where there is no body
	piece  js.Value // Uint8Array of what was taken and not read yet
	at     int      // in piece

	announced bool // the answer says how long it is
	left      int64
}

// Read waits for a piece. That the answer ends is believed only where it was announced.
func (s *stream) Read(p []byte) (int, error) {
	if !s.reader.Truthy() {
		return 0, io.EOF
	}
	for !s.piece.Truthy() || s.at == s.piece.Length() {
		next, err := await(s.reader.Call("read"))
		if err != nil {
			return 0, s.abort.why(err)
		}
		if next.Get("done").Bool() {
			if s.left != 0 {
				return 0, io.ErrUnexpectedEOF
			}
			return 0, io.EOF
		}
		s.timer.Reset(idleTime)
		s.piece, s.at = next.Get("value"), 0
		if s.announced {
			s.left -= int64(s.piece.Length())
		}
	}
	n := js.CopyBytesToGo(p, s.piece.Call("subarray", s.at))
	s.at += n
	return n, nil
}

// Close breaks the answer off, if it is not at its end.
func (s *stream) Close() error {
	s.timer.Stop()
	s.abort.forget()
	s.abort.now()
	return nil
}
