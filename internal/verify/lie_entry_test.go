package verify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
	"varco/internal/verify/verifytest"
)

// admit records an entry that the state machine would refuse.
func (w *world) admit(e thread.Entry, by string) int64 {
	w.t.Helper()
	header, err := thread.Sign(e, w.People[by].Signer)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.Admit(e, header, by)
}

// message returns a message that may follow by anna, with a change.
func message(change func(*world, *thread.Entry)) func(*world) int64 {
	return func(w *world) int64 {
		e := w.Draft(w.th, "anna", thread.Message)
		change(w, &e)
		return w.admit(e, "anna")
	}
}

func TestLiesAboutEntries(t *testing.T) {
	new(world).tell(t, map[string]lie{
		"the next":      {message(func(*world, *thread.Entry) {}), ""},
		"by no member":  {func(w *world) int64 { return w.admit(w.Draft(w.th, "berta", thread.Message), "berta") }, fault.ClassMembership},
		"one left out":  {message(func(_ *world, e *thread.Entry) { e.Sequence++ }), fault.ClassSequence},
		"after another": {message(func(_ *world, e *thread.Entry) { e.Previous[0]++ }), fault.ClassFork},
		"of a thread that was never opened": {message(func(_ *world, e *thread.Entry) {
			e.Thread = ids.NewThread(cardtest.Rand("never"))
		}), fault.ClassSequence},
		"in another epoch": {message(func(_ *world, e *thread.Entry) { e.Epoch++ }), fault.ClassEpoch},
		"admitted too late": {message(func(_ *world, e *thread.Entry) {
			e.NotAfter = e.Time.Add(-time.Second)
			e.Time = e.NotAfter
		}), fault.ClassLate},
		"an id used before": {message(func(w *world, e *thread.Entry) {
			e.ID = ids.NewEntry(cardtest.Rand("the thread, draft 1"))
		}), fault.ClassDuplicate},
		"by who recused": {func(w *world) int64 {
			w.Say(w.th, "carla", thread.Recuse)
			e := w.Draft(w.th, "carla", thread.Rekey)
			return w.admit(e, "carla")
		}, fault.ClassMembership},
		"one forgotten": {func(w *world) int64 {
			w.Say(w.th, "carla", thread.Message)
			w.Leaves = w.Leaves[:w.last()]
			return w.Say(w.th, "anna", thread.Message)
		}, fault.ClassSequence},
		"a second opening": {func(w *world) int64 {
			other := w.New("the thread")
			other.Now = w.Now
			e := other.Opening("anna", thread.Internal, "anna centre")
			e.ID = ids.NewEntry(cardtest.Rand("second"))
			return w.admit(e, "anna")
		}, fault.ClassSequence},

		"no roster":         {message(func(_ *world, e *thread.Entry) { e.Rosters = nil }), fault.ClassMissing},
		"a roster left out": {message(func(_ *world, e *thread.Entry) { e.Rosters[0].Version++ }), fault.ClassMissing},
		"another roster":    {message(func(_ *world, e *thread.Entry) { e.Rosters[0].Hash[0]++ }), fault.ClassFork},
		"a roster of nobody": {message(func(_ *world, e *thread.Entry) {
			e.Rosters[0].Organisation = cardtest.Organisation("none")
		}), fault.ClassMembership},
		"signed by another": {func(w *world) int64 { return w.admit(w.Draft(w.th, "anna", thread.Message), "bruna") },
			fault.ClassSignature},
		"by a card that nobody published": {message(func(w *world, e *thread.Entry) {
			e.Card = cardtest.New(w.t, "mallory", threadtest.Centre).Hash
		}), fault.ClassMissing},
		"by another's card": {message(func(w *world, e *thread.Entry) { e.Card = w.People["bruna"].Hash }), fault.ClassSubstitute},
		"under way when the roster took her off": {func(w *world) int64 {
			e := w.Draft(w.th, "carla", thread.Message)
			w.Endorse(threadtest.Office, "dora")
			return w.admitAs(e, "carla")
		}, ""},
		"long after the roster took her off": {func(w *world) int64 {
			old := w.Rosters[threadtest.Office].Latest().Seen()
			w.Endorse(threadtest.Office, "dora")
			w.Now = w.Now.Add(20 * time.Minute)
			e := w.Draft(w.th, "carla", thread.Message)
			e.Rosters = []thread.Seen{old}
			return w.admitAs(e, "carla")
		}, fault.ClassUntrusted},
	})
}

// admitAs records an entry of somebody whose roles the record does not tell.
func (w *world) admitAs(e thread.Entry, by string) int64 {
	leaf := w.admit(e, by)
	w.Rewrite(leaf, func(r *ledger.Record) { r.Roles = nil })
	return leaf
}

