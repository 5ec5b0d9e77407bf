package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"varco/dev/sample"
	"varco/internal/api"
	"varco/internal/bundle"
	"varco/internal/cli/profile"
	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/keyring"
	"varco/internal/ledger"
	"varco/internal/verify"
	"varco/keys"
)

// least is the least scrypt work that there is.
var least = keyring.Work{Seal: 1, Min: 1, Max: 1}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// raise raises the sample network, whose service is this program in a process of its own:
// TestMain has put it into the path. Its database is the one named, or a file of its own.
func raise(t testing.TB, database string) *sample.Network {
	t.Helper()
	varcod, err := exec.LookPath("varcod")
	must(t, err)
	n, err := sample.Raise(t.Context(), sample.Options{Programs: filepath.Dir(varcod), Work: least, Database: database})
	must(t, err)
	t.Cleanup(func() { must(t, n.Close()) })
	return n
}

// anchorsOf are what everybody of the network trusts.
func anchorsOf(t testing.TB, n *sample.Network) client.Anchors {
	t.Helper()
	p, err := profile.Open(n.People[0].Home, keys.Network())
	must(t, err)
	return p.Anchors
}

// device is somebody's, with the session of her command line.
type device struct {
	Over client.Transport                 // nil for the usual one
	Wait func(context.Context, int) error // nil for the usual one
	// Anchors are what she trusts, nil for what her command line does.
	Anchors *client.Anchors
}

// of unlocks the device for somebody.
func (d device) of(t testing.TB, n *sample.Network, handle string) *client.Unlocked {
	t.Helper()
	r := n.Resident(handle)
	p, err := profile.Open(r.Home, keys.Network())
	must(t, err)
	s, err := p.Session()
	must(t, err)
	if d.Over == nil {
		d.Over = reach.New(n.Service)
	}
	if d.Anchors == nil {
		d.Anchors = &p.Anchors
	}
	c, err := client.New(client.Parts{Transport: d.Over, Service: n.Service, Anchors: *d.Anchors, Memory: &client.Volatile{},
		Now: time.Now, Rand: rand.Reader, Work: least, Token: s.Token, Wait: d.Wait})
	must(t, err)
	u, err := c.Unlock(t.Context(), r.Phrase)
	must(t, err)
	return u
}

// takeBundle takes away what an auditor takes away.
func takeBundle(t testing.TB, auditor *client.Unlocked, origin string) []byte {
	t.Helper()
	audit, err := auditor.BeginAudit(t.Context())
	must(t, err)
	checkpoints := make([]bundle.Checkpoint, len(audit.Checkpoints))
	for i, c := range audit.Checkpoints {
		checkpoints[i] = bundle.Checkpoint{Note: c.Note, Size: c.Size}
	}
	var file bytes.Buffer
	w, err := bundle.NewWriter(&file, origin, checkpoints)
	must(t, err)
	must(t, audit.Leaves(t.Context(), func(page api.AuditPage) error {
		leaves := make([]bundle.Leaf, len(page.Leaves))
		for i, l := range page.Leaves {
			leaves[i] = bundle.Leaf{Index: l.Index, Commitment: l.Commitment, Salt: l.Salt, Text: l.Text}
		}
		return w.Page(bundle.Page{Leaves: leaves, Cards: page.Cards, Rosters: page.Rosters, Headers: page.Headers,
			Receipts: page.Receipts})
	}))
	must(t, w.Close())
	return file.Bytes()
}

// checkBundle verifies a bundle as an auditor does, without the service: the log must be whole,
// and begin with what it was at an earlier checkpoint, if there is one.
func checkBundle(t testing.TB, file []byte, a client.Anchors, earlier []byte) verify.Report {
	t.Helper()
	var since *ledger.Checkpoint
	if earlier != nil {
		c, err := ledger.OpenCheckpoint(earlier, a.Origin, a.Log)
		must(t, err)
		since = &c
	}
	report, err := verify.Verify(bytes.NewReader(file), verify.Trust{Origin: a.Origin, Log: a.Log, Root: a.Root}, since)
	must(t, err)
	if report.Result != verify.Whole {
		t.Errorf("the log is %s: %+v", report.Result, report.Finding)
	}
	return report
}
