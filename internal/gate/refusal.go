package gate

import (
	"context"
	"maps"
	"slices"
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
	// fill the ledger. The next one says how many came since.
	refusalLife = time.Minute
	// maxRefusals is how many kinds are counted at once. Beyond it each is recorded.
	maxRefusals = 10_000
)

// refusals of one kind.
type refusals struct {
	at    time.Time     // when one was last recorded, or began to be
	count int64         // that no record stands for
	last  ledger.Record // of these
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

// Limited records that a request was refused because there were too many: of one person, or of
// people without a session, who are zero.
func (g *Gate) Limited(ctx context.Context, who caller.Caller, from session.From) error {
	return g.counted(ctx, "limited "+string(who.Person), ledger.Record{Act: act.RequestLimit, Outcome: act.Deny, Person: who.Person,
		Organisation: who.Organisation, Session: who.Session, Request: from.Request, Assurance: who.Assurance,
		Source: sourceOf(who.Person, from.Source)})
}

// counted records a refusal of a kind, or counts it into the next record of its kind. That is made
// by the first refusal after refusalLife, or by RecordRefusals.
func (g *Gate) counted(ctx context.Context, kind string, record ledger.Record) error {
	count := g.count(kind, record)
	if count == 0 {
		return nil
	}
	return g.recordCounts(ctx, map[string]refusals{kind: {count: count, last: record}})
}

// count counts a refusal. It returns for how many a record is to be made now, 0 for none.
func (g *Gate) count(kind string, record ledger.Record) int64 {
	now := g.Store.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	past, known := g.refusals[kind]
	if !known && len(g.refusals) >= maxRefusals {
		return 1
	}
	past.count++
	past.last = record
	if known && now.Sub(past.at) < refusalLife {
		g.refusals[kind] = past
		return 0
	}
	// From here on others count on: there is one record, however many come before it is made.
	g.refusals[kind] = refusals{at: now}
	return past.count
}

// RecordRefusals records the refusals that were counted and that no record stands for. It is to be
// called each minute and at the end: those that come last in a burst must not be lost.
func (g *Gate) RecordRefusals(ctx context.Context) error { return g.recordCounts(ctx, g.takeCounts()) }

// takeCounts takes what was counted, and forgets the kinds of which none came.
func (g *Gate) takeCounts() map[string]refusals {
	now := g.Store.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	taken := map[string]refusals{}
	for kind, past := range g.refusals {
		switch age := now.Sub(past.at); {
		case past.count > 0:
			taken[kind] = past
			g.refusals[kind] = refusals{at: now}
		case age >= refusalLife || age < 0:
			delete(g.refusals, kind)
		}
	}
	return taken
}

// recordCounts records what was counted, all or nothing. What a failed commit lost is still counted.
func (g *Gate) recordCounts(ctx context.Context, all map[string]refusals) error {
	if len(all) == 0 {
		return nil
	}
	err := g.Store.Write(ctx, func(tx *store.Tx) error {
		for _, kind := range slices.Sorted(maps.Keys(all)) {
			record := all[kind].last
			record.Count = more(all[kind].count)
			if _, err := tx.Record(record); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for kind, lost := range all {
		past := g.refusals[kind]
		if past.count == 0 {
			past.last = lost.last
		}
		g.refusals[kind] = refusals{count: past.count + lost.count, last: past.last}
	}
	return err
}
