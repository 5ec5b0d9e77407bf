package client_test

import (
	"slices"
	"testing"
	"time"

	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/varcotest"
)

// TestFresh: whoever reads a thread learns up to when she is shown all of it.
func TestFresh(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	first := talk(t, n)
	id := first.State.Thread
	if v := readAnew(t, n); !v(id).Fresh.At.IsZero() {
		t.Errorf("fresh before heads were recorded: %+v", v(id).Fresh)
	}
	n.RecordHeads()
	newer := talk(t, n).State.Thread // than the heads
	anew := readAnew(t, n)
	if v := anew(id); !v.Fresh.At.Equal(n.Clock.Now()) || v.Fresh.Standing != client.Recorded {
		t.Errorf("what is proven of a thread: %+v", v.Fresh)
	}
	if v := anew(newer); !v.Fresh.At.IsZero() {
		t.Errorf("a thread that is newer than the heads is fresh: %+v", v.Fresh)
	}
	// It goes on from there.
	post(t, n, alba, read(t, n, alba, id, ""), "dopo il punto")
	if v := readAnew(t, n)(id); v.Fresh.At.IsZero() || v.State.Next != first.State.Next+1 {
		t.Errorf("what came after the heads: %+v, %d entries", v.Fresh, v.State.Next)
	}
}

// TestFreshEachTime: what has been read before is no proof that nothing newer is kept back, so it is asked
// again, and of what stays open after an hour.
func TestFreshEachTime(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := talk(t, n).State.Thread
	n.RecordHeads()
	open := read(t, n, alba, id, "")
	then := freshness(t, n, id)
	post(t, n, bruna, read(t, n, bruna, id, ""), "una in più")
	n.RecordHeads()
	wire := n.Wire(alba)
	keepBack := func() { wire.Lie = lie(t, to("POST", "/readings"), func(p *api.Page) { older(p, then.Head) }) }
	keepBack()
	_, err := n.Person(alba).ReadThread(t.Context(), id, "")
	wantClass(t, "a new entry is kept back from who has read the thread before", err, fault.ClassRollback)
	keepBack()
	if err := n.Person(alba).ReadOn(t.Context(), open, ""); err != nil {
		t.Fatalf("within the hour: %v", err)
	}
	n.Clock.Advance(time.Hour)
	keepBack()
	wantClass(t, "the same an hour later, of one that stays open", n.Person(alba).ReadOn(t.Context(), open, ""), fault.ClassRollback)
	wire.Lie = nil
	n.Clock.Advance(90 * time.Minute)
	for range 2 {
		if v := read(t, n, alba, id, ""); v.Fresh.Doubt != client.Old {
			t.Errorf("with an old proof: %+v", v.Fresh)
		}
	}
}

