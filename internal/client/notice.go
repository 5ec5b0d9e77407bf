package client

import (
	"context"

	"varco/internal/api"
)

// Notices returns the mail address where she is told that something has come, "" for none. It is
// the service's word.
func (c *Client) Notices(ctx context.Context) (address string, err error) {
	var n api.Notices
	err = c.ask(ctx, "GET", "/v1/notices", nil, &n)
	return n.Address, err
}

// PutNotices says where she wants to be told, "" for nowhere. A notice says nothing of what has
// come, and goes out at fixed hours.
func (c *Client) PutNotices(ctx context.Context, address string) error {
	var n api.Notices
	return c.ask(ctx, "PUT", "/v1/notices", api.Notices{Address: address}, &n)
}
