package client

import (
	"context"

	"varco/internal/api"
)

// Agreements returns those of her organisation with their ends; all of them for who keeps the
// network. It is the service's word, and nothing rests on it here.
func (c *Client) Agreements(ctx context.Context) ([]api.Agreement, error) {
	var a api.Agreements
	err := c.ask(ctx, "GET", "/v1/agreements", nil, &a)
	return a.Agreements, err
}
