package gate_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/gate"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// hand writes entries as a device would, one by one.
type hand struct {
	t     *testing.T
	n     *varcotest.Network
	state thread.State
	cards thread.Cards
	// keys are the epochs of the thread that were started here.
	keys map[int64]seal.Epoch
	// rosters are the newest of all organisations concerned.
	rosters []thread.Seen
}

func (h *hand) member(name string, seat act.Seat) thread.Member {
	c := h.n.Person(name).Card()
	h.cards[c.Hash] = c
	return thread.Member{Person: c.Person, Organisation: c.Organisation, Card: c.Hash, Seat: seat}
}

func (h *hand) seal(binding seal.GrantBinding, to *card.Signed, key seal.Epoch) []byte {
	sealed, err := seal.Grant(to.SealsTo, binding, key)
	if err != nil {
		h.t.Fatal(err)
	}
	return sealed
}

// parcel signs an entry of somebody's; edit gives it what its kind has.
func (h *hand) parcel(by string, kind thread.Kind, edit func(*thread.Entry)) api.Parcel {
	h.t.Helper()
	now := h.n.Clock.Now()
	e := thread.Entry{Thread: h.state.Thread, ID: ids.NewEntry(rand.Reader), Sequence: h.state.Next, Previous: h.state.Head,
		Epoch: max(1, h.state.Epoch()), Author: h.n.Person(by).Card().Person, Kind: kind, Time: now, NotAfter: now.Add(time.Minute),
		Rosters: h.saw()}
	if edit != nil {
		edit(&e)
	}
	var p api.Parcel
	if kind == thread.Open || kind == thread.Members || kind == thread.Rekey {
		e.Epoch = h.state.Epoch() + 1
		e.Key, p.Grants = h.start(e)
	}
	if e.Giving != nil {
		for i, g := range e.Giving.Epochs {
			sealed := h.seal(seal.GrantBinding{Thread: e.Thread, Epoch: g.Epoch, Card: e.Giving.Card}, h.cards[e.Giving.Card], h.keys[g.Epoch])
			e.Giving.Epochs[i].Sealed = thread.Sealed{Hash: note.Sum(sealed), Size: int64(len(sealed))}
			p.Grants = append(p.Grants, api.Grant{Person: e.Giving.Person, Epoch: g.Epoch, Sealed: sealed})
		}
	}
	if slices.Contains([]thread.Kind{thread.Open, thread.Message, thread.Request, thread.Link, thread.Exclude}, kind) {
		p.Body = h.body(&e)
	}
	p.Header = sign(h.t, h.n, by, e)
	h.follow(p.Header)
	return p
}

// saw are the newest rosters of the thread's organisations.
func (h *hand) saw() []thread.Seen {
	return slices.DeleteFunc(slices.Clone(h.rosters), func(r thread.Seen) bool {
		return r.Organisation != h.state.Centre && r.Organisation != h.state.With
	})
}

func (h *hand) start(e thread.Entry) (*thread.Key, []api.Grant) {
	key, err := seal.NewEpoch()
	if err != nil {
		h.t.Fatal(err)
	}
	h.keys[e.Epoch] = key
	line, grants := &thread.Key{Recipient: key.Recipient()}, []api.Grant{}
	members := e.Members
	if len(members) == 0 {
		members = h.state.Members
	}
	for _, m := range members {
		sealed := h.seal(seal.GrantBinding{Thread: e.Thread, Epoch: e.Epoch, Card: m.Card}, h.cards[m.Card], key)
		line.Grants = append(line.Grants, thread.Grant{Person: m.Person, Sealed: thread.Sealed{Hash: note.Sum(sealed), Size: int64(len(sealed))}})
		grants = append(grants, api.Grant{Person: m.Person, Epoch: e.Epoch, Sealed: sealed})
	}
	return line, grants
}

func (h *hand) body(e *thread.Entry) []byte {
	recipient := h.state.Recipient()
	if e.Key != nil {
		recipient = e.Key.Recipient
	}
	body, err := seal.Body(recipient, seal.Binding{Thread: e.Thread, Entry: e.ID, Epoch: e.Epoch, Author: e.Author, Kind: string(e.Kind)},
		[]byte(`{"text":"Buongiorno."}`))
	if err != nil {
		h.t.Fatal(err)
	}
	e.Body = &thread.Sealed{Hash: note.Sum(body), Size: int64(len(body))}
	return body
}

