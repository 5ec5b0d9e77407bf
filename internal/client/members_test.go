package client_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// Who is added reads from when it was said that she reads: from now on, or all of it.
func TestAddMember(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]int64{"from now on": 0, "from the beginning": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := varcotest.New(t)
			opened := openCase(t, n)
			id := opened.Thread.State.Thread
			post(t, n, alba, opened.Thread, "prima di Carla")
			if _, err := n.Person(carla).ReadThread(t.Context(), id, ""); fault.KindOf(err) != fault.NotFound {
				t.Fatalf("before she was added: %v", err)
			}
			change(t, n, alba, opened.Thread, client.Change{Add: []client.Joining{joining(n, "aurora", carla, act.SeatCentre, from)}})
			post(t, n, alba, opened.Thread, "con Carla")
			want := []string{"open centre Alba Conti: Prima domanda " + canary, "message centre Alba Conti: prima di Carla",
				"members centre Alba Conti: ", "grant centre Alba Conti: ", "message centre Alba Conti: con Carla"}
			if from == 0 {
				want = []string{"open centre Alba Conti: [grant]", "message centre Alba Conti: [grant]",
					"members centre Alba Conti: ", "message centre Alba Conti: con Carla"}
			}
			if diff := cmp.Diff(want, texts(read(t, n, carla, id, ""))); diff != "" {
				t.Errorf("what she reads (-want +got):\n%s", diff)
			}
			if got := read(t, n, franca, id, act.ReasonNew); len(got.State.Members) != 5 || got.Entries[1].Unreadable != nil {
				t.Errorf("what the officer sees: %+v", got.State.Members)
			}
		})
	}
}

// History may be given later, by the centre and nobody else.
func TestGrantHistory(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	change(t, n, alba, opened.Thread, client.Change{Add: []client.Joining{joining(n, "aurora", carla, act.SeatCentre, 0)}})
	v := read(t, n, franca, id, act.ReasonNew)
	_, err := n.Person(franca).GrantHistory(t.Context(), v, n.ID(carla), 1)
	wantClass(t, "an officer lets somebody of the centre read what was before her", err, fault.ClassMembership)
	carlas := read(t, n, carla, id, "")
	_, err = n.Person(carla).GrantHistory(t.Context(), carlas, n.ID(carla), 1)
	wantClass(t, "she lets herself", err, fault.ClassGrant)
	if _, err := n.Person(alba).GrantHistory(t.Context(), opened.Thread, n.ID(carla), 1); err != nil {
		t.Fatal(err)
	}
	if err := n.Person(carla).ReadOn(t.Context(), carlas, ""); err != nil {
		t.Fatal(err)
	}
	if got := carlas.Entries[0]; got.Unreadable != nil || got.Content.Text != "Prima domanda "+canary {
		t.Errorf("the first entry: %q, %v", got.Content.Text, got.Unreadable)
	}
}

// Who was removed learns nothing of what follows, and has no key of it.
func TestRemoveMember(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	before := read(t, n, bruna, id, "")
	change(t, n, alba, opened.Thread, client.Change{Remove: []ids.Person{n.ID(bruna)}})
	post(t, n, alba, opened.Thread, "senza Bruna")
	_, err := n.Person(bruna).ReadThread(t.Context(), id, "")
	wantKind(t, "reading after she was removed", err, fault.NotFound)
	_, err = n.Person(bruna).Post(t.Context(), before, client.Content{Text: "ancora io"})
	wantKind(t, "posting after she was removed", err, fault.NotFound)
	if granted := opened.Thread.State.Epochs[1].Granted; slices.Contains(granted, n.ID(bruna)) {
		t.Errorf("the new epoch was granted to %v", granted)
	}
	_, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, client.Change{Remove: []ids.Person{n.ID(bruna)}})
	wantKind(t, "removing who is no member", err, fault.Invalid)
	_, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, client.Change{})
	wantKind(t, "changing nothing", err, fault.Invalid)
}

