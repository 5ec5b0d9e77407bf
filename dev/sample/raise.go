package sample

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"varco/internal/keyring"
)

// raise does what an operator does to begin a service, and what people then do to begin to
// use it.
func (n *Network) raise(ctx context.Context, out io.Writer) (err error) {
	if err := n.settleIn(); err != nil {
		return err
	}
	if n.Programs == "" {
		fmt.Fprintln(out, "building the programs")
		n.Programs = n.path("bin")
		if err := Build(ctx, n.Programs, programs...); err != nil {
			return err
		}
	}
	fmt.Fprintln(out, "making the keys of the service and the root of the network")
	root, err := n.makeTrust(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "starting the service and the provider that people sign in through")
	if err := n.serve(ctx); err != nil {
		return err
	}
	invitations, err := n.load(ctx)
	if err != nil {
		return err
	}
	n.Newcomer, n.Another = Newcomer{newcomer, invitations[newcomer.ID]}, Newcomer{another, invitations[another.ID]}
	fmt.Fprintf(out, "enrolling %d people, each with keys of her own:", len(n.People))
	return n.enrol(ctx, invitations, root, out)
}

// settleIn makes the folders, and draws everybody's phrase.
func (n *Network) settleIn() (err error) {
	if n.Dir == "" {
		if n.Dir, err = os.MkdirTemp("", "varco-"); err != nil {
			return fmt.Errorf("making a folder: %w", err)
		}
	}
	if n.Dir, err = filepath.Abs(n.Dir); err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	if err := os.MkdirAll(n.path("service"), 0o700); err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	people, err := People()
	if err != nil {
		return err
	}
	for _, p := range people {
		r := &Resident{Person: p, Home: n.path("people", p.Handle)}
		if r.Phrase, err = keyring.NewPhrase(rand.Reader); err != nil {
			return err
		}
		if err := os.MkdirAll(r.Home, 0o700); err != nil {
			return fmt.Errorf("making a folder: %w", err)
		}
		if err := os.WriteFile(r.PhraseFile(), []byte(r.Phrase.Reveal()+"\n"), 0o600); err != nil {
			return fmt.Errorf("keeping a phrase: %w", err)
		}
		n.People = append(n.People, r)
	}
	return nil
}

// path is a path in the network's folder.
func (n *Network) path(elements ...string) string {
	return filepath.Join(append([]string{n.Dir}, elements...)...)
}

// write writes a file of the service.
func (n *Network) write(name, text string) error {
	if err := os.WriteFile(n.path("service", name), []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing a file of the service: %w", err)
	}
	return nil
}
