package client

import (
	"net/netip"
	"net/url"

	"varco/internal/anchors"
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

// NewAnchors makes the anchors that are compiled into a program. It refuses what anchors.Trust
// refuses.
func NewAnchors(a anchors.Anchors) (Anchors, error) {
	t, err := a.Trust()
	if err != nil {
		return Anchors{}, err
	}
	return Anchors{Origin: a.Origin, Log: t.Log, LogKey: a.Log, Root: t.Root, Quorum: t.Quorum}, nil
}

// GivenAnchors makes anchors that were given at run time, for demonstration and development: see
// CheckService.
func GivenAnchors(a anchors.Anchors) (Anchors, error) {
	given, err := NewAnchors(a)
	given.Demonstration = err == nil
	return given, err
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
