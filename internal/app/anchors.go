package app

import (
	"errors"
	"fmt"

	"varco/internal/anchors"
	"varco/internal/card"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/keys"
)

// root returns the verifier of the network's root, by the anchors compiled in or, for a
// demonstration, by those of a file. Clients that hold these anchors must be able to believe
// this service, so its origin and its log's key must be theirs. The text is the verifier key.
func (c Config) root(key logKey, q ledger.Quorum) (root note.Verifier, text string, err error) {
	from := "compiled in"
	file := []byte(keys.Network())
	if c.Anchors != "" {
		from = "in " + c.Anchors
		if file, err = readSmall(c.Anchors); err != nil {
			return nil, "", fmt.Errorf("reading the anchors: %w", err)
		}
	}
	a, err := anchors.Parse(string(file))
	if err != nil {
		return nil, "", fmt.Errorf("reading the anchors %s: %w", from, err)
	}
	switch {
	case a.IsZero() && c.Anchors == "":
		return nil, "", errors.New("reading the anchors: this build trusts no network, since no ceremony was held: " +
			"see keys/README.md, or give anchors of your own for a demonstration")
	case a.Origin != c.Origin:
		return nil, "", fmt.Errorf("reading the anchors: those %s are of the log %q, and origin is %q", from, a.Origin, c.Origin)
	case a.Log != key.text:
		return nil, "", fmt.Errorf("reading the anchors: those %s name another key of the log than %s", from, key.text)
	}
	trust, err := a.Trust()
	if err == nil {
		err = asked(trust.Quorum, q)
	}
	if err != nil {
		return nil, "", fmt.Errorf("reading the anchors %s: %w", from, err)
	}
	return trust.Root, a.Root, nil
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