// follow goes on as if a header had been admitted, so that another can follow it. What can't follow
// changes nothing.
func (h *hand) follow(header string) {
	e, err := thread.Parse([]byte(header))
	if err != nil {
		h.t.Fatal(err)
	}
	c := h.cards[e.Card]
	if c == nil {
		return
	}
	if err := e.Verify([]byte(header), c); err != nil {
		h.t.Fatal(err)
	}
	if next, err := h.state.Apply(e, h.cards, e.Time); err == nil {
		h.state = next
	}
}

// append appends parcels as somebody.
func (h *hand) append(by string, parcels ...api.Parcel) error {
	_, err := h.n.Gate.AppendEntry(h.t.Context(), callerOf(h.t, h.n, by), api.Append{Parcels: parcels})
	return err
}

// everybody takes up a thread of a case, with all who may write in it. The epochs that others have
// started are not known to it.
func everybody(t *testing.T, n *varcotest.Network, o *client.Opened, state thread.State) *hand {
	t.Helper()
	h := &hand{t, n, state, thread.Cards{}, map[int64]seal.Epoch{}, o.Thread.Entries[0].Entry.Rosters}
	for _, name := range []string{"alba-operatrice", "bruna-operatrice", "franca-referente", "gino-referente", "carla-responsabile"} {
		h.member(name, "")
	}
	return h
}

func (h *hand) members(all ...thread.Member) func(*thread.Entry) {
	slices.SortFunc(all, func(a, b thread.Member) int { return strings.Compare(string(a.Person), string(b.Person)) })
	return func(e *thread.Entry) { e.Members = all }
}

func wantKind(t *testing.T, what string, err error, kind fault.Kind, class fault.Class) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.ClassOf(err) != class {
		t.Errorf("%s: %v, want %s %s", what, err, kind, class)
	}
}

// The centre takes one officer out and a colleague in, and the colleague reads what she was given
// of before.
func TestMembersAndGrant(t *testing.T) {
	n, o := opened(t)
	h := everybody(t, n, o, o.Thread.State)
	alba, bruna := h.member("alba-operatrice", act.SeatCentre), h.member("bruna-operatrice", act.SeatCentre)
	franca, gino, carla := h.member("franca-referente", act.SeatHolder), h.member("gino-referente", act.SeatSubstitute),
		h.member("carla-responsabile", act.SeatCentre)
	if err := h.append("alba-operatrice", h.parcel("alba-operatrice", thread.Rekey, nil),
		h.parcel("alba-operatrice", thread.Message, nil)); err != nil {
		t.Fatal(err)
	}
	change := h.parcel("alba-operatrice", thread.Members, h.members(alba, bruna, franca, carla))
	give := h.parcel("alba-operatrice", thread.KindGrant, func(e *thread.Entry) {
		e.Giving = &thread.Giving{Person: carla.Person, Card: carla.Card, Epochs: []thread.Give{{Epoch: 2, Sealed: thread.Sealed{Size: 1}}}}
	})
	if err := h.append("alba-operatrice", change, give); err != nil {
		t.Fatal(err)
	}
	v, err := n.Unlock("carla-responsabile", n.NewDevice("carla-responsabile")).ReadThread(t.Context(), h.state.Thread, "")
	if err != nil {
		t.Fatal(err)
	}
	if v.Entries[0].Unreadable == nil || v.Entries[2].Unreadable != nil || v.Entries[2].Content.Text != "Buongiorno." {
		t.Errorf("the colleague reads %+v", v.Entries)
	}
	if _, err := n.Person("gino-referente").ReadThread(t.Context(), h.state.Thread, act.ReasonAnswer); fault.KindOf(err) != fault.NotFound {
		t.Errorf("who was removed reads: %v", err)
	}
	n.EndAgreements()
	wantKind(t, "an officer after the agreement's end", h.append("alba-operatrice",
		h.parcel("alba-operatrice", thread.Members, h.members(alba, bruna, carla, franca, gino))), fault.NotFound, "")
	h = everybody(t, n, o, v.State)
	if err := h.append("bruna-operatrice", h.parcel("bruna-operatrice", thread.Members, h.members(alba, bruna, franca))); err != nil {
		t.Errorf("removing after the agreement's end: %v", err)
	}
}