// A colleague has left the centre and then the officer recuses: the thread goes on without both.
func TestThreadOutlivesItsMembers(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	n.SignRoster(carla, func(d *client.RosterDraft) {
		if err := d.Remove(n.ID(bruna)); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := n.Person(franca).Recuse(t.Context(), read(t, n, franca, id, act.ReasonNew)); err != nil {
		t.Fatal(err)
	}
	n.Clock.Advance(time.Hour)
	v := read(t, n, alba, id, "")
	if _, err := n.Person(alba).SetStatus(t.Context(), v, thread.Status{Phase: thread.PhaseOpen, Waits: act.INPS}, client.Content{}); err != nil {
		t.Fatalf("a status without words, before a new epoch: %v", err)
	}
	_, err := n.Person(alba).Post(t.Context(), v, client.Content{Text: "a chi?"}, n.ID(bruna))
	wantClass(t, "a new epoch for a colleague who has left", err, fault.ClassUntrusted)
	change(t, n, alba, v, client.Change{Remove: []ids.Person{n.ID(bruna)},
		Seats: map[ids.Person]act.Seat{n.ID(gino): act.SeatHolder}, Inside: opened.Inside})
	post(t, n, alba, v, "a Gino")
	got := texts(read(t, n, gino, id, act.ReasonNew))
	if want := "message centre : a Gino"; got[len(got)-1] != want {
		t.Errorf("Gino reads %q, want %q", got, want)
	}
}

// Who was excluded after she had become substitute is not made holder.
func TestExcludedIsNotPromoted(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	promote := client.Change{Seats: map[ids.Person]act.Seat{n.ID(gino): act.SeatHolder}, Remove: []ids.Person{n.ID(franca)}}
	_, err := n.Person(alba).ChangeMembers(t.Context(), opened.Thread, promote)
	wantKind(t, "without knowing who is excluded", err, fault.Invalid)
	if _, err := n.Person(alba).Exclude(t.Context(), opened.Inside, client.Content{Exclude: []client.Exclusion{
		{Organisation: n.Organisation("levante"), Person: n.ID(gino)}}}); err != nil {
		t.Fatal(err)
	}
	promote.Inside = opened.Inside
	_, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, promote)
	wantKind(t, "who is excluded", err, fault.Conflict)
}

// Who is excluded in the case is not chosen, and nobody outside the centre's own thread learns it.
func TestExclude(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	c := newCase(n)
	c.Exclude = []ids.Person{n.ID(gino)}
	opened, err := n.Person(alba).OpenCase(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if excluded, err := opened.Inside.Excludes(n.Organisation("levante"), n.ID(gino)); opened.Substitute != "" || !excluded || err != nil {
		t.Fatalf("the substitute is %q, Gino is excluded: %v, %v", opened.Substitute, excluded, err)
	}
	adds := client.Change{Add: []client.Joining{joining(n, "levante", gino, act.SeatSubstitute, 0)}}
	_, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, adds)
	wantKind(t, "adding an officer without knowing who is excluded", err, fault.Invalid)
	adds.Inside = opened.Inside
	_, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, adds)
	wantKind(t, "adding who is excluded", err, fault.Conflict)

	exclude := func(x client.Exclusion) {
		t.Helper()
		if _, err := n.Person(alba).Exclude(t.Context(), opened.Inside, client.Content{Exclude: []client.Exclusion{x}}); err != nil {
			t.Fatal(err)
		}
	}
	exclude(client.Exclusion{Organisation: n.Organisation("levante"), Person: n.ID(gino), Lift: true})
	exclude(client.Exclusion{Organisation: n.Organisation("levante")})
	if _, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, adds); fault.KindOf(err) != fault.Conflict {
		t.Fatalf("his whole office is excluded: %v", err)
	}
	exclude(client.Exclusion{Organisation: n.Organisation("levante"), Lift: true})
	change(t, n, alba, opened.Thread, adds)

	brunas := read(t, n, bruna, opened.Inside.State.Thread, "")
	if excluded, err := brunas.Exclusions(); len(excluded) != 0 || err != nil || len(brunas.Entries) != 4 {
		t.Errorf("a colleague sees %v after %d entries, %v", excluded, len(brunas.Entries), err)
	}
	_, err = n.Person(alba).Exclude(t.Context(), opened.Thread, client.Content{Exclude: []client.Exclusion{{Organisation: "o"}}})
	wantClass(t, "excluding where the office reads", err, fault.ClassMembership)
	for _, e := range n.Wire(alba).Seen() {
		if to("POST", "/entries")(e.Method, e.Path) && strings.Contains(string(e.Request), "kind exclude") &&
			strings.Contains(string(e.Request), string(n.ID(gino))) {
			t.Errorf("who is excluded is said in clear: %s", e.Request)
		}
	}
}

