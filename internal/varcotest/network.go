// Package varcotest is a whole network in a temporary database, for tests: the real door,
// store, policies and vault, a root with its ceremony, organisations with agreements, people
// who have enrolled on their own devices, and rosters that their stewards have signed.
//
// People reach the door through Wire, in the process and without HTTP; everything else is
// what runs in production, with the least scrypt work there is. A Wire can lie, lose answers
// and be listened to. The package is for tests only.
package varcotest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"varco/internal/anchors"
	"varco/internal/authz"
	"varco/internal/blob"
	"varco/internal/card"
	"varco/internal/checkpoint"
	"varco/internal/client"
	"varco/internal/gate"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
	"varco/internal/vault"
	"varco/policies"
)

// Names of the network's log and root, and the address that devices know the service by.
const (
	Origin   = "varco.example/log"
	RootName = "root.example"
	Service  = "http://localhost:8080"
)

// Start is the time at which every network begins.
var Start = time.Date(2026, time.November, 16, 8, 30, 0, 0, time.UTC)

// Work is the scrypt work of the people's phrases.
func Work() keyring.Work { return keyring.Work{Seal: 1, Min: 1, Max: 1} }

// Network is a network with its service and its people.
type Network struct {
	Clock   *Clock
	Anchors client.Anchors
	// LogKey and RootKey are the verifier keys in them.
	LogKey, RootKey string
	Store           *store.Store
	Vault           *vault.Vault
	Gate            *gate.Gate
	// Log signs receipts and checkpoints: a service that lies has it.
	Log note.Signer
	// Root endorses stewards: no service has it.
	Root note.Signer
	// Database is of the kind that the program's tests run on (storetest.OnBoth).
	Database string
	// BlobFolder is where the service keeps attachments.
	BlobFolder string

	t             testing.TB
	successions   []string // of the root
	stop          func()   // closes the store, once
	keeper        *checkpoint.Keeper
	trace         trace
	organisations map[string]ids.Organisation
	agreements    []store.Agreement
	people        map[string]*Resident
}

// New makes the sample network. The first one of a program takes part of a second.
func New(t testing.TB) *Network {
	t.Helper()
	return sampleOf(t).restore(t)
}

// Empty makes a network of nobody, whose service runs.
func Empty(t testing.TB) *Network {
	t.Helper()
	n := &Network{Clock: &Clock{now: Start}, Database: storetest.New(t), t: t,
		organisations: map[string]ids.Organisation{}, people: map[string]*Resident{}}
	n.Log, n.LogKey = signer(t, Origin)
	n.Root, n.RootKey = signer(t, RootName)
	var err error
	n.Anchors, err = client.GivenAnchors(anchors.Anchors{Origin: Origin, Log: n.LogKey, Root: n.RootKey})
	must(t, err)
	n.Vault = openVault(t)
	must(t, store.Migrate(context.Background(), n.Database))
	n.serve()
	return n
}

// serve opens store and door.
func (n *Network) serve() {
	n.t.Helper()
	ctx := context.Background()
	var err error
	n.Store, err = store.Open(ctx, n.Database, store.Options{Now: n.Clock.Now, Rand: rand.Reader, Trace: n.trace.add})
	must(n.t, err)
	n.stop = sync.OnceFunc(func() {
		if err := n.Store.Close(); err != nil {
			n.t.Error(err)
		}
	})
	n.t.Cleanup(n.stop)
	rules, err := rules()
	must(n.t, err)
	list, err := policies.Topics()
	must(n.t, err)
	topics := map[string]bool{}
	for _, topic := range list {
		topics[topic.Code] = true
	}
	ends, err := policies.Outcomes()
	must(n.t, err)
	outcomes := map[string]bool{}
	for _, o := range ends {
		outcomes[o.Code] = true
	}
	n.BlobFolder = filepath.Join(n.t.TempDir(), "blobs")
	must(n.t, blob.Create(n.BlobFolder))
	blobs, err := blob.Open(n.BlobFolder)
	must(n.t, err)
	n.keeper = &checkpoint.Keeper{Store: n.Store, Now: n.Clock.Now}
	n.Gate, err = gate.New(gate.Parts{Store: n.Store, Policies: rules, Vault: n.Vault, Blobs: blobs, Log: n.Log, Root: n.Anchors.Root,
		Topics: topics, Outcomes: outcomes, Rand: rand.Reader, Successions: n.successions, Heads: n.keeper.Heads})
	must(n.t, err)
}

