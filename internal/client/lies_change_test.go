package client_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// The entries of changed.
const (
	opening = iota
	adding  // Carla comes
	giving  // and gets what was said before
	standing
	saying
	removing // Gino goes
	ending
)

// changed is a thread in which who reads it and how it stands have changed.
func changed(t *testing.T, n *varcotest.Network) ids.Thread {
	t.Helper()
	v := openCase(t, n).Thread
	id := v.State.Thread
	change(t, n, alba, v, client.Change{Add: []client.Joining{joining(n, "aurora", carla, act.SeatCentre, 1)}})
	waits := thread.Status{Phase: thread.PhaseOpen, Waits: act.Centre}
	if _, err := n.Person(franca).SetStatus(t.Context(), read(t, n, franca, id, act.ReasonNew), waits, client.Content{Text: "Aspetto."}); err != nil {
		t.Fatal(err)
	}
	v = read(t, n, alba, id, "")
	post(t, n, alba, v, "a tutti")
	change(t, n, alba, v, client.Change{Remove: []ids.Person{n.ID(gino)}})
	post(t, n, alba, v, "senza Gino")
	return id
}

// follow is an entry that would follow a page, by somebody's card.
func follow(t *testing.T, n *varcotest.Network, p *api.Page, kind thread.Kind, author ids.Person, authors note.Hash) thread.Entry {
	t.Helper()
	last := parse(t, p.Entries[len(p.Entries)-1].Header)
	return thread.Entry{Thread: p.Thread, ID: ids.NewEntry(rng("next")), Sequence: last.Sequence + 1, Previous: last.Hash(), Epoch: last.Epoch,
		Author: author, Card: authors, Kind: kind, Rosters: last.Rosters, Time: n.Clock.Now(), NotAfter: n.Clock.Now().Add(time.Minute)}
}

// ends puts an entry at the end of a page, signed by whoever it may be.
func ends(t *testing.T, n *varcotest.Network, p *api.Page, e thread.Entry, signer note.Signer) {
	t.Helper()
	header, err := thread.Sign(e, signer)
	if err != nil {
		t.Fatal(err)
	}
	addEntry(t, n, p, api.Parcel{Header: string(header)}, n.Clock.Now())
}

