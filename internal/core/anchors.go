package core

import (
	"regexp"
	"strconv"

	"varco/internal/api"
	"varco/internal/client"
)

// These are the lines of keys/network.toml that are not comments. A reader of the whole of TOML
// would be a tenth of what a browser loads.
var (
	anchorLine  = regexp.MustCompile(`(?m)^(origin|log|root) = "([!#-\[\]-~]*)"$`)
	witnessLine = regexp.MustCompile(`(?m)^witnesses = \[([^\]\n]*)\]$`)
	witnessKey  = regexp.MustCompile(`"([!#-\[\]-~]*)"`)
	quorumLine  = regexp.MustCompile(`(?m)^quorum = ([0-9]{1,2})$`)
)

// compiledWitnesses reads the witnesses of keys/network.toml, and how many of them are enough.
func compiledWitnesses(text string) (keys []string, quorum int) {
	if line := witnessLine.FindStringSubmatch(text); line != nil {
		for _, key := range witnessKey.FindAllStringSubmatch(line[1], -1) {
			keys = append(keys, key[1])
		}
	}
	if line := quorumLine.FindStringSubmatch(text); line != nil {
		quorum, _ = strconv.Atoi(line[1]) // two digits
	}
	return keys, quorum
}

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
		return client.ParseAnchors(client.PrintAnchors(s.Origin, s.Log, s.Root, client.Witnesses{}))
	}
	origin, log, root := compiledAnchors(c.parts.Anchors)
	if origin == "" || log == "" || root == "" {
		return client.Anchors{}, errNoAnchors
	}
	a, err := client.NewAnchors(origin, log, root)
	if err != nil {
		return a, err
	}
	return a.WithWitnesses(compiledWitnesses(c.parts.Anchors))
}
