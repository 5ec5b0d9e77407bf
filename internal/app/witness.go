package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/witness"
)

// quorum reads the file of the witnesses; the zero Quorum if there is none. What it says of the
// log must be true, and witnesses without a quorum would look like more than they are.
func (c Config) quorum(key logKey) (ledger.Quorum, error) {
	if c.Witnesses == "" {
		return ledger.Quorum{}, nil
	}
	text, err := readSmall(c.Witnesses)
	if err != nil {
		return ledger.Quorum{}, fmt.Errorf("reading the witnesses: %w", err)
	}
	q, err := ledger.ParseQuorum(string(text))
	switch {
	case err != nil:
		return q, fmt.Errorf("reading the witnesses: %w", err)
	case q.IsNone():
		return q, errors.New("reading the witnesses: the quorum is none: leave the file out, on localhost")
	case q.Log != nil && (q.Log.Name() != key.verifier.Name() || q.Log.KeyHash() != key.verifier.KeyHash()):
		return q, fmt.Errorf("reading the witnesses: they are of the log %s with another key", q.Log.Name())
	}
	if _, err := witness.NewAsker(q, 0); err != nil {
		return q, err
	}
	return q, nil
}

// asked checks that the witnesses that clients wait for are asked.
func asked(wanted, q ledger.Quorum) error {
	for _, w := range wanted.Keys() {
		if !slices.ContainsFunc(q.Keys(), func(v note.Verifier) bool { return v.Name() == w.Name() && v.KeyHash() == w.KeyHash() }) {
			return fmt.Errorf("the witness %s, for which clients wait, is not among those that are asked", w.Name())
		}
	}
	return nil
}

// remembered asks the witnesses, before anything is written or signed, how much of this log they
// have seen. A tree that is smaller is that of an older database: it must not go on. Who does
// not answer can't keep the service from starting. It returns who is asked from now on, nil
// where there are no witnesses.
func (p parts) remembered(ctx context.Context, s *store.Store, log *slog.Logger) (*witness.Asker, error) {
	if p.quorum.IsNone() {
		return nil, nil
	}
	asker, err := witness.NewAsker(p.quorum, 0)
	if err != nil {
		return nil, err
	}
	// What is true of every log begins with no leaves: a witness that has seen some says how many.
	empty, err := ledger.SignCheckpoint(p.log.verifier.Name(), 0, new(ledger.Edge).Root(), p.log.signer)
	if err != nil {
		return nil, err
	}
	answers, err := asker.Ask(ctx, empty, nil, func(context.Context, int64) (tlog.TreeProof, error) { return nil, nil })
	if err != nil {
		return nil, err
	}
	// Read after the witnesses were asked: another process on this database may have appended, and had
	// them cosign, meanwhile.
	var size int64
	if err := s.Read(ctx, func(tx *store.Tx) (err error) {
		size, err = tx.Size()
		return err
	}); err != nil {
		return nil, err
	}
	for _, a := range answers {
		switch {
		case a.Size > size:
			return nil, fault.Refuse(fault.ClassRollback, "opening the ledger: it has %d leaves, and the witness %s has seen %d: "+
				"this is an older database", size, a.Name, a.Size)
		case a.Err != nil && fault.ClassOf(a.Err) != fault.ClassRollback:
			log.LogAttrs(ctx, slog.LevelWarn, "a witness does not say what it has seen", slog.String("witness", a.Name),
				slog.String("error", a.Err.Error()))
		}
	}
	return asker, nil
}
