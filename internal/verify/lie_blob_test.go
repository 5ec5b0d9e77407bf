package verify_test

import (
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
	"varco/internal/verify"
	"varco/internal/verify/verifytest"
)

// a and b are two attachments.
func files() (a, b thread.Blob) {
	both := threadtest.Blobs("lies", 2)
	return both[0], both[1]
}

// carrying admits a message of somebody's with an attachment.
func (w *world) carrying(f thread.Blob, by string) int64 {
	w.t.Helper()
	e := w.Draft(w.th, by, thread.Message)
	e.Blobs = []thread.Blob{f}
	return w.Append(w.th, e, by)
}

func TestLiesAboutUploads(t *testing.T) {
	a, b := files()
	another := func(f thread.Blob, change func(*thread.Blob)) thread.Blob { change(&f); return f }
	// sweep lets a while pass and records that nobody has removed so many.
	sweep := func(w *world, after time.Duration, count int64) int64 {
		w.Now = w.Now.Add(after)
		return w.Record(ledger.Record{Act: act.BlobDrop, Outcome: act.Allow, Count: count}).Index
	}
	new(world).tell(t, map[string]lie{
		"one that an entry carries": {func(w *world) int64 { w.Attach(w.th, a, "anna"); return w.last() }, ""},
		"two at once": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Begun(b, "bruna")
			w.Uploaded(b, "bruna")
			w.Uploaded(a, "anna")
			return w.last()
		}, ""},
		"begun twice":            {func(w *world) int64 { w.Begun(a, "anna"); return w.Begun(a, "anna") }, fault.ClassDuplicate},
		"begun by somebody else": {func(w *world) int64 { w.Begun(a, "anna"); return w.Begun(a, "bruna") }, fault.ClassDuplicate},
		"begun after it was removed": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Dropped(a, "anna")
			return w.Begun(a, "anna")
		}, fault.ClassDuplicate},
		"of nothing": {func(w *world) int64 {
			return w.Begun(another(a, func(f *thread.Blob) { f.Sealed.Size = 0 }), "anna")
		}, fault.ClassSubstitute},
		"of no attachment": {func(w *world) int64 {
			leaf := w.Begun(a, "anna")
			w.Rewrite(leaf, func(r *ledger.Record) { r.Object = string(w.th.State.Thread) })
			return leaf
		}, fault.ClassSubstitute},
		"whole that never began":      {func(w *world) int64 { return w.Uploaded(a, "anna") }, fault.ClassMissing},
		"whole that somebody began":   {func(w *world) int64 { w.Begun(a, "anna"); return w.Uploaded(a, "bruna") }, fault.ClassSubstitute},
		"whole with another size":     {func(w *world) int64 { w.Begun(a, "anna"); a := a; a.Sealed.Size = 2747; return w.Uploaded(a, "anna") }, fault.ClassSubstitute},
		"whole twice":                 {func(w *world) int64 { w.Begun(a, "anna"); w.Uploaded(a, "anna"); return w.Uploaded(a, "anna") }, fault.ClassDuplicate},
		"whole after it was removed":  {func(w *world) int64 { w.Begun(a, "anna"); w.Dropped(a, "anna"); return w.Uploaded(a, "anna") }, fault.ClassFork},
		"removed by its author":       {func(w *world) int64 { w.Begun(a, "anna"); w.Uploaded(a, "anna"); return w.Dropped(a, "anna") }, ""},
		"removed that never was":      {func(w *world) int64 { return w.Dropped(a, "anna") }, fault.ClassMissing},
		"removed by somebody else":    {func(w *world) int64 { w.Begun(a, "anna"); return w.Dropped(a, "bruna") }, fault.ClassSubstitute},
		"removed twice":               {func(w *world) int64 { w.Begun(a, "anna"); w.Dropped(a, "anna"); return w.Dropped(a, "anna") }, fault.ClassDuplicate},
		"removed and an entry has it": {func(w *world) int64 { w.Attach(w.th, a, "anna"); return w.Dropped(a, "anna") }, fault.ClassFork},

		"carried and never uploaded": {func(w *world) int64 { return w.carrying(a, "anna") }, fault.ClassMissing},
		"carried before it is whole": {func(w *world) int64 { w.Begun(a, "anna"); return w.carrying(a, "anna") }, fault.ClassMissing},
		"carried by somebody else":   {func(w *world) int64 { w.Begun(a, "anna"); w.Uploaded(a, "anna"); return w.carrying(a, "bruna") }, fault.ClassSubstitute},
		"carried with another hash": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Uploaded(a, "anna")
			return w.carrying(another(a, func(f *thread.Blob) { f.Sealed.Hash[0]++ }), "anna")
		}, fault.ClassSubstitute},
		"carried with another size": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Uploaded(a, "anna")
			return w.carrying(another(a, func(f *thread.Blob) { f.Sealed.Size++ }), "anna")
		}, fault.ClassSubstitute},
		"carried twice": {func(w *world) int64 { w.Attach(w.th, a, "anna"); return w.carrying(a, "anna") }, fault.ClassDuplicate},
		"carried after it was removed": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Uploaded(a, "anna")
			w.Dropped(a, "anna")
			return w.carrying(a, "anna")
		}, fault.ClassFork},

		"left, and removed by nobody": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Begun(b, "bruna")
			return sweep(w, 25*time.Hour, 2)
		}, ""},
		"removed before its time": {func(w *world) int64 { w.Begun(a, "anna"); return sweep(w, time.Hour, 0) }, fault.ClassMissing},
		"more than were left": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Attach(w.th, b, "anna")
			return sweep(w, 25*time.Hour, 2)
		}, fault.ClassMissing},
		"what its author has removed": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Dropped(a, "anna")
			return sweep(w, 25*time.Hour, 0)
		}, fault.ClassMissing},
		"twice": {func(w *world) int64 { w.Begun(a, "anna"); sweep(w, 25*time.Hour, 0); return sweep(w, time.Hour, 0) }, fault.ClassMissing},
		"carried late": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Begun(b, "bruna")
			w.Uploaded(b, "bruna")
			sweep(w, 25*time.Hour, 0)
			w.carrying(b, "bruna")
			return w.last()
		}, ""},
		"more than were left, since one was removed late": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Begun(b, "bruna")
			sweep(w, 25*time.Hour, 0)
			w.Dropped(b, "bruna")
			return sweep(w, time.Hour, 0)
		}, fault.ClassMissing},
		"more than were left, since one was carried late": {func(w *world) int64 {
			w.Begun(a, "anna")
			w.Begun(b, "bruna")
			w.Uploaded(b, "bruna")
			sweep(w, 25*time.Hour, 0)
			w.carrying(b, "bruna")
			return sweep(w, time.Hour, 0)
		}, fault.ClassMissing},
	})
}

