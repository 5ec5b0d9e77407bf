package client_test

import (
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/dev/liar"
	"varco/internal/api"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/varcotest"
)

// TestLiesOverHTTP stands a proxy that lies between a client with the transport of the command
// line and the whole service. A device that remembers is told each lie once: it is refused for
// what it is, and the device remembers what it did before. Then the proxy is honest, and the same
// is done.
func TestLiesOverHTTP(t *testing.T) {
	t.Parallel()
	n := varcotest.New(t)
	n.SignRoster(ines, func(*client.RosterDraft) { n.Clock.Advance(time.Minute) })
	carried := carrying(t, n, file(t, "a", 100_000))
	talked := talk(t, n)
	inside := excluding(t, n)
	d, proxy := behindLiar(t, n, bruna)
	u := n.Unlock(bruna, d)
	reads := func(id ids.Thread) func() error {
		return func() error { _, err := u.ReadThread(t.Context(), id, ""); return err }
	}
	conversation := func(id ids.Thread) *client.Conversation {
		v, err := u.ReadThread(t.Context(), id, "")
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	opens := func() error {
		c := newCase(n)
		c.Colleagues = []ids.Person{n.ID(alba)}
		_, err := u.OpenCase(t.Context(), c)
		return err
	}
	toReach := map[string]func() error{
		"/v1/directory": opens,
		"/readings":     reads(talked.State.Thread),
		"/v1/entries": func() error {
			_, err := u.Post(t.Context(), conversation(talked.State.Thread), client.Content{Text: "ancora"})
			return err
		},
		"/v1/blobs/": func() error {
			v := conversation(carried)
			return u.Fetch(t.Context(), v, v.Entries[len(v.Entries)-1].Entry.ID, 0, io.Discard, nil)
		},
	}
	for _, honest := range toReach { // and remembers
		if err := honest(); err != nil {
			t.Fatal(err)
		}
	}
	conversation(inside)

	tell := func(l liar.Lie, act func() error) {
		t.Run(l.Name, func(t *testing.T) {
			before := remembered(t, d)
			proxy.Tell(l)
			defer proxy.Tell(liar.Honest)
			err := act()
			if proxy.Told() == 0 {
				t.Fatal("nobody asked for the lie")
			}
			if l.Kind != "" {
				wantKind(t, "the lie", err, l.Kind)
			} else {
				wantClass(t, "the lie", err, l.Class)
			}
			followed(t, proxy, l)
			if diff := cmp.Diff(before, remembered(t, d)); diff != "" {
				t.Errorf("of the lie something is remembered (-before +after):\n%s", diff)
			}
			proxy.Tell(liar.Honest)
			if err := act(); err != nil {
				t.Errorf("the truth is refused: %v", err)
			}
		})
	}
	for _, l := range liar.Lies {
		tell(l, toReach[l.Suffix])
	}
	hidden, _ := liar.Named("cut-short")
	hidden.Name = "an exclusion hidden"
	tell(hidden, reads(inside))
	tell(liar.Lie{Name: "an entry kept back", Class: fault.ClassLate, Method: "POST", Suffix: "/readings",
		Change: liar.Changing(func(p *api.Page) {
			p.Entries[3].Receipt = receipt(n, talked, 3, func(r *ledger.Receipt) { r.AdmittedAt = r.AdmittedAt.Add(time.Hour) })
		})}, reads(talked.State.Thread))
}

// followed checks that after a lie nothing came that changes anything at the service, but for the
// same entry again where the lie is that another was first.
func followed(t *testing.T, proxy *liar.Proxy, l liar.Lie) {
	t.Helper()
	for _, request := range proxy.Followed() {
		if l.Kind != fault.Conflict || request != "POST /v1/entries" {
			t.Errorf("after the lie came %s", request)
		}
	}
}

// behindLiar signs somebody in on a device whose way to the service goes through a proxy that
// can lie.
func behindLiar(t *testing.T, n *varcotest.Network, name string) (*varcotest.Device, *liar.Proxy) {
	t.Helper()
	proxy, err := liar.New(n.Listen())
	if err != nil {
		t.Fatal(err)
	}
	return n.NewDeviceAt(name, varcotest.Serve(t, proxy)), proxy
}

// excluding is the centre's own thread of a case in which somebody is excluded.
func excluding(t *testing.T, n *varcotest.Network) ids.Thread {
	t.Helper()
	o := openCase(t, n)
	if _, err := n.Person(alba).Exclude(t.Context(), o.Inside, client.Content{Exclude: []client.Exclusion{
		{Organisation: n.Organisation("levante"), Person: n.ID(gino)}}}); err != nil {
		t.Fatal(err)
	}
	return o.Inside.State.Thread
}

func remembered(t *testing.T, d *varcotest.Device) client.Memory {
	t.Helper()
	m, err := d.Memory.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return m
}
