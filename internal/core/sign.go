package core

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/secret"
)

// Service is what the page must know before anybody is signed in.
type Service struct {
	Issuers []Issuer `json:"issuers"`
	Version string   `json:"version"`
	// Demonstration: whom to trust was told by the service itself, on this machine.
	Demonstration bool `json:"demonstration"`
}

// Issuer is where people sign in.
type Issuer struct {
	URL   string `json:"url"`
	Label string `json:"label"`
}

// Me is who is signed in, by the service's word.
type Me struct {
	Person       ids.Person `json:"person"`
	Organisation string     `json:"organisation"` // name
	Kind         act.Kind   `json:"kind"`
	Roles        []act.Role `json:"roles"` // by the roster, today
	Steward      bool       `json:"steward"`
	// Keys are stored for her: she unlocks. Else she enrols.
	Keys bool `json:"keys"`
}

// Fresh says how much longer she may do what asks for a fresh sign-in, as the service said when it was
// asked who she is.
type Fresh struct {
	Seconds int64 `json:"seconds"`
}

var (
	_ = method(Page, "fresh", "how much longer her sign-in is fresh", func(c *Core, _ context.Context, _ None, _ Progress) (Fresh, error) {
		return Fresh{max(0, int64(c.freshUntil.Sub(c.parts.Now())/time.Second))}, nil
	})
	_ = method(Page, "service", "what the service says of itself", func(c *Core, ctx context.Context, _ None, _ Progress) (Service, error) {
		s, err := c.ask(ctx)
		if err != nil {
			return Service{}, err
		}
		told := Service{Issuers: []Issuer{}, Version: s.Version, Demonstration: s.Demonstration}
		for _, i := range s.Issuers {
			told.Issuers = append(told.Issuers, Issuer(i))
		}
		return told, nil
	})
	_ = method(Page, "me", "who is signed in", (*Core).whoAmI)
	_ = method(Page, "invitation", "begin the session of somebody new", func(c *Core, ctx context.Context, i api.Invitation, _ Progress) (None, error) {
		newcomer, err := c.ready(ctx)
		if err != nil {
			return None{}, err
		}
		return None{}, newcomer.RedeemInvitation(ctx, i)
	})
)

func (c *Core) whoAmI(ctx context.Context, _ None, _ Progress) (Me, error) {
	signedIn, err := c.ready(ctx)
	if err != nil {
		return Me{}, err
	}
	if c.me, err = signedIn.Me(ctx); err != nil {
		return Me{}, err
	}
	c.freshUntil = c.parts.Now().Add(time.Duration(c.me.FreshSeconds) * time.Second)
	if c.locks, c.former, err = signedIn.Locks(ctx); err != nil {
		return Me{}, err
	}
	return Me{Person: c.me.Person, Organisation: c.me.Name, Kind: c.me.Kind, Roles: append([]act.Role{}, c.me.Roles...),
		Steward: c.me.Steward, Keys: len(c.locks) > 0}, nil
}

// ask asks the service who it is, once, and makes the client that trusts what is compiled in;
// or, on this machine only, what a demonstration says of itself.
func (c *Core) ask(ctx context.Context) (api.Service, error) {
	if c.service != nil {
		return *c.service, nil
	}
	s, err := c.describe(ctx)
	if err != nil {
		return s, err
	}
	anchors, err := c.anchors(s)
	if err != nil {
		return s, err
	}
	c.client, err = client.New(client.Parts{Transport: c.parts.Transport, Service: c.parts.Address, Anchors: anchors,
		Memory: &client.Volatile{}, Now: c.parts.Now, Rand: c.parts.Rand, Work: c.parts.Work, Wait: c.parts.Wait})
	if err != nil {
		return s, err
	}
	if s, err = c.client.Service(ctx); err != nil {
		c.client = nil
		return s, err
	}
	c.service = &s
	return s, nil
}

// describe asks before it is known whom to trust.
func (c *Core) describe(ctx context.Context) (s api.Service, err error) {
	status, b, err := c.parts.Transport.Do(ctx, secret.String{}, "GET", "/v1/service", nil)
	if err != nil || status != 200 {
		return s, fault.New(fault.Unavailable, "asking the service who it is: no answer")
	}
	if err := json.Unmarshal(b, &s); err != nil {
		return s, fault.Refuse(fault.ClassForm, "asking the service who it is: not its form")
	}
	return s, nil
}

// stamp prints a time for the page.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