// The centre's own thread names the others of its case, signed by a colleague.
func TestInsideNamesTheThread(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	want := []client.Linked{{Thread: opened.Thread.State.Thread, Side: thread.INPS, With: n.Organisation("levante")}}
	got := read(t, n, bruna, opened.Inside.State.Thread, "")
	if diff := cmp.Diff(want, got.Entries[0].Content.Threads); diff != "" {
		t.Errorf("the threads of the case (-want +got):\n%s", diff)
	}
}

// A request names a day; a closed thread takes nothing but a new status.
func TestRequestAndStatus(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	francas := read(t, n, franca, id, act.ReasonNew)
	asked := client.Content{Text: "Serve ancora:", Items: []string{"attestazione di presa in carico"}}
	if _, err := n.Person(franca).Request(t.Context(), francas, asked, "2026-11-30"); err != nil {
		t.Fatal(err)
	}
	v := read(t, n, alba, id, "")
	if v.State.Due != "2026-11-30" || !cmp.Equal(v.Entries[1].Content.Items, asked.Items) {
		t.Errorf("asked: %q by %q", v.Entries[1].Content.Items, v.State.Due)
	}
	closed := thread.Status{Phase: thread.PhaseClosed, Outcome: "ACCOLTA"}
	answer := client.Content{Text: "Accolta.", Reference: "INPS.4900.2026.17"}
	if _, err := n.Person(franca).SetStatus(t.Context(), francas, closed, answer); err != nil {
		t.Fatal(err)
	}
	if err := n.Person(alba).ReadOn(t.Context(), v, ""); err != nil {
		t.Fatal(err)
	}
	if last := v.Entries[len(v.Entries)-1]; !v.State.Closed() || last.Content.Reference != answer.Reference || v.State.Due != "" {
		t.Errorf("closed: %+v %+v", v.State.Status, last.Content)
	}
	_, err := n.Person(alba).Post(t.Context(), v, client.Content{Text: "ancora una cosa"})
	wantClass(t, "posting to a closed thread", err, fault.ClassClosed)
	if _, err := n.Person(alba).SetStatus(t.Context(), v, thread.Status{Phase: thread.PhaseOpen, Waits: act.INPS}, client.Content{}); err != nil {
		t.Fatal(err)
	}
	post(t, n, alba, v, "ancora una cosa")
	if got := v.Entries[len(v.Entries)-2].Entry; got.Kind != thread.KindStatus || got.Body != nil {
		t.Errorf("a status without words has the body %v", got.Body)
	}
}

// Two of the centre change members at once: the second is told what the first did, and both hold.
func TestMembersConflict(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	brunas := read(t, n, bruna, id, "")
	raced := false
	n.Wire(bruna).Before = func(method, path string, _ []byte) {
		if to("POST", "/entries")(method, path) && !raced {
			raced = true
			change(t, n, alba, opened.Thread, client.Change{Remove: []ids.Person{n.ID(gino)}})
		}
	}
	change(t, n, bruna, brunas, client.Change{Add: []client.Joining{joining(n, "aurora", carla, act.SeatCentre, 1)}})
	var people []ids.Person
	for _, m := range brunas.State.Members {
		people = append(people, m.Person)
	}
	want := []ids.Person{n.ID(alba), n.ID(bruna), n.ID(carla), n.ID(franca)}
	slices.Sort(want)
	if diff := cmp.Diff(want, people); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if got := texts(read(t, n, carla, id, "")); got[0] != "open centre Alba Conti: Prima domanda "+canary {
		t.Errorf("Carla reads %q", got)
	}
}