// TestFreshAskedAgain: when another run of the device has seen more of the log meanwhile, the log is
// asked again, and only its second answer counts.
func TestFreshAskedAgain(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := talk(t, n).State.Thread
	n.RecordHeads()
	d, other := n.NewDevice(bruna), n.NewDevice(bruna)
	u := n.Unlock(bruna, d)
	if _, err := n.Unlock(bruna, other).ReadThread(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	asked := 0
	d.Wire.Lie = lie(t, to("GET", "/freshness"), func(f *api.Freshness) {
		if asked++; asked > 1 {
			*f = api.Freshness{} // as after a restart
			return
		}
		mine, err := d.Memory.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen, err := other.Memory.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		mine.Checkpoint = seen.Checkpoint
		if err := d.Memory.Save(t.Context(), mine); err != nil {
			t.Fatal(err)
		}
	})
	v, err := u.ReadThread(t.Context(), id, "")
	if err != nil {
		t.Fatal(err)
	}
	if asked != 2 || !v.Fresh.At.IsZero() {
		t.Errorf("asked %d times, fresh %+v; want nothing proven by the second answer", asked, v.Fresh)
	}
}

// TestFreshOld: heads that were recorded for all prove nothing for ever. A service that shows what was
// true last month has last month's heads with it, and one that shows none has nothing to show.
func TestFreshOld(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := talk(t, n).State.Thread
	n.RecordHeads()
	at := n.Clock.Now()
	for _, test := range []struct {
		passes time.Duration // since the step before
		set    time.Duration // how far the device's clock is from the service's
		lie    func(*api.Freshness)
		want   client.Doubt
	}{
		{0, 0, nil, ""},
		{0, -10 * time.Minute, nil, ""},
		{0, -10*time.Minute - time.Millisecond, nil, client.Ahead},
		{0, 0, func(f *api.Freshness) { *f = api.Freshness{} }, ""}, // the thread is newer than heads need be
		{2 * time.Hour, 0, nil, ""},
		{time.Millisecond, 0, nil, client.Old},
		{0, -time.Minute, nil, ""},
		{time.Minute, 0, func(f *api.Freshness) { *f = api.Freshness{} }, client.Silent},
		{30 * 24 * time.Hour, 0, nil, client.Old},
	} {
		n.Clock.Advance(test.passes)
		d := n.NewDevice(bruna)
		d.Wire.Lie = lie(t, to("GET", "/freshness"), orNothing(test.lie))
		u := n.Unlock(bruna, d)
		d.Offset = test.set
		v, err := u.ReadThread(t.Context(), id, "")
		if err != nil {
			t.Fatal(err)
		}
		f := v.Fresh
		if f.Doubt != test.want || f.Last.Equal(at) != (test.want == client.Old || test.want == client.Ahead) ||
			f.At.Equal(at) != (test.want == "" && test.lie == nil) || (f.Standing == "") != f.At.IsZero() {
			t.Errorf("%s later, by a clock %s off: %+v, want doubt %q", n.Clock.Now().Sub(at), test.set, f, test.want)
		}
	}

	// What is doubted is asked again, until it is proven.
	d := n.NewDevice(bruna)
	u := n.Unlock(bruna, d)
	v, err := u.ReadThread(t.Context(), id, "")
	if err != nil || v.Fresh.Doubt != client.Old {
		t.Fatalf("old heads are not doubted: %v", err)
	}
	n.RecordHeads()
	if err := u.ReadOn(t.Context(), v, ""); err != nil || !v.Fresh.At.Equal(n.Clock.Now()) || v.Fresh.Doubt != "" {
		t.Errorf("after the service has recorded: %+v, %v", v.Fresh, err)
	}
}

// readAnew reads threads as Bruna, on a device without memory.
func readAnew(t *testing.T, n *varcotest.Network) func(ids.Thread) *client.Conversation {
	u := n.Unlock(bruna, n.NewDevice(bruna))
	return func(id ids.Thread) *client.Conversation {
		t.Helper()
		v, err := u.ReadThread(t.Context(), id, "")
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestFreshLies: a service that shows a new device an older end of a thread contradicts what it
// has recorded for all.
func TestFreshLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id, other := talk(t, n).State.Thread, talk(t, n).State.Thread
	n.RecordHeads()
	before := freshness(t, n, id)
	post(t, n, alba, read(t, n, alba, id, ""), "una in più")
	n.Clock.Advance(card.Settling)
	n.SignRoster(ines, func(*client.RosterDraft) { n.Clock.Advance(time.Minute) })
	n.RecordHeads()
	levante := n.Organisation("levante")
	of := func(f *api.Freshness, id ids.Organisation) int {
		return slices.IndexFunc(f.Rosters, func(h api.RosterHead) bool { return h.Organisation == id })
	}
	elsewhere, entry := freshness(t, n, other), proof(t, n, read(t, n, bruna, id, ""), 0)
	for name, c := range map[string]struct {
		page  func(*api.Page)
		fresh func(*api.Freshness)
		class fault.Class
	}{
		"an older end":          {func(p *api.Page) { older(p, before.Head) }, nil, fault.ClassRollback},
		"an older head with it": {nil, func(f *api.Freshness) { f.Head = before.Head }, fault.ClassProof},
		"another thread's head": {nil, func(f *api.Freshness) { *f = elsewhere }, fault.ClassProof},
		"a head made up":        {nil, func(f *api.Freshness) { f.Head.Next-- }, fault.ClassProof},
		"a place made up":       {nil, func(f *api.Freshness) { f.Head.Position++ }, fault.ClassProof},
		"a path cut":            {nil, func(f *api.Freshness) { f.Head.Path = f.Head.Path[1:] }, fault.ClassProof},
		"a record of something else": {nil, func(f *api.Freshness) {
			f.Proof.Leaf, f.Proof.Hashes, f.Proof.Checkpoint = entry.Leaf, entry.Hashes, entry.Checkpoint
		}, fault.ClassProof},
		"an unsigned checkpoint": {nil, func(f *api.Freshness) { f.Proof.Checkpoint = "" }, fault.ClassForm},
		"another tree's record":  {nil, func(f *api.Freshness) { f.Proof.Hashes[0] = note.Sum(nil) }, fault.ClassProof},
		"a roster left out": {nil, func(f *api.Freshness) {
			f.Rosters = slices.Delete(f.Rosters, of(f, levante), of(f, levante)+1)
		}, fault.ClassMissing},
		"an older roster's head": {nil, func(f *api.Freshness) {
			f.Rosters[of(f, levante)] = before.Rosters[of(&before, levante)]
		}, fault.ClassProof},
		"another organisation's head": {nil, func(f *api.Freshness) {
			f.Rosters[of(f, levante)].Head = f.Rosters[of(f, n.Organisation("aurora"))].Head
		}, fault.ClassProof},
	} {
		t.Run(name, func(t *testing.T) {
			d := n.NewDevice(bruna)
			u := n.Unlock(bruna, d)
			d.Wire.Lie = lie(t, to("GET", "/freshness"), orNothing(c.fresh))
			if c.page != nil {
				d.Wire.Lie = lie(t, to("POST", "/readings"), c.page)
			}
			err := reads(t, d, func() (*client.Conversation, error) { return u.ReadThread(t.Context(), id, "") })
			wantClass(t, "reading", err, c.class)
		})
	}
}

// TestFreshRosters: a device that has never seen an organisation, and is shown an older roster of it
// than was recorded for all, refuses the thread: something would be sealed to who was taken off.
func TestFreshRosters(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := talk(t, n).State.Thread
	n.SignRoster(ines, func(*client.RosterDraft) { n.Clock.Advance(time.Minute) })
	shorter := func(d *api.Directory) {
		o := organisation(d, n.Organisation("levante"))
		o.Rosters = o.Rosters[:1]
	}
	d := n.NewDevice(bruna)
	d.Wire.Lie = lie(t, to("GET", "/directory"), shorter)
	if _, err := n.Unlock(bruna, d).ReadThread(t.Context(), id, ""); err != nil {
		t.Fatalf("before it was recorded: %v", err) // else the next would be refused for something else
	}
	n.RecordHeads()
	d = n.NewDevice(bruna)
	d.Wire.Lie = lie(t, to("GET", "/directory"), shorter)
	u := n.Unlock(bruna, d)
	err := reads(t, d, func() (*client.Conversation, error) { return u.ReadThread(t.Context(), id, "") })
	wantClass(t, "by an older roster", err, fault.ClassRollback)
	d.Wire.Lie = nil
	if v, err := n.Unlock(bruna, n.NewDevice(bruna)).ReadThread(t.Context(), id, ""); err != nil || v.Fresh.At.IsZero() {
		t.Errorf("without a lie: %v", err)
	}
}

// TestFreshMeanwhile: what is said, and who is taken off, while a device reads is no lie.
func TestFreshMeanwhile(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	v := talk(t, n)
	n.RecordHeads()
	d := n.NewDevice(bruna)
	u := n.Unlock(bruna, d)
	asked := 0
	d.Wire.Before = func(method, path string, _ []byte) {
		if !to("GET", "/freshness")(method, path) {
			return
		}
		if asked++; asked == 1 {
			post(t, n, alba, v, "intanto")
			n.SignRoster(ines, func(*client.RosterDraft) { n.Clock.Advance(time.Second) })
			n.RecordHeads()
		}
	}
	got, err := u.ReadThread(t.Context(), v.State.Thread, "")
	if err != nil || asked != 2 || got.State.Next != v.State.Next || got.Fresh.At.IsZero() {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

// older lets a page end where a head says, as a service would that hides what came after.
func older(p *api.Page, h *api.Head) {
	if p.Next, p.Head = h.Next, h.Hash; int64(len(p.Entries)) < h.Next {
		p.Entries = nil // asked for what came after
		return
	}
	p.Entries = slices.Clip(p.Entries[:h.Next])
}

func orNothing[T any](change func(*T)) func(*T) {
	if change == nil {
		return func(*T) {}
	}
	return change
}

// freshness asks as Bruna's device does.
func freshness(t *testing.T, n *varcotest.Network, id ids.Thread) api.Freshness {
	t.Helper()
	d := n.NewDevice(bruna)
	if _, err := n.Unlock(bruna, d).ReadThread(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	return decode[api.Freshness](t, lastTo(t, d.Wire, "/freshness").Answer)
}
