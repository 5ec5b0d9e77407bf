package client_test

import (
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// withValfiore is a further thread with the Comune.
func withValfiore(n *varcotest.Network) client.NewThread {
	return client.NewThread{With: n.Organisation("valfiore"), Content: client.Content{Text: "Serve un'attestazione."},
		Colleagues: []ids.Person{n.ID(bruna)}, Partners: []ids.Person{n.ID(olga)}}
}

// withPonente is a further thread with another office, by chance Luca or Marta.
func withPonente(n *varcotest.Network) client.NewThread {
	return client.NewThread{With: n.Organisation("ponente"), Topic: "RDL-01", Urgency: "U2", Content: client.Content{Text: "Serve una copia."},
		Colleagues: []ids.Person{n.ID(bruna)}}
}

// meanwhile does something once, when a person's request that matches is on its way.
func meanwhile(n *varcotest.Network, name string, match func(string, string) bool, act func()) {
	match = times(1, match)
	n.Wire(name).Before = func(method, path string, _ []byte) {
		if match(method, path) {
			act()
		}
	}
}

func exclude(t *testing.T, n *varcotest.Network, name string, inside ids.Thread, x ...client.Exclusion) {
	t.Helper()
	if _, err := n.Person(name).Exclude(t.Context(), read(t, n, name, inside, ""), client.Content{Exclude: x}); err != nil {
		t.Fatalf("%s excludes: %v", name, err)
	}
}

// Who is excluded by a colleague at the last moment gets no further thread.
func TestExcludedBeforeTheFurtherThread(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		with func(*varcotest.Network) client.NewThread
		not  func(*varcotest.Network) client.Exclusion
		gets string
	}{
		"the Comune": {withValfiore, func(n *varcotest.Network) client.Exclusion {
			return client.Exclusion{Organisation: n.Organisation("valfiore")}
		}, olga},
		"one of the Comune": {withValfiore, func(n *varcotest.Network) client.Exclusion {
			return client.Exclusion{Organisation: n.Organisation("valfiore"), Person: n.ID(olga)}
		}, olga},
		"an officer": {func(n *varcotest.Network) client.NewThread {
			c := withPonente(n)
			c.Holder = n.ID(luca)
			return c
		}, func(n *varcotest.Network) client.Exclusion {
			return client.Exclusion{Organisation: n.Organisation("ponente"), Person: n.ID(luca)}
		}, luca},
		"an officer who was drawn": {withPonente, func(n *varcotest.Network) client.Exclusion {
			return client.Exclusion{Organisation: n.Organisation("ponente"), Person: n.ID(luca)}
		}, luca},
	} {
		for when, match := range map[string]func(string, string) bool{
			"before she has read it": nil,
			"while it is on its way": to("POST", "/cases"),
		} {
			t.Run(name+", "+when, func(t *testing.T) {
				t.Parallel()
				n := varcotest.New(t)
				opened := openCase(t, n)
				excludes := func() { exclude(t, n, bruna, opened.Inside.State.Thread, c.not(n)) }
				if match == nil {
					excludes()
				} else {
					meanwhile(n, alba, match, excludes)
				}
				_, _, err := n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, c.with(n))
				wantKind(t, "who is excluded was chosen", err, fault.Invalid)
				if list, err := n.Person(c.gets).Cases(t.Context()); len(list) != 0 || err != nil {
					t.Errorf("%s got %+v, %v", c.gets, list, err)
				}
			})
		}
	}
}

// That there is a further thread is not said to somebody who became a member of the centre's own one
// meanwhile, nor where somebody reads it who must not: who opens it sees that first.
func TestFurtherThreadIsSaidToThoseWhoAreKnown(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	inside := opened.Inside.State.Thread
	meanwhile(n, alba, to("POST", "/cases"), func() {
		change(t, n, bruna, read(t, n, bruna, inside, ""), client.Change{Add: []client.Joining{joining(n, "aurora", carla, act.SeatCentre, 0)}})
	})
	_, _, err := n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, withValfiore(n))
	wantKind(t, "somebody has come meanwhile", err, fault.Conflict)
	if opened.Inside.State.Member(n.ID(carla)) == nil {
		t.Error("the centre's own thread does not show who has come")
	}
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if err := d.Remove(n.ID(bruna)); err != nil {
			t.Fatal(err)
		}
	})
	n.Clock.Advance(time.Hour)
	with := withValfiore(n)
	with.Colleagues = []ids.Person{n.ID(carla)}
	if err := n.Person(alba).ReadOn(t.Context(), opened.Inside, ""); err != nil {
		t.Fatal(err)
	}
	_, _, err = n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, with)
	wantClass(t, "a colleague who has left reads it", err, fault.ClassUntrusted)
	if list, err := n.Person(olga).Cases(t.Context()); len(list) != 0 || err != nil {
		t.Errorf("the Comune got %+v, %v", list, err)
	}
	change(t, n, alba, opened.Inside, client.Change{Remove: []ids.Person{n.ID(bruna)}})
	if _, _, err := n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, with); err != nil {
		t.Errorf("when she was removed: %v", err)
	}
}