// RecordHeads records how far everything has come, as the service does each hour.
func (n *Network) RecordHeads() {
	n.t.Helper()
	must(n.t, n.keeper.RecordHeads(n.t.Context()))
}

// Succeed holds the ceremony at which another root succeeds the network's, and lets the
// service go on with it; the cards that the old one has signed end.
func (n *Network) Succeed(ends time.Time) {
	n.t.Helper()
	newer, key := signer(n.t, RootName)
	msg, err := card.SignSuccession(card.Succession{Old: n.RootKey, New: key, Issued: n.Clock.Now(), Ends: ends}, n.Root, newer)
	must(n.t, err)
	n.Root, n.RootKey, n.successions = newer, key, append(n.successions, string(msg))
	n.stop()
	n.serve()
}

// rules are the network's policies; reading them takes longer than copying a network.
var rules = sync.OnceValues(func() (*authz.Policies, error) { return authz.Load(policies.Rules()) })

// Organisation returns the identifier of an organisation by its name in the sample.
func (n *Network) Organisation(name string) ids.Organisation {
	n.t.Helper()
	id, ok := n.organisations[name]
	if !ok {
		n.t.Fatalf("the network has no organisation %q", name)
	}
	return id
}

// found adds organisations and agreements, as the network's file would.
func (n *Network) found(organisations []organisation, agreements [][]string) {
	n.t.Helper()
	n.write(func(tx *store.Tx) error {
		for _, o := range organisations {
			id := ids.NewOrganisation(rand.Reader)
			n.organisations[o.name] = id
			sealed, err := n.Vault.Seal("organisations.name_sealed", string(id), []byte(o.display))
			if err != nil {
				return err
			}
			if err := tx.PutOrganisation(store.Organisation{ID: id, Kind: o.kind, Province: o.province, NameSealed: sealed}); err != nil {
				return err
			}
		}
		for _, parties := range agreements {
			a, err := n.agreement(parties)
			if err != nil {
				return err
			}
			if err := tx.PutAgreement(a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (n *Network) agreement(parties []string) (store.Agreement, error) {
	a := store.Agreement{ID: ids.NewAgreement(rand.Reader), Territory: "AA",
		Terms: []store.Term{{FromAtMS: Start.AddDate(-1, 0, 0).UnixMilli(), UntilAtMS: Start.AddDate(1, 0, 0).UnixMilli()}}}
	for _, p := range parties {
		a.Parties = append(a.Parties, n.organisations[p])
	}
	sealed, err := n.Vault.Seal("agreements.name_sealed", string(a.ID), []byte("Accordo di "+strings.Join(parties, ", ")))
	a.NameSealed = sealed
	n.agreements = append(n.agreements, a)
	return a, err
}

// EndAgreements ends every agreement now.
func (n *Network) EndAgreements() {
	n.t.Helper()
	n.write(func(tx *store.Tx) error {
		for _, a := range n.agreements {
			a.Terms[0].UntilAtMS = n.Clock.Now().UnixMilli()
			if err := tx.PutAgreement(a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (n *Network) write(fn func(*store.Tx) error) {
	n.t.Helper()
	must(n.t, n.Store.Write(context.Background(), fn))
}

func signer(t testing.TB, name string) (note.Signer, string) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	key, err := note.NewPublicKey(public)
	must(t, err)
	return note.NewSigner(name, private), note.VerifierKey(name, key)
}

func openVault(t testing.TB) *vault.Vault {
	t.Helper()
	identity, recipient, err := vault.NewCredential()
	must(t, err)
	file, err := vault.Create(recipient)
	must(t, err)
	v, err := vault.Open(file, identity)
	must(t, err)
	return v
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
