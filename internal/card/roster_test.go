package card_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/note/notetest"
)

// office is an INPS office with a manager and two officers.
type office struct {
	mara, carla, dora cardtest.Person
	people            []card.Seat
}

func newOffice(t testing.TB) office {
	t.Helper()
	o := office{mara: cardtest.NewSteward(t, "mara", "an office", act.INPS),
		carla: cardtest.New(t, "carla", "an office"), dora: cardtest.New(t, "dora", "an office")}
	o.people = []card.Seat{o.mara.Seat(act.Manager), o.carla.Seat(act.Officer), o.dora.Seat(act.Manager, act.Officer)}
	o.people[1].Act = "DD-118/2026"
	o.people[2].Until = cardtest.Start.AddDate(0, 6, 0)
	return o
}

// roster returns the office's first roster with two substitutions, in no order.
func (o office) roster() card.Roster {
	r := o.mara.Roster(nil, o.people...)
	day := func(n int) time.Time { return cardtest.Start.AddDate(0, 0, n) }
	r.Substitutions = []card.Substitution{
		{o.dora.Person, o.carla.Person, day(20), day(30)},
		{o.dora.Person, o.carla.Person, day(1), day(10)},
		{o.carla.Person, o.dora.Person, day(12), day(13)},
	}
	return r
}

