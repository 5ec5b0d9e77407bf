package desk

import (
	"varco/internal/cli/profile"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/secret"
)

// Demonstration is what every command says where the anchors were given at run time.
const Demonstration = "*** DIMOSTRAZIONE: questa rete è di prova e vale solo su questo computer. Non usare dati veri. ***\n"

// Session is somebody signed in on this computer.
type Session struct {
	Profile *profile.Profile
	Kept    profile.Session
	Client  *client.Client
}

// Load reads the profile of this computer.
func (r *Desk) Load() (*profile.Profile, error) {
	folder, err := profile.Folder(r.Getenv)
	if err != nil {
		return nil, err
	}
	p, err := profile.Open(folder, r.Network)
	if err != nil {
		if fault.KindOf(err) != fault.Internal {
			return nil, Because(err, "Le impostazioni di questo computer non sono valide. Preparalo di nuovo: varco setup")
		}
		return nil, err
	}
	if p.Anchors.Demonstration {
		r.Tell(Demonstration)
	}
	return p, nil
}

// Open finds out who is signed in.
func (r *Desk) Open() (*Session, error) {
	p, err := r.Load()
	if err != nil {
		return nil, err
	}
	kept, err := p.Session()
	if err != nil {
		return nil, err
	}
	if kept.Token.IsZero() {
		return nil, Failed("Su questo computer non c'è nessun accesso. Entra: varco login")
	}
	c, err := r.Client(p, p.Memory(kept.Person), kept.Token)
	return &Session{p, kept, c}, err
}

// Client makes a client with the memory of one person.
func (r *Desk) Client(p *profile.Profile, memory client.Keeper, token secret.String) (*client.Client, error) {
	return client.New(client.Parts{Transport: r.Reach(p.Service), Service: p.Service, Anchors: p.Anchors, Memory: memory,
		Now: r.Now, Rand: r.Rand, Work: r.Work, Token: token})
}
