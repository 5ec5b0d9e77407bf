package thread_test

import (
	"slices"
	"strings"

	"varco/internal/act"
	"varco/internal/card/cardtest"
	"varco/internal/note/notetest"
	"varco/internal/thread"
	"varco/internal/thread/threadtest"
	"varco/internal/vector"
)

// four are everybody whom the vectors of changes name.
var four = []string{"anna", "bruna", "carla", "dora"}

// kinds adds what the kinds do that change more than the head of a thread.
func (s *script) kinds() {
	s.People["carla-2"] = s.Other(s.t, "carla") // not renewed: she lost her phrase
	s.requests()
	s.changes()
	s.grants()
	s.standings()
	s.notes()
	s.renewals()
}

func (s *script) ok(name, says string, th *threadtest.Thread, cards ...string) {
	s.add("ok-"+name, vector.OK, says, th, nil, cards...)
}

// no adds an entry that may not follow.
func (s *script) no(name, want, says string, th *threadtest.Thread, e thread.Entry, by string, cards ...string) {
	s.add(name, want, says, th, s.sign(e, by), cards...)
}

func (s *script) requests() {
	th := s.begin()
	e := th.Draft("anna", thread.Request)
	e.Due, e.Blobs = "2026-11-30", threadtest.Blobs("a request", thread.MaxBlobs)
	th.Must(s.t, e, "anna")
	s.ok("request", "something is asked by a day, with sixteen attachments", th, three...)
	th.Must(s.t, th.Draft("carla", thread.Request), "carla")
	s.ok("request-someday", "something is asked without naming a day, which is then the newest request", th, three...)
}

func (s *script) changes() {
	th := s.begin()
	th.Must(s.t, th.Change("anna", "anna centre", "bruna centre", "carla holder", "dora substitute"), "anna")
	s.ok("members-added", "a colleague comes, and reads from now on", th, four...)
	added := th.Copy()
	th.Must(s.t, th.Grant("anna", s.People["bruna"], 1), "anna")
	s.ok("members-added-with-history", "a colleague comes, and is given what was before", th, four...)
	th = s.begin()
	th.Must(s.t, th.Change("anna", "anna centre", "dora holder"), "anna")
	s.ok("members-removed", "the holder is removed, and the substitute becomes holder", th, three...)
	removed := th.Copy()
	th.Must(s.t, th.Change("anna", "anna centre"), "anna")
	s.ok("members-nobody-left", "the centre removes everybody of the office", th, three...)
	added.Must(s.t, added.Draft("anna", thread.Recuse), "anna")
	s.ok("recuse-centre", "somebody of the centre leaves and another stays", added, four...)

	s.no("members-removed-writes", "membership", "a message by who was removed", removed, removed.Draft("carla", thread.Message), "carla", three...)
	begun := s.begin()
	no := func(name, want, says string, e thread.Entry, by string, cards ...string) {
		s.no("members-"+name, want, says, begun, e, by, cards...)
	}
	same := begun.Change("anna", "anna centre", "carla holder", "dora substitute")
	no("same", "membership", "members that stay as they are", same, "anna", three...)
	no("by-holder", "membership", "an officer removes her substitute", begun.Change("carla", "anna centre", "carla holder"), "carla", three...)
	no("by-outsider", "membership", "somebody who is no member makes herself one",
		begun.Change("bruna", "anna centre", "bruna centre", "carla holder"), "bruna", four...)
	no("without-author", "membership", "the author leaves herself out",
		begun.Change("anna", "bruna centre", "carla holder", "dora substitute"), "anna", four...)
	no("two-holders", "membership", "two holders", begun.Change("anna", "anna centre", "carla holder", "dora holder"), "anna", three...)
	no("stranger", "membership", "somebody of another organisation gets an officer's seat",
		begun.Change("anna", "anna centre", "fulvia holder"), "anna", append(three, "fulvia")...)
	no("accomplice", "membership", "an officer gets a seat of the centre", begun.Change("anna", "anna centre", "carla centre", "dora holder"), "anna", three...)
	no("card-left-out", "missing", "the card of who comes was left out",
		begun.Change("anna", "anna centre", "bruna centre", "carla holder", "dora substitute"), "anna", three...)
	other := begun.Change("anna", "anna centre", "carla holder")
	for i := range other.Members {
		if other.Members[i].Seat == act.SeatHolder {
			other.Members[i].Card = s.People["carla-2"].Hash
		}
	}
	no("card-changed", "substituted", "another card for a member who stays", other, "anna", append(three, "carla-2")...)
	swapped := begun.Change("anna", "anna centre", "bruna centre", "carla holder", "dora substitute")
	for i := range swapped.Members {
		if swapped.Members[i].Person == s.People["bruna"].Person {
			swapped.Members[i].Card = s.People["dora"].Hash
		}
	}
	no("card-of-another", "substituted", "who comes is given another's card", swapped, "anna", four...)
	few := begun.Change("anna", "anna centre", "carla holder")
	few.Key.Grants = few.Key.Grants[1:]
	no("grant-missing", "grant", "a member gets no grant of the new epoch", few, "anna", three...)
	many := begun.Change("anna", "anna centre", "carla holder")
	many.Key = begun.Key("for all who were", begun.State.Members)
	no("grant-to-removed", "grant", "who was removed gets a grant of the new epoch", many, "anna", three...)
	old := begun.Change("anna", "anna centre", "carla holder")
	old.Epoch = 1
	no("epoch", "epoch", "a change that starts no new epoch", old, "anna", three...)
}

