package client_test

import (
	"slices"
	"strings"
	"testing"

	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// TestPoison: what every client would refuse is not admitted, or one member could make a
// thread unreadable for all.
func TestPoison(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	traitor := n.Traitor("traditrice", carla)
	c := newCase(n)
	c.Colleagues = append(c.Colleagues, traitor.Card.Person)
	opened, err := n.Person(alba).OpenCase(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	s := opened.Thread.State
	saw := opened.Thread.Entries[0].Entry.Rosters
	for name, x := range map[string]struct {
		rosters []thread.Seen
		status  int
		class   fault.Class
	}{
		"no roster":                {nil, 422, fault.ClassMissing},
		"one that is not there":    {[]thread.Seen{{Organisation: n.Organisation("aurora"), Version: 9, Hash: note.Sum(nil)}}, 422, fault.ClassMissing},
		"another one":              {[]thread.Seen{{Organisation: n.Organisation("aurora"), Version: 1, Hash: note.Sum(nil)}}, 422, fault.ClassFork},
		"another organisation's":   {withRoster(saw, first(t, n, "valfiore")), 422, fault.ClassMembership},
		"one from before her time": {[]thread.Seen{first(t, n, "aurora")}, 422, fault.ClassUntrusted},
	} {
		e := thread.Entry{Thread: s.Thread, ID: ids.NewEntry(rng(name)), Sequence: s.Next, Previous: s.Head, Epoch: 1,
			Author: traitor.Card.Person, Card: traitor.Card.Hash, Kind: thread.Message, Time: n.Clock.Now(), NotAfter: n.Clock.Now(),
			Rosters: x.rosters}
		body, err := seal.Body(s.Recipient(), seal.Binding{Thread: e.Thread, Entry: e.ID, Epoch: 1, Author: e.Author, Kind: string(e.Kind)}, []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		e.Body = &thread.Sealed{Hash: note.Sum(body), Size: int64(len(body))}
		header, err := thread.Sign(e, traitor.Signer)
		if err != nil {
			t.Fatal(err)
		}
		d := n.NewDevice("traditrice")
		request := encode(t, api.Append{Parcels: []api.Parcel{{Header: string(header), Body: body}}})
		status, answer, err := d.Wire.Do(t.Context(), d.Client.Token(), "POST", "/v1/entries", request)
		if err != nil || status != x.status || decode[api.Problem](t, answer).Class != string(x.class) {
			t.Errorf("%s: %d %s, %v", name, status, answer, err)
		}
	}
	if got := read(t, n, bruna, s.Thread, ""); len(got.Entries) != 1 {
		t.Errorf("%d entries were admitted", len(got.Entries))
	}
}

func withRoster(all []thread.Seen, more thread.Seen) []thread.Seen {
	all = append(slices.Clone(all), more)
	slices.SortFunc(all, func(a, b thread.Seen) int { return strings.Compare(string(a.Organisation), string(b.Organisation)) })
	return all
}

// first is the first version of an organisation's roster.
func first(t *testing.T, n *varcotest.Network, name string) thread.Seen {
	t.Helper()
	if _, err := n.Person(alba).Directory(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := decode[api.Directory](t, lastTo(t, n.Wire(alba), "/directory").Answer)
	o := organisation(&d, n.Organisation(name))
	return thread.Seen{Organisation: o.ID, Version: 1, Hash: note.Sum([]byte(o.Rosters[0]))}
}
