package client_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/keyring"
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

// meanwhile does something once, when a request of Alba's that matches is on its way.
func meanwhile(n *varcotest.Network, match func(string, string) bool, act func()) {
	match = times(1, match)
	n.Wire(alba).Before = func(method, path string, _ []byte) {
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
					meanwhile(n, match, excludes)
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
	meanwhile(n, to("POST", "/cases"), func() {
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
	meanwhile(n, to("POST", "/entries"), func() {
		exclude(t, n, bruna, inside, ginos)
		post(t, n, bruna, read(t, n, bruna, id, ""), "nel frattempo")
	})
	_, err := n.Person(alba).ChangeMembers(t.Context(), opened.Thread, adds)
	wantKind(t, "who was excluded while she was added", err, fault.Conflict)
	if err := n.Person(alba).ReadOn(t.Context(), opened.Thread, ""); err != nil || opened.Thread.State.Member(n.ID(gino)) != nil {
		t.Errorf("he is a member: %v", err)
	}

	exclude(t, n, bruna, inside, lifted)
	change(t, n, alba, opened.Thread, adds) // what was read before is read on
	promotes := client.Change{Seats: map[ids.Person]act.Seat{n.ID(gino): act.SeatHolder}, Remove: []ids.Person{n.ID(franca)}, Inside: adds.Inside}
	exclude(t, n, bruna, inside, ginos)
	_, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, promotes)
	wantKind(t, "who was excluded before the centre's own thread was read on", err, fault.Conflict)
}

// After somebody has left the centre's own thread, or lost her keys, a new epoch starts there before a
// further thread is named in it; once, whoever starts it.
func TestFurtherThreadAfterSomebodyLeft(t *testing.T) {
	t.Parallel()
	recuse := func(t *testing.T, n *varcotest.Network, inside ids.Thread) {
		t.Helper()
		must(n.Person(bruna).Recuse(t.Context(), read(t, n, bruna, inside, "")))
	}
	excludes := func(t *testing.T, n *varcotest.Network, inside ids.Thread) {
		t.Helper()
		exclude(t, n, carla, inside, client.Exclusion{Organisation: n.Organisation("valfiore")})
	}
	for name, c := range map[string]struct {
		before, opening, renewing func(*testing.T, *varcotest.Network, ids.Thread) // what others do
		kind                      fault.Kind
		want                      []string
	}{
		"before":                      {before: recuse, want: []string{"recuse Bruna Sala", "rekey Alba Conti", "link Alba Conti"}},
		"while it is on its way":      {opening: recuse, want: []string{"recuse Bruna Sala", "rekey Alba Conti", "link Alba Conti"}},
		"and her card became another": {before: enrolAgain, want: []string{"grant Alba Conti", "rekey Alba Conti", "link Alba Conti"}},
		"and a colleague goes on":     {before: recuse, renewing: goesOn, want: []string{"recuse Bruna Sala", "rekey Carla Riva", "message Carla Riva", "link Alba Conti"}},
		"and a colleague excludes it": {before: recuse, renewing: excludes, kind: fault.Invalid, want: []string{"recuse Bruna Sala", "rekey Carla Riva", "exclude Carla Riva"}},
		"twice":                       {before: recuse, renewing: leaveToo, want: []string{"recuse Bruna Sala", "recuse Carla Riva", "rekey Alba Conti", "link Alba Conti"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := varcotest.New(t)
			three := newCase(n)
			three.Colleagues = append(three.Colleagues, n.ID(carla))
			opened := must(n.Person(alba).OpenCase(t.Context(), three))
			inside := opened.Inside.State.Thread
			if c.before != nil {
				c.before(t, n, inside)
				if err := n.Person(alba).ReadOn(t.Context(), opened.Inside, ""); err != nil {
					t.Fatal(err)
				}
			}
			if c.opening != nil {
				meanwhile(n, to("POST", "/cases"), func() { c.opening(t, n, inside) })
			}
			if c.renewing != nil {
				meanwhile(n, to("POST", "/entries"), func() { c.renewing(t, n, inside) })
			}
			n.Wire(alba).Lose = times(2, to("POST", "/entries"))
			with := withValfiore(n)
			with.Colleagues = []ids.Person{n.ID(carla)}
			v, _, err := n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, with)
			if (err == nil) != (c.kind == "") || err != nil && fault.KindOf(err) != c.kind {
				t.Errorf("opening it: %v, want kind %q", err, c.kind)
			}
			var got []string
			for _, e := range read(t, n, alba, inside, "").Entries[1:] {
				got = append(got, string(e.Entry.Kind)+" "+e.Name)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("what was said inside (-want +got):\n%s", diff)
			}
			if err == nil && read(t, n, olga, v.State.Thread, "").Entries[0].Content.Text != with.Content.Text {
				t.Error("the Comune does not read it")
			}
		})
	}
}

// enrolAgain gives Bruna other keys, and Alba lets her go on with them.
func enrolAgain(t *testing.T, n *varcotest.Network, inside ids.Thread) {
	t.Helper()
	u := must(n.NewDevice(bruna).Client.EnrolAgain(t.Context(), must(keyring.NewPhrase(rand.Reader))))
	words := client.Words(u.Card())
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if err := d.Endorse(client.Endorsement{Person: n.ID(bruna), Roles: []act.Role{act.Operator}, Words: join(words[:])}); err != nil {
			t.Fatal(err)
		}
	})
	n.Clock.Advance(time.Hour)
	if err := n.Person(alba).AcceptCard(t.Context(), n.Organisation("aurora"), n.ID(bruna), join(words[:])); err != nil {
		t.Fatal(err)
	}
	must(n.Person(alba).GrantAgain(t.Context(), read(t, n, alba, inside, ""), n.ID(bruna)))
}

