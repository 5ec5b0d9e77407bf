package keys_test

import (
	"testing"

	"github.com/BurntSushi/toml"

	"varco/internal/ledger"
	"varco/internal/note"
	"varco/keys"
)

// TestNetwork sees that the anchors are all there or all empty, that nothing else is in the
// file, and that each key is one that a client accepts.
func TestNetwork(t *testing.T) {
	var anchors struct {
		Origin, Log, Root string
		Witnesses         []string
		Quorum            int
	}
	meta, err := toml.Decode(keys.Network(), &anchors)
	if err != nil {
		t.Fatal(err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		t.Errorf("unknown keys: %v", extra)
	}
	for _, key := range []string{"origin", "log", "root", "witnesses", "quorum"} {
		if !meta.IsDefined(key) {
			t.Errorf("%s is missing", key)
		}
	}
	if anchors.Origin == "" && anchors.Log == "" && anchors.Root == "" {
		return // before the first ceremony
	}
	log, err := note.ParseVerifier(anchors.Log)
	if err != nil {
		t.Errorf("log: %v", err)
	} else if log.Name() != anchors.Origin {
		t.Errorf("the log's key is of %s, the origin is %s", log.Name(), anchors.Origin)
	}
	if _, err := note.ParseVerifier(anchors.Root); err != nil {
		t.Errorf("root: %v", err)
	}
	if _, err := ledger.NewQuorum(anchors.Witnesses, anchors.Quorum); err != nil || anchors.Quorum == 0 {
		t.Errorf("witnesses: %v, quorum %d", err, anchors.Quorum)
	}
}
