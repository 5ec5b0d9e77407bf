package gate

import (
	"context"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/authz"
	"varco/internal/caller"
	"varco/internal/card"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/thread"
)

// maxAhead is how far an author's clock may be ahead. The further, the longer an entry could
// be kept back before it is admitted: the state machine reads no clock.
const maxAhead = 5 * time.Minute

// maxAheadLeaving is the same for a recusal, which a wrong clock must not stop: a day, so that a
// wrong time zone or date line does not. One that is kept back can only follow the entry that it
// names, and does what its author wanted.
const maxAheadLeaving = 24 * time.Hour

// arrival is a parcel whose form, signature and envelopes were checked.
type arrival struct {
	api.Parcel
	entry *thread.Entry
}

// AppendEntry appends entries to threads, all of them or none, and returns their receipts
// in order. An entry that was appended before, by the same author, gets its first receipt.
func (g *Gate) AppendEntry(ctx context.Context, who caller.Caller, req api.Append) (api.Receipts, error) {
	arrivals, cards, err := g.unpack(ctx, who, req.Parcels)
	if err == nil {
		err = g.outcomes(arrivals)
	}
	if err != nil {
		return api.Receipts{}, g.malformed(ctx, who, act.EntryAppend, err)
	}
	var receipts []string
	err = g.through(ctx, who, func(d *desk) (err error) {
		receipts, err = d.appendAll(arrivals, cards, req.While)
		return err
	})
	return api.Receipts{Receipts: receipts}, err
}

// outcomes checks that entries state only outcomes that there are: the field is for the service to
// read, and no place for anything else.
func (g *Gate) outcomes(arrivals []arrival) error {
	for _, a := range arrivals {
		if s := a.entry.Status; s != nil && s.Outcome != "" && !g.Outcomes[s.Outcome] {
			return fault.Refuse(fault.ClassForm, "stating how the thread stands: no such outcome")
		}
	}
	return nil
}

// step is one entry that may follow: what decided it and what the thread then adds up to.
type step struct {
	arrival
	ruling ruling
	cs     ids.Case
	before []thread.Member
	next   thread.State
	seat   act.Seat // of the author
}

func (d *desk) appendAll(arrivals []arrival, cards thread.Cards, while *api.End) ([]string, error) {
	first, used, err := d.replay(arrivals)
	if first != nil || err != nil {
		return first, err
	}
	threads := map[ids.Thread]store.Thread{}
	rulings := make([]ruling, len(arrivals))
	for i, a := range arrivals {
		if rulings[i], threads[a.entry.Thread], err = d.mayAppend(a); err != nil {
			return nil, err
		}
	}
	steps, err := d.follow(rulings, arrivals, threads, cards)
	if err != nil {
		return nil, err
	}
	if err := d.unmoved(rulings[0], while); err != nil {
		return nil, err
	}
	if err := d.unused(arrivals, used); err != nil {
		return nil, d.refuse(rulings[0], err)
	}
	return d.write(steps)
}

// mayAppend decides whether the caller may append an entry of its kind to its thread.
func (d *desk) mayAppend(a arrival) (ruling, store.Thread, error) {
	f, err := d.facts(act.EntryAppend)
	if err != nil {
		return ruling{}, store.Thread{}, err
	}
	f.EntryKind = string(a.entry.Kind)
	th, err := d.aboutThread(&f, a.entry.Thread)
	if err != nil {
		return ruling{}, th, err
	}
	if err := d.aboutMembers(&f, a.entry, &th.State); err != nil {
		return ruling{}, th, err
	}
	r, err := d.decide(f, string(a.entry.Thread))
	return r, th, err
}

// aboutMembers states whom an entry brings into a thread, and whether there is an agreement for it.
func (d *desk) aboutMembers(f *authz.Facts, e *thread.Entry, s *thread.State) error {
	if e.Kind != thread.Members {
		return nil
	}
	for _, m := range e.Members {
		f.Brings = f.Brings || m.Organisation != f.Organisation && s.Member(m.Person) == nil
	}
	var err error
	f.AgreementInForce, err = d.Agree(f.Organisation, s.With, d.Now)
	return err
}

// replay answers a retry with the first receipts, if all entries were appended by the
// caller before. It comes before the decision, since it tells her only what she was told:
// who has recused is no member any more, and must still learn that it was recorded. It also
// returns which of the ids are used.
func (d *desk) replay(arrivals []arrival) (receipts []string, used map[ids.Entry]bool, err error) {
	used = map[ids.Entry]bool{}
	for _, a := range arrivals {
		kept, found, err := d.Receipt(a.entry.ID)
		if err != nil {
			return nil, nil, err
		}
		used[a.entry.ID] = found
		if found && kept.Author == d.who.Person && kept.Thread == a.entry.Thread {
			receipts = append(receipts, kept.Receipt)
		}
	}
	if len(receipts) < len(arrivals) {
		return nil, used, nil
	}
	return receipts, used, nil
}

