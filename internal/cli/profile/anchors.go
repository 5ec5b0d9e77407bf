package profile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"

	"varco/internal/client"
)

// ErrNoAnchors says that this build trusts no network by itself.
var ErrNoAnchors = errors.New("this program has no trust anchors compiled in, and none were given")

// anchors are what keys/network.toml says, compiled in or, for a demonstration, in a file
// that varcod reads too.
type anchors struct {
	Origin string `toml:"origin" json:"origin"`
	Log    string `toml:"log"    json:"log"`
	Root   string `toml:"root"   json:"root"`
	// Witnesses are verifier keys of those who cosign the log's checkpoints, and Quorum is how
	// many of them are enough.
	Witnesses []string `toml:"witnesses" json:"witnesses,omitempty"`
	Quorum    int      `toml:"quorum"    json:"quorum,omitempty"`
}

func (a anchors) isZero() bool {
	return a.Origin == "" && a.Log == "" && a.Root == "" && len(a.Witnesses) == 0 && a.Quorum == 0
}

// parseAnchors reads a file of anchors strictly.
func parseAnchors(text string) (anchors, error) {
	var a anchors
	meta, err := toml.Decode(text, &a)
	if err != nil {
		return a, fmt.Errorf("reading the trust anchors: %w", err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return a, fmt.Errorf("reading the trust anchors: there is no field %q", extra[0].String())
	}
	for _, key := range meta.Keys() {
		if key.String() != strings.ToLower(key.String()) {
			return a, fmt.Errorf("reading the trust anchors: the field %q is not in lower case", key.String())
		}
	}
	return a, nil
}

// trust checks the keys. Empty anchors are ErrNoAnchors.
func (a anchors) trust(demonstration bool) (client.Anchors, error) {
	if a.isZero() {
		return client.Anchors{}, ErrNoAnchors
	}
	trusted, err := client.NewAnchors(a.Origin, a.Log, a.Root)
	if err == nil {
		trusted, err = trusted.WithWitnesses(a.Witnesses, a.Quorum)
	}
	if err != nil {
		return client.Anchors{}, fmt.Errorf("reading the trust anchors: %w", err)
	}
	trusted.Demonstration = demonstration
	return trusted, nil
}
