package gate

import (
	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/store"
	"varco/internal/thread"
)

// folder is a case in which threads are opened, as it is and as the entries before have left it.
type folder struct {
	id     ids.Case
	exists bool
	inside store.Thread // its internal thread; the zero Thread while it has none
	// threads that entries of this act go to, and of those that it opens what their openings say.
	threads map[ids.Thread]store.Thread
	opened  map[ids.Thread]thread.State
}

// folder looks up a case and its internal thread. For one that does not exist the same statements
// run.
func (d *desk) folder(id ids.Case) (*folder, error) {
	cs := &folder{id: id, threads: map[ids.Thread]store.Thread{}, opened: map[ids.Thread]thread.State{}}
	var err error
	if _, cs.exists, err = d.Case(id); err != nil {
		return nil, err
	}
	threads, err := d.ThreadsIn(id)
	for _, th := range threads {
		if th.State.Side == thread.Internal {
			cs.inside = th
		}
	}
	return cs, err
}

// mayJoin decides whether the caller may add an entry to a case: open a thread in it, or note one
// in the internal thread.
func (d *desk) mayJoin(a arrival, cs *folder) (ruling, error) {
	if a.entry.Opening == nil {
		return d.mayNote(a, cs)
	}
	asked := act.CaseOpen
	if cs.exists {
		asked = act.CaseExtend
	}
	f, err := d.facts(asked)
	if err != nil {
		return ruling{}, err
	}
	f.Thread = a.entry.Thread
	if cs.exists {
		book, err := d.book(f.Organisation)
		if err != nil {
			return ruling{}, err
		}
		aboutState(&f, &cs.inside.State, book, d)
	}
	if err := d.aboutTarget(&f, a.entry.Opening); err != nil {
		return ruling{}, err
	}
	return d.decide(f, string(a.entry.Thread))
}

// mayNote decides whether the caller may write a link: to the case's internal thread, which the same
// act may open. Of a thread that is still to be opened, its opening says who is in it.
func (d *desk) mayNote(a arrival, cs *folder) (ruling, error) {
	state, opened := cs.opened[a.entry.Thread]
	if !opened {
		r, th, err := d.mayAppend(a)
		cs.threads[a.entry.Thread] = th
		return r, err
	}
	f, err := d.facts(act.EntryAppend)
	if err != nil {
		return ruling{}, err
	}
	book, err := d.book(f.Organisation)
	if err != nil {
		return ruling{}, err
	}
	f.Thread, f.EntryKind = a.entry.Thread, string(a.entry.Kind)
	aboutState(&f, &state, book, d)
	return d.decide(f, string(a.entry.Thread))
}

// add takes a permitted entry into the case.
func (cs *folder) add(a arrival, centre ids.Organisation) error {
	id, o := a.entry.Thread, a.entry.Opening
	if o == nil {
		if cs.threads[id].Case != cs.id {
			return fault.Refuse(fault.ClassMembership, "opening a case: a link in the thread of another case")
		}
		return nil
	}
	if _, twice := cs.opened[id]; twice {
		return fault.Refuse(fault.ClassDuplicate, "opening a case: a thread's code is used twice")
	}
	cs.opened[id] = thread.State{Thread: id, Side: o.Side, Centre: centre, With: o.With, Members: a.entry.Members}
	cs.threads[id] = store.Thread{Case: cs.id}
	return nil
}
