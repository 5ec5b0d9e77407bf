package sample

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"varco/internal/cli/profile"
	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/keys"
)

// Device opens somebody's keys in this process, in the session of her command line. What it
// sees is remembered nowhere, so that the command line goes on from what it has seen itself.
func (n *Network) Device(ctx context.Context, r *Resident) (*client.Unlocked, error) {
	p, err := profile.Open(r.Home, keys.Network())
	if err != nil {
		return nil, fmt.Errorf("opening the keys of %s: %w", r.Handle, err)
	}
	session, err := p.Session()
	if err != nil {
		return nil, fmt.Errorf("opening the keys of %s: %w", r.Handle, err)
	}
	c, err := client.New(client.Parts{Transport: reach.New(n.Service), Service: n.Service, Anchors: p.Anchors,
		Memory: &client.Volatile{}, Now: time.Now, Rand: rand.Reader, Work: n.work, Token: session.Token})
	if err != nil {
		return nil, fmt.Errorf("opening the keys of %s: %w", r.Handle, err)
	}
	u, err := c.Unlock(ctx, r.Phrase)
	if err != nil {
		return nil, fmt.Errorf("opening the keys of %s: %w", r.Handle, err)
	}
	return u, nil
}
