package client

// ForPokes is a client that can do no more than wait for news.
func ForPokes(t Transport) *Client { return &Client{parts: Parts{Transport: t}} }
