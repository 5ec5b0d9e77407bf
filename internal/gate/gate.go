// Package gate is the door: every use case of Varco, one file each, and the only way to
// what the store keeps for people.
//
// It is a reference monitor. Every method takes a context, the caller and a request. What
// can be checked without data (forms, signatures, envelopes) is checked before the writer
// is asked. Then, in one transaction: facts, decision, state machine, record, effect. A
// denial commits its record and nothing else; what can't be recorded does not happen; what
// is served was recorded before its first byte. "Not yours" and "does not exist" are the
// same answer, after the same statements.
//
// The package opens nothing that is sealed on a device, and links nothing that could.
package gate

import (
	"context"
	"io"
	"sync"
	"time"

	"varco/internal/authz"
	"varco/internal/blob"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/vault"
)

// OpeningLife is how long an officer may read a thread after she said why.
const OpeningLife = 15 * time.Minute

// Parts are what a door is made of.
type Parts struct {
	Store    *store.Store
	Policies *authz.Policies
	Vault    *vault.Vault
	Blobs    *blob.Folder
	Log      note.Signer   // signs receipts and checkpoints; its name is the log's origin
	Root     note.Verifier // of the network, which signs steward cards
	Topics   map[string]bool
	Outcomes map[string]bool
	Rand     io.Reader
	// Cosign asks the witnesses to cosign the newest checkpoint, until its context ends. Nil
	// where there are none.
	Cosign func(context.Context) error

	// Heads are those that were recorded last, nil as long as none were. Nil where nobody records
	// them.
	Heads func() *ledger.Recorded

	// Successions of the root, oldest first; none as long as it is the first one.
	Successions []string
}

// Gate is the door. It is safe for concurrent use.
type Gate struct {
	Parts
	mu       sync.Mutex
	books    map[ids.Organisation]edited // guarded by mu
	cards    map[note.Hash]*card.Signed  // guarded by mu; a card never changes
	refusals map[string]refusals         // guarded by mu
}

type edited struct {
	edition store.Edition
	book    *card.Book
}

// New makes a door of its parts, all of which are needed. It refuses successions that are not
// of the root.
func New(p Parts) (*Gate, error) {
	if p.Store == nil || p.Policies == nil || p.Vault == nil || p.Blobs == nil || p.Log == nil || p.Root == nil ||
		p.Topics == nil || p.Outcomes == nil || p.Rand == nil {
		return nil, fault.New(fault.Internal, "making the door: a part is missing")
	}
	notes := make([][]byte, len(p.Successions))
	for i, s := range p.Successions {
		notes[i] = []byte(s)
	}
	root, err := card.NewRoot(p.Root, notes...)
	if err != nil {
		return nil, err
	}
	p.Root = root
	return &Gate{Parts: p, books: map[ids.Organisation]edited{}, cards: map[note.Hash]*card.Signed{},
		refusals: map[string]refusals{}}, nil
}
