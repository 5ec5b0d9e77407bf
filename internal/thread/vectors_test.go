package thread_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
	"varco/internal/vector"
)

// TestVectors runs testdata/vectors/entry.
func TestVectors(t *testing.T) {
	s := &script{t: t, Cast: threadtest.NewCast(t)}
	s.accepted()
	s.forms()
	s.signatures()
	s.chains()
	s.memberships()
	s.epochs()
	s.kinds()
	s.vouched()
	notetest.Run(t, "entry", s.all, readVector)
}

// readVector runs a vector of testdata/vectors/entry. The sections card-… are cards, which
// are known by their hash. The sections entry-0, entry-1, … are headers in the order in
// which they are served, admitted at the times of the lines admitted-0, admitted-1, …: each
// is parsed, verified with the card that it names, and applied to the state, which is at
// first that of a thread without entries. If there is a line root, the people of each entry
// are then vouched for by the sections steward-… and roster-…, see readBooks. The last
// entry decides; all before it must be accepted. If there is a section state, the entries add up to
// it: it is the state as the service keeps it, in JSON.
func readVector(v *vector.Vector) error {
	var s thread.State
	cards, names, err := readCards(v)
	if err != nil {
		return notetest.Broken(v, err)
	}
	for i, name := range names {
		admitted, err := note.ParseTime(v.Get(strings.Replace(name, "entry", "admitted", 1)))
		if err != nil {
			return notetest.Broken(v, err)
		}
		before := s
		if s, err = threadtest.Apply(s, cards, v.Bytes(name), admitted); err == nil && v.Get("root") != "" {
			err = readVouched(v, name, &before, &s, cards, admitted)
		}
		if i == len(names)-1 {
			return orState(v, err, &s)
		}
		if err != nil {
			return notetest.Broken(v, err)
		}
	}
	return notetest.Broken(v, errors.New("no entry"))
}

// orState compares the state that a vector's entries add up to with its section state.
func orState(v *vector.Vector, err error, s *thread.State) error {
	if err != nil || !slices.Contains(v.Sections(), "state") {
		return err
	}
	var want thread.State
	if err := json.Unmarshal(v.Bytes("state"), &want); err != nil {
		return notetest.Broken(v, err)
	}
	if diff := cmp.Diff(want, *s); diff != "" {
		return notetest.Broken(v, errors.New("another state (-want +got)\n"+diff))
	}
	return nil
}

// readCards reads the cards of a vector, and lists its entries.
func readCards(v *vector.Vector) (thread.Cards, []string, error) {
	cards := thread.Cards{}
	var entries []string
	for _, name := range v.Sections() {
		switch {
		case strings.HasPrefix(name, "entry-"):
			entries = append(entries, name)
		case strings.HasPrefix(name, "card-"):
			c, err := card.Parse(v.Bytes(name), func(hash note.Hash) *card.Signed { return cards[hash] })
			if err != nil {
				return nil, nil, err
			}
			cards[c.Hash] = c
		}
	}
	return cards, entries, nil
}

func readVouched(v *vector.Vector, entry string, before, s *thread.State, cards thread.Cards, admitted time.Time) error {
	books, err := readBooks(v)
	if err != nil {
		return notetest.Broken(v, err)
	}
	e, err := thread.Parse(v.Bytes(entry))
	if err != nil {
		return err
	}
	return s.Vouch(before, e, cards, func(o ids.Organisation) *card.Book { return books[o] }, admitted)
}

// script makes the vectors.
type script struct {
	*threadtest.Cast
	t   *testing.T
	all []*vector.Vector
}

// begin opens the thread that most vectors continue.
func (s *script) begin() *threadtest.Thread {
	s.t.Helper()
	th := s.New("a thread")
	th.Must(s.t, th.Opening("anna", thread.INPS, "anna centre", "carla holder", "dora substitute"), "anna")
	return th
}

func (s *script) sign(e thread.Entry, by string) []byte {
	s.t.Helper()
	header, err := thread.Sign(e, s.People[by].Signer)
	if err != nil {
		s.t.Fatal(err)
	}
	return header
}