// Nobody gets a seat whom her roster does not give it today, and no officer changes members.
func TestMembersRefused(t *testing.T) {
	n, o := opened(t)
	h := everybody(t, n, o, o.Thread.State)
	alba, franca := h.member("alba-operatrice", act.SeatCentre), h.member("franca-referente", act.SeatHolder)
	manager := h.member("ines-direttrice", act.SeatSubstitute)
	wantKind(t, "a manager as substitute", h.append("alba-operatrice",
		h.parcel("alba-operatrice", thread.Members, h.members(alba, franca, manager))), fault.Refused, fault.ClassMembership)
	h = everybody(t, n, o, o.Thread.State)
	wantKind(t, "by the holder", h.append("franca-referente",
		h.parcel("franca-referente", thread.Members, h.members(alba, franca))), fault.NotFound, "")
	h = everybody(t, n, o, o.Thread.State)
	p := h.parcel("alba-operatrice", thread.Members, h.members(alba, franca))
	p.Grants[0].Epoch = 1
	wantKind(t, "a grant under another epoch", h.append("alba-operatrice", p), fault.Refused, fault.ClassMissing)
}

// A closed thread takes no message, is on the list as closed, and after thirty days is the centre's
// alone, until the centre opens it again.
func TestClosed(t *testing.T) {
	n, o := opened(t)
	h := everybody(t, n, o, o.Thread.State)
	status := func(by string, phase thread.Phase) error {
		return h.append(by, h.parcel(by, thread.KindStatus, func(e *thread.Entry) { e.Status = &thread.Status{Phase: phase} }))
	}
	ask := h.parcel("franca-referente", thread.Request, func(e *thread.Entry) { e.Due = "2026-12-24" })
	if err := h.append("franca-referente", ask); err != nil {
		t.Fatal(err)
	}
	listed := func(who string) *api.Listed {
		list, err := n.Gate.ListCases(t.Context(), callerOf(t, n, who))
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list.Threads {
			if l.Thread == h.state.Thread {
				return &l
			}
		}
		return nil
	}
	if l := listed("alba-operatrice"); l == nil || l.Due != "2026-12-24" || l.Phase != "open" || l.ClosedAt != nil {
		t.Errorf("listed as %+v", l)
	}
	if err := status("franca-referente", thread.PhaseClosed); err != nil {
		t.Fatal(err)
	}
	if l := listed("franca-referente"); l == nil || l.Phase != "closed" || l.Due != "" || l.ClosedAt == nil {
		t.Errorf("listed as %+v", l)
	}
	for _, outcome := range []string{"DONE", "RSSMRA80A01H"} {
		now := h.state
		p := h.parcel("franca-referente", thread.KindStatus, func(e *thread.Entry) {
			e.Status = &thread.Status{Phase: thread.PhaseClosed, Outcome: outcome}
		})
		wantKind(t, "an outcome that is none of the network's", h.append("franca-referente", p), fault.Refused, fault.ClassForm)
		h.state = now
	}
	closed := h.state
	wantKind(t, "a message", h.append("alba-operatrice", h.parcel("alba-operatrice", thread.Message, nil)), fault.Refused, fault.ClassClosed)
	h.state = closed
	n.Clock.Advance(30*24*time.Hour - time.Minute)
	if listed("franca-referente") == nil {
		t.Error("not listed within thirty days")
	}
	n.Clock.Advance(time.Minute)
	if listed("franca-referente") != nil || listed("alba-operatrice") == nil {
		t.Error("after thirty days it is not the centre's alone")
	}
	_, err := n.Gate.ReadThread(t.Context(), callerOf(t, n, "franca-referente"), h.state.Thread, api.Read{Reason: act.ReasonAnswer, Limit: 10})
	wantKind(t, "the holder reading after thirty days", err, fault.NotFound, "")
	wantKind(t, "the holder opening it again", status("franca-referente", thread.PhaseOpen), fault.NotFound, "")
	h.state = closed
	if err := status("alba-operatrice", thread.PhaseOpen); err != nil {
		t.Fatal(err)
	}
	if listed("franca-referente") == nil {
		t.Error("not listed when it is open again")
	}
}

