package httpapi_test

import (
	"crypto/rand"

	"varco/internal/api"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/thread"
)

// entry is a well-formed entry of a kind that somebody signed and that could follow in the real
// thread, if she were a member.
func (m *matrix) entry(w who, id ids.Thread, kind thread.Kind) api.Parcel {
	n := m.network
	m.learn(w.name)
	state := &m.opened.Thread.State
	e := thread.Entry{Thread: id, ID: ids.NewEntry(rand.Reader), Sequence: state.Next, Previous: state.Head, Epoch: state.Epoch(),
		Author: n.ID(w.name), Card: m.cards[w.name], Kind: kind, Time: n.Clock.Now(), NotAfter: n.Clock.Now().Add(thread.MaxLife)}
	var p api.Parcel
	switch kind {
	case thread.Message, thread.Request, thread.Link, thread.Exclude:
		var err error
		p.Body, err = seal.Body(state.Recipient(), seal.Binding{Thread: id, Entry: e.ID, Epoch: e.Epoch,
			Author: e.Author, Kind: string(e.Kind)}, []byte(`{"text":"Buongiorno."}`))
		must(m.t, err)
		e.Body = &thread.Sealed{Hash: note.Sum(p.Body), Size: int64(len(p.Body))}
	case thread.KindStatus:
		e.Status = &thread.Status{Phase: thread.PhaseClosed}
	case thread.Members, thread.Rekey:
		e.Epoch++
		if kind == thread.Members {
			e.Members = state.Members
		}
		e.Key = &thread.Key{}
		for i, member := range state.Members {
			sealed := m.give(&e.Key.Recipient, id, e.Epoch, member.Card, i == 0)
			p.Grants = append(p.Grants, api.Grant{Person: member.Person, Epoch: e.Epoch, Sealed: sealed})
			e.Key.Grants = append(e.Key.Grants, thread.Grant{Person: member.Person, Sealed: sealedOf(sealed)})
		}
	case thread.KindGrant:
		var recipient string
		member := state.Members[0]
		sealed := m.give(&recipient, id, 1, member.Card, true)
		p.Grants = []api.Grant{{Person: member.Person, Epoch: 1, Sealed: sealed}}
		e.Giving = &thread.Giving{Person: member.Person, Card: member.Card, Epochs: []thread.Give{{Epoch: 1, Sealed: sealedOf(sealed)}}}
	case thread.Open, thread.Recuse:
	}
	header, err := thread.Sign(e, m.signers[w.name])
	must(m.t, err)
	p.Header = string(header)
	return p
}

// give seals an epoch of hers for a member's card, and says what its recipient is: a new one if
// she begins.
func (m *matrix) give(recipient *string, id ids.Thread, epoch int64, card note.Hash, begins bool) []byte {
	if begins {
		var err error
		m.epoch, err = seal.NewEpoch()
		must(m.t, err)
	}
	*recipient = m.epoch.Recipient()
	sealed, err := seal.Grant(*recipient, seal.GrantBinding{Thread: id, Epoch: epoch, Card: card}, m.epoch) // whom it opens to is nobody's matter here
	must(m.t, err)
	return sealed
}

func sealedOf(b []byte) thread.Sealed { return thread.Sealed{Hash: note.Sum(b), Size: int64(len(b))} }