func (s *script) grants() {
	th := s.begin()
	th.Must(s.t, th.Draft("anna", thread.Rekey), "anna")
	again := th.Copy()
	again.Must(s.t, again.Grant("dora", s.People["carla-2"], 1, 2), "dora")
	s.ok("grant-anew", "an officer who lost her phrase is granted everything anew, on her new card", again, append(three, "carla-2")...)
	s.People["carla-1"] = s.People["carla"]
	s.no("grant-anew-speaks", "epoch", "a message in the epoch that her lost keys open", again,
		again.Draft("dora", thread.Message), "dora", append(three, "carla-2")...)
	words := again.Standing("dora", thread.PhaseOpen, act.Centre, "")
	words.Body = threadtest.Sealed("words")
	s.no("grant-anew-status-words", "epoch", "how it stands in words, in that epoch", again, words, "dora", append(three, "carla-2")...)
	standing := again.Copy()
	standing.Must(s.t, standing.Standing("dora", thread.PhaseClosed, "", ""), "dora")
	standing.Must(s.t, standing.Grant("anna", s.People["carla-2"], 1), "anna")
	s.ok("grant-anew-status", "a status without words and a grant follow while a new epoch is due", standing, append(three, "carla-2")...)
	again.Must(s.t, again.Draft("dora", thread.Rekey), "dora")
	again.Must(s.t, asOther(again.Draft("carla", thread.Message), s.People["carla-2"]), "carla-2")
	s.ok("grant-anew-writes", "she writes with it", again, append(three, "carla-2")...)
	card := th.Copy()
	card.Must(s.t, card.Grant("dora", s.People["carla-2"]), "dora")
	s.ok("grant-card", "only her card changes", card, append(three, "carla-2")...)

	with := append(slices.Clone(four), "carla-2")
	no := func(name, want, says string, th *threadtest.Thread, e thread.Entry, by string, cards ...string) {
		s.no("give-"+name, want, says, th, e, by, cards...)
	}
	no("old-card-writes", "substituted", "a message with the card that was given up", again, again.Draft("carla", thread.Message), "carla", with...)
	no("older-card", "stale", "a grant that puts somebody back on a card that she has given up", again,
		again.Grant("dora", s.People["carla-1"], 1), "dora", with...)
	no("nothing", "grant", "a grant of nothing", th, th.Grant("dora", s.People["carla"]), "dora", three...)
	no("to-outsider", "membership", "a grant to somebody who is no member", th, th.Grant("anna", s.People["bruna"], 1), "anna", four...)
	no("by-outsider", "membership", "a grant by somebody who is no member", th, th.Grant("bruna", s.People["anna"], 1), "bruna", four...)
	no("not-begun", "epoch", "a grant of an epoch that has not begun", th, th.Grant("anna", s.People["carla"], 3), "anna", three...)
	no("card-left-out", "missing", "the card that is granted to was left out", th, th.Grant("dora", s.People["carla-2"], 1), "dora", three...)
	swapped := th.Grant("dora", s.People["carla"], 1)
	swapped.Giving.Card = s.People["anna"].Hash
	no("card-of-another", "substituted", "a grant to one member on another's card", th, swapped, "dora", three...)
	added := s.begin()
	added.Must(s.t, added.Change("anna", "anna centre", "bruna centre", "carla holder", "dora substitute"), "anna")
	no("never-had", "grant", "a grant by who was never granted the epoch", added, added.Grant("bruna", s.People["carla"], 1), "bruna", four...)
	no("by-officer", "membership", "an officer lets a new member read what was before her", added, added.Grant("carla", s.People["bruna"], 1), "carla", four...)
}

