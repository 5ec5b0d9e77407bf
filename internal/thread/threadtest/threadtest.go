// Package threadtest writes threads for tests: people of a centre, an INPS office and an
// association, and the entries with which they talk. Everything is drawn from names and
// the clock is the test's, so a test writes the same bytes at every run.
//
// Its recipients, bodies and grants are shapes: nothing is sealed. It is for tests only.
package threadtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
)

// The organisations, by the names that their identifiers are drawn from.
const (
	Centre      = "a centre"
	Office      = "an office"
	Association = "an association"
)

// Cast is everybody who may write, by name, and their cards; and for each organisation,
// by name, its steward and the book with its first roster, which all of its people are on.
type Cast struct {
	People   map[string]cardtest.Person
	Cards    thread.Cards
	Stewards map[string]cardtest.Person
	Rosters  map[string]*card.Book
}

// NewCast returns anna, bruna and berta, operators of the centre; carla, dora and elsa,
// officers of the office; fulvia and gina of the association.
func NewCast(t testing.TB) *Cast {
	t.Helper()
	c := &Cast{map[string]cardtest.Person{}, thread.Cards{}, map[string]cardtest.Person{}, map[string]*card.Book{}}
	c.employ(t, Centre, act.Centre, act.Operator, "anna", "bruna", "berta")
	c.employ(t, Office, act.INPS, act.Officer, "carla", "dora", "elsa")
	c.employ(t, Association, act.Associate, act.Partner, "fulvia", "gina")
	return c
}

func (c *Cast) employ(t testing.TB, organisation string, kind act.Kind, role act.Role, names ...string) {
	t.Helper()
	var seats []card.Seat
	for _, name := range names {
		p := cardtest.New(t, name, organisation)
		c.People[name], c.Cards[p.Hash] = p, p.Signed
		seats = append(seats, p.Seat(role))
	}
	steward := cardtest.NewSteward(t, "steward of "+organisation, organisation, kind)
	c.Stewards[organisation], c.Rosters[organisation] = steward, steward.Book(t, seats...)
}

// Books finds the cast's books.
func (c *Cast) Books(organisation ids.Organisation) *card.Book {
	for _, b := range c.Rosters {
		if b.Organisation == organisation {
			return b
		}
	}
	return nil
}

// Seen returns the newest versions of rosters, in the order of a header.
func (c *Cast) Seen(organisations ...ids.Organisation) []thread.Seen {
	var all []thread.Seen
	for _, organisation := range organisations {
		all = append(all, c.Books(organisation).Latest().Seen())
	}
	slices.SortFunc(all, func(a, b thread.Seen) int { return strings.Compare(string(a.Organisation), string(b.Organisation)) })
	return all
}

// Member gives somebody a seat.
func (c *Cast) Member(name string, seat act.Seat) thread.Member {
	p := c.People[name]
	return thread.Member{Person: p.Person, Organisation: p.Organisation, Card: p.Hash, Seat: seat}
}

// Members gives seats to people in the form "name seat", in the order of a header.
func (c *Cast) Members(seats ...string) []thread.Member {
	var all []thread.Member
	for _, s := range seats {
		name, seat, _ := strings.Cut(s, " ")
		all = append(all, c.Member(name, act.Seat(seat)))
	}
	slices.SortFunc(all, func(a, b thread.Member) int { return strings.Compare(string(a.Person), string(b.Person)) })
	return all
}

// Thread is a thread that is being written.
type Thread struct {
	*Cast
	Name     string
	Now      time.Time
	State    thread.State
	Headers  [][]byte
	Admitted []time.Time // of the headers
	drafts   int
}

// New begins a thread without entries.
func (c *Cast) New(name string) *Thread {
	return &Thread{Cast: c, Name: name, Now: cardtest.Start.Add(24 * time.Hour)}
}

