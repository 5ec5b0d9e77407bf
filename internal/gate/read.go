package gate

import (
	"context"
	"slices"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

// ReadThread serves entries of a thread. An officer says why she opens it; the opening
// lasts for OpeningLife in her session. The reading is recorded with the head of what is
// served before anything is read: a chain only grows, so its head says what was served.
func (g *Gate) ReadThread(ctx context.Context, who caller.Caller, id ids.Thread, req api.Read) (api.Page, error) {
	if req.From < 0 || req.Limit < 1 || req.Limit > api.MaxPage || req.Reason != "" && !req.Reason.Known() {
		return api.Page{}, fault.New(fault.Invalid, "reading a thread: from, limit or reason out of range")
	}
	page := api.Page{Thread: id}
	until := req.From
	err := g.through(ctx, who, func(d *desk) (err error) {
		until, err = d.read(&page, req)
		return err
	})
	if err != nil {
		return api.Page{}, err
	}
	err = g.Store.Read(ctx, func(tx *store.Tx) error { return g.fill(tx, &page, who.Person, req.From, until) })
	return page, err
}

// read decides and records a reading, and keeps the officer's opening. It returns up to which
// sequence is served: what is too much for one page is asked for by the next reading.
func (d *desk) read(page *api.Page, req api.Read) (until int64, err error) {
	f, err := d.facts(act.ThreadRead)
	if err != nil {
		return 0, err
	}
	f.Reason = req.Reason
	if f.Reason == "" {
		if f.Reason, err = d.Opening(d.who.Session, page.Thread); err != nil {
			return 0, err
		}
	}
	th, err := d.aboutThread(&f, page.Thread)
	if err != nil {
		return 0, err
	}
	r, err := d.decide(f, string(page.Thread))
	if err != nil {
		return 0, err
	}
	page.Next, page.Head = th.State.Next, th.State.Head
	span, err := d.Span(page.Thread, req.From, min(req.From+int64(req.Limit), page.Next), api.MaxPageBytes)
	if err != nil {
		return 0, err
	}
	until = req.From + span.Count
	if _, err := d.allow(r, func(record *ledger.Record) {
		record.Size, record.Head = span.Size, orZero(span.Head)
		record.From, record.Until = served(req.From, until)
	}); err != nil {
		return 0, err
	}
	if req.Reason == "" || f.Kind != act.INPS {
		return until, nil
	}
	return until, d.PutOpening(d.who.Session, page.Thread, req.Reason, d.Now.Add(OpeningLife))
}

// fill reads what was recorded as served.
func (g *Gate) fill(tx *store.Tx, page *api.Page, person ids.Person, from, until int64) error {
	entries, err := tx.Entries(page.Thread, from, until)
	if err != nil {
		return err
	}
	grants, err := tx.GrantsTo(person, page.Thread, from, until)
	if err != nil {
		return err
	}
	own := map[ids.Entry][]api.Grant{}
	for _, g := range grants {
		own[g.Entry] = append(own[g.Entry], api.Grant{Person: g.Person, Epoch: g.Epoch, Sealed: g.Sealed})
	}
	page.Entries = make([]api.Served, len(entries))
	for i, e := range entries {
		page.Entries[i] = api.Served{Header: e.Header, Receipt: e.Receipt, Body: e.Body, Grants: own[e.ID]}
	}
	page.Cards, err = g.cardNotes(tx, entries)
	return err
}

// cardNotes returns the cards that entries name with those that they succeed, each once and
// after the one that it succeeds.
func (g *Gate) cardNotes(tx *store.Tx, entries []store.Entry) ([]string, error) {
	notes := []string{}
	seen := map[note.Hash]bool{}
	var add func(c *card.Signed)
	add = func(c *card.Signed) {
		if c == nil || seen[c.Hash] {
			return
		}
		add(c.Predecessor())
		seen[c.Hash] = true
		notes = append(notes, string(c.Note()))
	}
	for _, e := range entries {
		for kept := range slices.Chunk(e.Cards, len(note.Hash{})) {
			h := orZero(kept)
			if seen[h] {
				continue
			}
			c, err := g.card(tx, h)
			if err != nil {
				return nil, err
			}
			add(c)
		}
	}
	return notes, nil
}
