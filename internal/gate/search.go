package gate

import (
	"context"
	"slices"
	"strings"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/store"
)

// SearchLedger serves the records that a search chooses, newest first, a page at a time. They
// are looked for in a snapshot, so that a long look keeps nobody from writing; the record of
// what was found is there before it is served.
func (g *Gate) SearchLedger(ctx context.Context, who caller.Caller, s api.Search) (api.Records, error) {
	wanted, object, err := searched(s)
	if err != nil {
		return api.Records{}, err
	}
	var found []store.Leaf
	looked := false
	if err := g.look(ctx, who, act.AuditRead, func(tx *store.Tx) error {
		looked = true
		found, err = tx.Search(wanted)
		return err
	}); err != nil {
		return api.Records{}, err
	}
	records := api.Records{Leaves: []api.Leaf{}}
	if int64(len(found)) == wanted.Limit {
		records.Before = found[len(found)-1].Index
	}
	for _, l := range found {
		records.Leaves = append(records.Leaves, leafOf(l))
	}
	err = g.through(ctx, who, func(d *desk) error {
		return d.audit(object, func(r *ledger.Record) {
			if len(found) > 0 {
				r.From, r.Until = found[len(found)-1].Index, found[0].Index+1
			}
		})
	})
	if err != nil {
		return api.Records{}, err
	}
	if !looked {
		return api.Records{}, fault.New(fault.Unavailable, "searching the ledger: permitted only since a moment ago")
	}
	return records, nil
}

// look reads in a snapshot for somebody whom the policies permit an act there. Whoever they
// don't is denied, and that is recorded, by going through the door afterwards.
func (g *Gate) look(ctx context.Context, who caller.Caller, a act.Act, read func(*store.Tx) error) error {
	if who.IsZero() {
		return nil
	}
	return g.Store.Read(ctx, func(tx *store.Tx) error {
		f, err := g.desk(tx, who).facts(a)
		if err != nil || !g.Policies.Decide(f).Allow {
			return err
		}
		return read(tx)
	})
}

// searched checks a search. The object is what its record says that it was about.
func searched(s api.Search) (wanted store.Search, object string, err error) {
	invalid := func(what string) (store.Search, string, error) {
		return store.Search{}, "", fault.New(fault.Invalid, "searching the ledger: %s out of range", what)
	}
	if s.Person != "" {
		if _, err := ids.ParsePerson(s.Person); err != nil {
			return invalid("person")
		}
	}
	if s.Object != "" && !ledger.IsObject(s.Object) {
		return invalid("object")
	}
	switch {
	case s.Act != "" && !slices.Contains(act.Acts, act.Act(s.Act)):
		return invalid("act")
	case s.Outcome != "" && !slices.Contains(act.Outcomes, act.Outcome(s.Outcome)):
		return invalid("outcome")
	case s.Limit < 1 || s.Limit > api.MaxLeaves:
		return invalid("limit")
	case s.Before < 0:
		return invalid("before")
	case !s.From.IsZero() && !s.Until.IsZero() && s.Until.Before(s.From):
		return invalid("until")
	}
	wanted = store.Search{Person: s.Person, Object: s.Object, Act: s.Act, Outcome: s.Outcome, Before: s.Before, Limit: s.Limit}
	if strings.HasPrefix(s.Object, "c-") {
		wanted.Object, wanted.Case = "", s.Object
	}
	if !s.From.IsZero() {
		wanted.FromMS = s.From.UnixMilli()
	}
	if !s.Until.IsZero() {
		wanted.UntilMS = s.Until.UnixMilli()
	}
	if object = s.Object; object == "" {
		object = s.Person
	}
	return wanted, object, nil
}
