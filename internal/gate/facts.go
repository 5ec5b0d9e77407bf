package gate

import (
	"time"

	"varco/internal/act"
	"varco/internal/authz"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/thread"
)

// facts says who asks: kind of organisation, roles and standing, by the verified rosters.
func (d *desk) facts(a act.Act) (authz.Facts, error) {
	f := authz.Facts{Act: a, Person: d.who.Person, Organisation: d.who.Organisation, Subject: d.who.Person}
	organisation, found, err := d.Organisation(f.Organisation)
	if err != nil {
		return f, err
	}
	if !found {
		return f, fault.New(fault.Internal, "stating the facts: the caller's organisation is missing")
	}
	f.Kind = organisation.Kind
	f.Fresh = d.Now.Sub(d.who.AuthenticatedAt) <= authz.FreshLife
	book, err := d.book(f.Organisation)
	if err != nil {
		return f, err
	}
	f.Steward = book.StewardAt(f.Person, d.Now)
	f.Enrolled = f.Steward
	latest := book.Latest()
	var seat *card.Seat
	if latest != nil {
		seat = latest.Seat(f.Person)
	}
	if seat == nil {
		f.Invited = !book.Named(f.Person) // somebody who was taken off is not invited again
		return f, nil
	}
	if seat.ValidAt(d.Now) {
		f.Roles = seat.Roles
	}
	c, err := d.gate.card(d.Tx, seat.Card)
	if err != nil {
		return f, err
	}
	f.Enrolled = f.Steward || book.Admits(c, d.Now) == nil
	return f, nil
}

// aboutThread adds what concerns a thread. For one that does not exist the same statements
// run, and what they don't find stays zero.
func (d *desk) aboutThread(f *authz.Facts, id ids.Thread) (store.Thread, error) {
	f.Thread = id
	th, found, err := d.Thread(id)
	if err != nil {
		return th, err
	}
	book, err := d.book(f.Organisation)
	if err != nil {
		return th, err
	}
	if found {
		aboutState(f, &th.State, book, d)
	}
	return th, nil
}

// aboutState states what a thread's state says of the caller.
func aboutState(f *authz.Facts, s *thread.State, book *card.Book, d *desk) {
	f.ThreadKind = string(s.Side)
	f.OwnCase = s.Centre == f.Organisation
	f.HolderGone = true
	if s.Closed() {
		f.ClosedDays = int64(d.Now.Sub(s.ClosedAt()) / (24 * time.Hour))
	}
	for _, m := range s.Members {
		if m.Seat == act.SeatHolder && m.Organisation == f.Organisation && holds(book, m.Person, d.Now) {
			f.HolderGone = false
			f.Substitutes = book.Substitutes(f.Person, m.Person, d.Now)
		}
	}
	if m := s.Member(f.Person); m != nil && m.Organisation == f.Organisation {
		f.Seat = m.Seat
	}
}

// book returns all that is verified of an organisation. One act asks whether there is more
// once: what it writes itself, it does not ask for again.
func (d *desk) book(organisation ids.Organisation) (*card.Book, error) {
	if book := d.books[organisation]; book != nil {
		return book, nil
	}
	book, err := d.gate.book(d.Tx, organisation)
	if err == nil {
		d.books[organisation] = book
	}
	return book, err
}

// holds reports whether a holder is still a designated officer of her office by the dates of
// her own line. Who has left without recusing must not leave the thread to nobody; that the
// whole roster has expired takes it from nobody.
func holds(office *card.Book, holder ids.Person, now time.Time) bool {
	latest := office.Latest()
	if latest == nil {
		return false
	}
	seat := latest.Seat(holder)
	return seat.Has(act.Officer) && seat.ValidAt(now)
}

// book returns all that is verified of an organisation, and reads it again when there is more.
func (g *Gate) book(tx *store.Tx, organisation ids.Organisation) (*card.Book, error) {
	edition, err := tx.Edition(organisation)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	cached, ok := g.books[organisation]
	g.mu.Unlock()
	if ok && cached.edition == edition {
		return cached.book, nil
	}
	book, err := g.readBook(tx, organisation)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	g.books[organisation] = edited{edition, book}
	g.mu.Unlock()
	return book, nil
}

// readBook verifies an organisation's cards and rosters from what is kept. What was
// admitted and does not verify now is a fault of ours, and stops everything that rests on it.
func (g *Gate) readBook(tx *store.Tx, organisation ids.Organisation) (*card.Book, error) {
	book := card.NewBook(organisation, g.Root)
	cards, err := tx.Cards(organisation)
	if err != nil {
		return nil, err
	}
	for _, c := range cards {
		if _, err := book.Publish([]byte(c.Note)); err != nil {
			return nil, fault.Wrap(fault.Internal, err, "reading a card that was admitted")
		}
	}
	rosters, err := tx.Rosters(organisation)
	if err != nil {
		return nil, err
	}
	for _, r := range rosters {
		if _, err := book.Add([]byte(r.Note)); err != nil {
			return nil, fault.Wrap(fault.Internal, err, "reading a roster that was admitted")
		}
	}
	return book, nil
}

// card returns an admitted card by its hash; one that was never admitted is untrusted.
func (g *Gate) card(tx *store.Tx, hash note.Hash) (*card.Signed, error) {
	g.mu.Lock()
	c := g.cards[hash]
	g.mu.Unlock()
	if c != nil {
		return c, nil
	}
	kept, found, err := tx.Card(hash)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.Refuse(fault.ClassUntrusted, "looking up a card: none with this hash was admitted")
	}
	c, err = g.readCard(tx, []byte(kept.Note))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "reading a card that was admitted")
	}
	if tx.Committed(kept.Leaf) { // or it could be known here and in no directory
		g.mu.Lock()
		g.cards[hash] = c
		g.mu.Unlock()
	}
	return c, nil
}