// A substitute who may not read yet leaves all the same: the conflict tells her the place.
func TestRecuseFromPlace(t *testing.T) {
	n, o := opened(t)
	h := everybody(t, n, o, thread.State{Thread: o.Thread.State.Thread})
	somewhere := func(e *thread.Entry) { e.Sequence, e.Previous = 9, note.Sum(nil) }
	err := h.append("gino-referente", h.parcel("gino-referente", thread.Recuse, somewhere))
	wantKind(t, "a recusal from nowhere", err, fault.Conflict, "")
	var moved *gate.MovedError
	if !errors.As(err, &moved) {
		t.Fatalf("no place in %v", err)
	}
	s := o.Thread.State
	if want := (api.Place{Thread: s.Thread, Next: s.Next, Head: s.Head, Epoch: s.Epoch()}); moved.Place != want {
		t.Errorf("the place is %+v, want %+v", moved.Place, want)
	}
	there := func(e *thread.Entry) {
		e.Sequence, e.Previous, e.Epoch = moved.Place.Next, moved.Place.Head, moved.Place.Epoch
		e.Time = e.Time.Add(20 * time.Hour) // a clock in another part of the world
		e.NotAfter = e.Time.Add(time.Minute)
	}
	if err := h.append("gino-referente", h.parcel("gino-referente", thread.Recuse, there)); err != nil {
		t.Error(err)
	}
	err = h.append("luca-referente", h.parcel("luca-referente", thread.Recuse, somewhere))
	wantKind(t, "a recusal by a stranger", err, fault.NotFound, "")
	if errors.As(err, &moved) {
		t.Error("a stranger was told the place")
	}
}

// Who is in the internal thread opens a further thread, with its link in the same act; to who is
// not, the case is one that she may not open.
func TestExtendCase(t *testing.T) {
	n, o := opened(t)
	inside := everybody(t, n, o, o.Inside.State)
	further := func(by string) api.Parcel {
		h := everybody(t, n, o, thread.State{Centre: o.Thread.State.Centre, With: o.Thread.State.With})
		members := h.members(h.member(by, act.SeatCentre), h.member("gino-referente", act.SeatHolder))
		return h.parcel(by, thread.Open, func(e *thread.Entry) {
			members(e)
			e.Thread, e.Sequence = ids.NewThread(rand.Reader), 0
			e.Opening = &thread.Opening{Side: thread.INPS, With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2"}
		})
	}
	link := inside.parcel("alba-operatrice", thread.Link, nil)
	p := further("alba-operatrice")
	open := func(by string, id ids.Case, parcels ...api.Parcel) error {
		_, err := n.Gate.OpenCase(t.Context(), callerOf(t, n, by), api.OpenCase{Case: id, Parcels: parcels})
		return err
	}
	if err := open("alba-operatrice", o.Case, p, link); err != nil {
		t.Fatal(err)
	}
	if r := records(t, n, 2); r[0].Act != act.CaseExtend || r[1].Act != act.EntryAppend || r[1].Object != string(o.Inside.State.Thread) {
		t.Errorf("recorded as %+v", r)
	}
	stranger := further("carla-responsabile")
	wantKind(t, "by a colleague who is not in the internal thread", open("carla-responsabile", o.Case, stranger), fault.NotFound, "")
	if err := open("carla-responsabile", ids.NewCase(rand.Reader), stranger); err != nil {
		t.Errorf("the same in a case of her own: %v", err)
	}
	again := further("alba-operatrice")
	elsewhere := inside.parcel("alba-operatrice", thread.Link, nil)
	wantKind(t, "a link in the thread of another case", open("alba-operatrice", ids.NewCase(rand.Reader), again, elsewhere), fault.Refused,
		fault.ClassMembership)
	n.EndAgreements()
	wantKind(t, "after the agreement's end", open("alba-operatrice", o.Case, again), fault.NotFound, "")
}
