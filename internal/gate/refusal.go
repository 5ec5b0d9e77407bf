package gate

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/session"
	"varco/internal/store"
)

const (
	// refusalLife is how long one record covers the refusals of one kind, so that refusing can't
	// fill the ledger. It says how many came since the one before.
	refusalLife = time.Minute
	// maxRefusals is how many kinds are counted at once. Beyond it each is recorded.
	maxRefusals = 10_000
)

// refusals of one kind: when one was last recorded, and how many came since.
type refusals struct {
	at    time.Time
	count int64
}

// malformed records that a caller sent what can't be an act of hers: a false signature, a
// header in somebody else's name, an envelope that is none. It is refused before any fact is
// looked at, so the record has no object.
func (g *Gate) malformed(ctx context.Context, who caller.Caller, a act.Act, cause error) error {
	if fault.KindOf(cause) != fault.Refused || who.IsZero() {
		return cause
	}
	class := fault.ClassOf(cause)
	err := g.counted(ctx, string(who.Session)+" "+string(a)+" "+string(class), ledger.Record{Act: a, Outcome: act.Refuse,
		Person: who.Person, Organisation: who.Organisation, Session: who.Session, Request: who.Request,
		Assurance: who.Assurance, Source: sourceOf(who.Person, who.Source), PolicySet: g.Policies.Hash(), Class: class})
	return orErr(err, cause)
}

// Limited records that requests were refused because there were too many: of one person, or of
// people without a session, who are zero. It stands for count of them.
func (g *Gate) Limited(ctx context.Context, who caller.Caller, from session.From, count int64) error {
	record := ledger.Record{Act: act.RequestLimit, Outcome: act.Deny, Person: who.Person, Organisation: who.Organisation,
		Session: who.Session, Request: from.Request, Assurance: who.Assurance, Source: sourceOf(who.Person, from.Source)}
	if count > 1 {
		record.Count = count
	}
	return g.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Record(record)
		return err
	})
}

// counted records a refusal of a kind, or counts it into the next record of its kind.
func (g *Gate) counted(ctx context.Context, kind string, record ledger.Record) error {
	var at time.Time
	err := g.Store.Write(ctx, func(tx *store.Tx) error {
		g.mu.Lock()
		past := g.refusals[kind]
		past.count++
		if len(g.refusals) < maxRefusals || !past.at.IsZero() {
			g.refusals[kind] = past
		}
		g.mu.Unlock()
		if !past.at.IsZero() && tx.Now.Sub(past.at) < refusalLife {
			return nil
		}
		if past.count > 1 {
			record.Count = past.count
		}
		at = tx.Now
		_, err := tx.Record(record)
		return err
	})
	if err != nil || at.IsZero() {
		return err
	}
	// Only now is it on the disk: what a failed commit lost is still counted.
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, counting := g.refusals[kind]; counting {
		g.refusals[kind] = refusals{at: at}
	}
	g.sweep(at)
	return nil
}

// sweep forgets the kinds whose last record is old and after which none came.
func (g *Gate) sweep(now time.Time) {
	if len(g.refusals) < maxRefusals/2 {
		return
	}
	for kind, past := range g.refusals {
		if past.count == 0 && now.Sub(past.at) >= refusalLife {
			delete(g.refusals, kind)
		}
	}
}
