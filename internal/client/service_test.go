package client_test

import (
	"errors"
	"strings"
	"testing"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/varcotest"
)

func TestSession(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	c := n.NewDevice(alba).Client
	me, err := c.Me(t.Context())
	if err != nil || me.Person != n.ID(alba) || me.Kind != act.Centre || len(me.Roles) != 1 {
		t.Fatalf("who Alba is: %+v, %v", me, err)
	}
	if _, err := c.Service(t.Context()); err != nil {
		t.Fatal(err)
	}
	token := c.Token()
	if err := c.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !c.Token().IsZero() {
		t.Error("the token is kept after signing out")
	}
	_, err = c.Me(t.Context())
	wantKind(t, "asking after signing out", err, fault.Unauthenticated)
	again, err := client.New(client.Parts{Transport: n.Wire(alba), Service: varcotest.Service, Anchors: n.Anchors, Memory: &client.Volatile{},
		Now: n.Clock.Now, Rand: rng("x"), Work: varcotest.Work(), Token: token})
	if err != nil {
		t.Fatal(err)
	}
	_, err = again.Cases(t.Context())
	wantKind(t, "the token after signing out", err, fault.Unauthenticated)

	d := n.NewDevice(alba)
	d.Wire.Lie = lie(t, to("GET", "/service"), func(s *api.Service) { s.Origin = "other.example" })
	_, err = d.Client.Service(t.Context())
	wantClass(t, "another network's service", err, fault.ClassSubstitute)
	if _, err := client.New(client.Parts{Transport: n.Wire(alba), Service: "https://varco.example", Anchors: n.Anchors,
		Memory: &client.Volatile{}, Now: n.Clock.Now, Rand: rng("x")}); fault.ClassOf(err) != fault.ClassUntrusted {
		t.Errorf("a service elsewhere with anchors given at run time: %v", err)
	}
}

// What the service answers is told apart from what the device has found out.
func TestServiceError(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	_, err := n.Person(alba).ReadThread(t.Context(), ids.NewThread(rng("nowhere")), "")
	var said *client.ServiceError
	if !errors.As(err, &said) || said.Status != 404 || !strings.Contains(err.Error(), "does not exist, or it is not yours") {
		t.Fatalf("nothing there: %v", err)
	}
	for status, want := range map[int]fault.Kind{400: fault.Invalid, 401: fault.Unauthenticated, 404: fault.NotFound, 413: fault.TooLarge,
		429: fault.Limited, 502: fault.NotKnown, 503: fault.NotKnown, 504: fault.NotKnown, 500: fault.Internal, 302: fault.Internal} {
		d := n.NewDevice(alba)
		d.Wire.Lie = func(string, string, int, []byte) (int, []byte) { return status, []byte("<html>") }
		_, err := d.Client.Cases(t.Context())
		wantKind(t, "an answer of something in between", err, want)
	}
	d := n.NewDevice(alba)
	for _, c := range []struct {
		problem api.Problem
		kind    fault.Kind
		class   fault.Class
	}{
		{api.Problem{Type: "/problems/refused", Class: "late", Request: "q-1"}, fault.Refused, fault.ClassLate},
		{api.Problem{Type: "/problems/refused", Class: "invented"}, fault.Refused, ""},
		{api.Problem{Type: "/problems/conflict", Class: "late"}, fault.Conflict, ""},
		{api.Problem{Type: "/problems/invented"}, fault.Internal, ""},
	} {
		d.Wire.Lie = func(string, string, int, []byte) (int, []byte) { return 422, encode(t, c.problem) }
		_, err := d.Client.Cases(t.Context())
		if fault.KindOf(err) != c.kind || fault.ClassOf(err) != c.class || !errors.As(err, &said) {
			t.Errorf("%+v: %v", c.problem, err)
		}
		if c.problem.Request != "" && !strings.Contains(err.Error(), c.problem.Request) {
			t.Errorf("the request is not told: %v", err)
		}
	}
}
