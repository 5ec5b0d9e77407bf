package verify_test

import (
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
	"varco/internal/verify"
	"varco/internal/verify/verifytest"
)

// lie is what a service that holds the log's key writes into a log whose tree and
// checkpoints are right. It returns the leaf that gives it away.
type lie struct {
	tell  func(*world) int64
	class fault.Class // "" when it is no lie
}

// world is a network with one thread, for somebody to lie about.
type world struct {
	*verifytest.Network
	t  *testing.T
	th *threadtest.Thread
}

// last returns the leaf of the record written last.
func (w *world) last() int64 { return int64(len(w.Leaves)) - 1 }

func (w *world) tell(t *testing.T, lies map[string]lie) {
	t.Helper()
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			n := verifytest.NewNetwork(t)
			w := &world{n, t, n.Begin("the thread")}
			leaf := lie.tell(w)
			w.Record(w.By("anna", act.CaseList, act.Allow))
			w.Mark()
			expect := want{result: verify.Whole}
			switch lie.class {
			case "":
			case fault.ClassMissing:
				expect = want{verify.Incomplete, lie.class, leaf, leaf}
			default:
				expect = want{verify.Tampered, lie.class, leaf, leaf}
			}
			expect.check(t, w.Verify(nil))
		})
	}
}

func TestLiesAboutRecords(t *testing.T) {
	new(world).tell(t, map[string]lie{
		"time goes back": {func(w *world) int64 {
			w.Rewrite(w.last(), func(r *ledger.Record) { r.At = r.At.Add(-time.Hour) })
			return w.last()
		}, fault.ClassStale},
		"a role that nobody gave": {func(w *world) int64 {
			r := w.By("anna", act.CaseList, act.Allow)
			r.Roles = []act.Role{act.Coordinator}
			return w.Record(r).Index
		}, fault.ClassUntrusted},
		"a role by another organisation": {func(w *world) int64 {
			r := w.By("anna", act.CaseList, act.Deny)
			r.Organisation = w.People["carla"].Organisation
			return w.Record(r).Index
		}, fault.ClassUntrusted},
		"a role that was taken": {func(w *world) int64 {
			w.Endorse(threadtest.Centre, "bruna")
			return w.Record(w.By("anna", act.CaseList, act.Allow)).Index
		}, fault.ClassUntrusted},
		"a role that has ended": {func(w *world) int64 {
			seat := w.People["berta"].Seat(act.Operator)
			seat.Until = w.Now.Add(time.Minute)
			w.EndorseSeats(threadtest.Centre, seat, w.People["anna"].Seat(act.Operator))
			w.Record(w.By("berta", act.CaseList, act.Allow))
			w.Now = w.Now.Add(time.Minute)
			return w.Record(w.By("berta", act.CaseList, act.Allow)).Index
		}, fault.ClassUntrusted},
		"an entry that is called a list": {func(w *world) int64 {
			w.Rewrite(w.last(), func(r *ledger.Record) { *r = w.By("anna", act.CaseList, act.Allow); r.At = w.Now.Add(-2 * time.Second) })
			return w.last()
		}, fault.ClassSubstitute},
	})
}

func TestLiesAboutSamples(t *testing.T) {
	sample := func(later int64) func(*world) int64 {
		return func(w *world) int64 {
			r := ledger.Record{Act: act.AuditSample, Outcome: act.Allow, Of: act.CardPut, Count: 2, Hash: note.Sum(nil), Until: w.last() + 1 + later}
			return w.Record(r).Index
		}
	}
	new(world).tell(t, map[string]lie{
		"of all that is there":   {sample(0), ""},
		"of what is still to be": {sample(1), fault.ClassSequence},
	})
}