// TestChangeLies changes what a service serves of changes: who is a member, what was given to
// whom, how it stands. A device without memory reads it, and keeps nothing of what it refuses.
func TestChangeLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := changed(t, n)
	evil := newAdversary()
	traitor := n.Traitor("traditrice", carla)
	albas, francas := n.Person(alba).Card(), n.Person(franca).Card()
	d := n.NewDevice(bruna)
	u := n.Unlock(bruna, d)
	delete := func(i int) func(*api.Page) {
		return func(p *api.Page) { p.Entries = slices.Delete(p.Entries, i, i+1) }
	}
	// with lets the thread end with another member, who has a seat and a grant.
	with := func(p *api.Page, e thread.Entry, c *card.Signed) thread.Entry {
		e.Epoch++
		e.Members = append(e.Members, parse(t, p.Entries[removing].Header).Members...)
		p.Cards = append(p.Cards, string(c.Note()))
		var cards []*card.Signed
		seat(&e, &cards, c, act.SeatCentre)
		key := *parse(t, p.Entries[removing].Header).Key
		key.Grants = nil
		for _, m := range e.Members {
			key.Grants = append(key.Grants, thread.Grant{Person: m.Person, Sealed: thread.Sealed{Hash: note.Sum(nil), Size: 1}})
		}
		e.Key = &key
		return e
	}
	closed := &thread.Status{Phase: thread.PhaseClosed, Outcome: "ACCOLTA"}

	for name, c := range map[string]struct {
		change func(*api.Page)
		class  fault.Class
	}{
		"a member added to who was added":  {func(p *api.Page) { addMemberAt(p, adding, n.ID(dina)) }, fault.ClassSignature},
		"a member who stays although gone": {func(p *api.Page) { addMemberAt(p, removing, n.ID(gino)) }, fault.ClassSignature},
		"a member added by nobody": {func(p *api.Page) {
			ends(t, n, p, with(p, follow(t, n, p, thread.Members, albas.Person, albas.Hash), traitor.Card), evil.signer(albas.Person, 1))
		}, fault.ClassSignature},
		"a member added by herself": {func(p *api.Page) {
			ends(t, n, p, with(p, follow(t, n, p, thread.Members, traitor.Card.Person, traitor.Card.Hash), traitor.Card), traitor.Signer)
		}, fault.ClassMembership},
		"who was added left out":     {delete(adding), fault.ClassSequence},
		"what was given left out":    {delete(giving), fault.ClassSequence},
		"how it stands left out":     {delete(standing), fault.ClassSequence},
		"a removal left out":         {delete(removing), fault.ClassSequence},
		"given before she was added": {func(p *api.Page) { swap(&p.Entries[adding], &p.Entries[giving]) }, fault.ClassSequence},
		"removed before it was said": {func(p *api.Page) { swap(&p.Entries[saying], &p.Entries[removing]) }, fault.ClassSequence},
		"a status that was not said": {func(p *api.Page) {
			p.Entries[standing].Header = replace(p.Entries[standing].Header, "waits centre", "waits inps")
		}, fault.ClassSignature},
		"a status said by nobody": {func(p *api.Page) {
			e := follow(t, n, p, thread.KindStatus, francas.Person, francas.Hash)
			e.Status = closed
			ends(t, n, p, e, evil.signer(francas.Person, 1))
		}, fault.ClassSignature},
		"a status said by who is no member": {func(p *api.Page) {
			e := follow(t, n, p, thread.KindStatus, traitor.Card.Person, traitor.Card.Hash)
			e.Status = closed
			p.Cards = append(p.Cards, string(traitor.Card.Note()))
			ends(t, n, p, e, traitor.Signer)
		}, fault.ClassMembership},
		"a recusal that was not said": {func(p *api.Page) {
			ends(t, n, p, follow(t, n, p, thread.Recuse, francas.Person, francas.Hash), evil.signer(francas.Person, 1))
		}, fault.ClassSignature},
		"an accomplice's card that succeeds hers": {func(p *api.Page) {
			forged := succession(t, n, evil, francas, evil.signer(francas.Person, francas.Serial))
			p.Cards = append(p.Cards, string(forged))
			ends(t, n, p, follow(t, n, p, thread.Recuse, francas.Person, note.Sum(forged)), evil.signer(francas.Person, 2))
		}, fault.ClassSignature},
		"an accomplice's card that succeeds the accomplice's": {func(p *api.Page) {
			first := evil.card(t, n, francas.Card)
			second := succession(t, n, evil, first, evil.signer(francas.Person, 1))
			p.Cards = append(p.Cards, string(first.Note()), string(second))
			ends(t, n, p, follow(t, n, p, thread.Recuse, francas.Person, note.Sum(second)), evil.signer(francas.Person, 2))
		}, fault.ClassSubstitute},
	} {
		t.Run(name, func(t *testing.T) {
			d.Wire.Lie = lie(t, to("POST", "/readings"), c.change)
			err := reads(t, d, func() (*client.Conversation, error) { return u.ReadThread(t.Context(), id, "") })
			wantClass(t, "reading", err, c.class)
		})
	}
	d.Wire.Lie = nil
	if v, err := u.ReadThread(t.Context(), id, ""); err != nil || len(v.Entries) != ending+1 || v.State.Member(n.ID(gino)) != nil {
		t.Errorf("without a lie: %v", err)
	}
}

// addMemberAt adds a line for somebody to an entry's members.
func addMemberAt(p *api.Page, i int, person ids.Person) {
	one := api.Page{Entries: p.Entries[i : i+1]}
	addMember(&one, person)
}

