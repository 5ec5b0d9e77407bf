package verifytest

import (
	"fmt"
	"slices"
	"testing"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
)

// Network is a log with a network in it: the people of threadtest and their stewards, all
// with their cards, and a roster of each organisation.
type Network struct {
	*Log
	*threadtest.Cast
}

// organisations are those of threadtest with their people.
var organisations = []struct {
	name   string
	role   act.Role
	people []string
}{
	{threadtest.Centre, act.Operator, []string{"anna", "bruna", "berta"}},
	{threadtest.Office, act.Officer, []string{"carla", "dora", "elsa"}},
	{threadtest.Association, act.Partner, []string{"fulvia", "gina"}},
}

// policies is the policy set of all records.
var policies = note.Sum([]byte("policies"))

// NewNetwork returns a log that begins with the network, and its first checkpoint.
func NewNetwork(t testing.TB) *Network {
	t.Helper()
	n := &Network{Log: NewLog(t), Cast: threadtest.NewCast(t)}
	n.Record(ledger.Record{Act: act.LedgerBegin, Outcome: act.Allow})
	n.Record(ledger.Record{Act: act.PolicyLoad, Outcome: act.Allow, PolicySet: policies})
	for _, o := range organisations {
		n.Publish(n.Stewards[o.name])
		for _, name := range o.people {
			n.Publish(n.People[name])
		}
		n.publishRoster(o.name)
	}
	n.Mark()
	return n
}

// roleOf returns the role of somebody of the cast.
func roleOf(name string) act.Role {
	for _, o := range organisations {
		if slices.Contains(o.people, name) {
			return o.role
		}
	}
	return ""
}

// By returns a record of what somebody of the cast did, with the role that she has.
func (n *Network) By(name string, a act.Act, o act.Outcome) ledger.Record {
	p := n.People[name]
	return ledger.Record{Act: a, Outcome: o, Person: p.Person, Organisation: p.Organisation,
		Roles: []act.Role{roleOf(name)}, PolicySet: policies}
}

// Publish records somebody's card and returns its leaf.
func (n *Network) Publish(p cardtest.Person) int64 {
	leaf := n.Record(ledger.Record{Act: act.CardPut, Outcome: act.Allow, Person: p.Person,
		Organisation: p.Organisation, Object: string(p.Person), Hash: p.Hash, Size: int64(len(p.Note()))})
	leaf.Card = string(p.Note())
	return leaf.Index
}

// Endorse signs and records the next roster of an organisation, and returns its leaf.
func (n *Network) Endorse(organisation string, people ...string) int64 {
	seats := make([]card.Seat, len(people))
	for i, name := range people {
		seats[i] = n.People[name].Seat(roleOf(name))
	}
	return n.EndorseSeats(organisation, seats...)
}

// EndorseSeats does what Endorse does, with the lines of the roster.
func (n *Network) EndorseSeats(organisation string, seats ...card.Seat) int64 {
	n.t.Helper()
	steward := n.Stewards[organisation]
	r := steward.Roster(n.Rosters[organisation].Latest(), seats...)
	r.Issued = n.Now
	msg, err := card.SignRoster(r, steward.Signer)
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.Rosters[organisation].Add(msg); err != nil {
		n.t.Fatal(err)
	}
	return n.publishRoster(organisation)
}

// publishRoster records the newest roster of an organisation.
func (n *Network) publishRoster(organisation string) int64 {
	steward, r := n.Stewards[organisation], n.Rosters[organisation].Latest()
	leaf := n.Record(ledger.Record{Act: act.RosterPut, Outcome: act.Allow, Person: steward.Person,
		Organisation: steward.Organisation, Object: string(steward.Organisation), Hash: r.Hash, Size: int64(len(r.Note()))})
	leaf.Roster = string(r.Note())
	return leaf.Index
}

// Draft returns an entry that somebody may write now; for an opening see Opening.
func (n *Network) Draft(th *threadtest.Thread, by string, k thread.Kind) thread.Entry {
	th.Now = n.Now
	return th.Draft(by, k)
}

// Opening returns the first entry of a thread with INPS by anna, with people in the form of
// threadtest.
func (n *Network) Opening(th *threadtest.Thread, people ...string) thread.Entry {
	th.Now = n.Now
	return th.Opening("anna", thread.INPS, people...)
}

// Begin opens a thread with INPS: anna and bruna of the centre, carla the holder and dora
// the substitute.
func (n *Network) Begin(name string) *threadtest.Thread {
	n.t.Helper()
	th := n.New(name)
	n.Append(th, n.Opening(th, "anna centre", "bruna centre", "carla holder", "dora substitute"), "anna")
	return th
}

// Append records an entry that may follow, with its receipt, and returns its leaf.
func (n *Network) Append(th *threadtest.Thread, e thread.Entry, by string) int64 {
	n.t.Helper()
	header, err := thread.Sign(e, n.People[by].Signer)
	if err != nil {
		n.t.Fatal(err)
	}
	if err := th.Take(header, n.Now); err != nil {
		n.t.Fatal(err)
	}
	return n.Admit(e, header, by)
}

