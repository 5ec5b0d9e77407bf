package client

import (
	"context"

	"varco/internal/api"
	"varco/internal/ids"
)

// Sessions lists the sessions of somebody: her own, or a colleague's for her steward. It is the
// service's word.
func (c *Client) Sessions(ctx context.Context, person ids.Person) ([]api.OpenSession, error) {
	var all api.Sessions
	err := c.ask(ctx, "GET", pathTo("/v1/people/%s/sessions", person), nil, &all)
	return all.Sessions, err
}

// OwnSessions lists the caller's own sessions.
func (c *Client) OwnSessions(ctx context.Context) ([]api.OpenSession, error) {
	var all api.Sessions
	err := c.ask(ctx, "GET", "/v1/sessions", nil, &all)
	return all.Sessions, err
}

// RevokeSession ends a session, of one's own or of a colleague's.
func (c *Client) RevokeSession(ctx context.Context, id ids.Session) error {
	return c.askOnce(ctx, "DELETE", pathTo("/v1/sessions/%s", id), nil, nil)
}

// RevokeSessions ends all sessions of somebody but the one in which it is asked, and returns how
// many there were.
func (c *Client) RevokeSessions(ctx context.Context, person ids.Person) (int64, error) {
	var revoked api.Revoked
	err := c.ask(ctx, "DELETE", pathTo("/v1/people/%s/sessions", person), nil, &revoked)
	return revoked.Sessions, err
}

// EndPerson ends the sign-in of a colleague who has left, for good, and returns how many of her
// sessions it has ended. The roster is another thing, and signed.
func (c *Client) EndPerson(ctx context.Context, person ids.Person) (int64, error) {
	var revoked api.Revoked
	err := c.ask(ctx, "POST", pathTo("/v1/people/%s/end", person), nil, &revoked)
	return revoked.Sessions, err
}