func TestLiesAboutReadings(t *testing.T) {
	stranger := ids.NewThread(cardtest.Rand("stranger"))
	new(world).tell(t, map[string]lie{
		"by a member":    {func(w *world) int64 { return w.Read(w.th.State.Thread, w.th.State.Head, "bruna", "") }, ""},
		"by no member":   {func(w *world) int64 { return w.Read(w.th.State.Thread, w.th.State.Head, "berta", "") }, fault.ClassMembership},
		"never opened":   {func(w *world) int64 { return w.Read(stranger, w.th.State.Head, "anna", "") }, fault.ClassMissing},
		"unknown head":   {func(w *world) int64 { return w.Read(w.th.State.Thread, note.Sum(nil), "anna", "") }, fault.ClassFork},
		"no head":        {func(w *world) int64 { return w.Read(w.th.State.Thread, note.Hash{}, "anna", "") }, fault.ClassFork},
		"another's head": {func(w *world) int64 { return w.Read(w.Begin("other").State.Thread, w.th.State.Head, "anna", "") }, fault.ClassFork},
		"of nothing": {func(w *world) int64 {
			leaf := w.Read(w.th.State.Thread, w.th.State.Head, "anna", "")
			w.Rewrite(leaf, func(r *ledger.Record) { r.Head, r.Size = note.Hash{}, 0 })
			return leaf
		}, ""},
		"a head of nothing": {func(w *world) int64 {
			leaf := w.Read(w.th.State.Thread, w.th.State.Head, "anna", "")
			w.Rewrite(leaf, func(r *ledger.Record) { r.Size = 0 })
			return leaf
		}, fault.ClassFork},
		"before it was written": {func(w *world) int64 {
			at := w.Now
			w.Say(w.th, "carla", thread.Message)
			w.Leaves = w.Leaves[:w.last()]
			w.Now = at
			return w.Read(w.th.State.Thread, w.th.State.Head, "anna", "")
		}, fault.ClassFork},
		"by who recused": {func(w *world) int64 {
			w.Say(w.th, "carla", thread.Recuse)
			return w.Read(w.th.State.Thread, w.th.State.Head, "carla", act.ReasonNew)
		}, fault.ClassMembership},
		"for another organisation": {func(w *world) int64 {
			leaf := w.Read(w.th.State.Thread, w.th.State.Head, "anna", "")
			w.Rewrite(leaf, func(r *ledger.Record) { r.Organisation, r.Roles = w.People["carla"].Organisation, nil })
			return leaf
		}, fault.ClassMembership},
	})
}

func TestLiesAboutCards(t *testing.T) {
	next := func(w *world, name string, edit func(*card.Card)) cardtest.Person {
		first := w.People[name]
		return cardtest.New(w.t, name, "", func(c *card.Card) {
			*c = first.Card
			c.Serial++
			edit(c)
		})
	}
	same := func(*card.Card) {}
	put := func(w *world, msg []byte) int64 {
		p := w.People["anna"]
		leaf := w.Record(ledger.Record{Act: act.CardPut, Outcome: act.Allow, Person: p.Person, Organisation: p.Organisation,
			Object: string(p.Person), Hash: note.Sum(msg), Size: int64(len(msg))})
		leaf.Card = string(msg)
		return leaf.Index
	}
	new(world).tell(t, map[string]lie{
		"the next":  {func(w *world) int64 { return w.Publish(next(w, "anna", same)) }, ""},
		"again":     {func(w *world) int64 { return w.Publish(w.People["anna"]) }, fault.ClassSequence},
		"one after": {func(w *world) int64 { return w.Publish(next(w, "anna", func(c *card.Card) { c.Serial++ })) }, fault.ClassSequence},
		"expired": {func(w *world) int64 {
			return w.Publish(next(w, "anna", func(c *card.Card) { c.Expires = w.Now }))
		}, fault.ClassStale},
		"of somebody else": {func(w *world) int64 {
			leaf := w.Publish(next(w, "anna", same))
			w.Rewrite(leaf, func(r *ledger.Record) { r.Person = w.People["bruna"].Person })
			return leaf
		}, fault.ClassSubstitute},
		"another size": {func(w *world) int64 {
			leaf := w.Publish(next(w, "anna", same))
			w.Rewrite(leaf, func(r *ledger.Record) { r.Size++ })
			return leaf
		}, fault.ClassSubstitute},
		"not signed by its key": {func(w *world) int64 {
			c := next(w, "anna", same)
			text, err := note.Text(c.Note())
			if err != nil {
				w.t.Fatal(err)
			}
			msg, err := note.Sign(text, note.NewSigner(card.SignatureName(c.Person, c.Serial), cardtest.Key("mallory")))
			if err != nil {
				w.t.Fatal(err)
			}
			return put(w, msg)
		}, fault.ClassSignature},
		"no card": {func(w *world) int64 { return put(w, []byte(w.Checkpoint(1).Note)) }, fault.ClassForm},
		"steward without root": {func(w *world) int64 {
			c := cardtest.NewSteward(w.t, "mallory", threadtest.Office, act.INPS)
			text, err := note.Text(c.Note())
			if err != nil {
				w.t.Fatal(err)
			}
			msg, err := note.Sign(text, c.Signer, note.NewSigner(cardtest.RootName, cardtest.Key("mallory")))
			if err != nil {
				w.t.Fatal(err)
			}
			return put(w, msg)
		}, fault.ClassSignature},
		"steward of another kind": {func(w *world) int64 {
			return w.Publish(cardtest.NewSteward(w.t, "mallory", threadtest.Office, act.Oversight))
		}, fault.ClassSubstitute},
	})
}