// succession is a card of the adversary's that says it succeeds another.
func succession(t *testing.T, n *varcotest.Network, evil adversary, before *card.Signed, signer note.Signer) []byte {
	t.Helper()
	c := evil.card(t, n, before.Card).Card
	c.Serial, c.Previous = before.Serial+1, before.Hash
	msg, err := card.Sign(c, evil.signer(c.Person, c.Serial), signer)
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

// TestGrantLies gives somebody what was sealed to another, or for another epoch: what it would open
// is unreadable, and nothing else is.
func TestGrantLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := changed(t, n)
	read(t, n, alba, id, "")
	albas := decode[api.Page](t, lastTo(t, n.Wire(alba), "/readings").Answer)
	d := n.NewDevice(carla)
	u := n.Unlock(carla, d)
	if _, err := u.ReadThread(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change     func(*api.Page)
		unreadable map[int]fault.Class
	}{
		"another's of her first epoch": {func(p *api.Page) { p.Entries[adding].Grants[0].Sealed = albas.Entries[adding].Grants[0].Sealed },
			map[int]fault.Class{standing: fault.ClassSubstitute, saying: fault.ClassSubstitute}},
		"another's, whole": {func(p *api.Page) { p.Entries[adding].Grants = albas.Entries[adding].Grants },
			map[int]fault.Class{standing: fault.ClassMissing, saying: fault.ClassMissing}},
		"another epoch's": {func(p *api.Page) {
			p.Entries[adding].Grants, p.Entries[removing].Grants = p.Entries[removing].Grants, p.Entries[adding].Grants
		}, map[int]fault.Class{standing: fault.ClassMissing, saying: fault.ClassMissing, ending: fault.ClassMissing}},
		"another epoch's bytes": {func(p *api.Page) {
			p.Entries[adding].Grants[0].Sealed = p.Entries[removing].Grants[0].Sealed
		}, map[int]fault.Class{standing: fault.ClassSubstitute, saying: fault.ClassSubstitute}},
		"none of what was before": {func(p *api.Page) { p.Entries[giving].Grants = nil },
			map[int]fault.Class{opening: fault.ClassGrant}},
		"a later one of before": {func(p *api.Page) { p.Entries[giving].Grants[0].Sealed = p.Entries[adding].Grants[0].Sealed },
			map[int]fault.Class{opening: fault.ClassGrant}},
		"none of the newest": {func(p *api.Page) { p.Entries[removing].Grants = nil }, map[int]fault.Class{ending: fault.ClassMissing}},
		"a body of before its epoch": {func(p *api.Page) { p.Entries[ending].Body = p.Entries[saying].Body },
			map[int]fault.Class{ending: fault.ClassSubstitute}},
	} {
		t.Run(name, func(t *testing.T) {
			d.Wire.Lie = lie(t, to("POST", "/readings"), c.change)
			var v *client.Conversation
			if err := reads(t, d, func() (_ *client.Conversation, err error) {
				v, err = u.ReadThread(t.Context(), id, "")
				return v, err
			}); err != nil {
				t.Fatal(err)
			}
			for i, e := range v.Entries {
				if e.Unreadable != nil && !cmp.Equal(client.Content{}, e.Content) {
					t.Errorf("of entry %d something is shown", i)
				}
				if fault.ClassOf(e.Unreadable) != c.unreadable[i] {
					t.Errorf("entry %d: %v, want class %q", i, e.Unreadable, c.unreadable[i])
				}
			}
		})
	}
}

// A removal is kept back from a device that has seen it, and from one that hears of it.
func TestRemovalKeptBack(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := changed(t, n)
	read(t, n, bruna, id, "")
	d := n.Restart(n.Resident(bruna).Device)
	u := n.Unlock(bruna, d)
	d.Wire.Lie = lie(t, to("POST", "/readings"), func(p *api.Page) {
		p.Entries = p.Entries[:removing]
		p.Next, p.Head = removing, parse(t, p.Entries[saying].Header).Hash()
	})
	err := reads(t, d, func() (*client.Conversation, error) { return u.ReadThread(t.Context(), id, "") })
	wantClass(t, "reading on a device that has seen it", err, fault.ClassRollback)
}

// A roster that the author of a change had seen is hidden from who reads the change.
func TestChangeByAHiddenRoster(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	n.SignRoster(ines, func(*client.RosterDraft) { n.Clock.Advance(time.Minute) })
	change(t, n, alba, opened.Thread, client.Change{Remove: []ids.Person{n.ID(gino)}})
	d := n.NewDevice(bruna)
	d.Wire.Lie = lie(t, to("GET", "/directory"), func(d *api.Directory) {
		o := organisation(d, n.Organisation("levante"))
		o.Rosters = o.Rosters[:len(o.Rosters)-1]
	})
	_, err := n.Unlock(bruna, d).ReadThread(t.Context(), opened.Thread.State.Thread, "")
	wantClass(t, "reading by an old roster", err, fault.ClassMissing)
}

