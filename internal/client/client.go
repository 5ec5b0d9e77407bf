// Package client is what a person's device does: whole flows, from making her keys to
// reading a thread, answering in it and proving what was recorded. The command line and the
// browser run this same code.
//
// # What is believed
//
// The service is the adversary. Nothing that it answers is believed without a chain of
// signatures: people by root → steward → roster → card, entries by their author's card and
// the state machine of package thread, admission by the log's receipts and proofs. What is
// not signed (lists, who has read, a province) is passed on as the service's word, and its
// type says so. What was seen before is remembered (Memory), so that less than that is
// noticed as a rollback and something else in its place as a fork. A checkpoint of
// the log that its witnesses have cosigned is everybody's; a device without memory still can't
// notice by itself that a thread is rolled back within it.
//
// A directory or a chain in which one thing is wrong is refused whole, with its fault.Class;
// a sealed body or grant that does not open makes its own entry unreadable and nothing else.
//
// # What is sealed to whom
//
// Recipients come from verified cards that are on the newest roster and have not expired,
// never from a list that the service hands out, and people are added or left out on the
// user's act only.
//
// Client is a device that is signed in; Unlocked is one whose keyring is open too. Neither
// is safe for concurrent use. Reaching the service and remembering are passed in (Transport,
// Keeper): the package has no network, no files, and no other clock or randomness than what
// it is given, except that private keys are drawn by packages hybrid and keyring.
package client

import (
	"context"
	"io"
	"time"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/secret"
)

// Parts are what a client is made of.
type Parts struct {
	Transport Transport
	Service   string // address of the service, which the anchors must permit
	Anchors   Anchors
	Memory    Keeper
	Now       func() time.Time
	Rand      io.Reader     // of identifiers, salts and choices
	Work      keyring.Work  // keyring.DefaultWork, but in tests
	Token     secret.String // of the session; zero before SignIn, or where the transport adds it
	// Wait pauses before a request is sent again, the attempt counted from 1. Nil waits for
	// a moment that doubles with each attempt.
	Wait func(ctx context.Context, attempt int) error
}

// Client is a device that is signed in, or about to be.
type Client struct {
	parts     Parts
	self      *self // nil until the service was asked
	directory *Directory
	fetched   time.Time // when directory was
}

// self is who the service says that the caller is, held against what is remembered.
type self struct {
	person       ids.Person
	organisation ids.Organisation
}

// New makes a client. It refuses an address that the anchors do not permit.
func New(p Parts) (*Client, error) {
	if p.Transport == nil || p.Memory == nil || p.Now == nil || p.Rand == nil || p.Anchors.Log == nil || p.Anchors.Root == nil {
		return nil, fault.New(fault.Internal, "making a client: a part is missing")
	}
	if err := p.Anchors.CheckService(p.Service); err != nil {
		return nil, err
	}
	if p.Wait == nil {
		p.Wait = wait
	}
	return &Client{parts: p}, nil
}

// Token returns the token of the session, to be kept for the next run.
func (c *Client) Token() secret.String { return c.parts.Token }

// now is the device's time as notes print it.
func (c *Client) now() time.Time { return c.parts.Now().UTC().Truncate(time.Millisecond) }