// add makes a vector of a thread as it is, and a last header; nil when the thread says it all.
func (s *script) add(name, expect, says string, th *threadtest.Thread, last []byte, cards ...string) *vector.Vector {
	admitted := slices.Clone(th.Admitted)
	headers := slices.Clone(th.Headers)
	if last != nil {
		headers, admitted = append(headers, last), append(admitted, th.Now.Add(time.Second))
	}
	v := vector.New(name, expect, says)
	for i, at := range admitted {
		v.Set(fmt.Sprint("admitted-", i), note.FormatTime(at))
	}
	for _, who := range cards {
		v.Attach("card-"+who, s.People[who].Note())
	}
	for i, header := range headers {
		v.Attach(fmt.Sprint("entry-", i), header)
	}
	if expect == vector.OK && last == nil {
		text, err := json.Marshal(th.State)
		if err != nil {
			s.t.Fatal(err)
		}
		v.Attach("state", text)
	}
	s.all = append(s.all, v)
	return v
}

// three are the members of the thread that begin opens.
var three = []string{"anna", "carla", "dora"}

// accepted adds what must be accepted: each kind, each side, and the limits.
func (s *script) accepted() {
	ok := func(name, says string, th *threadtest.Thread, cards ...string) {
		s.add("ok-"+name, vector.OK, says, th, nil, cards...)
	}
	ok("open-inps", "a thread with an INPS office: holder and substitute", s.begin(), three...)
	for _, with := range []struct {
		side  thread.Side
		names []string
	}{{thread.Internal, []string{"anna", "bruna"}}, {thread.Partner, []string{"anna", "fulvia"}}} {
		th := s.New("a thread, " + string(with.side))
		seat := map[thread.Side]string{thread.Internal: " centre", thread.Partner: " partner"}[with.side]
		th.Must(s.t, th.Opening("anna", with.side, with.names[0]+" centre", with.names[1]+seat), "anna")
		ok("open-"+string(with.side), "a thread with side "+string(with.side), th, with.names...)
	}
	th := s.begin()
	th.Must(s.t, th.Draft("carla", thread.Message), "carla")
	ok("message", "an answer by the officer", th, three...)
	th.Must(s.t, th.Draft("dora", thread.Rekey), "dora")
	th.Must(s.t, th.Draft("anna", thread.Message), "anna")
	ok("rekey", "a new epoch by any member, and a message in it", th, three...)

	th = s.begin()
	th.Must(s.t, th.Draft("carla", thread.Recuse), "carla")
	ok("recuse", "the holder leaves", th, three...)
	due := th.Copy()
	due.Must(s.t, due.Draft("dora", thread.Recuse), "dora")
	ok("recuse-while-due", "another leaves while a new epoch is due", due, three...)
	th.Must(s.t, th.Draft("anna", thread.Rekey), "anna")
	th.Must(s.t, th.Draft("dora", thread.Message), "dora")
	ok("rekey-after-recuse", "a new epoch for who is left, and a message in it", th, three...)

	th = s.begin()
	e := th.Draft("anna", thread.Message)
	if err := th.Take(s.sign(e, "anna"), e.NotAfter); err != nil {
		s.t.Fatal(err)
	}
	ok("last-moment", "admitted exactly at its not-after", th, three...)
}

// signatures adds headers that somebody else signed, or with another card.
func (s *script) signatures() {
	th := s.begin()
	e := th.Draft("carla", thread.Message)
	header := s.sign(e, "carla")
	text := notetest.Text(s.t, header)
	add := func(name, want, says string, header []byte, cards ...string) {
		s.add(name, want, says, th, header, cards...)
	}
	add("changed", "signature", "a header that was changed after it was signed",
		bytes.Replace(header, []byte("not-after 2026-11-03T08:11"), []byte("not-after 2026-11-03T08:10"), 1), three...)
	add("re-signed", "signature", "the entry of one member signed by another", s.sign(e, "dora"), three...)
	add("key-substituted", "signature", "signed with another key under the author's name",
		notetest.Sign(s.t, text, note.NewSigner(s.People["carla"].Signer.Name(), cardtest.Key("mallory"))), three...)
	add("unsigned", "signature", "a header without signature", []byte(text+"\n"), three...)
	add("surplus", "signature", "a header that two members have signed", notetest.Sign(s.t, text, s.People["carla"].Signer, s.People["dora"].Signer), three...)
	add("cut", "signature", "a header without its last byte", header[:len(header)-1], three...)
	other := e
	other.Card = s.People["dora"].Hash
	add("card-of-another", "substituted", "one member's name over another member's card", s.sign(other, "dora"), three...)
	add("card-left-out", "missing", "the author's card was left out", s.sign(th.Draft("elsa", thread.Message), "elsa"), three...)

	// Somebody has a second card, which is not the one that is a member.
	s.People["carla-2"] = s.Other(s.t, "carla")
	e.Card = s.People["carla-2"].Hash
	add("other-card-of-author", "substituted", "a card of the author that is not the member's", s.sign(e, "carla-2"), append(three, "carla-2")...)
}

