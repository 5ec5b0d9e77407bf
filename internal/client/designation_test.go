package client_test

import (
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// designated says in the office's roster until when Franca is an officer; zero: without an end.
func designated(t *testing.T, n *varcotest.Network, until time.Time) {
	t.Helper()
	n.SignRoster(ines, func(d *client.RosterDraft) {
		if err := d.Endorse(client.Endorsement{Person: n.ID(franca), Roles: []act.Role{act.Officer}, Act: "DD-118/2026", Until: until}); err != nil {
			t.Fatal(err)
		}
	})
}

// stopped checks that somebody without a role today reads nothing, and is not told what there is.
func stopped(t *testing.T, n *varcotest.Network, name string, id ids.Thread) {
	t.Helper()
	_, err := n.Person(name).ReadThread(t.Context(), id, act.ReasonAnswer)
	wantKind(t, "reading after her designation", err, fault.NotFound)
	_, err = n.Person(name).Cases(t.Context())
	wantKind(t, "her list after her designation", err, fault.NotFound)
}

// With her designation an officer's reading and writing end. Her office is not stuck: the substitute
// answers and finishes, and the centre makes her the holder.
func TestDesignationEnds(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	opened := openCase(t, n)
	id := opened.Thread.State.Thread
	designated(t, n, n.Clock.Now().Add(time.Hour))
	hers := read(t, n, franca, id, act.ReasonNew)
	post(t, n, franca, hers, "Ci guardo")
	denied(t, n, gino, id, "")
	n.Clock.Advance(time.Hour)
	stopped(t, n, franca, id)
	_, err := n.Person(franca).Post(t.Context(), hers, client.Content{Text: "Ancora una cosa"})
	wantKind(t, "writing after her designation", err, fault.NotFound)

	v := read(t, n, gino, id, act.ReasonSubstitution)
	_, err = n.Person(gino).Post(t.Context(), v, client.Content{Text: "Accolta"})
	wantClass(t, "without saying that Franca has the key still", err, fault.ClassUntrusted)
	if _, err = n.Person(gino).Post(t.Context(), v, client.Content{Text: "Accolta"}, n.ID(franca)); err != nil {
		t.Fatalf("the substitute answers: %v", err)
	}
	if _, err = n.Person(gino).SetStatus(t.Context(), v, thread.Status{Phase: thread.PhaseClosed}, client.Content{}); err != nil {
		t.Fatalf("the substitute finishes: %v", err)
	}
	v = read(t, n, alba, id, "")
	if _, err = n.Person(alba).SetStatus(t.Context(), v, thread.Status{Phase: thread.PhaseOpen}, client.Content{}); err != nil {
		t.Fatal(err)
	}
	change(t, n, alba, v, client.Change{Remove: []ids.Person{n.ID(franca)},
		Seats: map[ids.Person]act.Seat{n.ID(gino): act.SeatHolder}, Inside: opened.Inside})
	post(t, n, alba, v, "Ancora una domanda")
	post(t, n, gino, read(t, n, gino, id, act.ReasonAnswer), "Rispondo")

	c := newCase(n)
	_, err = n.Person(alba).OpenCase(t.Context(), c)
	wantClass(t, "a new case for her", err, fault.ClassUntrusted)
	c.Holder = ""
	next, err := n.Person(alba).OpenCase(t.Context(), c)
	if err != nil || next.Holder != n.ID(gino) || next.Substitute != "" {
		t.Errorf("the holder of the next case is %v, %v", next, err)
	}
}

// Where nobody substitutes her, her manager prolongs the designation, and she goes on.
func TestDesignationIsProlonged(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	c := newCase(n)
	c.Exclude = []ids.Person{n.ID(gino)}
	opened, err := n.Person(alba).OpenCase(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	id := opened.Thread.State.Thread
	designated(t, n, n.Clock.Now().Add(time.Hour))
	read(t, n, franca, id, act.ReasonNew)
	n.Clock.Advance(2 * time.Hour)
	stopped(t, n, franca, id)
	designated(t, n, time.Time{})
	hers, err := n.Unlock(franca, n.NewDevice(franca)).ReadThread(t.Context(), id, act.ReasonAnswer)
	if err != nil {
		t.Fatal(err)
	}
	post(t, n, franca, hers, "Eccomi")
	if v := read(t, n, alba, id, ""); v.Entries[len(v.Entries)-1].Content.Text != "Eccomi" {
		t.Errorf("the centre reads %q", texts(v))
	}
}