// follow asks the state machine whether permitted entries may follow, each after the one
// before. It writes nothing but the record of a refusal.
func (d *desk) follow(rulings []ruling, arrivals []arrival, threads map[ids.Thread]store.Thread,
	cards thread.Cards) ([]step, error) {
	steps := make([]step, len(arrivals))
	attached := map[ids.Blob]bool{}
	for i, a := range arrivals {
		th := threads[a.entry.Thread]
		next, err := d.apply(a.entry, &th.State, cards)
		if err != nil {
			return nil, d.conflict(d.refuse(rulings[i], err), a.entry, &th.State)
		}
		if err := d.blobs(a, attached); err != nil {
			return nil, d.refuse(rulings[i], err)
		}
		steps[i] = step{a, rulings[i], th.Case, th.State.Members, next, seatOf(a.entry.Author, &th.State, &next)}
		th.State = next
		threads[a.entry.Thread] = th
	}
	return steps, nil
}

// unused checks that the ids of entries and the codes of new threads are new. It comes last, so that
// whoever has heard one learns that it exists only by an act that would have been done otherwise:
// right in every form and place, in her name and on the record. Which of them it is, it does not say.
func (d *desk) unused(arrivals []arrival, used map[ids.Entry]bool) error {
	duplicate := false
	for _, a := range arrivals {
		duplicate = duplicate || used[a.entry.ID]
		used[a.entry.ID] = true
		if a.entry.Opening == nil {
			continue
		}
		_, found, err := d.Thread(a.entry.Thread)
		if err != nil {
			return err
		}
		duplicate = duplicate || found
	}
	if duplicate {
		return fault.Refuse(fault.ClassDuplicate, "appending entries: an id of an entry or thread was used before")
	}
	return nil
}

// apply asks everything that an entry must answer to follow: its clock, the state machine, who its
// people were by the roster that its author had seen, and who they are today.
func (d *desk) apply(e *thread.Entry, s *thread.State, cards thread.Cards) (thread.State, error) {
	ahead := maxAhead
	if e.Kind == thread.Recuse {
		ahead = maxAheadLeaving
	}
	if e.Time.After(d.Now.Add(ahead)) {
		return *s, fault.Refuse(fault.ClassLate, "appending an entry: its author's clock is ahead")
	}
	if err := d.cardBefore(e, s, cards); err != nil {
		return *s, err
	}
	next, err := s.Apply(e, cards, d.Now)
	if err != nil {
		return next, err
	}
	if err := d.vouch(e, s, &next, cards); err != nil {
		return next, err
	}
	return next, d.seats(next.Receive(s, e), cards)
}

// cardBefore adds the card that a member has before a grant, which does not name it.
func (d *desk) cardBefore(e *thread.Entry, s *thread.State, cards thread.Cards) error {
	if e.Giving == nil || s.Member(e.Giving.Person) == nil {
		return nil
	}
	hash := s.Member(e.Giving.Person).Card
	c, err := d.gate.card(d.Tx, hash)
	cards[hash] = c
	return err
}

// vouch asks the rosters what every client will ask them when it is served the entry.
func (d *desk) vouch(e *thread.Entry, before, next *thread.State, cards thread.Cards) error {
	var failed error
	books := func(id ids.Organisation) *card.Book {
		book, err := d.book(id)
		if err != nil {
			failed = err
			return nil
		}
		return book
	}
	err := next.Vouch(before, e, cards, books, d.Now)
	return orErr(failed, err)
}

// seatOf is the author's seat before the entry, or after it if it opened the thread.
func seatOf(author ids.Person, before, after *thread.State) act.Seat {
	if m := before.Member(author); m != nil {
		return m.Seat
	}
	return after.Member(author).Seat
}

// write records entries that may follow, gives each its receipt, and keeps them.
func (d *desk) write(steps []step) ([]string, error) {
	receipts := make([]string, len(steps))
	for i, s := range steps {
		size, hash := s.size(), s.entry.Hash()
		leaf, err := d.allow(s.ruling, func(r *ledger.Record) {
			r.Entry, r.Size, r.Hash, r.Head = s.entry.ID, size, hash, hash
		})
		if err != nil {
			return nil, err
		}
		receipt, err := ledger.Receipt{Log: d.gate.Log.Name(), Thread: s.entry.Thread, Entry: s.entry.ID, Header: hash,
			Leaf: leaf, AdmittedAt: d.Now}.Sign(d.gate.Log)
		if err != nil {
			return nil, err
		}
		receipts[i] = string(receipt)
		if err := d.keep(s, store.Entry{ID: s.entry.ID, Thread: s.entry.Thread, Sequence: s.entry.Sequence,
			Author: s.entry.Author, Header: s.Header, Hash: hash[:], Cards: s.cards(), Body: s.Body, Size: size, Receipt: receipts[i],
			Leaf: leaf, AtMS: d.Now.UnixMilli()}); err != nil {
			return nil, err
		}
		if err := d.PutNotices(s.entry.Thread, s.entry.Author, leaf); err != nil {
			return nil, err
		}
	}
	return receipts, nil
}

