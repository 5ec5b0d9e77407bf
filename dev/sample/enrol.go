package sample

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"varco/dev/browser/agent"
	"varco/internal/api"
	"varco/internal/cli/profile"
	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/keys"
)

// atOnce is how many people enrol at the same time: each takes a second of scrypt, with
// 256 MiB.
const atOnce = 2

// enrol lets everybody sign in and make her keys, and then the stewards sign the rosters.
func (n *Network) enrol(ctx context.Context, invitations map[ids.Person]secret.String, root note.Signer, out io.Writer) error {
	devices := make([]*client.Unlocked, len(n.People))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	var telling sync.Mutex
	for i, r := range n.People {
		group.Go(func() (err error) {
			if devices[i], err = n.settle(within, r, invitations[r.ID], root); err == nil {
				telling.Lock()
				defer telling.Unlock()
				fmt.Fprintf(out, " %s", r.Handle)
			}
			return err
		})
	}
	err := group.Wait()
	fmt.Fprintln(out)
	if err != nil {
		return err
	}
	for i, r := range n.People {
		if r.Steward() {
			if err := n.signRoster(ctx, devices, devices[i]); err != nil {
				return fmt.Errorf("signing the roster of %s: %w", r.Place, err)
			}
		}
	}
	return nil
}

// settle gives somebody a device: the profile of the command line, signed in, with her keys
// made and her card published.
func (n *Network) settle(ctx context.Context, r *Resident, invitation secret.String, root note.Signer) (*client.Unlocked, error) {
	p, err := profile.Setup(r.Home, n.Service, n.anchors, keys.Network())
	if err != nil {
		return nil, fmt.Errorf("settling %s: %w", r.Handle, err)
	}
	c, err := client.New(client.Parts{Transport: reach.New(n.Service), Service: n.Service, Anchors: p.Anchors,
		Memory: p.Memory(r.ID), Now: time.Now, Rand: rand.Reader, Work: n.work})
	if err != nil {
		return nil, fmt.Errorf("settling %s: %w", r.Handle, err)
	}
	session, err := n.signIn(ctx, c, r.Handle, invitation)
	if err != nil {
		return nil, fmt.Errorf("signing %s in: %w", r.Handle, err)
	}
	if err := p.Begin(profile.Session{Person: r.ID, Token: c.Token(), Expires: session.Expires}); err != nil {
		return nil, fmt.Errorf("settling %s: %w", r.Handle, err)
	}
	u, err := r.makeKeys(ctx, c, root)
	if err != nil {
		return nil, fmt.Errorf("enrolling %s: %w", r.Handle, err)
	}
	return u, nil
}

// signIn signs somebody in through the provider, as the command line does.
func (n *Network) signIn(ctx context.Context, c *client.Client, account string, invitation secret.String) (api.Session, error) {
	waiting, err := reach.Listen(ctx, rand.Reader)
	if err != nil {
		return api.Session{}, err
	}
	defer func() { _ = waiting.Close() }() // it has what it waited for
	begin, err := url.Parse(waiting.Address(n.Service, n.Provider))
	if err != nil {
		return api.Session{}, err
	}
	browser, err := agent.New(account)
	if err != nil {
		return api.Session{}, err
	}
	if _, err := browser.Visit(ctx, begin, nil); err != nil {
		return api.Session{}, err
	}
	code, verifier, err := waiting.Wait(ctx)
	if err != nil {
		return api.Session{}, err
	}
	return c.SignIn(ctx, api.Redeem{Code: code.Reveal(), Verifier: verifier.Reveal(), Invitation: invitation.Reveal()})
}

// makeKeys enrols somebody. A steward's card goes to the ceremony first: here the root is at
// hand, and nobody compares words by telephone.
func (r *Resident) makeKeys(ctx context.Context, c *client.Client, root note.Signer) (*client.Unlocked, error) {
	if !r.Steward() {
		return c.Enrol(ctx, r.Phrase)
	}
	u, request, err := c.EnrolSteward(ctx, r.Phrase, r.Place)
	if err != nil {
		return nil, err
	}
	if _, err := client.OpenRequest(request); err != nil {
		return nil, err
	}
	endorsed, err := client.Endorse(request, root)
	if err != nil {
		return nil, err
	}
	return u, u.PutCard(ctx, endorsed)
}

// signRoster lets a steward put everybody of her organisation on its first roster, each
// with the words of her card.
func (n *Network) signRoster(ctx context.Context, devices []*client.Unlocked, steward *client.Unlocked) error {
	draft, err := steward.DraftRoster(ctx)
	if err != nil {
		return err
	}
	for i, r := range n.People {
		if devices[i].Card().Organisation != steward.Card().Organisation {
			continue
		}
		words := client.Words(devices[i].Card())
		if err := draft.Endorse(client.Endorsement{Person: r.ID, Words: strings.Join(words[:], " "), Name: r.Name,
			Roles: r.Roles, Act: r.Act}); err != nil {
			return err
		}
	}
	_, err = steward.SignRoster(ctx, draft)
	return err
}
