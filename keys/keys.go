// Package keys holds the public trust anchors that are compiled into every program: the
// name of the network's log, the key with which it signs, and the network's root.
//
// It holds public keys only, and only the embedded text: reading it and deciding what to
// trust is the client's and the verifier's. A test of dev/house refuses private keys here
// and everywhere else in the tree. README.md says how the keys come to be.
package keys

import _ "embed"

//go:embed network.toml
var network string

// Network returns network.toml: the keys origin, log and root, each a string. An empty
// string means that this build trusts nobody yet.
func Network() string { return network }
