package thread_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
	"varco/internal/vector"
)

// readBooks fills books from the sections steward-… and roster-… of a vector, under the
// root whose verifier key is in the line root.
func readBooks(v *vector.Vector) (map[ids.Organisation]*card.Book, error) {
	root, err := note.ParseVerifier(v.Get("root"))
	if err != nil {
		return nil, err
	}
	books := map[ids.Organisation]*card.Book{}
	for _, name := range v.Sections() {
		switch {
		case strings.HasPrefix(name, "steward-"):
			c, err := card.ParseSteward(v.Bytes(name), root, nil)
			if err != nil {
				return nil, err
			}
			if books[c.Organisation] == nil {
				books[c.Organisation] = card.NewBook(c.Organisation, root)
			}
			if _, err := books[c.Organisation].Endorse(v.Bytes(name)); err != nil {
				return nil, err
			}
		case strings.HasPrefix(name, "roster-"):
			text, err := note.Text(v.Bytes(name))
			if err != nil {
				return nil, err
			}
			organisation := ids.Organisation(note.Scan(text, "roster").One("organisation"))
			if books[organisation] == nil {
				return nil, fmt.Errorf("no steward of %s", organisation)
			}
			if _, err := books[organisation].Add(v.Bytes(name)); err != nil {
				return nil, err
			}
		}
	}
	return books, nil
}

// bookkeeping makes vectors with rosters.
type bookkeeping struct {
	*script
	books map[string]*card.Book // served with the vectors, by organisation's name
}

// vouched adds entries that may follow, some of whose people are not who they say.
func (s *script) vouched() {
	k := &bookkeeping{s, map[string]*card.Book{threadtest.Centre: s.Rosters[threadtest.Centre], threadtest.Office: s.Rosters[threadtest.Office]}}
	th := s.begin()
	th.Must(s.t, th.Draft("carla", thread.Message), "carla")
	k.add("ok-vouched", vector.OK, "everyone is on the rosters that the authors had seen", th, nil)

	begun := s.begin()
	blind := begun.Draft("carla", thread.Message)
	blind.Rosters = nil
	k.add("vouch-no-roster", "missing", "an author who names no roster", begun, s.sign(blind, "carla"))
	newer := begun.Draft("carla", thread.Message)
	newer.Rosters[0].Version = 2
	k.add("vouch-left-out", "missing", "an author who has seen a newer roster than the one that is served", begun, s.sign(newer, "carla"))
	fork := begun.Draft("carla", thread.Message)
	fork.Rosters[0].Hash = note.Hash{1}
	k.add("vouch-fork", "fork", "an author who was served another roster of the same version", begun, s.sign(fork, "carla"))
	stranger := begun.Draft("carla", thread.Message)
	stranger.Rosters = s.Seen(stranger.Rosters[0].Organisation, cardtest.Organisation(threadtest.Association))
	k.add("vouch-stranger", "membership", "an entry that names the roster of an organisation that is not of its thread", begun,
		s.sign(stranger, "carla"))
	half := s.New("a thread")
	e := half.Opening("anna", thread.INPS, "anna centre", "carla holder", "dora substitute")
	e.Rosters = s.Seen(s.People["anna"].Organisation)
	k.add("vouch-half", "missing", "an opening that does not name the office's roster", half, s.sign(e, "anna"))

	grown := s.begin()
	grown.Must(s.t, grown.Change("anna", "anna centre", "bruna centre", "carla holder", "elsa substitute"), "anna")
	grown.Must(s.t, grown.Grant("anna", s.People["elsa"], 1), "anna")
	all := []string{"anna", "bruna", "carla", "dora", "elsa"}
	k.add("ok-vouched-members", vector.OK, "everyone who comes is on the rosters that the author had seen", grown, nil, all...)
	unseen := begun.Change("anna", "anna centre", "carla holder", "elsa substitute")
	unseen.Rosters = s.Seen(s.People["anna"].Organisation)
	k.add("vouch-members-half", "missing", "an officer comes, and the author names no roster of the office", begun, s.sign(unseen, "anna"), all...)
	lost := begun.Grant("dora", s.People["carla-2"], 1)
	k.add("vouch-grant-card", "untrusted", "a grant to a card of the member that is on no roster", begun, s.sign(lost, "dora"),
		append(all, "carla-2")...)

	k.offices()
}

