// Package core is the client core as the page sees it: a closed set of methods, each with a
// type for what it takes and one for what it answers, and one form for what goes wrong. It
// puts package client behind a boundary that only text crosses, since on the other side is
// another language; web/src/core/types.ts is written from the types here (dev/typescript).
//
// It runs in a Worker, one Core for each person who is signed in, and two kinds of Worker
// run it. The main one holds the keys until it is ended, which is how a browser locks. A
// second one, thrown away after use, opens or makes the phrase lock; the key that it held
// goes from there to the main one and never to the page. For that the methods have a side
// (Side): the page can call its own only.
//
// What a method answers is for a person's eyes: words, names, texts and times. Private keys
// and session tokens are in no answer to the page. Nothing is kept when the Worker ends.
// Errors say what kind they are and which text the page shows (Failure); the words are the
// page's.
package core

import (
	"context"
	"io"
	"time"

	"github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/note"
)

// Parts are what a core is made of.
type Parts struct {
	Transport client.Transport // which adds the session by itself
	Address   string           // of the service: where the page came from
	Anchors   string           // that are compiled in, as keys.Network gives them
	Now       func() time.Time
	Rand      io.Reader
	Work      keyring.Work // keyring.DefaultWork, but in tests
	// Files are those that the page hands over and gets, nil where there are none.
	Files Files
	// Wait is client.Parts.Wait.
	Wait func(ctx context.Context, attempt int) error
	// Pokes is how news is waited for.
	Pokes client.PokePace
}

// Core is one person's client core. Calls wait for each other.
type Core struct {
	parts      Parts
	turn       chan struct{} // holds one token while nobody calls
	service    *api.Service
	client     *client.Client
	me         api.Me
	freshUntil time.Time // until when what asks for a fresh sign-in may be done, by the clock here
	locks      []keyring.Lock
	former     []client.Former   // keys of hers that the service has kept
	kept       []keyring.Passkey // for keys that are still to be made
	unlocked   *client.Unlocked
	threads    map[ids.Thread]*client.Conversation // that were read
	verified   []note.Hash                         // what the leaves of the log commit to, as far as it was verified
	found      *Verification                       // what the last verification found, nil before the first
	parcel     *parcel                             // that is being taken away, nil if none is
	pokes      <-chan struct{}                     // nil until somebody waits for news
	attached   map[ids.Blob]client.Attachment      // that were uploaded, and that no entry carries yet
}

// New makes a core that has asked nobody anything yet.
func New(p Parts) *Core {
	c := &Core{parts: p, turn: make(chan struct{}, 1), threads: map[ids.Thread]*client.Conversation{},
		attached: map[ids.Blob]client.Attachment{}}
	c.turn <- struct{}{}
	return c
}

// Progress hears how far a long call has come: done of total, in units of the method's own.
// Calls that take no time say nothing.
type Progress func(done, total int64)

// Call calls a method of a side by its name. What it takes and answers is JSON. The error is
// for FailureOf.
func (c *Core) Call(ctx context.Context, side Side, name string, params []byte, progress Progress) ([]byte, error) {
	m, ok := methods[name]
	if !ok || m.Side != side {
		return nil, fault.New(fault.Internal, "calling the core: there is no method %.40q", name)
	}
	if !m.aside {
		if err := c.takeTurn(ctx); err != nil {
			return nil, err
		}
		defer c.giveTurn()
	}
	return m.do(c, ctx, params, progress)
}

// takeTurn waits for the turn of a call, which giveTurn gives back.
func (c *Core) takeTurn(ctx context.Context) error {
	select {
	case <-c.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Core) giveTurn() { c.turn <- struct{}{} }

// ready returns the client, after asking the service who it is.
func (c *Core) ready(ctx context.Context) (*client.Client, error) {
	if c.client == nil {
		if _, err := c.ask(ctx); err != nil {
			return nil, err
		}
	}
	return c.client, nil
}

// open returns the unlocked client.
func (c *Core) open() (*client.Unlocked, error) {
	if c.unlocked == nil {
		return nil, errLocked
	}
	return c.unlocked, nil
}

func decode[P any](b []byte) (P, error) {
	var p P
	if err := json.Unmarshal(b, &p, json.RejectUnknownMembers(true)); err != nil {
		return p, fault.Wrap(fault.Internal, err, "reading what the page asks")
	}
	return p, nil
}
