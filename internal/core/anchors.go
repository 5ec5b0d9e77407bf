package core

import (
	"regexp"

	"varco/internal/api"
	"varco/internal/client"
)

// anchorLine is one of the three lines of keys/network.toml that are not comments. A reader of
// the whole of TOML would be a tenth of what a browser loads.
var anchorLine = regexp.MustCompile(`(?m)^(origin|log|root) = "([!#-\[\]-~]*)"$`)

// compiledAnchors reads keys/network.toml: the three values, each "" before the first ceremony.
func compiledAnchors(text string) (origin, log, root string) {
	values := map[string]string{}
	for _, line := range anchorLine.FindAllStringSubmatch(text, -1) {
		values[line[1]] = line[2]
	}
	return values["origin"], values["log"], values["root"]
}

// anchors are those that are compiled in, or of a demonstration its own: client.New refuses
// them for a service that is not on this machine.
func (c *Core) anchors(s api.Service) (client.Anchors, error) {
	if s.Demonstration && s.Root != "" {
		return client.ParseAnchors(client.PrintAnchors(s.Origin, s.Log, s.Root))
	}
	origin, log, root := compiledAnchors(c.parts.Anchors)
	if origin == "" || log == "" || root == "" {
		return client.Anchors{}, errNoAnchors
	}
	return client.NewAnchors(origin, log, root)
}
