//go:build js && wasm

package main

import (
	"context"
	"sync"
	"syscall/js"

	"github.com/go-json-experiment/json"

	"varco/internal/core"
)

// desk takes calls from the Worker's script and answers them.
type desk struct {
	core   *core.Core
	answer js.Value

	mu      sync.Mutex
	running map[int]context.CancelFunc // guarded by mu, by the call's number
}

// call begins a call and returns at once: JavaScript must not wait for Go.
func (d *desk) call(_ js.Value, args []js.Value) any {
	id, side, method, params, tell := args[0].Int(), core.Side(args[1].String()), args[2].String(), args[3].String(), args[4]
	ctx, cancel := context.WithCancel(context.Background())
	d.mu.Lock()
	if d.running == nil {
		d.running = map[int]context.CancelFunc{}
	}
	d.running[id] = cancel
	d.mu.Unlock()
	go func() {
		answer, err := d.core.Call(ctx, side, method, []byte(params), func(done, total int64) {
			tell.Invoke(float64(done), float64(total))
		})
		d.mu.Lock()
		delete(d.running, id)
		d.mu.Unlock()
		cancel()
		if err != nil {
			failure, _ := json.Marshal(core.FailureOf(err)) // a struct of texts and a number
			d.answer.Invoke(id, false, string(failure))
			return
		}
		d.answer.Invoke(id, true, string(answer))
	}()
	return nil
}

// cancel breaks a call off, if it still runs.
func (d *desk) cancel(_ js.Value, args []js.Value) any {
	d.mu.Lock()
	defer d.mu.Unlock()
	if cancel, ok := d.running[args[0].Int()]; ok {
		cancel()
	}
	return nil
}