// What somebody writes is not sealed to a person whom a colleague adds at the same moment, before
// she has seen that she reads it too.
func TestJoinedMeanwhile(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	brunas := read(t, n, bruna, id, "")
	raced := false
	n.Wire(bruna).Before = func(method, path string, _ []byte) {
		if to("POST", "/entries")(method, path) && !raced {
			raced = true
			change(t, n, alba, opened.Thread, client.Change{Add: []client.Joining{joining(n, "aurora", carla, act.SeatCentre, 0)}})
		}
	}
	_, err := n.Person(bruna).Post(t.Context(), brunas, client.Content{Text: "solo fra noi"})
	wantKind(t, "posting while somebody is added", err, fault.Conflict)
	for _, e := range read(t, n, carla, id, "").Entries {
		if e.Content.Text == "solo fra noi" {
			t.Error("she reads what was written before she came")
		}
	}
	if brunas.State.Member(n.ID(carla)) == nil {
		t.Error("the conversation does not show who has come")
	}
	post(t, n, bruna, brunas, "detto a tutte")
}

func change(t *testing.T, n *varcotest.Network, name string, v *client.Conversation, c client.Change) {
	t.Helper()
	if _, err := n.Person(name).ChangeMembers(t.Context(), v, c); err != nil {
		t.Fatalf("%s changes members: %v", name, err)
	}
}

func joining(n *varcotest.Network, organisation, name string, seat act.Seat, from int64) client.Joining {
	return client.Joining{Organisation: n.Organisation(organisation), Person: n.ID(name), Seat: seat, From: from}
}

// A further thread of the case is with a Comune: it learns nothing of the others, and the centre's
// own thread names it.
func TestOpenThread(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	with := client.NewThread{With: n.Organisation("valfiore"), Content: client.Content{Text: "Serve un'attestazione."},
		Colleagues: []ids.Person{n.ID(bruna)}, Partners: []ids.Person{n.ID(olga)}}
	brunas := read(t, n, bruna, opened.Inside.State.Thread, "")
	if _, err := n.Person(bruna).Exclude(t.Context(), brunas, client.Content{Exclude: []client.Exclusion{{
		Organisation: n.Organisation("ponente")}}}); err != nil {
		t.Fatal(err)
	}
	v, receipts, err := n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, with)
	if err != nil {
		t.Fatal(err)
	}
	if len(receipts) != 2 || len(opened.Inside.Entries) != 3 {
		t.Fatalf("%d receipts, %d entries inside", len(receipts), len(opened.Inside.Entries))
	}
	id := v.State.Thread
	olgas := read(t, n, olga, id, "")
	if got := olgas.Entries[0].Content.Text; got != with.Content.Text || olgas.State.Topic != "" {
		t.Errorf("the Comune reads %q on topic %q", got, olgas.State.Topic)
	}
	for _, other := range []ids.Thread{opened.Thread.State.Thread, opened.Inside.State.Thread} {
		_, err := n.Person(olga).ReadThread(t.Context(), other, "")
		wantKind(t, "the Comune reads another thread", err, fault.NotFound)
	}
	list, err := n.Person(bruna).Cases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(list, func(l client.Listed) bool { return l.Thread == id && l.Case == opened.Case }) {
		t.Errorf("Bruna's list has no thread %s of the case", id)
	}
	with.With = n.Organisation("ponente")
	_, _, err = n.Person(alba).OpenThread(t.Context(), opened.Case, opened.Inside, with)
	wantKind(t, "with an office that is excluded", err, fault.Invalid)
	_, _, err = n.Person(dina).OpenThread(t.Context(), opened.Case, opened.Inside, with)
	if err == nil {
		t.Error("another centre opened a thread in the case")
	}
}

