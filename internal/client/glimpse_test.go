package client_test

import (
	"slices"
	"testing"

	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/varcotest"
)

// glimpse reads the last three entries of a thread of four.
func TestGlimpse(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	v := talk(t, n)
	u := n.Person(bruna)
	g, err := u.Glimpse(t.Context(), v.State.Thread, 3, "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range g.Entries {
		got = append(got, e.Content.Text)
	}
	if want := []string{"risposta", "e ancora", "grazie"}; !slices.Equal(got, want) || g.Earlier != 1 {
		t.Errorf("%d entries before %q, want 1 before %q", g.Earlier, got, want)
	}
	for i, e := range g.Entries {
		if whole := v.Entries[i+1]; e.Seat != whole.Seat || e.Organisation != whole.Organisation || e.Receipt.Number() != whole.Receipt.Number() {
			t.Errorf("entry %d is by another seat, or has another receipt, than in the whole", i+1)
		}
	}
	if g, err := u.Glimpse(t.Context(), v.State.Thread, 4, ""); g != nil || err != nil {
		t.Errorf("of a thread that is no longer: %v, %v", g, err)
	}
	whole := read(t, n, alba, v.State.Thread, "")
	if _, err := n.Person(alba).ChangeMembers(t.Context(), whole, client.Change{Remove: []ids.Person{n.ID(gino)}}); err != nil {
		t.Fatal(err)
	}
	post(t, n, alba, whole, "in un'altra busta")
	if g, err := u.Glimpse(t.Context(), v.State.Thread, 3, ""); g != nil || err != nil {
		t.Errorf("of an end that the first entry does not open: %v, %v", g, err)
	}
	_, err = n.Person(dina).Glimpse(t.Context(), v.State.Thread, 3, "")
	wantKind(t, "somebody who is no member", err, fault.NotFound)
}

// TestGlimpseLies changes what is served of the end of a thread, and of its beginning.
func TestGlimpseLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	v := talk(t, n)
	foreign := page(t, n, talk(t, n).State.Thread)
	evil := newAdversary()
	d := n.NewDevice(bruna)
	u := n.Unlock(bruna, d)
	for name, c := range map[string]struct {
		change func(first bool, p *api.Page)
		class  fault.Class
	}{
		"no first entry": {atStart(func(p *api.Page) { p.Entries = nil }), fault.ClassMissing},
		"another first entry": {atStart(func(p *api.Page) {
			p.Entries = foreign.Entries[:1]
		}), fault.ClassSequence},
		"an entry dropped": {atEnd(func(p *api.Page) {
			p.Entries, p.Next = slices.Delete(p.Entries, 1, 2), p.Next-1
		}), fault.ClassSequence},
		"two entries swapped": {atEnd(func(p *api.Page) { swap(&p.Entries[0], &p.Entries[1]) }), fault.ClassSequence},
		"an entry twice": {atEnd(func(p *api.Page) {
			p.Entries[1] = p.Entries[0]
		}), fault.ClassDuplicate},
		"another head":            {atEnd(func(p *api.Page) { p.Head = note.Sum(nil) }), fault.ClassFork},
		"another thread's name":   {atEnd(func(p *api.Page) { p.Thread = foreign.Thread }), fault.ClassSubstitute},
		"another thread's entry":  {atEnd(func(p *api.Page) { p.Entries[1] = foreign.Entries[2] }), fault.ClassSequence},
		"a header changed":        {atEnd(func(p *api.Page) { p.Entries[1].Header = replace(p.Entries[1].Header, "epoch 1", "epoch 2") }), fault.ClassSignature},
		"another's signature":     {atEnd(func(p *api.Page) { p.Entries[2].Header = signAgain(t, p.Entries[2].Header, evil.signer(n.ID(alba), 1)) }), fault.ClassSignature},
		"another entry's receipt": {atEnd(func(p *api.Page) { p.Entries[0].Receipt = p.Entries[1].Receipt }), fault.ClassReceipt},
		"a receipt out of order": {atEnd(func(p *api.Page) {
			p.Entries[1].Receipt = receipt(n, v, 2, func(r *ledger.Receipt) { r.Leaf = 0 })
		}), fault.ClassReceipt},
		"cards left out": {atStart(func(p *api.Page) { p.Cards = nil }), fault.ClassMissing},
	} {
		t.Run(name, func(t *testing.T) {
			d.Wire.Lie = lie(t, to("POST", "/readings"), func(p *api.Page) { c.change(len(p.Entries) == 1, p) })
			got, err := u.Glimpse(t.Context(), v.State.Thread, 3, "")
			wantClass(t, "a glimpse", err, c.class)
			if got != nil {
				t.Errorf("%d entries are shown of what was refused", len(got.Entries))
			}
		})
	}
	d.Wire.Lie = lie(t, to("POST", "/readings"), func(p *api.Page) {
		if len(p.Entries) > 1 {
			p.Entries[1].Body = p.Entries[2].Body
		}
	})
	g, err := u.Glimpse(t.Context(), v.State.Thread, 3, "")
	if err != nil {
		t.Fatal(err)
	}
	wantClass(t, "opening another body", g.Entries[1].Unreadable, fault.ClassSubstitute)
	if g.Entries[0].Unreadable != nil || g.Entries[2].Unreadable != nil {
		t.Error("more than one entry is unreadable")
	}
	d.Wire.Lie = lie(t, to("POST", "/readings"), atEndAlone(func(p *api.Page) { p.Entries = p.Entries[:2] }))
	if g, err := u.Glimpse(t.Context(), v.State.Thread, 3, ""); g != nil || err != nil {
		t.Errorf("what does not reach the end is taken for it: %v, %v", g, err)
	}
}

// atStart changes the page with the first entry, atEnd that with the last ones.
func atStart(change func(*api.Page)) func(bool, *api.Page) {
	return func(first bool, p *api.Page) {
		if first {
			change(p)
		}
	}
}

func atEnd(change func(*api.Page)) func(bool, *api.Page) {
	return func(first bool, p *api.Page) {
		if !first {
			change(p)
		}
	}
}

func atEndAlone(change func(*api.Page)) func(*api.Page) {
	return func(p *api.Page) { atEnd(change)(len(p.Entries) == 1, p) }
}

// A glimpse grows into nothing: that a service shows an end which the whole does not bear out is
// found when the whole is read.
func TestGlimpseIsNoConversation(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	v := talk(t, n)
	d := n.NewDevice(bruna)
	u := n.Unlock(bruna, d)
	if _, err := u.Glimpse(t.Context(), v.State.Thread, 2, ""); err != nil {
		t.Fatal(err)
	}
	if m, err := d.Memory.Load(t.Context()); err != nil || len(m.Threads) != 0 {
		t.Errorf("of a glimpse something is remembered: %v, %v", m.Threads, err)
	}
	d.Wire.Lie = lie(t, to("POST", "/readings"), func(p *api.Page) { p.Entries = slices.Delete(p.Entries, 1, 2) })
	var got *client.Conversation
	got, err := u.ReadThread(t.Context(), v.State.Thread, "")
	wantClass(t, "the whole, without what is in the middle", err, fault.ClassSequence)
	if got != nil {
		t.Error("it is shown all the same")
	}
}