// Copy returns a thread that can be continued without changing th.
func (th *Thread) Copy() *Thread {
	other := *th
	other.Headers, other.Admitted = slices.Clone(th.Headers), slices.Clone(th.Admitted)
	return &other
}

// Draft returns an entry of a kind that may follow if its author may write it. For an
// opening see Opening.
func (th *Thread) Draft(by string, kind thread.Kind) thread.Entry {
	th.drafts++
	name := fmt.Sprintf("%s, draft %d", th.Name, th.drafts)
	author := th.People[by]
	e := thread.Entry{
		Thread:   ids.NewThread(cardtest.Rand(th.Name)),
		ID:       ids.NewEntry(cardtest.Rand(name)),
		Sequence: th.State.Next,
		Previous: th.State.Head,
		Epoch:    max(1, th.State.Epoch()),
		Author:   author.Person,
		Card:     author.Hash,
		Kind:     kind,
		Time:     th.Now,
		NotAfter: th.Now.Add(thread.MaxLife),
		Rosters:  th.Seen(author.Organisation),
	}
	switch kind {
	case thread.Message, thread.Request, thread.Link, thread.Exclude, thread.Open:
		e.Body = Sealed("body of " + name)
	case thread.Rekey:
		e.Epoch = th.State.Epoch() + 1
		e.Key = th.Key(name, th.State.Members)
	case thread.KindStatus:
		e.Status = &thread.Status{Phase: thread.PhaseOpen, Waits: act.Centre}
	case thread.Members, thread.KindGrant, thread.Recuse: // see Change and Grant
	}
	return e
}

// Change returns an entry by which the members are people in the form of Members, on the cards
// that they have in the thread. It names the rosters of all of them.
func (th *Thread) Change(by string, people ...string) thread.Entry {
	e := th.Draft(by, thread.Members)
	e.Epoch = th.State.Epoch() + 1
	e.Members = th.Members(people...)
	for i := range e.Members {
		if m := th.State.Member(e.Members[i].Person); m != nil {
			e.Members[i].Card = m.Card
		}
	}
	e.Key = th.Key(fmt.Sprintf("%s, change %d", th.Name, th.drafts), e.Members)
	e.Rosters = th.rosters()
	return e
}

// Grant returns an entry by which somebody gives epochs to somebody, on a card of hers.
func (th *Thread) Grant(by string, to cardtest.Person, epochs ...int64) thread.Entry {
	e := th.Draft(by, thread.KindGrant)
	e.Giving = &thread.Giving{Person: to.Person, Card: to.Hash}
	for _, n := range epochs {
		e.Giving.Epochs = append(e.Giving.Epochs, thread.Give{Epoch: n,
			Sealed: *Sealed(fmt.Sprintf("epoch %d of %s, grant %d", n, th.Name, th.drafts))})
	}
	e.Rosters = th.rosters()
	return e
}

// rosters are those of the thread's organisations.
func (th *Thread) rosters() []thread.Seen {
	if th.State.With == "" {
		return th.Seen(th.State.Centre)
	}
	return th.Seen(th.State.Centre, th.State.With)
}

// Standing returns an entry that says how the thread stands.
func (th *Thread) Standing(by string, phase thread.Phase, waits act.Kind, outcome string) thread.Entry {
	e := th.Draft(by, thread.KindStatus)
	e.Status = &thread.Status{Phase: phase, Waits: waits, Outcome: outcome}
	return e
}

