package gate

import (
	"context"
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/store"
	"varco/internal/thread"
)

// listingLife is how long a recorded list covers its refreshes, in one session.
const listingLife = time.Minute

// OpenCase opens a case with its first threads, all or nothing, and returns their receipts
// in order. The case's id and the threads' codes are drawn on the author's device, so that
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

// openings checks that all entries open threads, on topics that there are.
func (g *Gate) openings(arrivals []arrival) error {
	for _, a := range arrivals {
		if a.entry.Opening == nil {
			return fault.Refuse(fault.ClassMembership, "opening a case: an entry that opens no thread")
		}
		if a.entry.Opening.Side == thread.INPS && !g.Topics[a.entry.Opening.Topic] {
			return fault.Refuse(fault.ClassForm, "opening a case: no topic %.20q", a.entry.Opening.Topic)
		}
	}
	return nil
}

func (d *desk) open(id ids.Case, arrivals []arrival, cards thread.Cards) ([]string, error) {
	if first, err := d.replay(arrivals); first != nil || err != nil {
		return first, err
	}
	rulings := make([]ruling, len(arrivals))
	for i, a := range arrivals {
		var err error
		if rulings[i], err = d.mayOpen(a); err != nil {
			return nil, err
		}
	}
	threads, err := d.unopened(id, rulings, arrivals, cards)
	if err != nil {
		return nil, err
	}
	steps, err := d.follow(rulings, arrivals, threads, cards)
	if err != nil {
		return nil, err
	}
	if err := d.unused(id, arrivals); err != nil {
		return nil, d.refuse(rulings[0], err)
	}
	if err := d.PutCase(store.Case{ID: id, Centre: d.who.Organisation}); err != nil {
		return nil, err
	}
	return d.write(steps)
}

// unused checks that the ids of a case and its threads are new. It comes last, so that whoever
// has heard a code learns that it exists only by opening a case of her own, right in every
// form, in her name and on the record.
func (d *desk) unused(id ids.Case, arrivals []arrival) error {
	_, found, err := d.Case(id)
	for _, a := range arrivals {
		if err != nil || found {
			break
		}
		_, found, err = d.Thread(a.entry.Thread)
	}
	if err == nil && found {
		return fault.Refuse(fault.ClassDuplicate, "opening a case: its id or a thread's code was used before")
	}
	return err
}

// unopened checks that the codes of the threads differ and that every member may have her
// seat. It writes nothing but the record of a refusal.
func (d *desk) unopened(id ids.Case, rulings []ruling, arrivals []arrival, cards thread.Cards) (map[ids.Thread]store.Thread, error) {
	used := fault.Refuse(fault.ClassDuplicate, "opening a case: a thread's code is used twice")
	threads := map[ids.Thread]store.Thread{}
	for i, a := range arrivals {
		if err := d.seats(a.entry, cards); err != nil {
			return nil, d.refuse(rulings[i], err)
		}
		if _, twice := threads[a.entry.Thread]; twice {
			return nil, d.refuse(rulings[i], used)
		}
		threads[a.entry.Thread] = store.Thread{Case: id}
	}
	return threads, nil
}

// mayOpen decides whether the caller may open a thread with the other side, for the centre
// alone with nobody's agreement.
func (d *desk) mayOpen(a arrival) (ruling, error) {
	f, err := d.facts(act.CaseOpen)
	if err != nil {
		return ruling{}, err
	}
	f.Target = a.entry.Opening.With
	if a.entry.Opening.Side == thread.Internal {
		f.Target = d.who.Organisation
	}
	target, found, err := d.Organisation(f.Target)
	if err != nil {
		return ruling{}, err
	}
	if found {
		f.TargetKind = target.Kind
	}
	if f.AgreementInForce, err = d.Agree(d.who.Organisation, f.Target, d.Now); err != nil {
		return ruling{}, err
	}
	return d.decide(f, string(a.entry.Thread))
}

// seats checks that every member may be given her seat today: the state machine asks the
// roster that the author had seen, which may not be the newest.
func (d *desk) seats(e *thread.Entry, cards thread.Cards) error {
	for _, m := range e.Members {
		book, err := d.book(m.Organisation)
		if err != nil {
			return err
		}
		c := cards[m.Card]
		if c.Person != m.Person {
			return fault.Refuse(fault.ClassSubstitute, "opening a thread: the card is not %s's", m.Person)
		}
		if err := book.Admits(c, d.Now); err != nil {
			return err
		}
		if !book.SeatAt(m.Person, d.Now).Has(thread.RolesFor(m.Seat)...) {
			return fault.Refuse(fault.ClassMembership, "opening a thread: %s has no role for the seat %s", m.Person, m.Seat)
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
		LastAt: th.LastAt, LastSeat: th.LastSeat}
	if seat == act.SeatCentre {
		l.Case = th.Case
	}
	return l
}
