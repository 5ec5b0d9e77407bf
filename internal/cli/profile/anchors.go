package profile

import (
	"errors"
	"fmt"

	"varco/internal/anchors"
	"varco/internal/client"
)

// ErrNoAnchors says that this build trusts no network by itself.
var ErrNoAnchors = errors.New("this program has no trust anchors compiled in, and none were given")

// trust checks the keys. Empty anchors are ErrNoAnchors.
func trust(a anchors.Anchors, demonstration bool) (client.Anchors, error) {
	if a.IsZero() {
		return client.Anchors{}, ErrNoAnchors
	}
	made := client.NewAnchors
	if demonstration {
		made = client.GivenAnchors
	}
	trusted, err := made(a)
	if err != nil {
		return client.Anchors{}, fmt.Errorf("reading the trust anchors: %w", err)
	}
	return trusted, nil
}
