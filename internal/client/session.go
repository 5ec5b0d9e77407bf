package client

import (
	"context"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/secret"
)

// Service asks what the service says of itself, before anybody is signed in. A service of
// another log than the anchors', or of one with another key, is refused (class substituted): it
// would be another network.
func (c *Client) Service(ctx context.Context) (api.Service, error) {
	var s api.Service
	if err := c.ask(ctx, "GET", "/v1/service", nil, &s); err != nil {
		return s, err
	}
	if s.Origin != c.parts.Anchors.Origin || s.Log != c.parts.Anchors.LogKey {
		return s, fault.Refuse(fault.ClassSubstitute, "asking the service: it keeps another log than this program trusts")
	}
	return s, nil
}

// SignIn redeems the one-time code of a sign-in and keeps the session's token; see Token. If
// the answer is lost, she signs in again.
func (c *Client) SignIn(ctx context.Context, r api.Redeem) (api.Session, error) {
	var s api.Session
	if err := c.askOnce(ctx, "POST", "/v1/session", r, &s); err != nil {
		return s, err
	}
	c.parts.Token = secret.NewString(s.Token)
	c.self, c.directory = nil, nil
	return s, nil
}

// RedeemInvitation begins the session of a page whose person has signed in and is bound to
// nobody yet. Its token stays in a cookie, which the transport adds. A code that is not good is
// the service's refusal (kind invalid), and she tries again.
func (c *Client) RedeemInvitation(ctx context.Context, i api.Invitation) error {
	var s api.PageSession
	if err := c.askOnce(ctx, "POST", "/v1/login/invitation", i, &s); err != nil {
		return err
	}
	c.self, c.directory = nil, nil
	return nil
}

// SignOut ends the session and forgets its token, whether or not the service could be told.
func (c *Client) SignOut(ctx context.Context) error {
	err := c.askOnce(ctx, "DELETE", "/v1/session", nil, nil)
	c.parts.Token = secret.String{}
	c.self, c.directory = nil, nil
	return err
}

// Me asks who the service says that the caller is. It is the service's word; a device that
// remembers another person or organisation refuses it (class substituted).
func (c *Client) Me(ctx context.Context) (api.Me, error) {
	var me api.Me
	if err := c.ask(ctx, "GET", "/v1/me", nil, &me); err != nil {
		return me, err
	}
	err := c.remember(ctx, func(m *Memory) error { return m.is(me.Person, me.Organisation) })
	if err != nil {
		return me, err
	}
	c.self = &self{me.Person, me.Organisation}
	return me, nil
}

// who returns the caller, asking only the first time.
func (c *Client) who(ctx context.Context) (self, error) {
	if c.self == nil {
		if _, err := c.Me(ctx); err != nil {
			return self{}, err
		}
	}
	return *c.self, nil
}