// chains adds entries in the wrong place or at the wrong time.
func (s *script) chains() {
	th := s.begin()
	th.Must(s.t, th.Draft("carla", thread.Message), "carla")
	after := th.Copy()
	after.Must(s.t, after.Draft("anna", thread.Message), "anna")
	add := func(name, want, says string, th *threadtest.Thread, header []byte) {
		s.add(name, want, says, th, header, three...)
	}

	add("replay", "sequence", "an entry again", th, th.Headers[1])
	add("replay-open", "sequence", "the opening again", th, th.Headers[0])
	add("omission", "sequence", "an entry was left out", s.begin(), after.Headers[2])
	begun := s.begin()
	add("reorder", "sequence", "two entries in the wrong order", begun, after.Headers[2])
	add("truncated-beginning", "sequence", "the beginning was left out", s.New("a thread"), th.Headers[1])
	other := s.New("another thread")
	other.Must(s.t, other.Opening("anna", thread.INPS, "anna centre", "carla holder", "dora substitute"), "anna")
	other.Must(s.t, other.Draft("carla", thread.Message), "carla")
	add("other-thread", "sequence", "an entry of another thread", begun, other.Headers[1])

	fork := s.begin()
	fork.Draft("dora", thread.Message)
	fork.Must(s.t, fork.Draft("dora", thread.Message), "dora")
	fork.Must(s.t, fork.Draft("anna", thread.Message), "anna")
	add("fork", "fork", "an entry that follows another history", th, fork.Headers[2])
	e := th.Draft("anna", thread.Message)
	e.Previous = note.Hash{1}
	add("previous-unknown", "fork", "an entry that follows what nobody has seen", th, s.sign(e, "anna"))

	late := th.Draft("anna", thread.Message)
	header := s.sign(late, "anna")
	th.Now = late.NotAfter.Add(-time.Second + time.Millisecond)
	add("late", "late", "an entry that was kept back and is admitted later", th, header)
}

// memberships adds entries by, and openings with, those who may not.
func (s *script) memberships() {
	th := s.begin()
	s.add("outsider", "membership", "a message by somebody who is no member", th, s.sign(th.Draft("elsa", thread.Message), "elsa"),
		append(three, "elsa")...)
	s.add("outsider-rekey", "membership", "a new epoch by somebody who is no member", th, s.sign(th.Draft("elsa", thread.Rekey), "elsa"),
		append(three, "elsa")...)
	s.add("centre-recuses", "membership", "the last of the centre leaves", th, s.sign(th.Draft("anna", thread.Recuse), "anna"), three...)
	left := th.Copy()
	left.Must(s.t, left.Draft("carla", thread.Recuse), "carla")
	s.add("left", "membership", "a message by who has left", left, s.sign(left.Draft("carla", thread.Message), "carla"), three...)
	s.add("left-rekey", "membership", "a new epoch by who has left", left, s.sign(left.Draft("carla", thread.Rekey), "carla"), three...)
	s.add("left-twice", "membership", "who has left leaves again", left, s.sign(left.Draft("carla", thread.Recuse), "carla"), three...)

	open := func(name, want, says, by string, side thread.Side, edit func(*thread.Entry), people ...string) {
		th := s.New("a thread")
		e := th.Opening(by, side, people...)
		if edit != nil {
			edit(&e)
		}
		cards := []string{by}
		for _, p := range people {
			if who, _, _ := strings.Cut(p, " "); who != by {
				cards = append(cards, who)
			}
		}
		s.add("open-"+name, want, says, th, s.sign(e, by), cards...)
	}
	open("no-seat", "membership", "an author who gives herself no seat", "bruna", thread.INPS, nil, "anna centre", "carla holder")
	open("by-office", "membership", "an officer opens a thread with her own office", "carla", thread.INPS, nil, "carla centre", "dora holder")
	open("no-holder", "membership", "an office's thread without holder", "anna", thread.INPS, nil, "anna centre", "dora substitute")
	open("two-holders", "membership", "an office's thread with two holders", "anna", thread.INPS, nil, "anna centre", "carla holder", "dora holder")
	open("stranger", "membership", "a holder of another organisation than the thread is with", "anna", thread.INPS, nil,
		"anna centre", "fulvia holder")
	open("officer-inside", "membership", "an officer in an internal thread", "anna", thread.Internal, nil, "anna centre", "carla holder")
	open("officer-with-partner", "membership", "an officer's seat in a partner's thread", "anna", thread.Partner, nil,
		"anna centre", "fulvia holder")
	open("card-of-another", "substituted", "a member with another's card", "anna", thread.INPS, func(e *thread.Entry) {
		for i := range e.Members {
			if e.Members[i].Seat == act.SeatHolder {
				e.Members[i].Card = s.People["anna"].Hash
			}
		}
	}, "anna centre", "carla holder")
	th = s.New("a thread")
	s.add("open-card-left-out", "missing", "a member's card was left out", th,
		s.sign(th.Opening("anna", thread.INPS, "anna centre", "carla holder"), "anna"), "anna")
}

