package client

import (
	"net/netip"
	"net/url"
	"strconv"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// Anchors are what a device trusts before it has asked anybody anything.
type Anchors struct {
	Origin string        // of the log
	Log    note.Verifier // signs receipts and checkpoints; its name is Origin
	LogKey string        // the verifier key of Log, as everybody writes it
	Root   note.Verifier // of the network, signs the cards of stewards
	// Quorum says who cosigns the log's checkpoints, and whose cosignatures are enough. With
	// none the log is vouched for by itself alone: on this machine only, see CheckService.
	Quorum ledger.Quorum
	// Demonstration: the anchors were given at run time and not compiled in. They are good
	// for a service on this machine only, and every screen says so.
	Demonstration bool
}

const anchorsKind = "anchors"

// WithWitnesses returns the anchors with the witnesses of the verifier keys, of which so many
// make a quorum. It refuses what ledger.NewQuorum refuses.
func (a Anchors) WithWitnesses(keys []string, quorum int) (Anchors, error) {
	var err error
	a.Quorum, err = ledger.NewQuorum(keys, quorum)
	return a, err
}

// NewAnchors makes the anchors that are compiled into a program, of the log's origin and two
// C2SP verifier keys. It refuses (class key) what is not one, and a log key under another
// name than the origin.
func NewAnchors(origin, log, root string) (Anchors, error) {
	a := Anchors{Origin: origin, LogKey: log}
	var err error
	if a.Log, err = note.ParseVerifier(log); err != nil {
		return Anchors{}, err
	}
	if a.Root, err = note.ParseVerifier(root); err != nil {
		return Anchors{}, err
	}
	if a.Log.Name() != origin {
		return Anchors{}, fault.Refuse(fault.ClassKey, "reading anchors: the key of the log is not under its origin")
	}
	return a, nil
}

// ParseAnchors reads anchors that are given at run time, as PrintAnchors writes them:
//
//	varco/v1 anchors
//	origin varco.example.org/log
//	log varco.example.org/log+…
//	root root.example.org+…
//	witness witness.example.org/w1+…
//	quorum 1
//
// with a line for each witness, and none of them and no quorum where there are no witnesses.
//
// They are for demonstration and development: see CheckService.
func ParseAnchors(text string) (Anchors, error) {
	s := note.Scan(text, anchorsKind)
	origin, log, root := s.One("origin"), s.One("log"), s.One("root")
	w := Witnesses{}
	for _, value := range s.Many("witness", 1, ledger.MaxWitnesses) {
		w.Keys = append(w.Keys, value[0])
	}
	if len(w.Keys) > 0 {
		w.Quorum = int(min(s.Int(s.One("quorum")), ledger.MaxWitnesses+1))
	}
	if err := s.Done(); err != nil {
		return Anchors{}, err
	}
	if err := note.Same(text, PrintAnchors(origin, log, root, w)); err != nil {
		return Anchors{}, err
	}
	a, err := NewAnchors(origin, log, root)
	if err != nil {
		return Anchors{}, err
	}
	a.Demonstration = true
	return a.WithWitnesses(w.Keys, w.Quorum)
}

// Witnesses are verifier keys, and how many of their cosignatures are enough.
type Witnesses struct {
	Keys   []string
	Quorum int
}

// PrintAnchors writes what ParseAnchors reads, of an origin, two verifier keys and witnesses.
func PrintAnchors(origin, log, root string, w Witnesses) string {
	p := note.Print(anchorsKind).Line("origin", origin).Line("log", log).Line("root", root)
	for _, key := range w.Keys {
		p.Line("witness", key)
	}
	if len(w.Keys) > 0 {
		p.Line("quorum", strconv.Itoa(w.Quorum))
	}
	return p.String()
}

// CheckService refuses an address that may not be used with the anchors. It is https, or
// http on this machine; with anchors that were given at run time it is on this machine:
// else whoever gets a person to use another address and other anchors would be believed.
func (a Anchors) CheckService(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return fault.New(fault.Invalid, "checking the service's address: want https://host, and nothing after it")
	}
	local := isLocal(u.Hostname())
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return fault.New(fault.Invalid, "checking the service's address: https only, but for a service on this machine")
	}
	if a.Demonstration && !local {
		return fault.Refuse(fault.ClassUntrusted, "checking the service's address: anchors given at run time are good "+
			"for a service on this machine only")
	}
	if a.Quorum.IsNone() && !local {
		return fault.Refuse(fault.ClassUntrusted, "checking the service's address: a log without witnesses is good for a "+
			"service on this machine only")
	}
	return nil
}

func isLocal(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

// OpenReceipt reads a receipt that the log has signed. It refuses every other (class receipt).
func (a Anchors) OpenReceipt(msg []byte) (ledger.Receipt, error) {
	r, err := ledger.OpenReceipt(msg, a.Log)
	if err != nil {
		return r, fault.Refuse(fault.ClassReceipt, "reading a receipt: %s", err)
	}
	return r, nil
}
