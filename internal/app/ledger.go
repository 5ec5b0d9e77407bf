package app

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/vault"
)

// errNotBegun says what is to be done.
var errNotBegun = fault.New(fault.Unavailable, "opening the ledger: it has not begun: run varcod migrate")

// rehearse signs the checkpoint of an empty log: an origin that can't name one is found out
// before anything is recorded under it.
func (k logKey) rehearse(origin string) error {
	_, err := ledger.SignCheckpoint(origin, 0, new(ledger.Edge).Root(), k.signer)
	return err
}

// begin writes the first record of a ledger, if there is none: that it began, with the hash of
// the fingerprint of the key set that its database needs.
func begin(tx *store.Tx, v *vault.Vault) error {
	size, err := tx.Size()
	if err != nil || size > 0 {
		return err
	}
	_, err = tx.Record(ledger.Record{Act: act.LedgerBegin, Outcome: act.Allow, Hash: fingerprint(v)})
	return err
}

func fingerprint(v *vault.Vault) note.Hash { return note.Sum([]byte(v.Fingerprint())) }

// belongs checks that the key set is the one that the ledger began with: with another one
// every look-up would miss in silence.
func belongs(tx *store.Tx, v *vault.Vault) error {
	first, found, err := latest(tx, act.LedgerBegin)
	if err != nil {
		return err
	}
	if !found {
		return errNotBegun
	}
	if first.Hash != fingerprint(v) {
		return errors.New("opening the ledger: this is not the key set that its database needs")
	}
	return nil
}

// latest reads the newest record of an act on nothing in particular.
func latest(tx *store.Tx, a act.Act) (ledger.Record, bool, error) {
	leaf, found, err := tx.LatestOf("", string(a))
	if err != nil || !found {
		return ledger.Record{}, false, err
	}
	if leaf.Text == nil {
		return ledger.Record{}, false, fault.New(fault.Internal, "opening the ledger: its record of %s was erased", a)
	}
	r, err := ledger.ParseRecord(*leaf.Text)
	return r, true, err
}

// verifyHead checks that the newest checkpoint is this log's and that the tree still has its
// root. It reads the hashes near the root only: the whole is the auditor's to verify.
func verifyHead(tx *store.Tx, key logKey) error {
	c, found, err := tx.LatestCheckpoint()
	if err != nil || !found {
		return err
	}
	head, err := ledger.OpenCheckpoint([]byte(c.Note), key.signer.Name(), key.verifier)
	if err != nil {
		return fmt.Errorf("opening the ledger: its last checkpoint is not by this origin and key: %w", err)
	}
	size, err := tx.Size()
	if err != nil {
		return err
	}
	if head.Size > size {
		return fmt.Errorf("opening the ledger: it has %d leaves and has signed %d", size, head.Size)
	}
	root, err := tlog.TreeHash(head.Size, tx.Hashes())
	if err != nil {
		return fmt.Errorf("opening the ledger: %w", err)
	}
	if root != head.Root {
		return fmt.Errorf("opening the ledger: its first %d leaves are not those that it has signed", head.Size)
	}
	return nil
}

// resume checks that the database, the key set and the log's key belong together, and records
// the policy set and the terms when they are others than at the start before.
func (p parts) resume(ctx context.Context, s *store.Store) error {
	return s.Write(ctx, func(tx *store.Tx) error {
		if err := belongs(tx, p.vault); err != nil {
			return err
		}
		if err := verifyHead(tx, p.log); err != nil {
			return err
		}
		before, _, err := latest(tx, act.PolicyLoad)
		if err != nil || before.PolicySet == p.policies.Hash() && before.Hash == p.terms {
			return err
		}
		_, err = tx.Record(ledger.Record{Act: act.PolicyLoad, Outcome: act.Allow, PolicySet: p.policies.Hash(), Hash: p.terms})
		return err
	})
}