// Of an upload whose records were erased after their retention nothing is missing; what an entry carries
// is checked by its header on.
func TestUploadsAreErased(t *testing.T) {
	a, b := files()
	for name, c := range map[string]struct {
		tell  func(*world)
		class fault.Class
	}{
		"whole":                 {func(w *world) { w.Uploaded(a, "anna") }, ""},
		"removed":               {func(w *world) { w.Dropped(a, "anna") }, ""},
		"removed by nobody":     {func(w *world) { w.Record(ledger.Record{Act: act.BlobDrop, Outcome: act.Allow, Count: 9}) }, ""},
		"carried":               {func(w *world) { w.carrying(a, "anna") }, ""},
		"carried twice":         {func(w *world) { w.carrying(a, "anna"); w.carrying(a, "anna") }, fault.ClassDuplicate},
		"carried before":        {func(w *world) { w.carrying(b, "anna") }, fault.ClassDuplicate},
		"removed and was whole": {func(w *world) { w.Uploaded(a, "anna"); w.Dropped(a, "bruna") }, fault.ClassSubstitute},
	} {
		t.Run(name, func(t *testing.T) {
			n := verifytest.NewNetwork(t)
			w := &world{n, t, n.Begin("the thread")}
			w.Attach(w.th, b, "anna")
			w.Begun(a, "anna")
			after := w.Record(w.By("anna", act.CaseList, act.Allow)).Index
			w.Now = w.Now.AddDate(2, 0, 1)
			c.tell(w)
			w.Mark()
			w.Erase(0, after)
			expect := want{result: verify.Whole}
			if c.class != "" {
				expect = want{verify.Tampered, c.class, w.last(), w.last()}
			}
			expect.check(t, w.Verify(nil))
		})
	}
}

func TestLiesAboutFetching(t *testing.T) {
	a, b := files()
	// fetch lets anna attach a, and somebody fetch it, with a change.
	fetch := func(by string, change func(*world, *ledger.Record)) func(*world) int64 {
		return func(w *world) int64 {
			entry := w.Attach(w.th, a, "anna")
			leaf := w.Fetched(a, w.th.State.Thread, entry, by, "")
			w.Rewrite(leaf, func(r *ledger.Record) { change(w, r) })
			return leaf
		}
	}
	same := func(*world, *ledger.Record) {}
	new(world).tell(t, map[string]lie{
		"by a member":    {fetch("carla", same), ""},
		"the rest of it": {fetch("carla", func(_ *world, r *ledger.Record) { r.Size -= 100 }), ""},
		"from its end":   {fetch("carla", func(_ *world, r *ledger.Record) { r.Size = 0 }), ""},
		"more of it":     {fetch("carla", func(_ *world, r *ledger.Record) { r.Size++ }), fault.ClassSize},
		"by no member":   {fetch("berta", same), fault.ClassMembership},
		"for another organisation": {fetch("bruna", func(w *world, r *ledger.Record) {
			r.Organisation, r.Roles = w.People["carla"].Organisation, nil
		}), fault.ClassMembership},
		"of a thread that was never opened": {fetch("carla", func(_ *world, r *ledger.Record) {
			r.Object = string(ids.NewThread(cardtest.Rand("never")))
		}), fault.ClassMissing},
		"of no entry":                      {fetch("carla", func(_ *world, r *ledger.Record) { r.Entry = "" }), fault.ClassFork},
		"of an entry that was never there": {fetch("carla", func(_ *world, r *ledger.Record) { r.Entry = ids.NewEntry(cardtest.Rand("never")) }), fault.ClassFork},
		"of an entry without it": {func(w *world) int64 {
			w.Attach(w.th, a, "anna")
			return w.Fetched(a, w.th.State.Thread, w.Attach(w.th, b, "anna"), "carla", "")
		}, fault.ClassSubstitute},
		"of another file": {fetch("carla", func(_ *world, r *ledger.Record) { r.Hash = note.Sum(nil) }), fault.ClassSubstitute},
		"of another thread": {func(w *world) int64 {
			entry := w.Attach(w.th, a, "anna")
			return w.Fetched(a, w.Begin("other").State.Thread, entry, "carla", "")
		}, fault.ClassFork},
		"by who recused": {func(w *world) int64 {
			entry := w.Attach(w.th, a, "anna")
			w.Say(w.th, "carla", thread.Recuse)
			return w.Fetched(a, w.th.State.Thread, entry, "carla", "")
		}, fault.ClassMembership},
	})
}