// offices adds vectors in which the office's roster is another one.
func (k *bookkeeping) offices() {
	opened := cardtest.Start.Add(24 * time.Hour)
	manager := k.People["dora"].Seat(act.Manager)
	over := k.People["dora"].Seat(act.Officer)
	over.Until = opened
	other := k.People["dora"].Seat(act.Officer)
	other.Card = note.Sum([]byte("the service's own card"))
	for _, c := range []struct {
		name, want, says string
		dora             card.Seat
	}{
		{"vouch-role", "membership", "an officer's seat for somebody whom the roster does not make an officer", manager},
		{"vouch-over", "stale", "an officer's seat for somebody whose designation has ended", over},
		{"vouch-card", "untrusted", "a member with another card than the one on the roster", other},
	} {
		k.office(c.dora)
		k.add(c.name, c.want, c.says, k.begin(), nil)
	}
	// The service's accomplice on the line, and under the name, of an officer.
	posing := k.People["dora"].Seat(act.Officer)
	posing.Card = k.People["elsa"].Hash
	k.office(posing)
	k.add("vouch-name-over-anothers-card", "untrusted", "an officer whose line, with her name, has another's card", k.begin(), nil,
		append(slices.Clone(three), "elsa")...)
	posed := k.New("a thread")
	e := posed.Opening("anna", thread.INPS, "anna centre", "carla holder", "dora substitute")
	for i := range e.Members {
		if e.Members[i].Person == k.People["dora"].Person {
			e.Members[i].Card = k.People["elsa"].Hash
		}
	}
	k.add("name-over-anothers-card", "substituted", "an officer's seat, and her line on the roster, over another's card", posed, k.sign(e, "anna"),
		append(slices.Clone(three), "elsa")...)
	k.office(card.Seat{})
	k.coming("vouch-members-added", "untrusted", "somebody comes who is on no roster", card.Seat{})
	k.coming("vouch-members-over", "stale", "somebody comes whose designation has ended", over)
	k.office(card.Seat{})
	k.add("vouch-added", "untrusted", "a member who is on no roster", k.begin(), nil)

	// Dora is taken off two days after the thread was opened.
	steward := k.Stewards[threadtest.Office]
	k.office(k.People["dora"].Seat(act.Officer))
	th := k.begin()
	message, recusal := th.Draft("dora", thread.Message), th.Draft("dora", thread.Recuse)
	r := steward.Roster(k.books[threadtest.Office].Latest(), k.People["carla"].Seat(act.Officer))
	r.Issued = th.Now.Add(-card.Settling)
	msg, err := card.SignRoster(r, steward.Signer)
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.books[threadtest.Office].Add(msg); err != nil {
		k.t.Fatal(err)
	}
	k.add("vouch-taken-off", "untrusted", "a message by somebody whom a newer roster has taken off", th, k.sign(message, "dora"))
	k.add("ok-taken-off-recuses", vector.OK, "somebody whom a newer roster has taken off leaves", th, k.sign(recusal, "dora"))

	// Dora has lost her keys; her new card is on the roster, and whoever has the old ones grants with them.
	lost := k.Other(k.t, "dora")
	k.People["dora-2"] = lost
	k.office(k.People["dora"].Seat(act.Officer))
	th = k.begin()
	again := steward.Roster(k.books[threadtest.Office].Latest(), k.People["carla"].Seat(act.Officer), lost.Seat(act.Officer))
	again.Issued = th.Now.Add(-card.Settling)
	if msg, err = card.SignRoster(again, steward.Signer); err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.books[threadtest.Office].Add(msg); err != nil {
		k.t.Fatal(err)
	}
	with := append(slices.Clone(three), "dora-2")
	k.add("vouch-taken-back", "untrusted", "a card that was taken back grants its member another one", th,
		k.sign(th.Grant("dora", lost, 1), "dora"), with...)
	th.Must(k.t, th.Grant("carla", lost, 1), "carla")
	k.add("ok-granted-anew", vector.OK, "a colleague grants her new card", th, nil, with...)
}

// coming adds dora to a thread that was opened without her; seat is hers on the office's roster.
func (k *bookkeeping) coming(name, want, says string, seat card.Seat) {
	k.office(seat)
	th := k.New("a thread")
	th.Must(k.t, th.Opening("anna", thread.INPS, "anna centre", "carla holder"), "anna")
	k.add(name, want, says, th, k.sign(th.Change("anna", "anna centre", "carla holder", "dora substitute"), "anna"))
}

// office gives the office a first roster of carla and, unless it is empty, another seat.
func (k *bookkeeping) office(dora card.Seat) {
	seats := []card.Seat{k.People["carla"].Seat(act.Officer)}
	if dora.Person != "" {
		seats = append(seats, dora)
	}
	k.books[threadtest.Office] = k.Stewards[threadtest.Office].Book(k.t, seats...)
	k.Rosters[threadtest.Office] = k.books[threadtest.Office]
}

// add makes a vector with the books' stewards and rosters.
func (k *bookkeeping) add(name, expect, says string, th *threadtest.Thread, last []byte, cards ...string) {
	if len(cards) == 0 {
		cards = three
	}
	v := k.script.add(name, expect, says, th, last, cards...).
		Set("root", note.VerifierKey(cardtest.RootName, cardtest.Public(cardtest.RootName)))
	for _, organisation := range []string{threadtest.Centre, threadtest.Office} {
		file := strings.ReplaceAll(organisation, " ", "-")
		v.Attach("steward-"+file, k.Stewards[organisation].Note())
		b := k.books[organisation]
		for i := int64(1); b.Version(i) != nil; i++ {
			v.Attach(fmt.Sprintf("roster-%s-%d", file, i), b.Version(i).Note())
		}
	}
}
