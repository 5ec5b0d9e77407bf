package varcotest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"strings"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/client"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
)

// Receipt returns a receipt for an entry that says nothing true, for asking about it.
func (n *Network) Receipt(thread ids.Thread, entry ids.Entry) ledger.Receipt {
	return ledger.Receipt{Log: Origin, Thread: thread, Entry: entry, Header: note.Sum(nil), AdmittedAt: n.Clock.Now()}
}

// SignReceipt signs a receipt with the log's key, as a service that lies can.
func (n *Network) SignReceipt(r ledger.Receipt) string {
	n.t.Helper()
	msg, err := r.Sign(n.Log)
	must(n.t, err)
	return string(msg)
}

// Traitor is somebody on a roster whose signing key a test has, as if she had sold it.
type Traitor struct {
	Card   *card.Signed
	Signer note.Signer
}

// Traitor invites somebody to a steward's organisation, publishes a card for her with keys
// that are known here, and lets the steward put her on the roster as an operator.
func (n *Network) Traitor(name, steward string) Traitor {
	n.t.Helper()
	r := n.Invite(name, n.Resident(steward).organisation)
	_, private, err := ed25519.GenerateKey(rand.Reader)
	must(n.t, err)
	public, err := note.NewPublicKey(private.Public().(ed25519.PublicKey))
	must(n.t, err)
	identity, err := hybrid.NewIdentity()
	must(n.t, err)
	t := Traitor{Signer: note.NewSigner(card.SignatureName(r.ID, 1), private)}
	msg, err := card.Sign(card.Card{Person: r.ID, Organisation: n.Organisation(r.organisation), Serial: 1,
		SealsTo: identity.Recipient(), SignsWith: public, Issued: n.Clock.Now(), Expires: n.Clock.Now().AddDate(1, 0, 0)}, t.Signer)
	must(n.t, err)
	t.Card, err = card.Parse(msg, nil)
	must(n.t, err)
	d := n.NewDevice(name)
	who, err := n.caller(context.Background(), d.Client.Token())
	must(n.t, err)
	_, err = n.Gate.PutCard(context.Background(), who, api.PutCard{Note: string(msg)})
	must(n.t, err)
	words := client.Words(t.Card)
	n.SignRoster(steward, func(d *client.RosterDraft) {
		must(n.t, d.Endorse(client.Endorsement{Person: r.ID, Words: strings.Join(words[:], " "), Name: name,
			Roles: []act.Role{act.Operator}}))
	})
	return t
}
