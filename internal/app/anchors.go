package app

import (
	"errors"
	"fmt"

	"varco/internal/card"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/keys"
)

// anchors are the public keys that everybody's trust begins with.
type anchors struct {
	Origin string `toml:"origin"`
	Log    string `toml:"log"`
	Root   string `toml:"root"`
	// Witnesses are the verifier keys of those who cosign the log's checkpoints, and Quorum is
	// how many of them are enough.
	Witnesses []string `toml:"witnesses"`
	Quorum    int      `toml:"quorum"`
}

func (a anchors) isZero() bool {
	return a.Origin == "" && a.Log == "" && a.Root == "" && len(a.Witnesses) == 0 && a.Quorum == 0
}

// root returns the verifier of the network's root, by the anchors compiled in or, for a
// demonstration, by those of a file. Clients that hold these anchors must be able to believe
// this service, so its origin and its log's key must be theirs. The text is the verifier key.
func (c Config) root(key logKey, q ledger.Quorum) (root note.Verifier, text string, err error) {
	a, from := anchors{}, "compiled in"
	file := []byte(keys.Network())
	if c.Anchors != "" {
		from = "in " + c.Anchors
		if file, err = readSmall(c.Anchors); err != nil {
			return nil, "", fmt.Errorf("reading the anchors: %w", err)
		}
	}
	if err := strictTOML(file, &a); err != nil {
		return nil, "", fmt.Errorf("reading the anchors %s: %w", from, err)
	}
	switch {
	case a.isZero() && c.Anchors == "":
		return nil, "", errors.New("reading the anchors: this build trusts no network, since no ceremony was held: " +
			"see keys/README.md, or give anchors of your own for a demonstration")
	case a.Origin != c.Origin:
		return nil, "", fmt.Errorf("reading the anchors: those %s are of the log %q, and origin is %q", from, a.Origin, c.Origin)
	case a.Log != key.text:
		return nil, "", fmt.Errorf("reading the anchors: those %s name another key of the log than %s", from, key.text)
	}
	if err := a.asked(q); err != nil {
		return nil, "", fmt.Errorf("reading the anchors %s: %w", from, err)
	}
	if root, err = note.ParseVerifier(a.Root); err != nil {
		return nil, "", fmt.Errorf("reading the anchors %s: the root: %w", from, err)
	}
	return root, a.Root, nil
}

// successions reads the notes by which roots have succeeded each other, and checks that they
// are of the root that the anchors name.
func (c Config) successions(root note.Verifier) ([]string, error) {
	if c.Successions == "" {
		return nil, nil
	}
	text, err := readSmall(c.Successions)
	if err != nil {
		return nil, fmt.Errorf("reading the root's successions: %w", err)
	}
	all := card.SplitSuccessions(string(text))
	notes := make([][]byte, len(all))
	for i, msg := range all {
		notes[i] = []byte(msg)
	}
	if _, err := card.NewRoot(root, notes...); err != nil {
		return nil, fmt.Errorf("reading the root's successions %s: %w", c.Successions, err)
	}
	return all, nil
}
