//go:build js && wasm

// Command varco-wasm is the client core for the browser: package core in a Worker, with fetch
// as its way to the service. web/src/core/worker.ts starts it and is the only one to speak to
// it, in these words:
//
//	varcoReady({call, cancel})           said by the core, once, when it listens
//	call(id, side, method, params, tell) params are JSON; tell(done, total) hears progress
//	varcoAnswer(id, ok, text)            said by the core: the answer, or a core.Failure, as JSON
//	cancel(id)                           breaks a call off
//	varcoFiles.size, slice, write        said by the core: the files that the page hands over and gets, by number
//
// It ends only with its Worker, which is how keys are dropped.
package main

import (
	"crypto/rand"
	"syscall/js"
	"time"

	"varco/internal/core"
	"varco/internal/keyring"
	"varco/keys"
)

func main() {
	global := js.Global()
	d := &desk{
		core: core.New(core.Parts{Transport: newFetcher(), Address: global.Get("location").Get("origin").String(),
			Anchors: keys.Network(), Now: time.Now, Rand: rand.Reader, Work: keyring.DefaultWork(),
			Files: files{global.Get("varcoFiles")}}),
		answer: global.Get("varcoAnswer"),
	}
	global.Call("varcoReady", map[string]any{"call": js.FuncOf(d.call), "cancel": js.FuncOf(d.cancel)})
	select {}
}
