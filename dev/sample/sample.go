// Package sample is the sample network: made-up organisations and people on one machine, for
// the demo, the tour, and whoever wants to see the whole at work.
//
// Raise builds the real programs, starts the service and a development provider as processes
// of their own, and lets everybody enrol as she would from her own computer. It is nothing
// for real cases: the provider asks no password, the phrases lie beside the keys that they
// open, and the root, which anywhere else is offline, lives in this process until the
// stewards are endorsed. All of it listens on loopback, is accepted on localhost only, and is
// gone after Close.
package sample

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"varco/dev/devprovider"
	"varco/internal/keyring"
	"varco/internal/secret"
)

// Options say how the network is raised.
type Options struct {
	Dir      string    // an empty folder, which Close removes; "" makes one
	Programs string    // folder with the programs; "" builds them into the network's folder
	Database string    // connection string of an empty database; "" makes a file in the folder
	Out      io.Writer // hears what is done; nil for nobody
	// Work is the scrypt work of the phrases: keyring.DefaultWork, but in tests.
	Work keyring.Work
}

// Network is the sample network, running.
type Network struct {
	Dir      string // the folder that everything is in
	Programs string // the folder of varco, varcod, varco-verify and browser
	Service  string // address of the service
	Provider string // issuer of the development provider
	Anchors  string // file with the trust anchors, for setup and varco-verify
	People   []*Resident
	Newcomer Newcomer
	Another  Newcomer // who may enrol otherwise

	work     keyring.Work
	database string // its connection string
	anchors  string // what is in Anchors
	service  *child
	provider *devprovider.Provider
}

// Resident is a person of the sample network with her device and her phrase.
type Resident struct {
	Person
	Home   string // the folder of her command line: $VARCO_HOME
	Phrase secret.String
}

// Newcomer is somebody who has been invited and has not signed in yet.
type Newcomer struct {
	Person
	Invitation secret.String
}

// PhraseFile is where her phrase can be read from, on one line. Anybody else keeps hers on
// paper.
func (r *Resident) PhraseFile() string { return filepath.Join(r.Home, "phrase") }

// Environment lets a command line be hers: which folder, which programs, and a browser that
// signs her in without asking.
func (n *Network) Environment(r *Resident) []string {
	return []string{
		"VARCO_HOME=" + r.Home,
		"PATH=" + n.Programs + string(os.PathListSeparator) + os.Getenv("PATH"),
		"BROWSER=" + filepath.Join(n.Programs, "browser"),
		"VARCO_DEV_ACCOUNT=" + r.Handle,
	}
}

// Resident returns somebody by her handle.
func (n *Network) Resident(handle string) *Resident {
	for _, r := range n.People {
		if r.Handle == handle {
			return r
		}
	}
	panic("internal error: the sample network has no " + handle)
}

// Raise raises the network. It takes some seconds, most of them for the phrases. When it
// fails, or ctx ends before it is done, nothing is left behind.
func Raise(ctx context.Context, o Options) (*Network, error) {
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.Work == (keyring.Work{}) {
		o.Work = keyring.DefaultWork()
	}
	n := &Network{Dir: o.Dir, Programs: o.Programs, work: o.Work, database: cmp.Or(o.Database, "varco.db")}
	err := n.raise(ctx, o.Out)
	if err == nil {
		return n, nil
	}
	if ctx.Err() != nil { // all else that went wrong comes from there
		err = context.Cause(ctx)
	}
	return nil, errors.Join(fmt.Errorf("raising the sample network: %w", err), n.Close())
}

// Ended is closed when the service has ended by itself; Death then says why.
func (n *Network) Ended() <-chan struct{} { return n.service.ended }

// Death says why the service has ended by itself, with the end of its log.
func (n *Network) Death() error { return n.service.death() }

// Close stops everything that was started and removes the folder.
func (n *Network) Close() error {
	if n.service != nil {
		n.service.stop()
	}
	var err error
	if n.provider != nil {
		err = n.provider.Close()
	}
	if n.Dir != "" {
		err = errors.Join(err, os.RemoveAll(n.Dir))
	}
	if err != nil {
		return fmt.Errorf("closing the sample network: %w", err)
	}
	return nil
}
