package varcotest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"

	"varco/internal/client"
	"varco/internal/secret"
	"varco/internal/store/storetest"
)

// snapshot is a network as it was left, from which others begin: making one takes a while,
// copying it does not.
type snapshot struct {
	network  Network // without store, door and people
	database *storetest.Kept
	people   []resting
}

// resting is somebody of a snapshot.
type resting struct {
	Resident
	token  secret.String
	memory client.Memory
}

// samples are the sample networks by kind of database, each made by the first test of a
// program that wants it.
var samples struct {
	mu   sync.Mutex
	kept map[storetest.Kind]*snapshot // guarded by mu
}

// sampleOf returns the snapshot of the sample network.
func sampleOf(t testing.TB) *snapshot {
	t.Helper()
	samples.mu.Lock()
	defer samples.mu.Unlock()
	kind := storetest.Current()
	if samples.kept[kind] == nil {
		n := Empty(t)
		n.found(sampleOrganisations, sampleAgreements)
		n.invite(samplePeople)
		n.enrol(samplePeople)
		n.signRosters(samplePeople)
		if samples.kept == nil {
			samples.kept = map[storetest.Kind]*snapshot{}
		}
		samples.kept[kind] = n.snapshot()
	}
	return samples.kept[kind]
}

// snapshot keeps a network, which ends.
func (n *Network) snapshot() *snapshot {
	n.t.Helper()
	s := &snapshot{network: Network{Anchors: n.Anchors, LogKey: n.LogKey, RootKey: n.RootKey, Vault: n.Vault, Log: n.Log, Root: n.Root,
		organisations: n.organisations, agreements: n.agreements}}
	for _, r := range n.people {
		memory, err := r.Device.Memory.Load(context.Background())
		must(n.t, err)
		s.people = append(s.people, resting{*r, r.Device.Client.Token(), memory})
	}
	n.stop()
	s.database = storetest.Keep(n.t, n.Database)
	return s
}

// restore makes a network that goes on from the snapshot. Its people are signed in; each
// device is unlocked when it is asked for.
func (s *snapshot) restore(t testing.TB) *Network {
	t.Helper()
	n := &Network{Clock: &Clock{now: Start}, Database: s.database.New(t), t: t, Anchors: s.network.Anchors, Vault: s.network.Vault,
		LogKey: s.network.LogKey, RootKey: s.network.RootKey, Log: s.network.Log, Root: s.network.Root, organisations: maps.Clone(s.network.organisations),
		agreements: slices.Clone(s.network.agreements), people: map[string]*Resident{}}
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
