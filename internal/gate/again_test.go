package gate_test

import (
	"crypto/rand"
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
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// Whoever has heard an entry's id learns whether there is one from nothing that is wrong in another
// way too: only from an entry of her own that would have been appended, and that is refused on the
// record.
func TestUsedIDIsToldLast(t *testing.T) {
	n, o := opened(t)
	own, err := n.Person("dina-operatrice").OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01",
		Urgency: "U2", Content: client.Content{Text: "Buongiorno."}, Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	heard := o.Thread.Entries[0].Entry.ID
	elsewhere := func(e *thread.Entry) { e.Sequence, e.Previous = 9, note.Sum(nil) }
	hers := func() *hand {
		h := everybody(t, n, own, own.Inside.State)
		h.member("dina-operatrice", "")
		return h
	}
	for name, attempt := range map[string]func(id ids.Entry) error{
		"in a wrong place": func(id ids.Entry) error {
			h := hers()
			return h.append("dina-operatrice", h.parcel("dina-operatrice", thread.Message, func(e *thread.Entry) { elsewhere(e); e.ID = id }))
		},
		"by a clock that is ahead": func(id ids.Entry) error {
			h := hers()
			return h.append("dina-operatrice", h.parcel("dina-operatrice", thread.Message, func(e *thread.Entry) {
				e.ID, e.Time, e.NotAfter = id, e.Time.Add(time.Hour), e.Time.Add(time.Hour+time.Minute)
			}))
		},
		"with an attachment that is not there": func(id ids.Entry) error {
			h := hers()
			return h.append("dina-operatrice", h.parcel("dina-operatrice", thread.Message, func(e *thread.Entry) {
				e.ID, e.Blobs = id, []thread.Blob{{ID: ids.NewBlob(rand.Reader), Sealed: thread.Sealed{Hash: note.Sum([]byte(id)), Size: 4096}}}
			}))
		},
		"before one in a wrong place": func(id ids.Entry) error {
			h := hers()
			first := h.parcel("dina-operatrice", thread.Message, func(e *thread.Entry) { e.ID = id })
			return h.append("dina-operatrice", first, h.parcel("dina-operatrice", thread.Message, elsewhere))
		},
	} {
		is, not := attempt(heard), attempt(ids.NewEntry(rand.Reader))
		if is == nil || not == nil || fault.KindOf(is) != fault.KindOf(not) || fault.ClassOf(is) != fault.ClassOf(not) ||
			fault.ClassOf(is) == fault.ClassDuplicate {
			t.Errorf("%s: %v for an id that is used, %v for one that is not", name, is, not)
		}
	}
	h := hers()
	p := h.parcel("dina-operatrice", thread.Message, func(e *thread.Entry) { e.ID = heard })
	wantKind(t, "right but for its id", h.append("dina-operatrice", p), fault.Refused, fault.ClassDuplicate)
	if r := records(t, n, 1)[0]; r.Outcome != act.Refuse || r.Class != fault.ClassDuplicate || r.Person != n.ID("dina-operatrice") ||
		r.Object != string(own.Inside.State.Thread) {
		t.Errorf("recorded %+v", r)
	}
	h = hers()
	id := ids.NewEntry(rand.Reader)
	once := func(e *thread.Entry) { e.ID = id }
	first := h.parcel("dina-operatrice", thread.Message, once)
	wantKind(t, "one id twice in one request", h.append("dina-operatrice", first, h.parcel("dina-operatrice", thread.Message, once)),
		fault.Refused, fault.ClassDuplicate)
	h = hers()
	if err := h.append("dina-operatrice", h.parcel("dina-operatrice", thread.Message, once)); err != nil {
		t.Errorf("nothing was to be kept of what was refused: %v", err)
	}
}

// Who publishes her own roster again gets the answer that she got. Anybody else who sends it is
// refused, by name.
func TestRosterAgain(t *testing.T) {
	n := varcotest.New(t)
	zelda := n.Invite("zelda", "levante")
	n.EnrolSteward("zelda", "levante")
	n.SignRoster("ines-direttrice", func(d *client.RosterDraft) {
		if err := d.Endorse(client.Endorsement{Person: zelda.ID, Words: n.Words("zelda"), Name: "Zelda Nardi",
			Roles: []act.Role{act.Manager}}); err != nil {
			t.Fatal(err)
		}
	})
	ines := callerOf(t, n, "ines-direttrice")
	directory, err := n.Gate.Directory(t.Context(), ines)
	if err != nil {
		t.Fatal(err)
	}
	rosters := directory.Organisations[0].Rosters
	before := len(records(t, n, 1_000_000))
	for _, roster := range rosters {
		got, err := n.Gate.PutRoster(t.Context(), ines, api.PutRoster{Note: roster})
		if err != nil || got.Hash != note.Sum([]byte(roster)) || got.Leaf == 0 {
			t.Errorf("again: %+v, %v", got, err)
		}
	}
	if after := len(records(t, n, 1_000_000)); after != before {
		t.Errorf("%d records of what she was told before", after-before)
	}
	for name, want := range map[string]struct {
		kind         fault.Kind
		told, stands fault.Class
	}{
		"zelda":              {fault.Conflict, "", fault.ClassStale}, // of the same office
		"nora-direttrice":    {fault.Refused, fault.ClassSubstitute, fault.ClassSubstitute},
		"carla-responsabile": {fault.Refused, fault.ClassSubstitute, fault.ClassSubstitute},
	} {
		who := callerOf(t, n, name)
		_, err := n.Gate.PutRoster(t.Context(), who, api.PutRoster{Note: rosters[len(rosters)-1]})
		wantKind(t, name, err, want.kind, want.told)
		if r := records(t, n, 1)[0]; r.Act != act.RosterPut || r.Outcome != act.Refuse || r.Class != want.stands || r.Person != who.Person {
			t.Errorf("%s: recorded %+v", name, r)
		}
	}
}

// One steward can't fill the directory. Another one goes on, and the first one the next day.
func TestRostersOfADay(t *testing.T) {
	n := varcotest.New(t)
	zelda := n.Invite("zelda", "aurora")
	n.EnrolSteward("zelda", "aurora")
	n.SignRoster("carla-responsabile", func(d *client.RosterDraft) {
		if err := d.Endorse(client.Endorsement{Person: zelda.ID, Words: n.Words("zelda"), Name: "Zelda Nardi",
			Roles: []act.Role{act.Coordinator}}); err != nil {
			t.Fatal(err)
		}
	})
	last := latestRoster(t, n, "carla-responsabile")
	put := func(name string, signer note.Signer) error {
		next := last.Roster
		next.Version, next.Previous, next.Issued = last.Version+1, last.Hash, n.Clock.Now()
		next.Steward, next.StewardCard = n.ID(name), n.Person(name).Card().Hash
		msg, err := card.SignRoster(next, signer)
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.Gate.PutRoster(t.Context(), callerOf(t, n, name), api.PutRoster{Note: string(msg)})
		if err == nil {
			last = &card.SignedRoster{Roster: next, Hash: note.Sum(msg)}
		}
		return err
	}
	carla, colleague := signerOf(t, n, "carla-responsabile"), signerOf(t, n, "zelda")
	n.Clock.Advance(24 * time.Hour)
	n.SignInAgain("carla-responsabile")
	n.SignInAgain("zelda")
	for i := range gate.MaxRosters {
		if err := put("carla-responsabile", carla); err != nil {
			t.Fatalf("roster %d: %v", i+1, err)
		}
	}
	wantKind(t, "one more", put("carla-responsabile", carla), fault.Refused, fault.ClassSize)
	if r := records(t, n, 1)[0]; r.Act != act.RosterPut || r.Outcome != act.Refuse || r.Class != fault.ClassSize {
		t.Errorf("recorded %+v", r)
	}
	if err := put("zelda", colleague); err != nil {
		t.Errorf("her colleague: %v", err)
	}
	n.Clock.Advance(24*time.Hour - time.Millisecond)
	n.SignInAgain("carla-responsabile")
	wantKind(t, "within the day", put("carla-responsabile", carla), fault.Refused, fault.ClassSize)
	n.Clock.Advance(time.Millisecond)
	if err := put("carla-responsabile", carla); err != nil {
		t.Errorf("the next day: %v", err)
	}
}

// latestRoster is the newest of somebody's organisation.
func latestRoster(t *testing.T, n *varcotest.Network, name string) *card.SignedRoster {
	t.Helper()
	book := card.NewBook(callerOf(t, n, name).Organisation, n.Gate.Root)
	directory, err := n.Gate.Directory(t.Context(), callerOf(t, n, name))
	if err != nil {
		t.Fatal(err)
	}
	own := directory.Organisations[0]
	for _, s := range own.Stewards {
		if _, err := book.Publish([]byte(s.Note)); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range own.Rosters {
		if _, err := book.Add([]byte(r)); err != nil {
			t.Fatal(err)
		}
	}
	return book.Latest()
}
