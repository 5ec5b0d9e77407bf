package client_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// page is what the service served last of a thread, read by Bruna's new device.
func page(t *testing.T, n *varcotest.Network, id ids.Thread) api.Page {
	t.Helper()
	d := n.NewDevice(bruna)
	if _, err := n.Unlock(bruna, d).ReadThread(t.Context(), id, ""); err != nil {
		t.Fatal(err)
	}
	return decode[api.Page](t, lastTo(t, d.Wire, "/readings").Answer)
}

// proof is what the service proves of an entry, to a new device.
func proof(t *testing.T, n *varcotest.Network, v *client.Conversation, i int) api.Proof {
	t.Helper()
	if _, err := n.Person(alba).VerifyReceipt(t.Context(), v.Entries[i].Receipt); err != nil {
		t.Fatal(err)
	}
	return decode[api.Proof](t, lastTo(t, n.Wire(alba), "/proof").Answer)
}

func parse(t *testing.T, header string) *thread.Entry {
	t.Helper()
	e, err := thread.Parse([]byte(header))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// of matches the cards of a person.
func of(person ids.Person) func(string) bool {
	return func(note string) bool { return strings.Contains(note, "person "+string(person)+"\n") }
}

func organisation(d *api.Directory, id ids.Organisation) *api.Organisation {
	i := slices.IndexFunc(d.Organisations, func(o api.Organisation) bool { return o.ID == id })
	return &d.Organisations[i]
}

// replace replaces the first of old, which must be there.
func replace(s, old, with string) string {
	if !strings.Contains(s, old) {
		panic("a lie has nothing to change: " + old)
	}
	return strings.Replace(s, old, with, 1)
}

func swap(a, b *api.Served) { *a, *b = *b, *a }

func dropLast(p *api.Page) { p.Entries = p.Entries[:len(p.Entries)-1] }

// addMember adds a line for a member to the header that opens the thread.
func addMember(p *api.Page, person ids.Person) {
	for line := range strings.Lines(p.Entries[0].Header) {
		if strings.HasPrefix(line, "member ") {
			words := strings.Fields(line)
			words[1] = string(person)
			// After the last one or before the first, so that the members stay in order.
			p.Entries[0].Header = inOrder(p.Entries[0].Header, strings.Join(words, " ")+"\n")
			return
		}
	}
	panic("a header without members")
}

// inOrder adds a line where it belongs among those that begin with the same word.
func inOrder(header, line string) string {
	word, _, _ := strings.Cut(line, " ")
	var out strings.Builder
	done := false
	before := false
	for l := range strings.Lines(header) {
		same := strings.HasPrefix(l, word+" ")
		if !done && (same && l > line || before && !same) {
			out.WriteString(line)
			done = true
		}
		before = same
		out.WriteString(l)
	}
	return out.String()
}

// signAgain puts another signature under the text of a note.
func signAgain(t *testing.T, msg string, signer note.Signer) string {
	t.Helper()
	text, err := note.Text([]byte(msg))
	if err != nil {
		t.Fatal(err)
	}
	again, err := note.Sign(text, signer)
	if err != nil {
		t.Fatal(err)
	}
	return string(again)
}

// forgeOpen lets the first entry of a page be by a card that the adversary made for its author.
func forgeOpen(t *testing.T, n *varcotest.Network, p *api.Page, evil adversary, forged *card.Signed) {
	t.Helper()
	e := *parse(t, p.Entries[0].Header)
	e.Card, e.Members = forged.Hash, slices.Clone(e.Members)
	for i := range e.Members {
		if e.Members[i].Person == forged.Person {
			e.Members[i].Card = forged.Hash
		}
	}
	header := signOpen(t, e, evil.signer(forged.Person, forged.Serial))
	p.Cards = append(p.Cards, string(forged.Note()))
	p.Entries = nil
	addEntry(t, n, p, api.Parcel{Header: header}, n.Clock.Now())
}

// signOpen signs an entry that opens a thread, with grants for the members that it names.
func signOpen(t *testing.T, e thread.Entry, signer note.Signer) string {
	t.Helper()
	key := *e.Key
	key.Grants = nil
	for _, m := range e.Members {
		key.Grants = append(key.Grants, thread.Grant{Person: m.Person, Sealed: thread.Sealed{Hash: note.Sum(nil), Size: 1}})
	}
	e.Key = &key
	header, err := thread.Sign(e, signer)
	if err != nil {
		t.Fatal(err)
	}
	return string(header)
}

// addEntry puts an entry at the end of a page, admitted at a time by whoever has the log's key.
func addEntry(t *testing.T, n *varcotest.Network, p *api.Page, parcel api.Parcel, at time.Time) {
	t.Helper()
	e := parse(t, parcel.Header)
	p.Entries = append(p.Entries, api.Served{Header: parcel.Header, Body: parcel.Body, Receipt: n.SignReceipt(ledger.Receipt{
		Log: varcotest.Origin, Thread: e.Thread, Entry: e.ID, Header: e.Hash(), Leaf: 100_000 + e.Sequence, AdmittedAt: at})})
	p.Next, p.Head = e.Sequence+1, e.Hash()
}

// receipt is a changed receipt of an entry, signed by the log.
func receipt(n *varcotest.Network, v *client.Conversation, i int, change func(*ledger.Receipt)) string {
	r := v.Entries[i].Receipt
	change(&r)
	return n.SignReceipt(r)
}

// forgedReceipt is a receipt that the adversary signs under the log's name.
func forgedReceipt(t *testing.T, r ledger.Receipt, evil adversary) string {
	t.Helper()
	msg, err := r.Sign(note.NewSigner(varcotest.Origin, evil.key))
	if err != nil {
		t.Fatal(err)
	}
	return string(msg)
}

// seat gives a seat of an entry to the holder of a card; a holder takes the place of the one before.
func seat(e *thread.Entry, cards *[]*card.Signed, c *card.Signed, s act.Seat) {
	e.Members = slices.DeleteFunc(e.Members, func(m thread.Member) bool {
		return m.Person == c.Person || s == act.SeatHolder && m.Seat == s
	})
	e.Members = append(e.Members, thread.Member{Person: c.Person, Organisation: c.Organisation, Card: c.Hash, Seat: s})
	slices.SortFunc(e.Members, func(a, b thread.Member) int { return strings.Compare(string(a.Person), string(b.Person)) })
	*cards = append(*cards, c)
}

// roster is a next roster of somebody's organisation, which the adversary signs as her.
func (a adversary) roster(t *testing.T, n *varcotest.Network, name string) string {
	t.Helper()
	c := n.Person(name).Card()
	d, err := n.Person(name).Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := d.Own.Roster.Roster
	r.Version, r.Previous, r.Steward, r.StewardCard = r.Version+1, d.Own.Roster.Hash, c.Person, c.Hash
	msg, err := card.SignRoster(r, a.signer(c.Person, c.Serial))
	if err != nil {
		t.Fatal(err)
	}
	return string(msg)
}

// steward is a steward card for somebody, which the adversary signs as she and as the root.
func (a adversary) steward(t *testing.T, n *varcotest.Network, name string) []byte {
	t.Helper()
	c := a.card(t, n, n.Person(name).Card().Card)
	msg, err := note.Cosign(c.Note(), note.NewSigner(varcotest.RootName, a.key))
	if err != nil {
		t.Fatal(err)
	}
	return msg
}