// Who may not read a thread, or does not want to, leaves it all the same.
func TestRecuseUnread(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	post(t, n, alba, opened.Thread, "uno")
	if _, err := n.Person(gino).ReadThread(t.Context(), id, act.ReasonNew); fault.KindOf(err) != fault.NotFound {
		t.Fatalf("the substitute reads while the holder is there: %v", err)
	}
	for _, name := range []string{gino, franca} {
		r, err := n.Person(name).RecuseUnread(t.Context(), id)
		if err != nil || r.Thread != id {
			t.Fatalf("%s recuses: %+v, %v", name, r, err)
		}
	}
	_, err := n.Person(gino).RecuseUnread(t.Context(), id)
	wantKind(t, "leaving twice", err, fault.NotFound)
	_, err = n.Person(dina).RecuseUnread(t.Context(), id)
	wantKind(t, "leaving what is not hers", err, fault.NotFound)
	v := read(t, n, alba, id, "")
	if len(v.State.Members) != 2 || v.State.Held() {
		t.Errorf("members are %+v", v.State.Members)
	}
	for _, e := range n.Wire(gino).Seen() {
		if to("POST", "/readings")(e.Method, e.Path) && e.Status == 200 {
			t.Errorf("he has read: %s", e.Path)
		}
	}
}

// What was kept back, or is of another case, excludes nobody: so nobody is chosen by it.
func TestExclusionsCantBeKeptBack(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	c := newCase(n)
	c.Exclude = []ids.Person{n.ID(gino)}
	opened, err := n.Person(alba).OpenCase(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	other := openCase(t, n)
	adds := client.Change{Add: []client.Joining{joining(n, "levante", gino, act.SeatSubstitute, 0)}, Inside: other.Inside}
	_, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, adds)
	wantClass(t, "with the centre's own thread of another case", err, fault.ClassSubstitute)
	with := client.NewThread{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2", Content: client.Content{Text: "x"},
		Colleagues: []ids.Person{n.ID(bruna)}, Holder: n.ID(gino)}
	_, _, err = n.Person(alba).OpenThread(t.Context(), opened.Case, other.Inside, with)
	wantClass(t, "a further thread with the own thread of another case", err, fault.ClassSubstitute)

	inside := opened.Inside.State.Thread
	n.Wire(alba).Lie = lie(t, times(1, to("POST", string(inside)+"/readings")), func(p *api.Page) { p.Entries[0].Body = nil })
	adds.Inside = read(t, n, alba, inside, "")
	if _, err = adds.Inside.Exclusions(); fault.ClassOf(err) != fault.ClassMissing {
		t.Errorf("who is excluded was kept back: %v", err)
	}
	_, err = n.Person(alba).ChangeMembers(t.Context(), opened.Thread, adds)
	if err == nil {
		t.Error("an excluded officer was added")
	}
	_, _, err = n.Person(alba).OpenThread(t.Context(), opened.Case, adds.Inside, with)
	wantClass(t, "a further thread while that is kept back", err, fault.ClassSubstitute)
}

// Nobody shows as the centre's word what an officer wrote.
func TestContentBelongs(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	v := read(t, n, franca, opened.Thread.State.Thread, act.ReasonNew)
	if _, err := n.Person(franca).Post(t.Context(), v, client.Content{Text: "x", Exclude: []client.Exclusion{{
		Organisation: n.Organisation("levante")}}}); err != nil {
		t.Fatal(err)
	}
	last := read(t, n, alba, opened.Thread.State.Thread, "").Entries[1]
	wantClass(t, "an officer excludes somebody", last.Unreadable, fault.ClassForm)
	if len(last.Content.Exclude) != 0 {
		t.Errorf("it is shown: %+v", last.Content)
	}
}