// Admit records a header as appended, whether it may follow or not.
func (n *Network) Admit(e thread.Entry, header []byte, by string) int64 {
	n.t.Helper()
	r := n.By(by, act.EntryAppend, act.Allow)
	if e.Kind == thread.Open {
		r.Act = act.CaseOpen
	}
	hash := note.Sum(header)
	r.Object, r.Entry, r.Hash, r.Head, r.Size = string(e.Thread), e.ID, hash, hash, sizeOf(e, header)
	at := n.Now
	leaf := n.Record(r)
	leaf.Header, leaf.Receipt = string(header), Receipt(n.t, e.Thread, e.ID, hash, leaf.Index, at)
	return leaf.Index
}

func sizeOf(e thread.Entry, header []byte) int64 {
	size := int64(len(header))
	if e.Body != nil {
		size += e.Body.Size
	}
	if e.Key != nil {
		for _, g := range e.Key.Grants {
			size += g.Sealed.Size
		}
	}
	return size
}

// Say appends an entry of a kind by somebody, and returns its leaf.
func (n *Network) Say(th *threadtest.Thread, by string, k thread.Kind) int64 {
	n.t.Helper()
	return n.Append(th, n.Draft(th, by, k), by)
}

// Read records that somebody has read a thread to its end, and returns the leaf.
func (n *Network) Read(th ids.Thread, head note.Hash, by string, reason act.Reason) int64 {
	r := n.By(by, act.ThreadRead, act.Allow)
	r.Object, r.Head, r.Reason, r.Size = string(th), head, reason, 4096
	return n.Record(r).Index
}

// Begun records that somebody begins to upload an attachment, and returns the leaf.
func (n *Network) Begun(b thread.Blob, by string) int64 {
	r := n.By(by, act.BlobPut, act.Allow)
	r.Object, r.Size = string(b.ID), b.Sealed.Size
	return n.Record(r).Index
}

// Uploaded records that it is whole, and returns the leaf.
func (n *Network) Uploaded(b thread.Blob, by string) int64 {
	r := n.By(by, act.BlobPut, act.Allow)
	r.Object, r.Size, r.Hash = string(b.ID), b.Sealed.Size, b.Sealed.Hash
	return n.Record(r).Index
}

// Dropped records that somebody removes it, and returns the leaf.
func (n *Network) Dropped(b thread.Blob, by string) int64 {
	r := n.By(by, act.BlobDrop, act.Allow)
	r.Object = string(b.ID)
	return n.Record(r).Index
}

// Fetched records that somebody has read it as an entry's, and returns the leaf.
func (n *Network) Fetched(b thread.Blob, th ids.Thread, entry ids.Entry, by string, reason act.Reason) int64 {
	r := n.By(by, act.BlobRead, act.Allow)
	r.Object, r.Entry, r.Size, r.Hash, r.Reason = string(th), entry, b.Sealed.Size, b.Sealed.Hash, reason
	return n.Record(r).Index
}

// Attach uploads an attachment and appends a message with it by somebody. It returns the message's entry.
func (n *Network) Attach(th *threadtest.Thread, b thread.Blob, by string) ids.Entry {
	n.t.Helper()
	n.Begun(b, by)
	n.Uploaded(b, by)
	e := n.Draft(th, by, thread.Message)
	e.Blobs = []thread.Blob{b}
	n.Append(th, e, by)
	return e.ID
}

// Sample returns a log in which there is something of everything, with three checkpoints.
func Sample(t testing.TB) *Network {
	t.Helper()
	n := NewNetwork(t)
	n.Record(ledger.Record{Act: act.SessionBegin, Outcome: act.Deny})
	th := n.Begin("the sample")
	n.Read(th.State.Thread, th.State.Head, "carla", act.ReasonNew)
	n.Say(th, "carla", thread.Message)
	n.Mark()
	n.Read(th.State.Thread, th.State.Head, "anna", "")
	n.Record(n.By("berta", act.ThreadRead, act.Deny))
	n.Say(th, "carla", thread.Recuse)
	n.Say(th, "anna", thread.Rekey)
	n.Say(th, "bruna", thread.Message)
	n.Read(th.State.Thread, th.State.Head, "dora", act.ReasonSubstitution)
	files := threadtest.Blobs("the sample", 2)
	n.Fetched(files[0], th.State.Thread, n.Attach(th, files[0], "anna"), "dora", act.ReasonSubstitution)
	n.Begun(files[1], "bruna")
	n.Dropped(files[1], "bruna")
	n.Endorse(threadtest.Office, "dora", "elsa")
	n.Record(n.By("anna", act.CaseList, act.Allow))
	n.Mark()
	return n
}

// Busy returns a log of about so many leaves as a year makes them: in each thread of fifteen
// messages thirty readings and a few lists, and a checkpoint after every thousand leaves.
func Busy(t testing.TB, leaves int) *Network {
	t.Helper()
	n := NewNetwork(t)
	for i := 0; len(n.Leaves) < leaves; i++ {
		th := n.Begin(fmt.Sprint("busy ", i))
		for j := range 14 {
			by := []string{"carla", "anna", "bruna"}[j%3]
			n.Read(th.State.Thread, th.State.Head, by, act.ReasonAnswer)
			n.Say(th, by, thread.Message)
			n.Read(th.State.Thread, th.State.Head, "carla", act.ReasonNew)
			n.Record(n.By(by, act.CaseList, act.Allow))
		}
		if size := int64(len(n.Leaves)); size-n.Marks[len(n.Marks)-1] >= 1000 {
			n.Mark()
		}
	}
	if size := int64(len(n.Leaves)); size > n.Marks[len(n.Marks)-1] {
		n.Mark()
	}
	return n
}