func TestLiesAboutRosters(t *testing.T) {
	// sign records a roster of the office with some change, signed by somebody.
	sign := func(w *world, by cardtest.Person, change func(*card.Roster)) int64 {
		steward := w.Stewards[threadtest.Office]
		r := steward.Roster(w.Rosters[threadtest.Office].Latest(), w.People["carla"].Seat(act.Officer))
		r.Issued = w.Now
		change(&r)
		msg, err := card.SignRoster(r, by.Signer)
		if err != nil {
			w.t.Fatal(err)
		}
		leaf := w.Record(ledger.Record{Act: act.RosterPut, Outcome: act.Allow, Person: r.Steward,
			Organisation: r.Organisation, Object: string(r.Organisation), Hash: note.Sum(msg), Size: int64(len(msg))})
		leaf.Roster = string(msg)
		return leaf.Index
	}
	steward := func(change func(*world, *card.Roster)) func(*world) int64 {
		return func(w *world) int64 {
			return sign(w, w.Stewards[threadtest.Office], func(r *card.Roster) { change(w, r) })
		}
	}
	as := func(w *world, p cardtest.Person) int64 {
		return sign(w, p, func(r *card.Roster) { r.Steward, r.StewardCard = p.Person, p.Hash })
	}
	new(world).tell(t, map[string]lie{
		"the next": {steward(func(*world, *card.Roster) {}), ""},
		"another of the same version": {steward(func(_ *world, r *card.Roster) { r.Version, r.Previous = 1, note.Hash{} }),
			fault.ClassFork},
		"after another": {steward(func(_ *world, r *card.Roster) { r.Previous[0]++ }), fault.ClassFork},
		"one left out":  {steward(func(_ *world, r *card.Roster) { r.Version++ }), fault.ClassMissing},
		"an old one": {func(w *world) int64 {
			old := w.Now
			w.Now = w.Now.Add(20 * time.Minute)
			return sign(w, w.Stewards[threadtest.Office], func(r *card.Roster) { r.Issued = old })
		}, fault.ClassStale},
		"of the future":   {steward(func(w *world, r *card.Roster) { r.Issued = w.Now.Add(20 * time.Minute) }), fault.ClassStale},
		"a role too many": {steward(func(_ *world, r *card.Roster) { r.People[0].Roles = []act.Role{act.Auditor} }), fault.ClassUntrusted},
		"a card that nobody published": {steward(func(w *world, r *card.Roster) {
			r.People[0] = cardtest.New(w.t, "mallory", threadtest.Office).Seat(act.Officer)
		}), fault.ClassMissing},
		"another's card": {steward(func(w *world, r *card.Roster) { r.People[0].Card = w.People["dora"].Hash }), fault.ClassSubstitute},
		"a card of another organisation": {steward(func(w *world, r *card.Roster) { r.People[0] = w.People["anna"].Seat(act.Officer) }),
			fault.ClassSubstitute},
		"by no steward":                        {func(w *world) int64 { return as(w, w.People["carla"]) }, fault.ClassUntrusted},
		"by the steward of another":            {func(w *world) int64 { return as(w, w.Stewards[threadtest.Centre]) }, fault.ClassUntrusted},
		"under her name":                       {func(w *world) int64 { return sign(w, w.People["carla"], func(*card.Roster) {}) }, fault.ClassSignature},
		"of an organisation without a steward": {steward(func(_ *world, r *card.Roster) { r.Organisation = cardtest.Organisation("none") }), fault.ClassUntrusted},
		"published by somebody else": {func(w *world) int64 {
			leaf := w.Endorse(threadtest.Office, "carla")
			w.Rewrite(leaf, func(r *ledger.Record) { r.Person = w.People["carla"].Person })
			return leaf
		}, fault.ClassSubstitute},
		"another size": {func(w *world) int64 {
			leaf := w.Endorse(threadtest.Office, "carla")
			w.Rewrite(leaf, func(r *ledger.Record) { r.Size++ })
			return leaf
		}, fault.ClassSubstitute},
	})
}