// Whatever answers are lost, and however often the service says "conflict", one further thread is
// opened, with the people who were drawn for it at first.
func TestFurtherThreadOnce(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	inside := opened.Inside.State.Thread
	open := func() (*client.Conversation, error) {
		v, _, err := n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, withPonente(n))
		return v, err
	}
	count := func(want int) {
		t.Helper()
		if list, err := n.Person(alba).Cases(t.Context()); len(list) != 2+want || err != nil {
			t.Errorf("%d threads, %v", len(list), err)
		}
	}
	n.Wire(alba).Lose = times(3, to("POST", "/cases"))
	if _, err := open(); err != nil {
		t.Fatalf("answers were lost: %v", err)
	}
	count(1)

	n.Wire(alba).Lie = func(method, path string, status int, answer []byte) (int, []byte) {
		if to("POST", "/cases")(method, path) {
			return 409, encode(t, api.Problem{Type: "/problems/conflict", Status: 409})
		}
		return status, answer
	}
	v, err := open()
	if err != nil {
		t.Fatalf("recorded and denied: %v", err)
	}
	if got := read(t, n, bruna, v.State.Thread, ""); len(v.Entries) != 1 || got.Entries[0].Receipt != v.Entries[0].Receipt {
		t.Errorf("recorded and denied: %d entries, receipt %+v", len(v.Entries), v.Entries[0].Receipt)
	}
	count(2)

	n.Wire(alba).Withhold = to("POST", "/cases")
	before := len(n.Wire(alba).Seen())
	_, err = open()
	wantKind(t, "conflict without end", err, fault.Conflict)
	openings, links, members := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, e := range n.Wire(alba).Seen()[before:] {
		if !to("POST", "/cases")(e.Method, e.Path) {
			continue
		}
		parcels := decode[api.OpenCase](t, e.Request).Parcels
		first, err := thread.Parse([]byte(parcels[0].Header))
		if err != nil {
			t.Fatal(err)
		}
		openings[entryLine(parcels[0].Header)+string(first.Thread)+string(parcels[0].Body)] = true
		links[entryLine(parcels[1].Header)+string(parcels[1].Body)] = true
		members[string(encode(t, first.Members))] = true
	}
	if len(openings) != 1 || len(links) != 1 || len(members) != 1 {
		t.Errorf("she was led to sign %d openings with %d sets of members, and %d links", len(openings), len(members), len(links))
	}
	n.Wire(alba).Withhold, n.Wire(alba).Lie = nil, nil
	count(2)
	if got := read(t, n, bruna, inside, ""); len(got.Entries) != 3 {
		t.Errorf("%d entries in the centre's own thread", len(got.Entries))
	}
}

// Who is excluded at the last moment is not added, and gets no other seat.
func TestExcludedBeforeTheChange(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	c := newCase(n)
	c.Exclude = []ids.Person{n.ID(gino)}
	opened := must(n.Person(alba).OpenCase(t.Context(), c))
	inside, id := opened.Inside.State.Thread, opened.Thread.State.Thread
	ginos := client.Exclusion{Organisation: n.Organisation("levante"), Person: n.ID(gino)}
	lifted := ginos
	lifted.Lift = true
	exclude(t, n, alba, inside, lifted)
	adds := client.Change{Add: []client.Joining{joining(n, "levante", gino, act.SeatSubstitute, 0)}, Inside: read(t, n, alba, inside, "")}
	meanwhile(n, alba, to("POST", "/entries"), func() {
		exclude(t, n, bruna, inside, ginos)
		post(t, n, bruna, read(t, n, bruna, id, ""), "nel frattempo")
	})
	_, err := n.Person(alba).ChangeMembers(t.Context(), opened.Thread, adds)
	wantKind(t, "who was excluded while she was added", err, fault.Invalid)
	if err := n.Person(alba).ReadOn(t.Context(), opened.Thread, ""); err != nil || opened.Thread.State.Member(n.ID(gino)) != nil {
		t.Errorf("he is a member: %v", err)
	}

	exclude(t, n, bruna, inside, lifted)
	change(t, n, alba, opened.Thread, adds) // what was read before is read on
	promotes := client.Change{Seats: map[ids.Person]act.Seat{n.ID(gino): act.SeatHolder}, Remove: []ids.Person{n.ID(franca)}, Inside: adds.Inside}
	exclude(t, n, bruna, inside, ginos)
	_, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, promotes)
	wantKind(t, "who was excluded before the centre's own thread was read on", err, fault.Invalid)
}
