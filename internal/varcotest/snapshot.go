package varcotest

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"varco/internal/client"
	"varco/internal/secret"
)

// snapshot is a network as it was left, from which others begin: making one takes a while,
// copying it does not.
type snapshot struct {
	network Network // without store, door and people
	files   map[string][]byte
	people  []resting
}

// resting is somebody of a snapshot.
type resting struct {
	Resident
	token  secret.String
	memory client.Memory
}

// sample is the sample network, made by the first test of a program that wants one.
var sample struct {
	once sync.Once
	kept *snapshot
}

// sampleOf returns the snapshot of the sample network.
func sampleOf(t testing.TB) *snapshot {
	t.Helper()
	sample.once.Do(func() {
		n := Empty(t)
		n.found(sampleOrganisations, sampleAgreements)
		n.invite(samplePeople)
		n.enrol(samplePeople)
		n.signRosters(samplePeople)
		sample.kept = n.snapshot()
	})
	if sample.kept == nil {
		t.Fatal("the sample network could not be made")
	}
	return sample.kept
}

// snapshot keeps a network. Nobody may be writing.
func (n *Network) snapshot() *snapshot {
	n.t.Helper()
	s := &snapshot{files: map[string][]byte{}, network: Network{Anchors: n.Anchors, Vault: n.Vault, Log: n.Log, Root: n.Root,
		organisations: n.organisations, agreements: n.agreements}}
	entries, err := os.ReadDir(n.Folder)
	must(n.t, err)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "-shm") { // SQLite makes it anew
			continue
		}
		content, err := os.ReadFile(filepath.Join(n.Folder, e.Name()))
		must(n.t, err)
		s.files[e.Name()] = content
	}
	for _, r := range n.people {
		memory, err := r.Device.Memory.Load(context.Background())
		must(n.t, err)
		s.people = append(s.people, resting{*r, r.Device.Client.Token(), memory})
	}
	return s
}

// restore makes a network that goes on from the snapshot. Its people are signed in; each
// device is unlocked when it is asked for.
func (s *snapshot) restore(t testing.TB) *Network {
	t.Helper()
	n := &Network{Clock: &Clock{now: Start}, Folder: t.TempDir(), t: t, Anchors: s.network.Anchors, Vault: s.network.Vault,
		Log: s.network.Log, Root: s.network.Root, organisations: maps.Clone(s.network.organisations),
		agreements: slices.Clone(s.network.agreements), people: map[string]*Resident{}}
	for name, content := range s.files {
		must(t, os.WriteFile(filepath.Join(n.Folder, name), bytes.Clone(content), 0o600))
	}
	n.serve()
	for _, kept := range s.people {
		r := kept.Resident
		r.Device = &Device{Wire: &Wire{network: n}, Memory: &client.Volatile{}}
		must(t, r.Device.Memory.Save(context.Background(), kept.memory))
		r.Device.Client = n.client(r.Device, kept.token)
		n.people[r.name] = &r
	}
	return n
}
