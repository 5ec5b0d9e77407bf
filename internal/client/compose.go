package client

import (
	"slices"

	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/thread"
)

// draft is an entry that may have to be signed more than once: when another entry was first
// its header must follow that one. Its id stays, and what was sealed is sealed again only if
// the epoch is another.
type draft struct {
	kind    thread.Kind
	id      ids.Entry
	content []byte // of its body, nil when it has none
	// say writes what the kind says of its own into the header, for the place where it goes.
	say    func(*thread.Entry, place) error
	blobs  []thread.Blob
	while  *Conversation      // by which it was chosen: it is not appended when that has gone on; nil for none
	signed map[note.Hash]bool // headers of this entry that were sent

	sealedTo string // the epoch's recipient
	epoch    int64
	body     []byte

	key     seal.Epoch      // of the epoch that it starts
	number  int64           // of that epoch
	granted []thread.Member // to whom key was granted
	grants  []api.Grant
}

func (u *Unlocked) draft(kind thread.Kind, content []byte) *draft {
	return &draft{kind: kind, id: ids.NewEntry(u.parts.Rand), content: content, signed: map[note.Hash]bool{}}
}

// place is where an entry goes: after a state, by an author's card.
type place struct {
	state thread.State
	card  *card.Signed
	cards thread.Cards
	saw   []thread.Seen
}

// parcel seals, signs and packs a draft for its place.
func (u *Unlocked) parcel(d *draft, p place) (api.Parcel, *thread.Entry, error) {
	now := u.now()
	e := thread.Entry{Thread: p.state.Thread, ID: d.id, Sequence: p.state.Next, Previous: p.state.Head, Epoch: p.state.Epoch(),
		Author: u.Person(), Card: p.card.Hash, Kind: d.kind, Time: now, NotAfter: now.Add(thread.MaxLife), Rosters: p.saw}
	if d.say != nil {
		if err := d.say(&e, p); err != nil {
			return api.Parcel{}, nil, err
		}
	}
	if d.content != nil {
		e.Blobs = d.blobs
		if err := d.sealBody(&e, p.state.Recipient()); err != nil {
			return api.Parcel{}, nil, err
		}
	}
	return u.pack(d, e, p.card)
}

// rekey drafts a new epoch for the members there are.
func (u *Unlocked) rekey() *draft {
	d := u.draft(thread.Rekey, nil)
	d.say = func(e *thread.Entry, p place) error { return d.begin(e, p.state.Members, p.cards) }
	return d
}

// begin lets an entry start the next epoch, granted to its members.
func (d *draft) begin(e *thread.Entry, members []thread.Member, cards thread.Cards) error {
	e.Epoch++
	if err := d.startEpoch(e.Thread, e.Epoch, members, cards); err != nil {
		return err
	}
	e.Key = d.keyLine()
	return nil
}

// pack signs the header and puts what travels beside it into a parcel.
func (u *Unlocked) pack(d *draft, e thread.Entry, c *card.Signed) (api.Parcel, *thread.Entry, error) {
	signer, err := u.signerOf(c)
	if err != nil {
		return api.Parcel{}, nil, err
	}
	header, err := thread.Sign(e, signer)
	if err != nil {
		return api.Parcel{}, nil, err
	}
	signed, err := thread.Parse(header)
	if err != nil {
		return api.Parcel{}, nil, err
	}
	d.signed[signed.Hash()] = true
	return api.Parcel{Header: string(header), Body: d.body, Grants: d.grants}, signed, signed.Verify(header, c)
}

// startEpoch makes the key of an epoch and seals it to every member's card. The key is kept
// for a second try with the same number and members only: who has left meanwhile may have
// been handed a grant of it.
func (d *draft) startEpoch(id ids.Thread, number int64, members []thread.Member, cards thread.Cards) error {
	if d.number == number && slices.Equal(d.granted, members) {
		return nil
	}
	key, err := seal.NewEpoch()
	if err != nil {
		return err
	}
	grants := make([]api.Grant, len(members))
	for i, m := range members {
		sealed, err := seal.Grant(cards[m.Card].SealsTo, seal.GrantBinding{Thread: id, Epoch: number, Card: m.Card}, key)
		if err != nil {
			return err
		}
		grants[i] = api.Grant{Person: m.Person, Epoch: number, Sealed: sealed}
	}
	d.key, d.number, d.granted, d.grants = key, number, slices.Clone(members), grants
	return nil
}

// keyLine is what the header says of the epoch that the draft starts.
func (d *draft) keyLine() *thread.Key {
	key := &thread.Key{Recipient: d.key.Recipient(), Grants: make([]thread.Grant, len(d.grants))}
	for i, g := range d.grants {
		key.Grants[i] = thread.Grant{Person: g.Person, Sealed: sealedOf(g.Sealed)}
	}
	return key
}

// sealBody seals the content to an epoch's recipient, unless that was done.
func (d *draft) sealBody(e *thread.Entry, recipient string) error {
	if d.sealedTo != recipient || d.epoch != e.Epoch {
		body, err := seal.Body(recipient, bindingOf(e), d.content)
		if err != nil {
			return err
		}
		d.sealedTo, d.epoch, d.body = recipient, e.Epoch, body
	}
	s := sealedOf(d.body)
	e.Body = &s
	return nil
}

func sealedOf(b []byte) thread.Sealed { return thread.Sealed{Hash: note.Sum(b), Size: int64(len(b))} }
