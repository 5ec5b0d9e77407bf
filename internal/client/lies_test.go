package client_test

import (
	"crypto/ed25519"
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

// talk is a thread of four entries, by three people.
func talk(t *testing.T, n *varcotest.Network) *client.Conversation {
	t.Helper()
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	post(t, n, franca, read(t, n, franca, id, act.ReasonNew), "risposta")
	post(t, n, bruna, read(t, n, bruna, id, ""), "e ancora")
	post(t, n, alba, read(t, n, alba, id, ""), "grazie")
	return read(t, n, alba, id, "")
}

// adversary has a key of its own and makes what it can with it.
type adversary struct{ key ed25519.PrivateKey }

func newAdversary() adversary {
	_, key, err := ed25519.GenerateKey(rng("adversary"))
	if err != nil {
		panic(err)
	}
	return adversary{key}
}

// card is a card for anybody, sealing to and signing with what is the adversary's.
func (a adversary) card(t *testing.T, n *varcotest.Network, c card.Card) *card.Signed {
	t.Helper()
	public, err := note.NewPublicKey(a.key.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	c.SignsWith, c.Issued, c.Expires = public, n.Clock.Now(), n.Clock.Now().Add(time.Hour)
	msg, err := card.Sign(c, a.signer(c.Person, c.Serial))
	if err != nil {
		t.Fatal(err)
	}
	read := card.Parse
	if c.Steward != nil {
		read = card.ParseRequest
	}
	signed, err := read(msg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func (a adversary) signer(p ids.Person, serial int64) note.Signer {
	return note.NewSigner(card.SignatureName(p, serial), a.key)
}

// TestPageLies changes what a service serves of a thread; a device without memory reads it.
func TestPageLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	v := talk(t, n)
	other := talk(t, n)
	foreign := page(t, n, other.State.Thread)
	evil := newAdversary()
	forged := evil.card(t, n, n.Person(alba).Card().Card)
	d := n.NewDevice(bruna)
	u := n.Unlock(bruna, d)

	for name, c := range map[string]struct {
		change func(*api.Page)
		class  fault.Class
	}{
		"an entry dropped":         {func(p *api.Page) { p.Entries = slices.Delete(p.Entries, 1, 2) }, fault.ClassSequence},
		"the first entry dropped":  {func(p *api.Page) { p.Entries = p.Entries[1:] }, fault.ClassSequence},
		"the last entry dropped":   {func(p *api.Page) { dropLast(p) }, fault.ClassMissing},
		"all entries dropped":      {func(p *api.Page) { p.Entries = nil }, fault.ClassMissing},
		"no thread at all":         {func(p *api.Page) { *p = api.Page{Thread: p.Thread} }, fault.ClassMissing},
		"two entries swapped":      {func(p *api.Page) { swap(&p.Entries[1], &p.Entries[2]) }, fault.ClassSequence},
		"an entry twice":           {func(p *api.Page) { p.Entries = slices.Insert(p.Entries, 2, p.Entries[1]) }, fault.ClassDuplicate},
		"another head":             {func(p *api.Page) { p.Head = note.Sum(nil) }, fault.ClassFork},
		"fewer than it serves":     {func(p *api.Page) { p.Next = 2 }, fault.ClassRollback},
		"another thread's name":    {func(p *api.Page) { p.Thread = other.State.Thread }, fault.ClassSubstitute},
		"another thread whole":     {func(p *api.Page) { th := p.Thread; *p = foreign; p.Thread = th }, fault.ClassSequence},
		"another thread's entry":   {func(p *api.Page) { p.Entries[2] = foreign.Entries[2] }, fault.ClassSequence},
		"cards left out":           {func(p *api.Page) { p.Cards = nil }, fault.ClassMissing},
		"a card left out":          {func(p *api.Page) { p.Cards = slices.DeleteFunc(p.Cards, of(n.ID(gino))) }, fault.ClassMissing},
		"a header changed":         {func(p *api.Page) { p.Entries[2].Header = replace(p.Entries[2].Header, "epoch 1", "epoch 2") }, fault.ClassSignature},
		"a member added":           {func(p *api.Page) { addMember(p, n.ID(carla)) }, fault.ClassSignature},
		"a kind that is newer":     {func(p *api.Page) { p.Entries[2].Header = replace(p.Entries[2].Header, "kind message", "kind novelty") }, fault.ClassUnknown},
		"a line more":              {func(p *api.Page) { p.Entries[2].Header = replace(p.Entries[2].Header, "body ", "note x\nbody ") }, fault.ClassForm},
		"another's signature":      {func(p *api.Page) { p.Entries[3].Header = signAgain(t, p.Entries[3].Header, evil.signer(n.ID(alba), 1)) }, fault.ClassSignature},
		"an author's card forged":  {func(p *api.Page) { forgeOpen(t, n, p, evil, forged) }, fault.ClassUntrusted},
		"a receipt left out":       {func(p *api.Page) { p.Entries[1].Receipt = "" }, fault.ClassReceipt},
		"a receipt by another key": {func(p *api.Page) { p.Entries[1].Receipt = forgedReceipt(t, v.Entries[1].Receipt, evil) }, fault.ClassReceipt},
		"another entry's receipt":  {func(p *api.Page) { p.Entries[1].Receipt = p.Entries[2].Receipt }, fault.ClassReceipt},
		"a receipt of another header": {func(p *api.Page) {
			p.Entries[1].Receipt = receipt(n, v, 1, func(r *ledger.Receipt) { r.Header = note.Sum(nil) })
		}, fault.ClassReceipt},
		"a receipt out of order": {func(p *api.Page) { p.Entries[2].Receipt = receipt(n, v, 2, func(r *ledger.Receipt) { r.Leaf = 0 }) }, fault.ClassReceipt},
		"a receipt back in time": {func(p *api.Page) {
			p.Entries[2].Receipt = receipt(n, v, 2, func(r *ledger.Receipt) { r.AdmittedAt = r.AdmittedAt.Add(-time.Minute) })
		}, fault.ClassReceipt},
		"an entry kept back": {func(p *api.Page) {
			p.Entries[3].Receipt = receipt(n, v, 3, func(r *ledger.Receipt) { r.AdmittedAt = r.AdmittedAt.Add(11 * time.Minute) })
		}, fault.ClassLate},
	} {
		t.Run(name, func(t *testing.T) {
			d.Wire.Lie = lie(t, to("POST", "/readings"), c.change)
			err := reads(t, d, func() (*client.Conversation, error) { return u.ReadThread(t.Context(), v.State.Thread, "") })
			wantClass(t, "reading", err, c.class)
		})
	}
}

// TestSealedLies changes what is sealed: the entry is unreadable, and nothing else is; of what was
// sealed nothing is shown, and the device remembers what it does without a lie.
func TestSealedLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	v := talk(t, n)
	foreign := page(t, n, talk(t, n).State.Thread)
	all := []int{0, 1, 2, 3}
	d := n.NewDevice(bruna)
	u := n.Unlock(bruna, d)
	if _, err := u.ReadThread(t.Context(), v.State.Thread, ""); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change     func(*api.Page)
		class      fault.Class
		unreadable []int
	}{
		"a body of another entry":   {func(p *api.Page) { p.Entries[1].Body = p.Entries[2].Body }, fault.ClassSubstitute, []int{1}},
		"a body of another thread":  {func(p *api.Page) { p.Entries[3].Body = foreign.Entries[3].Body }, fault.ClassSubstitute, []int{3}},
		"a body changed":            {func(p *api.Page) { p.Entries[2].Body[3000-400] ^= 1 }, fault.ClassSubstitute, []int{2}},
		"a body left out":           {func(p *api.Page) { p.Entries[2].Body = nil }, fault.ClassMissing, []int{2}},
		"a grant of another thread": {func(p *api.Page) { p.Entries[0].Grants = foreign.Entries[0].Grants }, fault.ClassSubstitute, all},
		"a grant left out":          {func(p *api.Page) { p.Entries[0].Grants = nil }, fault.ClassMissing, all},
	} {
		t.Run(name, func(t *testing.T) {
			d.Wire.Lie = lie(t, to("POST", "/readings"), c.change)
			var got *client.Conversation
			if err := reads(t, d, func() (_ *client.Conversation, err error) {
				got, err = u.ReadThread(t.Context(), v.State.Thread, "")
				return got, err
			}); err != nil {
				t.Fatal(err)
			}
			for i, e := range got.Entries {
				if slices.Contains(c.unreadable, i) {
					wantClass(t, "opening", e.Unreadable, c.class)
					if diff := cmp.Diff(client.Content{}, e.Content); diff != "" {
						t.Errorf("of entry %d something is shown: %s", i, diff)
					}
				} else if e.Unreadable != nil {
					t.Errorf("entry %d: %v", i, e.Unreadable)
				}
			}
			d.Wire.Lie = nil
			if len(c.unreadable) < len(all) {
				return
			}
			// Who can't open the epoch starts another one with what she says.
			if _, err := u.Post(t.Context(), got, client.Content{Text: "non riesco a leggere"}); err != nil {
				t.Fatal(err)
			}
			if e := got.Entries; e[len(e)-2].Entry.Kind != thread.Rekey {
				t.Error("she said something to an epoch that she can't open")
			}
			v = read(t, n, alba, v.State.Thread, "")
			all = append(all, len(all), len(all)+1)
		})
	}
}

// TestDirectoryLies changes who is who.
func TestDirectoryLies(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	n.SignRoster(ines, func(*client.RosterDraft) { n.Clock.Advance(time.Minute) })
	n.Invite("complice", "levante")
	n.Enrol("complice")
	evil := newAdversary()
	levante := func(d *api.Directory) *api.Organisation { return organisation(d, n.Organisation("levante")) }
	accomplice := string(n.Person("complice").Card().Note())
	d := n.NewDevice(alba)
	u := n.Unlock(alba, d)

	for name, c := range map[string]struct {
		change func(*api.Directory)
		class  fault.Class
	}{
		"a swapped card": {func(d *api.Directory) {
			o := levante(d)
			i := slices.IndexFunc(o.Cards, of(n.ID(franca)))
			o.Cards[i] = string(evil.card(t, n, n.Person(franca).Card().Card).Note())
		}, fault.ClassSubstitute},
		"an accomplice's card": {func(d *api.Directory) { o := levante(d); o.Cards = append(o.Cards, accomplice) }, fault.ClassSubstitute},
		"a card left out": {func(d *api.Directory) {
			o := levante(d)
			o.Cards = slices.DeleteFunc(o.Cards, of(n.ID(franca)))
		}, fault.ClassMissing},
		"a card changed": {func(d *api.Directory) {
			o := levante(d)
			o.Cards[1] = replace(o.Cards[1], "serial 1", "serial 2")
		}, fault.ClassSignature},
		"a name over another's card": {func(d *api.Directory) { o := levante(d); o.Names[0].Text = "Qualcun Altro" }, fault.ClassSubstitute},
		"a name left out":            {func(d *api.Directory) { o := levante(d); o.Names = o.Names[1:] }, fault.ClassMissing},
		"a name that hides":          {func(d *api.Directory) { o := levante(d); o.Names[0].Text = "Franca\u202eVilla" }, fault.ClassSubstitute},
		"a name without salt":        {func(d *api.Directory) { o := levante(d); o.Names[0].Salt = nil }, fault.ClassForm},
		"another office's name":      {func(d *api.Directory) { o := levante(d); o.Stewards[0].Name.Text = "INPS Ponente" }, fault.ClassSubstitute},
		"an older roster":            {func(d *api.Directory) { o := levante(d); o.Rosters = o.Rosters[:1] }, fault.ClassRollback},
		"no roster":                  {func(d *api.Directory) { o := levante(d); o.Rosters, o.Cards, o.Names = nil, nil, nil }, fault.ClassRollback},
		"a roster left out":          {func(d *api.Directory) { o := levante(d); o.Rosters = o.Rosters[1:] }, fault.ClassMissing},
		"rosters reordered":          {func(d *api.Directory) { o := levante(d); slices.Reverse(o.Rosters) }, fault.ClassMissing},
		"a roster changed":           {func(d *api.Directory) { o := levante(d); o.Rosters[0] = replace(o.Rosters[0], "officer", "manager") }, fault.ClassSignature},
		"a roster by no steward":     {func(d *api.Directory) { o := levante(d); o.Rosters = append(o.Rosters, evil.roster(t, n, franca)) }, fault.ClassUntrusted},
		"no steward":                 {func(d *api.Directory) { o := levante(d); o.Stewards = nil }, fault.ClassMissing},
		"a steward of its own": {func(d *api.Directory) {
			o := levante(d)
			o.Stewards = append(o.Stewards, api.StewardCard{Note: string(evil.steward(t, n, ines)), Name: o.Stewards[0].Name})
		}, fault.ClassSignature},
		"another kind of organisation": {func(d *api.Directory) { o := levante(d); o.Kind = act.Centre }, fault.ClassSubstitute},
		"an office under another id":   {func(d *api.Directory) { o := levante(d); o.ID = n.Organisation("betulla") }, fault.ClassSubstitute},
		"an office twice":              {func(d *api.Directory) { d.Organisations = append(d.Organisations, *levante(d)) }, fault.ClassDuplicate},
		"the own organisation left out": {func(d *api.Directory) {
			d.Organisations = slices.DeleteFunc(d.Organisations, func(o api.Organisation) bool { return o.ID == n.Organisation("aurora") })
		}, fault.ClassMissing},
	} {
		t.Run(name, func(t *testing.T) {
			shown := must(u.KnownDirectory(t.Context()))
			d.Wire.Lie = lie(t, to("GET", "/directory"), c.change)
			err := deceived(t, d, func() error { _, err := u.Directory(t.Context()); return err })
			wantClass(t, "the directory", err, c.class)
			err = deceived(t, d, func() error { _, err := u.OpenCase(t.Context(), newCase(n)); return err })
			wantClass(t, "opening a case by it", err, c.class)
			if must(u.KnownDirectory(t.Context())) != shown {
				t.Error("another directory is shown from now on")
			}
		})
	}
}

// An entry names the rosters that its author had seen: a service that hides a newer one from
// a device without memory is found out by the first entry that knows it.
func TestHiddenRoster(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	n.SignRoster(ines, func(*client.RosterDraft) { n.Clock.Advance(time.Minute) })
	opened := openCase(t, n)
	d := n.NewDevice(bruna)
	d.Wire.Lie = lie(t, to("GET", "/directory"), func(d *api.Directory) {
		o := organisation(d, n.Organisation("levante"))
		o.Rosters = o.Rosters[:1]
	})
	_, err := n.Unlock(bruna, d).ReadThread(t.Context(), opened.Thread.State.Thread, "")
	wantClass(t, "reading by an old roster", err, fault.ClassMissing)
}

// TestRollback: a device that remembers is shown less, or something else.
func TestRollback(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	v := talk(t, n)
	id := v.State.Thread
	full := page(t, n, id)

	// Bruna's next entry is kept back by the service: it has it, and nobody is told.
	n.Wire(bruna).Drop = to("POST", "/entries")
	_, err := n.Person(bruna).Post(t.Context(), read(t, n, bruna, id, ""), client.Content{Text: "trattenuta"})
	wantKind(t, "posting into the void", err, fault.NotKnown)
	kept := decode[api.Append](t, lastTo(t, n.Wire(bruna), "/entries").Request).Parcels[0]
	n.Wire(bruna).Drop = nil

	short := n.Restart(n.Resident(alba).Device)
	short.Wire.Lie = lie(t, to("POST", "/readings"), func(p *api.Page) {
		dropLast(p)
		p.Next, p.Head = 3, parse(t, p.Entries[2].Header).Hash()
	})
	u := n.Unlock(alba, short)
	err = reads(t, short, func() (*client.Conversation, error) { return u.ReadThread(t.Context(), id, "") })
	wantClass(t, "cut short", err, fault.ClassRollback)
	short.Wire.Lie = nil

	// Alba says something in the same place, and her device remembers. Later the service
	// shows it the chain that holds the kept entry instead.
	post(t, n, alba, v, "al suo posto")
	d := n.Restart(n.Resident(alba).Device)
	u = n.Unlock(alba, d)
	d.Wire.Lie = lie(t, to("POST", "/readings"), func(p *api.Page) {
		*p = full
		addEntry(t, n, p, kept, n.Clock.Now())
	})
	err = reads(t, d, func() (*client.Conversation, error) { return u.ReadThread(t.Context(), id, "") })
	wantClass(t, "a fork", err, fault.ClassFork)
	d.Wire.Lie = lie(t, to("GET", "/cases"), func(c *api.Cases) {
		for i := range c.Threads {
			c.Threads[i].Entries = 1
		}
	})
	err = deceived(t, d, func() error { _, err := u.Cases(t.Context()); return err })
	wantClass(t, "a list with fewer entries", err, fault.ClassRollback)

	// A device that knows nothing is shown the kept entry, admitted long after it was written.
	d = n.NewDevice(bruna)
	u = n.Unlock(bruna, d)
	d.Wire.Lie = lie(t, to("POST", "/readings"), func(p *api.Page) {
		*p = full
		addEntry(t, n, p, kept, n.Clock.Now().Add(time.Hour))
	})
	err = reads(t, d, func() (*client.Conversation, error) { return u.ReadThread(t.Context(), id, "") })
	wantClass(t, "an entry kept back", err, fault.ClassLate)
}

// TestAccomplice: a service that has bought one person of a centre can't seat an accomplice
// under an officer's name, with that person's own signature on it.
func TestAccomplice(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	evil := newAdversary()
	dinas := n.Person(dina).Card()
	// A traitor is on the roster of the centre, and the test has her key.
	traitor := n.Traitor("traditrice", carla)
	d := n.NewDevice(bruna)
	u := n.Unlock(bruna, d)
	var saw []thread.Seen
	for _, name := range []string{"aurora", "levante"} {
		directory, err := u.Directory(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r := directory.Organisation(n.Organisation(name)).Roster
		saw = append(saw, thread.Seen{Organisation: r.Organisation, Version: r.Version, Hash: r.Hash})
	}
	slices.SortFunc(saw, func(a, b thread.Seen) int { return strings.Compare(string(a.Organisation), string(b.Organisation)) })

	for name, c := range map[string]struct {
		change func(e *thread.Entry, cards *[]*card.Signed)
		class  fault.Class // "" for what is not refused
	}{
		"nothing wrong": {func(*thread.Entry, *[]*card.Signed) {}, ""},
		"a manager as holder": {func(e *thread.Entry, cards *[]*card.Signed) {
			seat(e, cards, n.Person(ines).Card(), act.SeatHolder)
		}, fault.ClassMembership},
		"a card that no roster has": {func(e *thread.Entry, cards *[]*card.Signed) {
			c := n.Person(franca).Card().Card
			seat(e, cards, evil.card(t, n, c), act.SeatHolder)
		}, fault.ClassUntrusted},
		"somebody who waits for a seat": {func(e *thread.Entry, cards *[]*card.Signed) {
			n.Invite("complice", "levante")
			seat(e, cards, n.Enrol("complice").Card(), act.SeatHolder)
		}, fault.ClassUntrusted},
		"a member of another centre": {func(e *thread.Entry, cards *[]*card.Signed) {
			seat(e, cards, dinas, act.SeatCentre)
		}, fault.ClassMembership},
		"no roster named":            {func(e *thread.Entry, _ *[]*card.Signed) { e.Rosters = nil }, fault.ClassMissing},
		"a roster that is not there": {func(e *thread.Entry, _ *[]*card.Signed) { e.Rosters[0].Version = 9 }, fault.ClassMissing},
		"another roster":             {func(e *thread.Entry, _ *[]*card.Signed) { e.Rosters[0].Hash = note.Sum(nil) }, fault.ClassFork},
	} {
		t.Run(name, func(t *testing.T) {
			e := *opened.Thread.Entries[0].Entry
			e.Thread, e.ID, e.Rosters = ids.NewThread(rng(name)), ids.NewEntry(rng(name)), slices.Clone(saw)
			e.Members = slices.DeleteFunc(slices.Clone(e.Members), func(m thread.Member) bool { return m.Person == n.ID(alba) })
			cards := []*card.Signed{n.Person(bruna).Card(), n.Person(franca).Card(), n.Person(gino).Card()}
			seat(&e, &cards, traitor.Card, act.SeatCentre)
			e.Author, e.Card, e.Time, e.NotAfter = traitor.Card.Person, traitor.Card.Hash, n.Clock.Now(), n.Clock.Now().Add(time.Minute)
			c.change(&e, &cards)
			header := signOpen(t, e, traitor.Signer)
			d.Wire.Withhold = to("POST", "/readings")
			d.Wire.Lie = func(method, path string, status int, answer []byte) (int, []byte) {
				if to("GET", "/freshness")(method, path) {
					return 200, encode(t, api.Freshness{}) // the service has no such thread
				}
				if !to("POST", "/readings")(method, path) {
					return status, answer
				}
				p := api.Page{Thread: e.Thread}
				for _, one := range cards {
					p.Cards = append(p.Cards, string(one.Note()))
				}
				addEntry(t, n, &p, api.Parcel{Header: header}, n.Clock.Now())
				return 200, encode(t, p)
			}
			if c.class == "" { // else the others would be refused for something else
				if _, err := u.ReadThread(t.Context(), e.Thread, ""); err != nil {
					t.Fatal(err)
				}
				return
			}
			err := reads(t, d, func() (*client.Conversation, error) { return u.ReadThread(t.Context(), e.Thread, "") })
			wantClass(t, "reading", err, c.class)
		})
	}
}