// heads are those of a log that holds NewNetwork and what the test adds, recomputed by hand.
func (w *world) heads(th ...*threadtest.Thread) []ledger.Head {
	var all []ledger.Head
	for name, book := range w.Rosters {
		r := book.Latest()
		all = append(all, ledger.Head{Object: string(w.Stewards[name].Organisation), Next: r.Version, Hash: r.Hash})
	}
	for _, one := range th {
		all = append(all, ledger.Head{Object: string(one.State.Thread), Next: one.State.Next, Hash: one.State.Head})
	}
	return all
}

// record records heads as those of the leaves before one.
func (w *world) record(until int64, heads []ledger.Head) int64 {
	w.t.Helper()
	tree, err := ledger.NewHeads(heads)
	if err != nil {
		w.t.Fatal(err)
	}
	root, err := tree.Root()
	if err != nil {
		w.t.Fatal(err)
	}
	return w.Record(ledger.Record{Act: act.Heads, Outcome: act.Allow, Until: until, Hash: root}).Index
}

func TestLiesAboutHeads(t *testing.T) {
	size := func(w *world) int64 { return int64(len(w.Leaves)) }
	new(world).tell(t, map[string]lie{
		"as they are": {func(w *world) int64 { return w.record(size(w), w.heads(w.th)) }, ""},
		"of a moment ago": {func(w *world) int64 {
			until, heads := size(w), w.heads(w.th)
			w.Say(w.th, "carla", thread.Message)
			return w.record(until, heads)
		}, ""},
		"by two processes, each of its own moment": {func(w *world) int64 {
			until, heads := size(w), w.heads(w.th)
			w.Say(w.th, "carla", thread.Message)
			w.record(size(w), w.heads(w.th))
			return w.record(until, heads)
		}, ""},
		"again after hours": {func(w *world) int64 {
			w.record(size(w), w.heads(w.th))
			for range 5 {
				w.Now = w.Now.Add(50 * time.Minute)
				w.Say(w.th, "carla", thread.Message)
				w.record(size(w), w.heads(w.th))
			}
			return w.record(size(w), w.heads(w.th))
		}, ""},
		"an older end": {func(w *world) int64 {
			heads := w.heads(w.th)
			w.Say(w.th, "carla", thread.Message)
			return w.record(size(w), heads)
		}, fault.ClassProof},
		"of long ago": {func(w *world) int64 {
			until, heads := size(w), w.heads(w.th)
			w.Say(w.th, "carla", thread.Message)
			w.Now = w.Now.Add(ledger.MaxHeadsAge)
			return w.record(until, heads)
		}, fault.ClassStale},
		"of leaves to come": {func(w *world) int64 { return w.record(size(w)+1, w.heads(w.th)) }, fault.ClassStale},
		"a thread left out": {func(w *world) int64 { return w.record(size(w), w.heads()) }, fault.ClassProof},
		"a thread twice, once older": {func(w *world) int64 {
			older := w.heads(w.th)[len(w.Rosters):]
			older[0].Object += " "
			w.Say(w.th, "carla", thread.Message)
			return w.record(size(w), append(w.heads(w.th), older...))
		}, fault.ClassProof},
		"an older roster": {func(w *world) int64 {
			heads := w.heads(w.th)
			w.Endorse(threadtest.Centre, "anna", "bruna")
			return w.record(size(w), heads)
		}, fault.ClassProof},
	})
}