// Blobs names n attachments, drawn from a name, in the order of a header.
func Blobs(name string, n int) []thread.Blob {
	var all []thread.Blob
	for i := range n {
		one := fmt.Sprintf("blob %d of %s", i, name)
		all = append(all, thread.Blob{ID: ids.NewBlob(cardtest.Rand(one)), Sealed: *Sealed(one)})
	}
	slices.SortFunc(all, func(a, b thread.Blob) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all
}

// Opening returns the first entry of a thread, with people in the form of Members.
func (th *Thread) Opening(by string, side thread.Side, people ...string) thread.Entry {
	e := th.Draft(by, thread.Open)
	e.Opening = &thread.Opening{Side: side}
	switch side {
	case thread.INPS:
		e.Opening.With, e.Opening.Topic, e.Opening.Urgency = cardtest.Organisation(Office), "RDL-01", "U2"
	case thread.Partner:
		e.Opening.With = cardtest.Organisation(Association)
	case thread.Internal:
	}
	if with := e.Opening.With; with != "" && with != th.People[by].Organisation {
		e.Rosters = th.Seen(th.People[by].Organisation, with)
	}
	e.Members = th.Members(people...)
	e.Key = th.Key(th.Name, e.Members)
	return e
}

// Key starts an epoch with one grant for each member.
func (th *Thread) Key(name string, members []thread.Member) *thread.Key {
	key := &thread.Key{Recipient: cardtest.Recipient("epoch of " + name)}
	for _, m := range members {
		key.Grants = append(key.Grants, thread.Grant{Person: m.Person, Sealed: *Sealed("grant of " + name + string(m.Person))})
	}
	return key
}

// Sealed returns the hash of something sealed, drawn from a name, and the size of the
// smallest sealed file.
func Sealed(name string) *thread.Sealed {
	return &thread.Sealed{Hash: note.Sum([]byte(name)), Size: 2683}
}

// Submit signs an entry as by, and takes its header as a second later; see Take.
func (th *Thread) Submit(e thread.Entry, by string) error {
	header, err := thread.Sign(e, th.People[by].Signer)
	if err != nil {
		return err
	}
	return th.Take(header, th.Now.Add(time.Second))
}

// Take does with a header what everybody does who admits or is served it: Parse, Verify,
// Apply. If it is accepted it becomes part of the thread, and a minute passes.
func (th *Thread) Take(header []byte, admitted time.Time) error {
	next, err := Apply(th.State, th.Cards, header, admitted)
	if err != nil {
		return err
	}
	th.State = next
	th.Headers, th.Admitted = append(th.Headers, header), append(th.Admitted, admitted)
	th.Now = th.Now.Add(time.Minute)
	return nil
}

// Apply reads and verifies a header and applies it to a state.
func Apply(s thread.State, cards thread.Cards, header []byte, admitted time.Time) (thread.State, error) {
	e, err := thread.Parse(header)
	if err != nil {
		return s, err
	}
	if err := e.Verify(header, cards[e.Card]); err != nil {
		return s, err
	}
	return s.Apply(e, cards, admitted)
}

// Must writes an entry that is expected to be accepted.
func (th *Thread) Must(t testing.TB, e thread.Entry, by string) {
	t.Helper()
	if err := th.Submit(e, by); err != nil {
		t.Fatal(err)
	}
}

// Begin writes the opening of a thread with INPS: anna and bruna of the centre, carla the
// holder and dora the substitute.
func (c *Cast) Begin(t testing.TB, name string) *Thread {
	t.Helper()
	th := c.New(name)
	th.Must(t, th.Opening("anna", thread.INPS, "anna centre", "bruna centre", "carla holder", "dora substitute"), "anna")
	return th
}

// Other returns another card of somebody in the cast, which succeeds none and is known to it too.
func (c *Cast) Other(t testing.TB, name string) cardtest.Person {
	t.Helper()
	first := c.People[name]
	p := cardtest.New(t, name, "", func(other *card.Card) {
		*other = first.Card
		other.Serial++
		other.Previous, other.SealsTo, other.SignsWith = note.Hash{}, cardtest.Recipient(name), cardtest.Public(name)
	})
	c.Cards[p.Hash] = p.Signed
	return p
}

// Refused fails the test unless err has the class.
func Refused(t testing.TB, err error, want fault.Class) {
	t.Helper()
	if fault.ClassOf(err) != want || err == nil {
		t.Errorf("got %v, want class %s", err, want)
	}
}
