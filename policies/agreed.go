package policies

import "slices"

// Agreed returns the files that the network agreed on and the service reads beside the policy set, by
// name: what is another agreement has other bytes.
func Agreed() map[string][]byte {
	return map[string][]byte{"topics": slices.Clone(topics), "outcomes": slices.Clone(outcomes), "reasons": slices.Clone(reasons)}
}
