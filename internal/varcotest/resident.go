package varcotest

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/session"
	"varco/internal/store"
)

// Resident is somebody of the network with the device that she uses.
type Resident struct {
	ID     ids.Person
	Phrase secret.String
	Device *Device

	name, organisation string
	invitation         secret.String
}

// Device is what somebody works on: a way to the service, and what it remembers.
type Device struct {
	Wire   *Wire
	Memory *client.Volatile
	Client *client.Client
	// Unlocked is nil until the keyring was opened.
	Unlocked *client.Unlocked
	// Offset is how far its clock is ahead of the service's.
	Offset time.Duration

	transport client.Transport // nil for Wire
}

// Resident returns somebody by her name in the sample.
func (n *Network) Resident(name string) *Resident {
	n.t.Helper()
	r, ok := n.people[name]
	if !ok {
		n.t.Fatalf("the network has no person %q", name)
	}
	return r
}

// ID returns somebody's identifier.
func (n *Network) ID(name string) ids.Person { return n.Resident(name).ID }

// Person returns somebody's own device, signed in and unlocked.
func (n *Network) Person(name string) *client.Unlocked {
	n.t.Helper()
	d := n.Resident(name).Device
	if d.Unlocked == nil {
		n.Unlock(name, d)
	}
	return d.Unlocked
}

// Wire returns the way from somebody's own device to the service.
func (n *Network) Wire(name string) *Wire { return n.Resident(name).Device.Wire }

// Invite adds a person of an organisation who has been invited and has not signed in.
func (n *Network) Invite(name, organisation string) *Resident {
	n.t.Helper()
	r := &Resident{ID: ids.NewPerson(rand.Reader), name: name, organisation: organisation, invitation: token()}
	phrase, err := keyring.NewPhrase(rand.Reader)
	must(n.t, err)
	r.Phrase = phrase
	n.write(func(tx *store.Tx) error {
		if err := tx.PutPerson(store.Person{ID: r.ID, Organisation: n.Organisation(organisation)}); err != nil {
			return err
		}
		code := note.Sum([]byte(r.invitation.Reveal()))
		return tx.PutInvitation(store.Invitation{ID: ids.NewInvitation(rand.Reader), Person: r.ID, CodeHash: code[:],
			UntilAtMS: n.Clock.Now().Add(30 * 24 * time.Hour).UnixMilli()})
	})
	n.people[name] = r
	return r
}

// NewDevice signs somebody in on a device that remembers nothing. It is not the one that
// Person returns.
func (n *Network) NewDevice(name string) *Device {
	n.t.Helper()
	r := n.Resident(name)
	d := &Device{Wire: &Wire{network: n}, Memory: &client.Volatile{}}
	d.Client = n.client(d, n.signIn(r))
	return d
}

// Restart returns a device as it is after its program was started anew: signed in with the
// same session, with what it remembers, locked.
func (n *Network) Restart(d *Device) *Device {
	n.t.Helper()
	again := &Device{Wire: d.Wire, Memory: d.Memory, transport: d.transport}
	again.Client = n.client(again, d.Client.Token())
	return again
}

// Unlock opens the keyring on a device of hers.
func (n *Network) Unlock(name string, d *Device) *client.Unlocked {
	n.t.Helper()
	var err error
	d.Unlocked, err = d.Client.Unlock(context.Background(), n.Resident(name).Phrase)
	must(n.t, err)
	return d.Unlocked
}

// SignInAgain gives somebody's own device a new session, as is asked of her before a sensitive act.
func (n *Network) SignInAgain(name string) {
	n.t.Helper()
	d := n.Resident(name).Device
	d.Client = n.client(d, n.signIn(n.Resident(name)))
	if d.Unlocked != nil {
		n.Unlock(name, d)
	}
}

func (n *Network) client(d *Device, token secret.String) *client.Client {
	n.t.Helper()
	transport := d.transport
	if transport == nil {
		transport = d.Wire
	}
	c, err := client.New(client.Parts{Transport: transport, Service: Service, Anchors: n.Anchors, Memory: d.Memory,
		Now: func() time.Time { return n.Clock.Now().Add(d.Offset) }, Rand: rand.Reader, Work: Work(), Token: token,
		Wait: func(context.Context, int) error { return nil }})
	must(n.t, err)
	return c
}