// epochs adds entries in the wrong epoch and epochs with the wrong grants.
func (s *script) epochs() {
	th := s.begin()
	old := th.Draft("carla", thread.Message)
	th.Must(s.t, th.Draft("anna", thread.Rekey), "anna")
	add := func(name, want, says string, th *threadtest.Thread, e thread.Entry, by string) {
		s.add(name, want, says, th, s.sign(e, by), append(three, "elsa")...)
	}
	old.Sequence, old.Previous = th.State.Next, th.State.Head
	add("epoch-old", "epoch", "a message in an old epoch", th, old, "carla")
	next := th.Draft("carla", thread.Message)
	next.Epoch = 3
	add("epoch-later", "epoch", "a message in an epoch that has not begun", th, next, "carla")
	skip := th.Draft("carla", thread.Rekey)
	skip.Epoch = 4
	add("epoch-skipped", "epoch", "a new epoch that is not the next one", th, skip, "carla")
	gone := th.Draft("carla", thread.Recuse)
	gone.Epoch = 1
	add("epoch-of-recusal", "epoch", "a recusal in an old epoch", th, gone, "carla")
	again := th.Draft("carla", thread.Rekey)
	again.Key.Recipient = th.State.Epochs[0].Recipient
	add("epoch-key-again", "epoch", "a new epoch with the key of an old one", th, again, "carla")
	begun := s.New("a thread")
	open := begun.Opening("anna", thread.INPS, "anna centre", "carla holder", "dora substitute")
	open.Epoch = 2
	add("epoch-of-opening", "epoch", "an opening in the second epoch", begun, open, "anna")

	due := s.begin()
	due.Must(s.t, due.Draft("carla", thread.Recuse), "carla")
	add("due", "epoch", "a message while a new epoch is due", due, due.Draft("anna", thread.Message), "anna")
	left := due.Draft("anna", thread.Rekey)
	left.Key = due.Key("for all who were", s.begin().State.Members)
	add("grant-to-who-left", "grant", "a new epoch granted to who has left", due, left, "anna")

	burnt := s.New("a thread, inside")
	burnt.Must(s.t, burnt.Opening("anna", thread.Internal, "anna centre"), "anna")
	for burnt.State.Epoch() < thread.MaxEpochs-thread.KeptEpochs {
		burnt.Must(s.t, burnt.Draft("anna", thread.Rekey), "anna")
	}
	add("epochs-kept", "size", "a 65th epoch that nothing but its author's will asks for", burnt, burnt.Draft("anna", thread.Rekey), "anna")

	grants := func(name, says string, change func([]thread.Grant) []thread.Grant) {
		e := th.Draft("dora", thread.Rekey)
		e.Key.Grants = change(e.Key.Grants)
		slices.SortFunc(e.Key.Grants, func(a, b thread.Grant) int { return strings.Compare(string(a.Person), string(b.Person)) })
		add("grant-"+name, "grant", says, th, e, "dora")
	}
	elsa := thread.Grant{Person: s.People["elsa"].Person, Sealed: *threadtest.Sealed("for elsa")}
	grants("missing", "a new epoch without a grant for one member", func(g []thread.Grant) []thread.Grant { return g[1:] })
	grants("none", "a new epoch without grants", func([]thread.Grant) []thread.Grant { return nil })
	grants("surplus", "a new epoch with a grant for somebody else too", func(g []thread.Grant) []thread.Grant { return append(g, elsa) })
	grants("other", "a new epoch with a grant for somebody else instead", func(g []thread.Grant) []thread.Grant {
		g[0] = elsa
		return g
	})
}
