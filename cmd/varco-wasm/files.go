//go:build js && wasm

package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"syscall/js"
)

// pieceBytes is how much of a file is asked for, and given, at once.
const pieceBytes = 1 << 20

// files are those that the page has handed to the Worker's script, and gets from it: core.Files.
type files struct{ store js.Value }

// Take reads a file piece by piece.
func (f files) Take(ctx context.Context, file int64) (io.Reader, int64, error) {
	size := f.store.Call("size", float64(file)).Float()
	if size < 0 {
		return nil, 0, errors.New("taking a file: it was not handed over")
	}
	return bufio.NewReaderSize(&taking{f.store, ctx, file, 0, int64(size)}, pieceBytes), int64(size), nil
}

// Give collects a file piece by piece.
func (f files) Give(_ context.Context, file int64) (io.WriteCloser, error) {
	return giving{bufio.NewWriterSize(piece{f.store, file}, pieceBytes)}, nil
}

type taking struct {
	store    js.Value
	ctx      context.Context //nolint:containedctx // an io.Reader is given none
	file     int64
	at, size int64
}

// Read reads the next piece.
func (t *taking) Read(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	end := min(t.at+int64(len(p)), t.size)
	if end == t.at {
		return 0, io.EOF
	}
	buffer, err := await(t.store.Call("slice", float64(t.file), float64(t.at), float64(end)))
	if err != nil {
		return 0, err
	}
	n := js.CopyBytesToGo(p, js.Global().Get("Uint8Array").New(buffer))
	if n == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	t.at += int64(n)
	return n, nil
}

// giving gives what is left when it is closed.
type giving struct{ *bufio.Writer }

// Close gives the last piece.
func (g giving) Close() error { return g.Flush() }

type piece struct {
	store js.Value
	file  int64
}

// Write hands a piece to the Worker's script.
func (p piece) Write(b []byte) (int, error) {
	bytes := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(bytes, b)
	p.store.Call("write", float64(p.file), bytes)
	return len(b), nil
}