// An accomplice is presented in the directory with a card that is said to succeed an officer's: a
// quiet change is one that her old key has signed.
func TestFalseSuccession(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	evil := newAdversary()
	francas := n.Person(franca).Card()
	first := evil.card(t, n, francas.Card)
	d := n.NewDevice(alba)
	u := n.Unlock(alba, d)
	for name, c := range map[string]struct {
		cards []string
		class fault.Class
	}{
		"signed by no predecessor": {[]string{string(francas.Note()), string(succession(t, n, evil, francas, evil.signer(francas.Person, 1)))},
			fault.ClassSignature},
		"signed by the accomplice's": {[]string{string(first.Note()), string(succession(t, n, evil, first, evil.signer(francas.Person, 1)))},
			fault.ClassSubstitute},
		"beside hers": {[]string{string(francas.Note()), string(first.Note()), string(succession(t, n, evil, first, evil.signer(francas.Person, 1)))},
			fault.ClassSubstitute},
	} {
		t.Run(name, func(t *testing.T) {
			d.Wire.Lie = lie(t, to("GET", "/directory"), func(d *api.Directory) {
				o := organisation(d, n.Organisation("levante"))
				o.Cards = append(slices.DeleteFunc(o.Cards, of(francas.Person)), c.cards...)
			})
			err := deceived(t, d, func() error { _, err := u.OpenCase(t.Context(), newCase(n)); return err })
			wantClass(t, "opening a case", err, c.class)
		})
	}
}

// A service steers who leaves without reading: to another thread, back, beside, or nowhere.
func TestPlaceLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	id := changed(t, n)
	other := talk(t, n)
	seen := read(t, n, franca, id, act.ReasonAnswer)
	for name, c := range map[string]struct {
		place func(*api.Place)
		kind  fault.Kind
		class fault.Class
	}{
		"another thread":         {func(p *api.Place) { p.Thread = other.State.Thread }, fault.Conflict, ""},
		"before what she saw":    {func(p *api.Place) { p.Next = 2 }, fault.Refused, fault.ClassRollback},
		"beside what she saw":    {func(p *api.Place) { p.Next, p.Head = seen.State.Next, note.Sum(nil) }, fault.Refused, fault.ClassFork},
		"no epoch":               {func(p *api.Place) { p.Epoch = 0 }, fault.Conflict, ""},
		"an epoch beyond all":    {func(p *api.Place) { p.Epoch = 1 << 40 }, fault.Conflict, ""},
		"somewhere, for ever":    {func(p *api.Place) { p.Next++ }, fault.Conflict, ""},
		"a receipt of something": {nil, fault.Refused, fault.ClassReceipt},
	} {
		t.Run(name, func(t *testing.T) {
			d := n.Restart(n.Resident(franca).Device)
			u := n.Unlock(franca, d)
			at := api.Place{Thread: id, Next: seen.State.Next, Head: seen.State.Head, Epoch: int64(len(seen.State.Epochs))}
			d.Wire.Withhold = to("POST", "/entries")
			d.Wire.Lie = func(method, path string, status int, answer []byte) (int, []byte) {
				switch {
				case !to("POST", "/entries")(method, path):
					return status, answer
				case c.place == nil:
					return 201, encode(t, api.Receipts{Receipts: []string{receipt(n, seen, ending, func(*ledger.Receipt) {})}})
				}
				c.place(&at)
				return 409, encode(t, api.Problem{Type: "/problems/conflict", Status: 409, Place: &at})
			}
			before := len(d.Wire.Seen())
			err := deceived(t, d, func() error { _, err := u.RecuseUnread(t.Context(), id); return err }, to("POST", "/entries"))
			if fault.KindOf(err) != c.kind || fault.ClassOf(err) != c.class {
				t.Errorf("recusing: %v", err)
			}
			for _, e := range d.Wire.Seen()[before:] {
				if to("POST", "/entries")(e.Method, e.Path) && strings.Contains(string(e.Request), string(other.State.Thread)) {
					t.Error("she has signed something in another thread")
				}
			}
		})
	}
}