// asOther is an entry as it is written with another card of its author.
func asOther(e thread.Entry, p cardtest.Person) thread.Entry {
	e.Card = p.Hash
	return e
}

func (s *script) standings() {
	th := s.begin()
	th.Must(s.t, th.Standing("anna", thread.PhaseOpen, act.INPS, ""), "anna")
	s.ok("status-waits", "the office is waited for", th, three...)
	asked := th.Draft("anna", thread.Request)
	asked.Due = "2026-11-30"
	th.Must(s.t, asked, "anna")
	done := th.Standing("carla", thread.PhaseResolved, act.Centre, "DONE")
	done.Body = threadtest.Sealed("words")
	th.Must(s.t, done, "carla")
	s.ok("status-resolved", "resolved with an outcome, in words too: nothing is due any more", th, three...)
	th.Must(s.t, th.Standing("carla", thread.PhaseClosed, "", "DONE"), "carla")
	s.ok("status-closed", "the holder closes it", th, three...)
	closed := th.Copy()
	th.Must(s.t, th.Standing("anna", thread.PhaseClosed, "", ""), "anna")
	s.ok("status-closed-again", "closing again does not change when it was closed", th, three...)
	th.Must(s.t, th.Standing("anna", thread.PhaseOpen, "", ""), "anna")
	th.Must(s.t, th.Draft("carla", thread.Message), "carla")
	s.ok("status-opened-again", "it is opened again, and goes on", th, three...)
	renewed := closed.Copy()
	renewed.Must(s.t, renewed.Standing("carla", thread.PhaseOpen, "", ""), "carla")
	renewed.Must(s.t, renewed.Standing("carla", thread.PhaseClosed, "", ""), "carla")
	s.ok("status-closed-by-office", "who opens it again and closes it, and is not the centre, does not change when it was closed", renewed, three...)
	kept := closed.Copy()
	kept.Must(s.t, kept.Grant("dora", s.People["carla"], 1), "dora")
	kept.Must(s.t, kept.Draft("dora", thread.Rekey), "dora")
	kept.Must(s.t, kept.Change("anna", "anna centre", "carla holder"), "anna")
	kept.Must(s.t, kept.Draft("carla", thread.Recuse), "carla")
	s.ok("closed-kept", "granting, a new epoch, removing and leaving while it is closed", kept, three...)

	no := func(name, says string, e thread.Entry, by string, cards ...string) {
		s.no("closed-"+name, "closed", says, closed, e, by, cards...)
	}
	no("message", "a message in a closed thread", closed.Draft("anna", thread.Message), "anna", three...)
	no("request", "a request in a closed thread", closed.Draft("carla", thread.Request), "carla", three...)
	no("member", "somebody comes into a closed thread",
		closed.Change("anna", "anna centre", "bruna centre", "carla holder", "dora substitute"), "anna", four...)
	no("seat", "another seat in a closed thread", closed.Change("anna", "anna centre", "dora holder"), "anna", three...)
	begun := s.begin()
	s.no("status-waits-absent", "membership", "a partner is waited for where there is none", begun,
		begun.Standing("anna", thread.PhaseOpen, act.Associate, ""), "anna", three...)
	with := s.New("a thread, partner")
	with.Must(s.t, with.Opening("anna", thread.Partner, "anna centre", "fulvia partner"), "anna")
	s.no("status-by-partner", "membership", "a partner says how her thread stands", with,
		with.Standing("fulvia", thread.PhaseClosed, "", ""), "fulvia", "anna", "fulvia")
}

// notes adds entries of the internal thread.
func (s *script) notes() {
	inside := s.New("a thread, internal")
	inside.Must(s.t, inside.Opening("anna", thread.Internal, "anna centre", "bruna centre"), "anna")
	for _, kind := range []thread.Kind{thread.Link, thread.Exclude} {
		th := inside.Copy()
		th.Must(s.t, th.Draft("bruna", kind), "bruna")
		s.ok(string(kind), "the internal thread holds a note of the case", th, "anna", "bruna")
		begun := s.begin()
		s.no(string(kind)+"-outside", "membership", "a note of the case where an office reads it", begun, begun.Draft("anna", kind), "anna", three...)
	}
}