// signIn begins a session, as authn does after the provider has confirmed who it is.
func (n *Network) signIn(r *Resident) secret.String {
	n.t.Helper()
	t := token()
	now := n.Clock.Now()
	_, err := n.Gate.OpenSession(context.Background(), session.Opening{
		ID: ids.NewSession(rand.Reader), Token: note.Sum([]byte(t.Reveal())),
		Account:    session.Account{Issuer: "https://provider.example", Subject: secret.NewString(r.name)},
		Invitation: r.invitation, Assurance: "mfa", Device: session.DeviceTerminal, AuthenticatedAt: now, At: now,
		From: session.From{Request: ids.NewRequest(rand.Reader), Source: "c291cmNl"}})
	must(n.t, err)
	r.invitation = secret.String{}
	return t
}

// token draws one of the form that authn's have.
func token() secret.String {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails
	return secret.NewString(base64.RawURLEncoding.EncodeToString(raw[:]))
}

// invite invites all people.
func (n *Network) invite(people []person) {
	n.t.Helper()
	for _, p := range people {
		n.Invite(p.name, p.organisation)
	}
}

// enrol lets all people make their keys; the root signs the stewards' requests.
func (n *Network) enrol(people []person) {
	n.t.Helper()
	for _, p := range people {
		if p.steward {
			n.EnrolSteward(p.name, displayOf(p.organisation))
		} else {
			n.Enrol(p.name)
		}
	}
}

// Enrol lets somebody make her keys on her own device and publish her card.
func (n *Network) Enrol(name string) *client.Unlocked {
	n.t.Helper()
	r := n.Resident(name)
	r.Device = n.NewDevice(name)
	var err error
	r.Device.Unlocked, err = r.Device.Client.Enrol(context.Background(), r.Phrase)
	must(n.t, err)
	return r.Device.Unlocked
}

// EnrolSteward lets a steward make her keys, holds the ceremony and publishes what comes of it.
func (n *Network) EnrolSteward(name, organisation string) *client.Unlocked {
	n.t.Helper()
	r := n.Resident(name)
	r.Device = n.NewDevice(name)
	u, request, err := r.Device.Client.EnrolSteward(context.Background(), r.Phrase, organisation)
	must(n.t, err)
	_, err = client.OpenRequest(request)
	must(n.t, err)
	endorsed, err := client.Endorse(request, n.Root)
	must(n.t, err)
	must(n.t, u.PutCard(context.Background(), endorsed))
	r.Device.Unlocked = u
	return u
}

// signRosters lets each organisation's first steward put everyone on its roster.
func (n *Network) signRosters(people []person) {
	n.t.Helper()
	for _, s := range people {
		if !s.steward {
			continue
		}
		n.SignRoster(s.name, func(d *client.RosterDraft) {
			for _, p := range people {
				if p.organisation == s.organisation {
					must(n.t, d.Endorse(client.Endorsement{Person: n.ID(p.name), Words: n.Words(p.name), Name: p.display, Roles: p.roles}))
				}
			}
		})
	}
}

// SignRoster lets a steward change the roster of her organisation, for which she signs in again.
func (n *Network) SignRoster(steward string, change func(*client.RosterDraft)) *client.Directory {
	n.t.Helper()
	r := n.Resident(steward)
	r.Device = &Device{Wire: r.Device.Wire, Memory: r.Device.Memory}
	r.Device.Client = n.client(r.Device, n.signIn(r))
	u := n.Unlock(steward, r.Device)
	draft, err := u.DraftRoster(context.Background())
	must(n.t, err)
	change(draft)
	d, err := u.SignRoster(context.Background(), draft)
	must(n.t, err)
	return d
}

// Words are the verification words that somebody reads from her own device.
func (n *Network) Words(name string) string {
	n.t.Helper()
	words := client.Words(n.Person(name).Card())
	return strings.Join(words[:], " ")
}

func displayOf(organisation string) string {
	for _, o := range sampleOrganisations {
		if o.name == organisation {
			return o.display
		}
	}
	return organisation
}