func (d *desk) keep(s step, e store.Entry) error {
	if err := d.PutThread(s.cs, s.next, s.seat); err != nil {
		return err
	}
	if !slices.Equal(s.before, s.next.Members) {
		if err := d.PutMembers(s.next.Thread, s.next.Members); err != nil {
			return err
		}
	}
	given := s.entry.Given()
	grants := make([]store.Grant, len(given))
	for i, g := range given {
		grants[i] = store.Grant{Entry: s.entry.ID, Person: g.Person, Epoch: g.Epoch, Sealed: s.Grants[i].Sealed}
	}
	if err := d.PutEntry(e, grants); err != nil {
		return err
	}
	return d.bind(s.arrival)
}

// cards is how the cards that the header names are kept.
func (a *arrival) cards() []byte {
	var kept []byte
	for _, h := range a.entry.Names() {
		kept = append(kept, h[:]...)
	}
	return kept
}

func (a *arrival) size() int64 {
	size := int64(len(a.Header) + len(a.Body))
	for _, g := range a.Grants {
		size += int64(len(g.Sealed))
	}
	return size
}

// unpack checks all that needs no facts: forms, authorship, signatures, envelopes.
func (g *Gate) unpack(ctx context.Context, who caller.Caller, parcels []api.Parcel) ([]arrival, thread.Cards, error) {
	if len(parcels) == 0 || len(parcels) > api.MaxParcels {
		return nil, nil, fault.New(fault.Invalid, "unpacking entries: %d of them, want 1 to %d", len(parcels), api.MaxParcels)
	}
	arrivals := make([]arrival, len(parcels))
	for i, p := range parcels {
		e, err := thread.Parse([]byte(p.Header))
		if err != nil {
			return nil, nil, err
		}
		if e.Author != who.Person {
			return nil, nil, fault.Refuse(fault.ClassMembership, "unpacking an entry: its author is somebody else")
		}
		arrivals[i] = arrival{p, e}
		if err := arrivals[i].check(); err != nil {
			return nil, nil, err
		}
	}
	cards, err := g.cardsOf(ctx, arrivals)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range arrivals {
		if err := a.entry.Verify([]byte(a.Header), cards[a.entry.Card]); err != nil {
			return nil, nil, err
		}
	}
	return arrivals, cards, nil
}

// cardsOf looks up the cards that the entries name.
func (g *Gate) cardsOf(ctx context.Context, arrivals []arrival) (thread.Cards, error) {
	cards := thread.Cards{}
	err := g.Store.Read(ctx, func(tx *store.Tx) error {
		for _, a := range arrivals {
			for _, h := range a.entry.Names() {
				c, err := g.card(tx, h)
				if err != nil {
					return err
				}
				cards[h] = c
			}
		}
		return nil
	})
	return cards, err
}

// check compares what travels beside the header with what the header says of it.
func (a *arrival) check() error {
	missing := func(what string) error {
		return fault.Refuse(fault.ClassMissing, "unpacking an entry: %s is not what its header says", what)
	}
	if (a.entry.Body == nil) != (a.Body == nil) {
		return missing("its body")
	}
	if a.entry.Body != nil {
		if !fits(a.Body, *a.entry.Body) {
			return missing("its body")
		}
		if err := envelope.Check(a.Body); err != nil {
			return err
		}
	}
	if a.entry.Key != nil {
		if err := envelope.CheckRecipient(a.entry.Key.Recipient); err != nil {
			return err
		}
	}
	promised := a.entry.Given()
	if len(promised) != len(a.Grants) {
		return missing("a grant")
	}
	for i, g := range promised {
		if a.Grants[i].Person != g.Person || a.Grants[i].Epoch != g.Epoch || !fits(a.Grants[i].Sealed, g.Sealed) {
			return missing("a grant")
		}
		if err := envelope.CheckGrant(a.Grants[i].Sealed); err != nil {
			return err
		}
	}
	return nil
}

func fits(b []byte, s thread.Sealed) bool { return int64(len(b)) == s.Size && note.Sum(b) == s.Hash }