// goesOn lets Carla write something, which starts an epoch where one has to start.
func goesOn(t *testing.T, n *varcotest.Network, inside ids.Thread) {
	t.Helper()
	post(t, n, carla, read(t, n, carla, inside, ""), "nel frattempo")
}

func leaveToo(t *testing.T, n *varcotest.Network, inside ids.Thread) {
	t.Helper()
	must(n.Person(carla).Recuse(t.Context(), read(t, n, carla, inside, "")))
}

// While nothing may be sealed to somebody in the centre's own thread, not even a new epoch starts there,
// nor for a further thread that can't be opened.
func TestNoEpochForNothing(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	three := newCase(n)
	three.Colleagues = append(three.Colleagues, n.ID(carla))
	opened := must(n.Person(alba).OpenCase(t.Context(), three))
	inside := opened.Inside.State.Thread
	must(n.Person(carla).Recuse(t.Context(), read(t, n, carla, inside, "")))
	with := withValfiore(n)
	with.Partners = []ids.Person{n.ID(luca)}
	if err := n.Person(alba).ReadOn(t.Context(), opened.Inside, ""); err != nil {
		t.Fatal(err)
	}
	_, _, err := n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, with)
	wantKind(t, "with somebody of elsewhere", err, fault.Invalid)
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if err := d.Remove(n.ID(bruna)); err != nil {
			t.Fatal(err)
		}
	})
	n.Clock.Advance(time.Hour)
	with = withValfiore(n)
	with.Colleagues = []ids.Person{n.ID(carla)}
	_, _, err = n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, with)
	wantClass(t, "while a colleague who has left the centre is there", err, fault.ClassUntrusted)
	if got := read(t, n, alba, inside, ""); len(got.Entries) != 2 || !got.State.Spent {
		t.Errorf("%d entries, spent %v", len(got.Entries), got.State.Spent)
	}
}

// Who is excluded by a colleague while she is being added, or made holder, does not become it: the centre's
// own thread is another, so that no entry there is in the way.
func TestExcludedWhileAdded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begins bool // as the substitute
		change func(*varcotest.Network) client.Change
	}{
		"added": {false, func(n *varcotest.Network) client.Change {
			return client.Change{Add: []client.Joining{joining(n, "levante", gino, act.SeatSubstitute, 1)}}
		}},
		"made holder": {true, func(n *varcotest.Network) client.Change {
			return client.Change{Seats: map[ids.Person]act.Seat{n.ID(gino): act.SeatHolder}, Remove: []ids.Person{n.ID(franca)}}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := varcotest.New(t)
			opened := openCase(t, n)
			if !c.begins {
				change(t, n, alba, opened.Thread, client.Change{Remove: []ids.Person{n.ID(gino)}})
			}
			meanwhile(n, to("POST", "/entries"), func() {
				exclude(t, n, bruna, opened.Inside.State.Thread, client.Exclusion{Organisation: n.Organisation("levante"), Person: n.ID(gino)})
			})
			changes := c.change(n)
			changes.Inside = opened.Inside
			_, err := n.Person(alba).ChangeMembers(t.Context(), opened.Thread, changes)
			wantKind(t, "who is excluded was chosen", err, fault.Conflict)
			m := read(t, n, bruna, opened.Thread.State.Thread, "").State.Member(n.ID(gino))
			if c.begins != (m != nil) || m != nil && m.Seat != act.SeatSubstitute {
				t.Errorf("afterwards he is %+v", m)
			}
		})
	}
}

// What else is said in the centre's own thread meanwhile keeps nobody from being added.
func TestAddedWhileOthersWriteInside(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	change(t, n, alba, opened.Thread, client.Change{Remove: []ids.Person{n.ID(gino)}})
	meanwhile(n, to("POST", "/entries"), func() {
		exclude(t, n, bruna, opened.Inside.State.Thread, client.Exclusion{Organisation: n.Organisation("ponente")})
	})
	change(t, n, alba, opened.Thread, client.Change{Add: []client.Joining{joining(n, "levante", gino, act.SeatSubstitute, 1)}, Inside: opened.Inside})
	if read(t, n, bruna, opened.Thread.State.Thread, "").State.Member(n.ID(gino)) == nil {
		t.Error("he was not added")
	}
}
