package gate

import (
	"context"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/authz"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/store"
	"varco/internal/thread"
)

// listingLife is how long a recorded list covers its refreshes, in one session.
const listingLife = time.Minute

// OpenCase opens a case with its first threads, or further threads in a case, all or nothing, and
// returns their receipts in order. The internal thread's links to them may come with them. The case's id and the threads' codes are drawn on the author's device, so that
// a retry is recognised.
func (g *Gate) OpenCase(ctx context.Context, who caller.Caller, req api.OpenCase) (api.Receipts, error) {
	arrivals, cards, err := g.unpack(ctx, who, req.Parcels)
	if err == nil {
		err = g.openings(arrivals)
	}
	if err != nil {
		return api.Receipts{}, g.malformed(ctx, who, act.CaseOpen, err)
	}
	var receipts []string
	err = g.through(ctx, who, func(d *desk) (err error) {
		receipts, err = d.open(req.Case, arrivals, cards)
		return err
	})
	return api.Receipts{Receipts: receipts}, err
}

// openings checks that entries open threads, on topics that there are, or note them in the internal
// thread; and that there is at most one of these.
func (g *Gate) openings(arrivals []arrival) error {
	internal := 0
	for _, a := range arrivals {
		o := a.entry.Opening
		switch {
		case a.entry.Kind == thread.Link:
		case o == nil:
			return fault.Refuse(fault.ClassMembership, "opening a case: an entry that opens no thread")
		case o.Side == thread.INPS && !g.Topics[o.Topic]:
			return fault.Refuse(fault.ClassForm, "opening a case: no topic %.20q", o.Topic)
		case o.Side == thread.Internal:
			internal++
		}
	}
	if internal > 1 {
		return fault.Refuse(fault.ClassDuplicate, "opening a case: two internal threads")
	}
	return nil
}

// open opens a case, or further threads in one that the caller knows whole: its internal thread
// says so. To everybody else a case that exists is denied as one that she may not open.
func (d *desk) open(id ids.Case, arrivals []arrival, cards thread.Cards) ([]string, error) {
	first, used, err := d.replay(arrivals)
	if first != nil || err != nil {
		return first, err
	}
	cs, err := d.folder(id)
	if err != nil {
		return nil, err
	}
	rulings := make([]ruling, len(arrivals))
	for i, a := range arrivals {
		if rulings[i], err = d.mayJoin(a, cs); err != nil {
			return nil, err
		}
		if err := cs.add(a, d.who.Organisation); err != nil {
			return nil, d.refuse(rulings[i], err)
		}
	}
	steps, err := d.follow(rulings, arrivals, cs.threads, cards)
	if err != nil {
		return nil, err
	}
	if err := d.unused(arrivals, used); err != nil {
		return nil, d.refuse(rulings[0], err)
	}
	if !cs.exists {
		if err := d.PutCase(store.Case{ID: id, Centre: d.who.Organisation}); err != nil {
			return nil, err
		}
	}
	return d.write(steps)
}

// aboutTarget states with whom a thread is to be opened.
func (d *desk) aboutTarget(f *authz.Facts, o *thread.Opening) error {
	f.Target = o.With
	if o.Side == thread.Internal {
		f.Target = d.who.Organisation
	}
	target, found, err := d.Organisation(f.Target)
	if err != nil {
		return err
	}
	if found {
		f.TargetKind = target.Kind
	}
	f.AgreementInForce, err = d.Agree(d.who.Organisation, f.Target, d.Now)
	return err
}

// seats checks that members may have their seats today: the state machine asks the roster that the
// author had seen, which may not be the newest.
func (d *desk) seats(members []thread.Member, cards thread.Cards) error {
	for _, m := range members {
		book, err := d.book(m.Organisation)
		if err != nil {
			return err
		}
		if err := book.Admits(cards[m.Card], d.Now); err != nil {
			return err
		}
		if !book.SeatAt(m.Person, d.Now).Has(thread.RolesFor(m.Seat)...) {
			return fault.Refuse(fault.ClassMembership, "seating a member: %s has no role for the seat %s", m.Person, m.Seat)
		}
	}
	return nil
}

// ListCases lists the threads that the caller may read, the newest first. What a policy
// does not let her read is not on the list. One record covers a minute's refreshes, which
// don't ask the writer.
func (g *Gate) ListCases(ctx context.Context, who caller.Caller) (api.Cases, error) {
	list, covered, err := g.refresh(ctx, who)
	if err != nil || covered {
		return list, err
	}
	err = g.through(ctx, who, func(d *desk) error {
		// That she may list what is hers is decided as that she may read of herself.
		r, err := d.own(act.PersonRead)
		if err != nil {
			return err
		}
		if r.facts, err = d.facts(act.CaseList); err != nil {
			return err
		}
		if list, err = d.list(&r); err != nil {
			return err
		}
		due, err := d.ListingDue(who.Session, listingLife)
		if err != nil || !due {
			return err
		}
		_, err = d.allow(r, nil)
		return err
	})
	return list, err
}

// refresh lists from a snapshot when a record of the session covers it. What would be denied
// is not covered: the writer records it.
func (g *Gate) refresh(ctx context.Context, who caller.Caller) (list api.Cases, covered bool, err error) {
	err = g.Store.Read(ctx, func(tx *store.Tx) error {
		d := g.desk(tx, who)
		if covered, err = d.ListingCovered(who.Session, listingLife); err != nil || !covered {
			return err
		}
		r := ruling{}
		if r.facts, err = d.facts(act.PersonRead); err != nil {
			return err
		}
		if covered = g.Policies.Decide(r.facts).Allow; !covered {
			return nil
		}
		r.facts.Act = act.CaseList
		list, err = d.list(&r)
		return err
	})
	return list, covered, err
}

// list lists what the policies let the caller read, and adds those that decided to the ruling.
func (d *desk) list(r *ruling) (api.Cases, error) {
	list := api.Cases{Threads: []api.Listed{}}
	threads, err := d.ThreadsOf(d.who.Person)
	if err != nil {
		return list, err
	}
	book, err := d.book(d.who.Organisation)
	if err != nil {
		return list, err
	}
	for _, th := range threads {
		f := r.facts
		f.Thread = th.ID
		aboutState(&f, &th.State, book, d)
		decision := d.gate.Policies.Decide(f)
		if decision.Allow {
			list.Threads = append(list.Threads, listed(th, f.Seat))
			r.decision.Policies = union(r.decision.Policies, decision.Policies)
		}
	}
	return list, nil
}

// union keeps each policy once, however many threads there are.
func union(a, b []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(a, b))))
}

func listed(th store.Thread, seat act.Seat) api.Listed {
	l := api.Listed{Thread: th.ID, Side: string(th.State.Side), Centre: th.State.Centre, With: th.State.With,
		Topic: th.State.Topic, Urgency: th.State.Urgency, Seat: seat, Entries: th.State.Next, OpenedAt: th.OpenedAt,
		LastAt: th.LastAt, LastSeat: th.LastSeat, TurnAt: th.TurnAt}
	l.Phase, l.Waits, l.Outcome, l.Due = string(th.State.Status.Phase), th.State.Status.Waits, th.State.Status.Outcome,
		string(th.State.Due)
	if closed := th.State.ClosedAt(); !closed.IsZero() {
		l.ClosedAt = &closed
	}
	if seat == act.SeatCentre {
		l.Case = th.Case
	}
	return l
}