// renewals adds members who change their cards themselves.
func (s *script) renewals() {
	carla := s.People["carla"].Renewed(s.t)
	s.People["carla-next"], s.Cards[carla.Hash] = carla, carla.Signed
	cards := append(slices.Clone(three), "carla-next")
	th := s.begin()
	th.Must(s.t, asOther(th.Draft("carla", thread.Message), carla), "carla-next")
	s.ok("renewed", "a member writes with the card that succeeds hers, which is hers from now on", th, cards...)
	s.no("renewed-back", "substituted", "and then with the card before", th, th.Draft("carla", thread.Message), "carla", cards...)
	gone := s.begin()
	gone.Must(s.t, asOther(gone.Draft("carla", thread.Recuse), carla), "carla-next")
	s.ok("renewed-recuses", "a member leaves with the card that succeeds hers", gone, cards...)
}

// kindEdits are headers of these kinds with a good signature and a bad text.
func (s *script) kindEdits() []edited {
	th := s.begin()
	request := th.Draft("anna", thread.Request)
	request.Due, request.Blobs = "2026-11-30", threadtest.Blobs("a request", 2)
	asked := notetest.Text(s.t, s.sign(request, "anna"))
	members := notetest.Text(s.t, s.sign(th.Change("anna", "anna centre", "carla holder"), "anna"))
	granted := notetest.Text(s.t, s.sign(th.Grant("anna", s.People["carla"], 1, 2), "anna"))
	status := notetest.Text(s.t, s.sign(th.Standing("anna", thread.PhaseResolved, act.INPS, "DONE"), "anna"))
	rekey := notetest.Text(s.t, s.sign(th.Draft("carla", thread.Rekey), "carla"))
	value, replace := notetest.Value, notetest.Replace
	blobs, gives := linesOf(asked, "blob"), linesOf(granted, "give")
	return []edited{
		{asked, "due-no-day", "form", "a day that no calendar has", value("due", "2026-11-31")},
		{asked, "due-missing", "form", "a request without the line of its day", replace("due 2026-11-30\n", "")},
		{asked, "due-time", "form", "a time in place of a day", value("due", "2026-11-30T08:00:00.000Z")},
		{asked, "blobs-unsorted", "form", "blobs out of order", replace(blobs[0]+"\n"+blobs[1], blobs[1]+"\n"+blobs[0])},
		{asked, "blob-twice", "form", "a blob twice", replace(blobs[0], blobs[0]+"\n"+blobs[0])},
		{asked, "blob-empty", "form", "a blob of no bytes", replace(blobs[1], strings.TrimSuffix(blobs[1], "2683")+"0")},
		{asked, "blob-no-blob", "form", "an entry's identifier in place of a blob's", replace("blob b-", "blob e-")},
		{asked, "blobs-many", "size", "seventeen blobs", replace(blobs[0], strings.Repeat(blobs[0]+"\n", 15)+blobs[0])},
		{rekey, "blob-elsewhere", "form", "a blob where its kind has none", func(l []string) []string { return append(l, blobs[0]) }},
		{members, "change-no-members", "form", "a change of members without members", func(l []string) []string {
			return slices.DeleteFunc(l, func(line string) bool { return strings.HasPrefix(line, "member ") })
		}},
		{members, "change-no-key", "form", "a change of members without a new epoch", func(l []string) []string {
			return slices.DeleteFunc(l, func(line string) bool {
				return strings.HasPrefix(line, "epoch-key ") || strings.HasPrefix(line, "grant ")
			})
		}},
		{granted, "give-to-nobody", "form", "a grant that says not to whom", replace(linesOf(granted, "to")[0]+"\n", "")},
		{granted, "give-unsorted", "form", "epochs out of order", replace(gives[0]+"\n"+gives[1], gives[1]+"\n"+gives[0])},
		{granted, "give-twice", "form", "an epoch twice", replace(gives[0], gives[0]+"\n"+gives[0])},
		{granted, "give-zero", "form", "epochs begin with 1", replace("give 1 ", "give 0 ")},
		{granted, "give-empty", "form", "a grant of no bytes", replace(" 2683", " 0")},
		{granted, "give-many", "size", "129 epochs", replace(gives[0], strings.Repeat(gives[0]+"\n", 127)+gives[0])},
		{status, "status-phase", "form", "a phase that does not exist", value("phase", "done")},
		{status, "status-waits", "form", "somebody who is no side is waited for", value("waits", "oversight")},
		{status, "status-outcome", "form", "an outcome in lower case", value("outcome", "done")},
		{status, "status-outcome-long", "form", "an outcome of 13 characters", value("outcome", "ABCDEFGHIJKLM")},
		{status, "status-open-outcome", "form", "an outcome of what is open", value("phase", "open")},
		{status, "status-closed-waits", "form", "somebody is waited for when it is closed", value("phase", "closed")},
		{status, "status-no-body-line", "form", "words neither there nor said to be none", replace("\nbody -", "")},
	}
}