// book returns an empty book of the office, with its steward.
func (o office) book(t testing.TB) *card.Book {
	t.Helper()
	b := card.NewBook(o.mara.Organisation, cardtest.RootVerifier())
	if _, err := b.Endorse(o.mara.Note()); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRosterRoundTrip(t *testing.T) {
	o := newOffice(t)
	given := o.roster()
	given.People[2].Roles = []act.Role{act.Officer, act.Manager}
	slices.Reverse(given.People)
	msg, err := card.SignRoster(given, o.mara.Signer)
	if err != nil {
		t.Fatal(err)
	}
	got, err := o.book(t).Add(msg)
	if err != nil {
		t.Fatal(err)
	}
	want := newOffice(t).roster()
	slices.SortFunc(want.People, func(a, b card.Seat) int { return strings.Compare(string(a.Person), string(b.Person)) })
	slices.SortFunc(want.Substitutions, func(a, b card.Substitution) int {
		return strings.Compare(string(a.Who)+a.From.String(), string(b.Who)+b.From.String())
	})
	if diff := cmp.Diff(want, got.Roster); diff != "" {
		t.Errorf("read (-want +got)\n%s", diff)
	}
	if got.Hash != note.Sum(msg) || string(got.Note()) != string(msg) {
		t.Error("the note or its hash is another one")
	}
	if diff := cmp.Diff(card.Seen{Organisation: got.Organisation, Version: 1, Hash: got.Hash}, got.Seen()); diff != "" {
		t.Errorf("seen (-want +got)\n%s", diff)
	}
	// What was given is not sorted in place.
	if diff := cmp.Diff([]act.Role{act.Officer, act.Manager}, given.People[0].Roles); diff != "" {
		t.Errorf("the caller's roles have changed (-want +got)\n%s", diff)
	}
}

// TestSignRosterRefuses: a steward's device signs no roster that others would refuse.
func TestSignRosterRefuses(t *testing.T) {
	o := newOffice(t)
	for name, test := range map[string]struct {
		edit func(*card.Roster)
		want fault.Class
	}{
		"no organisation":         {func(r *card.Roster) { r.Organisation = "" }, fault.ClassForm},
		"no steward":              {func(r *card.Roster) { r.Steward = "" }, fault.ClassForm},
		"version zero":            {func(r *card.Roster) { r.Version = 0 }, fault.ClassForm},
		"version 1 follows":       {func(r *card.Roster) { r.Previous = note.Sum(nil) }, fault.ClassForm},
		"version 2 follows none":  {func(r *card.Roster) { r.Version = 2 }, fault.ClassForm},
		"never valid":             {func(r *card.Roster) { r.Expires = r.Issued }, fault.ClassForm},
		"valid for too long":      {func(r *card.Roster) { r.Expires = r.Issued.Add(card.MaxLife + 1) }, fault.ClassForm},
		"a microsecond":           {func(r *card.Roster) { r.Expires = r.Issued.Add(time.Microsecond) }, fault.ClassForm},
		"a person twice":          {func(r *card.Roster) { r.People[1] = r.People[0] }, fault.ClassForm},
		"two with one card":       {func(r *card.Roster) { r.People[1].Card = r.People[0].Card }, fault.ClassForm},
		"no person":               {func(r *card.Roster) { r.People[1].Person = "carla" }, fault.ClassForm},
		"no role":                 {func(r *card.Roster) { r.People[1].Roles = nil }, fault.ClassForm},
		"an unknown role":         {func(r *card.Roster) { r.People[1].Roles = []act.Role{"chief"} }, fault.ClassForm},
		"a role twice":            {func(r *card.Roster) { r.People[1].Roles = []act.Role{act.Officer, act.Officer} }, fault.ClassForm},
		"a seat over before":      {func(r *card.Roster) { r.People[1].Until = r.People[1].From }, fault.ClassForm},
		"a seat of microseconds":  {func(r *card.Roster) { r.People[1].Until = r.People[1].From.Add(time.Microsecond) }, fault.ClassForm},
		"an act with a space":     {func(r *card.Roster) { r.People[1].Act = "118 2026" }, fault.ClassForm},
		"an act with a line":      {func(r *card.Roster) { r.People[1].Act = "118\nperson x" }, fault.ClassForm},
		"an act that says none":   {func(r *card.Roster) { r.People[1].Act = note.None }, fault.ClassForm},
		"an act not ASCII":        {func(r *card.Roster) { r.People[1].Act = "n°118" }, fault.ClassForm},
		"a long act":              {func(r *card.Roster) { r.People[1].Act = strings.Repeat("1", 61) }, fault.ClassForm},
		"in place of herself":     {func(r *card.Roster) { r.Substitutions[0].For = r.Substitutions[0].Who }, fault.ClassForm},
		"who is not on it":        {func(r *card.Roster) { r.Substitutions[0].Who = cardtest.Card("eva", "x").Person }, fault.ClassForm},
		"for who is not on it":    {func(r *card.Roster) { r.Substitutions[0].For = cardtest.Card("eva", "x").Person }, fault.ClassForm},
		"a substitution twice":    {func(r *card.Roster) { r.Substitutions[1] = r.Substitutions[0] }, fault.ClassForm},
		"a substitution over":     {func(r *card.Roster) { r.Substitutions[0].Until = r.Substitutions[0].From }, fault.ClassForm},
		"too many people":         {func(r *card.Roster) { r.People = manyPeople(401) }, fault.ClassSize},
		"too many substitutions":  {func(r *card.Roster) { r.Substitutions = manySubstitutions(o, 201) }, fault.ClassSize},
		"more than a note's size": {func(r *card.Roster) { r.People, r.Substitutions = manyPeople(400), nil }, fault.ClassSize},
	} {
		t.Run(name, func(t *testing.T) {
			r := o.roster()
			r.People = slices.Clone(r.People)
			test.edit(&r)
			if msg, err := card.SignRoster(r, o.mara.Signer); fault.ClassOf(err) != test.want || msg != nil {
				t.Errorf("got %d bytes, %v, want class %s", len(msg), err, test.want)
			}
		})
	}
}

func manyPeople(n int) []card.Seat {
	var all []card.Seat
	for i := range n {
		name := fmt.Sprint("person ", i)
		all = append(all, card.Seat{Person: cardtest.Card(name, "x").Person, Card: note.Sum([]byte(name)),
			Roles: []act.Role{act.Officer}, Act: "DD-118/2026", From: cardtest.Start, Until: cardtest.Expires})
	}
	return all
}

func manySubstitutions(o office, n int) []card.Substitution {
	var all []card.Substitution
	for i := range n {
		from := cardtest.Start.Add(time.Duration(i) * time.Hour)
		all = append(all, card.Substitution{Who: o.carla.Person, For: o.dora.Person, From: from, Until: from.Add(time.Hour)})
	}
	return all
}

// TestRosterLines: nothing can be done to a roster's lines, even by who signs it.
func TestRosterLines(t *testing.T) {
	o := newOffice(t)
	r := o.roster()
	r.People, r.Substitutions = r.People[:1], nil // of one line each
	r.People[0].Until = cardtest.Start.AddDate(0, 6, 0)
	msg, err := card.SignRoster(r, o.mara.Signer)
	if err != nil {
		t.Fatal(err)
	}
	text := notetest.Text(t, msg)
	// A roster of nobody is a roster.
	classes := map[string]string{"missing person": "ok"}
	for _, edit := range notetest.Edits(text) {
		t.Run(edit.Name, func(t *testing.T) {
			_, err := o.book(t).Add(notetest.Sign(t, edit.Apply(t, text), o.mara.Signer))
			if want := classOr(classes[edit.Name], "form"); notetest.Verdict(err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func TestSeatValidAt(t *testing.T) {
	until := cardtest.Start.AddDate(0, 6, 0)
	seat := card.Seat{From: cardtest.Start, Until: until}
	for _, test := range []struct {
		at         time.Time
		want, open bool // with and without an end
	}{
		{cardtest.Start.Add(-1), false, false},
		{cardtest.Start, true, true},
		{until.Add(-1), true, true},
		{until, false, true},
	} {
		endless := card.Seat{From: cardtest.Start}
		if seat.ValidAt(test.at) != test.want || endless.ValidAt(test.at) != test.open {
			t.Errorf("at %s: %v, %v", test.at, seat.ValidAt(test.at), endless.ValidAt(test.at))
		}
	}
}