func TestLiesAboutMembers(t *testing.T) {
	// open opens a thread of some members.
	open := func(change func(*world, *thread.Entry)) func(*world) int64 {
		return func(w *world) int64 {
			th := w.New("another thread")
			e := w.Opening(th, "anna centre", "carla holder")
			change(w, &e)
			slices.SortFunc(e.Members, func(a, b thread.Member) int { return strings.Compare(string(a.Person), string(b.Person)) })
			e.Key = th.Key("key", e.Members)
			return w.admit(e, "anna")
		}
	}
	holder := func(e *thread.Entry) *thread.Member {
		return &e.Members[slices.IndexFunc(e.Members, func(m thread.Member) bool { return m.Seat == act.SeatHolder })]
	}
	be := func(m *thread.Member, p cardtest.Person) { m.Person, m.Card = p.Person, p.Hash }
	new(world).tell(t, map[string]lie{
		"lawful": {open(func(*world, *thread.Entry) {}), ""},
		"a holder whose card nobody published": {open(func(w *world, e *thread.Entry) {
			be(holder(e), cardtest.New(w.t, "mallory", threadtest.Office))
		}), fault.ClassMissing},
		"a holder on no roster": {open(func(w *world, e *thread.Entry) {
			accomplice := cardtest.New(w.t, "mallory", threadtest.Office)
			w.Publish(accomplice)
			be(holder(e), accomplice)
		}), fault.ClassUntrusted},
		"a holder who is no officer": {open(func(w *world, e *thread.Entry) {
			w.EndorseSeats(threadtest.Office, w.People["carla"].Seat(act.Manager))
			e.Rosters = w.Seen(w.People["anna"].Organisation, w.People["carla"].Organisation)
		}), fault.ClassMembership},
		"another's card": {open(func(w *world, e *thread.Entry) { holder(e).Card = w.People["dora"].Hash }), fault.ClassSubstitute},
		"an officer of another office": {open(func(_ *world, e *thread.Entry) {
			e.Opening.With = cardtest.Organisation(threadtest.Association)
		}), fault.ClassMembership},
	})
}

func TestLiesAboutReceipts(t *testing.T) {
	receipt := func(change func(*ledger.Receipt)) func(*world) int64 {
		return func(w *world) int64 {
			leaf := w.Say(w.th, "anna", thread.Message)
			r, err := ledger.OpenReceipt([]byte(w.Leaves[leaf].Receipt), verifytest.Trust().Log)
			if err != nil {
				w.t.Fatal(err)
			}
			change(&r)
			msg, err := r.Sign(verifytest.Signer())
			if err != nil {
				w.t.Fatal(err)
			}
			w.Leaves[leaf].Receipt = string(msg)
			return leaf
		}
	}
	new(world).tell(t, map[string]lie{
		"right":          {receipt(func(*ledger.Receipt) {}), ""},
		"another leaf":   {receipt(func(r *ledger.Receipt) { r.Leaf-- }), fault.ClassReceipt},
		"another time":   {receipt(func(r *ledger.Receipt) { r.AdmittedAt = r.AdmittedAt.Add(-time.Millisecond) }), fault.ClassReceipt},
		"another entry":  {receipt(func(r *ledger.Receipt) { r.Entry = ids.NewEntry(cardtest.Rand("x")) }), fault.ClassReceipt},
		"another thread": {receipt(func(r *ledger.Receipt) { r.Thread = ids.NewThread(cardtest.Rand("x")) }), fault.ClassReceipt},
		"another header": {receipt(func(r *ledger.Receipt) { r.Header[0]++ }), fault.ClassReceipt},
	})
}

// TestLiesOfRecordsAboutEntries changes what the record says of an entry that is as it was.
func TestLiesOfRecordsAboutEntries(t *testing.T) {
	record := func(change func(*world, *ledger.Record)) func(*world) int64 {
		return func(w *world) int64 {
			leaf := w.Say(w.th, "anna", thread.Message)
			w.Rewrite(leaf, func(r *ledger.Record) { change(w, r) })
			return leaf
		}
	}
	new(world).tell(t, map[string]lie{
		"author":       {record(func(w *world, r *ledger.Record) { r.Person, r.Roles = w.People["bruna"].Person, nil }), fault.ClassSubstitute},
		"for":          {record(func(w *world, r *ledger.Record) { r.Organisation, r.Roles = w.People["carla"].Organisation, nil }), fault.ClassSubstitute},
		"thread":       {record(func(_ *world, r *ledger.Record) { r.Object = string(ids.NewThread(cardtest.Rand("x"))) }), fault.ClassSubstitute},
		"entry":        {record(func(_ *world, r *ledger.Record) { r.Entry = ids.NewEntry(cardtest.Rand("x")) }), fault.ClassSubstitute},
		"hash":         {record(func(_ *world, r *ledger.Record) { r.Hash[0]++ }), fault.ClassSubstitute},
		"head":         {record(func(_ *world, r *ledger.Record) { r.Head = note.Hash{} }), fault.ClassSubstitute},
		"size":         {record(func(_ *world, r *ledger.Record) { r.Size++ }), fault.ClassSubstitute},
		"act":          {record(func(_ *world, r *ledger.Record) { r.Act = act.CaseOpen }), fault.ClassSubstitute},
		"denied":       {record(func(_ *world, r *ledger.Record) { r.Outcome = act.Deny }), fault.ClassSubstitute},
		"a card":       {record(func(_ *world, r *ledger.Record) { r.Act = act.CardPut }), fault.ClassSubstitute},
		"reading":      {record(func(_ *world, r *ledger.Record) { r.Act = act.ThreadRead }), fault.ClassSubstitute},
		"another time": {record(func(_ *world, r *ledger.Record) { r.At = r.At.Add(time.Millisecond) }), fault.ClassReceipt},
	})
}
