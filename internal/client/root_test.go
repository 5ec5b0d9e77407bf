package client_test

import (
	"testing"
	"time"

	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/varcotest"
)

// A new root takes the place of the old one: devices that were given the old one learn of it
// from the service, cards of the old root go on until their day, and new ones are the new
// root's. Who has seen that is not told otherwise.
func TestRootSuccession(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	u := n.Person(alba)
	if _, err := u.Directory(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := n.Root
	n.Clock.Advance(time.Hour)
	n.Succeed(n.Clock.Now().AddDate(0, 1, 0))
	if _, err := u.Directory(t.Context()); err != nil {
		t.Fatalf("after the succession: %v", err)
	}

	// A request that is made from now on is the new root's to sign.
	n.Clock.Advance(time.Hour)
	d := n.NewDevice(bruna)
	su, request, err := d.Client.EnrolSteward(t.Context(), n.Resident(bruna).Phrase, "Centro antiviolenza Aurora")
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := client.Endorse(request, old)
	if err != nil {
		t.Fatal(err)
	}
	wantClass(t, "signed by the old root", su.PutCard(t.Context(), wrong), fault.ClassUntrusted)
	right, err := client.Endorse(request, n.Root)
	if err != nil {
		t.Fatal(err)
	}
	if err := su.PutCard(t.Context(), right); err != nil {
		t.Fatal(err)
	}
	if _, err := u.Directory(t.Context()); err != nil {
		t.Fatalf("with a card of the new root: %v", err)
	}

	wire := n.Wire(alba)
	for name, c := range map[string]struct {
		change func(*api.Directory)
		class  fault.Class
	}{
		"the succession left out": {func(d *api.Directory) { d.Roots = nil }, fault.ClassSignature},
		"left out with its cards": {func(d *api.Directory) {
			d.Roots = nil
			o := organisation(d, n.Organisation("aurora"))
			o.Stewards = o.Stewards[:1]
		}, fault.ClassRollback},
		"a changed succession": {func(d *api.Directory) { d.Roots[0] = replace(d.Roots[0], "ends 2026-12-16", "ends 2026-12-17") }, fault.ClassSignature},
		"the succession twice": {func(d *api.Directory) { d.Roots = append(d.Roots, d.Roots[0]) }, fault.ClassFork},
	} {
		wire.Lie = lie(t, to("GET", "/directory"), c.change)
		err := deceived(t, n.Resident(alba).Device, func() error { _, err := u.Directory(t.Context()); return err })
		wantClass(t, name, err, c.class)
	}
	wire.Lie = nil

	// When the old root's cards have ended, its stewards sign nothing more.
	n.Clock.Advance(31 * 24 * time.Hour)
	_, err = n.Unlock(carla, n.NewDevice(carla)).DraftRoster(t.Context())
	wantKind(t, "a steward of the old root", err, fault.NotFound)
	if _, err := n.Unlock(bruna, n.NewDevice(bruna)).DraftRoster(t.Context()); err != nil {
		t.Errorf("a steward of the new root: %v", err)
	}
}
