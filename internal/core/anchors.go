package core

import (
	"varco/internal/anchors"
	"varco/internal/api"
	"varco/internal/client"
)

// anchors are those that are compiled in, or of a demonstration its own: client.New refuses
// them for a service that is not on this machine.
func (c *Core) anchors(s api.Service) (client.Anchors, error) {
	if s.Demonstration && s.Root != "" {
		return client.GivenAnchors(anchors.Anchors{Origin: s.Origin, Log: s.Log, Root: s.Root})
	}
	compiled, err := anchors.Parse(c.parts.Anchors)
	if err != nil {
		return client.Anchors{}, err
	}
	if compiled.IsZero() {
		return client.Anchors{}, errNoAnchors
	}
	return client.NewAnchors(compiled)
}
