package card_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/vector"
)

// readRosterVector runs a vector of testdata/vectors/roster. A book is opened for the
// organisation of that line under the root whose verifier key is in that line. Then the
// sections are added in their order: those called steward-… are endorsed, those called
// published-… are cards of the organisation, those called roster-… are added. The last one decides; all before it must be accepted.
//
// A vector with the line asks accepts all of them and decides about the card in the section
// card-… (read as a request if it is called card-request): with "admits", whether something
// may be sealed to it at the time of the line at; with "vouches", whether it was the
// organisation's when it signed what was admitted at that time by somebody who had seen the
// version and the hash of the lines seen-version and seen-hash.
func readRosterVector(v *vector.Vector) error {
	root, err := note.ParseVerifier(v.Get("root"))
	if err != nil {
		return notetest.Broken(v, err)
	}
	organisation, err := ids.ParseOrganisation(v.Get("organisation"))
	if err != nil {
		return notetest.Broken(v, err)
	}
	b := card.NewBook(organisation, root)
	sections := v.Sections()
	for i, name := range sections {
		last := i == len(sections)-1 && v.Get("asks") == ""
		switch {
		case strings.HasPrefix(name, "steward-"):
			_, err = b.Endorse(v.Bytes(name))
		case strings.HasPrefix(name, "published-"):
			_, err = b.Publish(v.Bytes(name))
		case strings.HasPrefix(name, "roster-"):
			_, err = b.Add(v.Bytes(name))
		case v.Get("asks") != "" && i == len(sections)-1:
			return ask(v, b, name)
		}
		if err != nil && !last {
			return notetest.Broken(v, err)
		}
	}
	return err
}

func ask(v *vector.Vector, b *card.Book, section string) error {
	read := card.Parse
	if section == "card-request" {
		read = card.ParseRequest
	}
	c, err := read(v.Bytes(section), b.Card)
	if err != nil {
		return notetest.Broken(v, err)
	}
	at, err := note.ParseTime(v.Get("at"))
	if err != nil {
		return notetest.Broken(v, err)
	}
	if v.Get("asks") == "admits" {
		return b.Admits(c, at)
	}
	hash, err := note.ParseHash(v.Get("seen-hash"))
	if err != nil {
		return notetest.Broken(v, err)
	}
	version, err := strconv.ParseInt(v.Get("seen-version"), 10, 64)
	if err != nil {
		return notetest.Broken(v, err)
	}
	return b.Vouches(c, card.Seen{Organisation: b.Organisation, Version: version, Hash: hash}, at)
}

// rosters makes vectors of an office.
type rosters struct {
	office
	t   *testing.T
	all []*vector.Vector
}

func (r *rosters) sign(roster card.Roster) []byte {
	r.t.Helper()
	msg, err := card.SignRoster(roster, r.mara.Signer)
	if err != nil {
		r.t.Fatal(err)
	}
	return msg
}

// signed reads back what sign made, as the version that another may follow.
func (r *rosters) signed(msg []byte, before ...[]byte) *card.SignedRoster {
	r.t.Helper()
	b := r.book(r.t)
	for _, earlier := range before {
		if _, err := b.Add(earlier); err != nil {
			r.t.Fatal(err)
		}
	}
	signed, err := b.Add(msg)
	if err != nil {
		r.t.Fatal(err)
	}
	return signed
}

// add makes a vector of the office with its steward and rosters.
func (r *rosters) add(name, expect, says string, notes ...[]byte) *vector.Vector {
	v := vector.New(name, expect, says).Set("root", rootKey()).Set("organisation", string(r.mara.Organisation))
	v.Attach("steward-1", r.mara.Note())
	for i, msg := range notes {
		v.Attach(fmt.Sprintf("roster-%d", i+1), msg)
	}
	r.all = append(r.all, v)
	return v
}

func rosterVectors(t *testing.T) []*vector.Vector {
	r := &rosters{office: newOffice(t), t: t}
	first := r.sign(r.roster())
	one := r.signed(first)
	second := r.sign(r.mara.Roster(one, r.people[:2]...))
	two := r.signed(second, first)
	third := r.sign(r.mara.Roster(two, r.people...))

	r.add("ok", vector.OK, "a first roster with substitutions", first)
	r.add("ok-next", vector.OK, "three versions that follow each other", first, second, third)
	r.add("ok-nobody", vector.OK, "a roster that takes everybody off", first, r.sign(r.mara.Roster(one)))
	r.forms(first)
	r.signatures(first, one)

	r.add("old", "stale", "the first version again after the second", first, second, first)
	r.add("again", "stale", "the newest version again", first, second, second)
	earlier := r.mara.Roster(two, r.people...)
	earlier.Issued = two.Issued.Add(-time.Millisecond)
	r.add("issued-earlier", "stale", "a version issued before the one that it follows", first, second, r.sign(earlier))
	r.add("gap", "missing", "a version was left out", first, third)
	r.add("no-first", "missing", "the first version was left out", second)
	other := r.mara.Roster(nil, r.people...)
	other.Issued = other.Issued.Add(time.Minute)
	r.add("fork-same-version", "fork", "two different second versions", first, second, r.sign(r.mara.Roster(one, r.people...)))
	r.add("fork-first", "fork", "another first version when two are known", first, second, r.sign(other))
	r.add("fork-previous", "fork", "a second version that follows another first one", first,
		r.sign(r.mara.Roster(r.signed(r.sign(other)), r.people...)))
	r.questions(first, second, one, two)
	return r.all
}

// forms adds rosters with a good signature and a bad text.
func (r *rosters) forms(first []byte) {
	text := notetest.Text(r.t, first)
	for _, e := range r.edits(text) {
		edit := notetest.Edit{Name: e.name, Do: e.do}
		r.add(e.name, e.want, e.says, notetest.Sign(r.t, edit.Apply(r.t, text), r.mara.Signer))
	}
	r.add("crlf", "form", "lines that end with CR LF", bytes.ReplaceAll(first, []byte("\n"), []byte("\r\n")))
	var lines strings.Builder
	for _, s := range manySubstitutions(r.office, 201) {
		fmt.Fprintf(&lines, "substitution %s %s %s %s\n", s.Who, s.For, note.FormatTime(s.From), note.FormatTime(s.Until))
	}
	cut := text[:strings.Index(text, "substitution ")]
	r.add("size-substitutions", "size", "201 substitutions", notetest.Sign(r.t, cut+lines.String(), r.mara.Signer))
}

func (r *rosters) edits(text string) []edited {
	var people, substitutions []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "person ") {
			people = append(people, line)
		}
		if strings.HasPrefix(line, "substitution ") {
			substitutions = append(substitutions, line)
		}
	}
	eva, replace := cardtest.Card("eva", "an office").Person, notetest.Replace
	zeros := note.Hash{}
	return []edited{
		{"line-twice", "form", "a line twice", replace("version 1", "version 1\nversion 1")},
		{"line-unknown", "form", "a line that no roster has", replace("version 1", "version 1\nmail x")},
		{"line-missing", "form", "a line is missing", replace("version 1\n", "")},
		{"lines-reordered", "form", "two lines in the wrong order", replace("version 1\nprevious -", "previous -\nversion 1")},
		{"person-after-substitution", "form", "a person after the substitutions",
			replace(people[2]+"\n"+substitutions[0], substitutions[0]+"\n"+people[2])},
		{"person-twice", "form", "a person twice", replace(people[0], people[0]+"\n"+people[0])},
		{"people-unsorted", "form", "people out of order", replace(people[0]+"\n"+people[1], people[1]+"\n"+people[0])},
		{"card-twice", "form", "two people with one card", replace(r.carla.Hash.String(), r.dora.Hash.String())},
		{"substitutions-unsorted", "form", "substitutions out of order",
			replace(substitutions[0]+"\n"+substitutions[1], substitutions[1]+"\n"+substitutions[0])},
		{"substitution-stranger", "form", "a substitution by somebody who is not on the roster",
			replace("substitution "+string(r.carla.Person), "substitution "+string(eva))},
		{"substitution-self", "form", "somebody in place of herself",
			replace("substitution "+string(r.carla.Person)+" "+string(r.dora.Person), "substitution "+string(r.carla.Person)+" "+string(r.carla.Person))},
		{"substitution-over", "form", "a substitution that ends before it begins",
			replace("2026-11-14T08:00:00.000Z 2026-11-15", "2026-11-14T08:00:00.000Z 2026-11-13")},
		{"version-zero", "form", "versions begin with 1", notetest.Value("version", "0")},
		{"version-plus", "form", "a number with a sign", notetest.Value("version", "+1")},
		{"version-without-previous", "form", "a second version that follows nothing", notetest.Value("version", "2")},
		{"first-with-previous", "form", "a first version that follows another", notetest.Value("previous", note.Sum(nil).String())},
		{"previous-zeros", "form", "zeros in place of the dash for no previous version", notetest.Value("previous", zeros.String())},
		{"until-zero-time", "form", "the zero time in place of the dash for no end", replace(" -\n", " 0001-01-01T00:00:00.000Z\n")},
		{"seat-over", "form", "a seat that ends before it begins",
			replace("2026-11-02T08:00:00.000Z 2027-05-02", "2026-11-02T08:00:00.000Z 2026-05-02")},
		{"no-act", "form", "nothing in place of the dash for no act", replace(" manager - ", " manager  ")},
		{"long-act", "form", "an act number of 61 characters", replace("DD-118/2026", strings.Repeat("1", 61))},
		{"role-unknown", "form", "a role that does not exist", replace(" officer ", " chief ")},
		{"role-twice", "form", "a role twice", replace(" officer ", " officer,officer ")},
		{"roles-unsorted", "form", "roles out of order", replace(" manager,officer ", " officer,manager ")},
		{"role-empty", "form", "a comma after the last role", replace(" officer ", " officer, ")},
		{"expires-late", "form", "valid for more than a leap year and a day", notetest.Value("expires", "2027-11-04T08:00:00.001Z")},
		{"role-not-of-kind", "untrusted", "an INPS office that makes an operator", replace(" officer ", " operator ")},
		{"steward-unknown", "untrusted", "signed with a card that the root has not signed",
			replace(r.mara.Hash.String(), r.carla.Hash.String())},
		{"steward-other-person", "untrusted", "a steward card in another person's name",
			notetest.Value("steward", string(r.carla.Person)+" "+r.mara.Hash.String())},
		{"steward-expired", "untrusted", "issued after the steward's card expired",
			replace("issued 2026-11-02T08:00:00.000Z\nexpires 2027-11-02", "issued 2027-11-02T08:00:00.000Z\nexpires 2028-11-02")},
		{"other-organisation", "substituted", "the roster of another organisation",
			notetest.Value("organisation", string(cardtest.Organisation(centre)))},
	}
}

// signatures adds rosters and steward cards that the wrong person has signed.
func (r *rosters) signatures(first []byte, one *card.SignedRoster) {
	text := notetest.Text(r.t, first)
	nora := cardtest.NewSteward(r.t, "nora", "an office", act.INPS)
	mallory := note.NewSigner(r.mara.Signer.Name(), cardtest.Key("mallory"))
	roster := func(name, says string, msg []byte) { r.add(name, "signature", says, msg) }
	roster("unsigned", "a roster without signature", []byte(text+"\n"))
	roster("changed", "a roster that was changed after it was signed",
		bytes.Replace(first, []byte(" officer "), []byte(" manager "), 1))
	roster("re-signed", "the roster of one steward signed by another", notetest.Sign(r.t, text, nora.Signer))
	roster("key-substituted", "signed with another key under the steward's name", notetest.Sign(r.t, text, mallory))
	roster("surplus", "two stewards have signed", notetest.Sign(r.t, text, r.mara.Signer, nora.Signer))

	second := nora.Roster(one, r.people...)
	msg, err := card.SignRoster(second, nora.Signer)
	if err != nil {
		r.t.Fatal(err)
	}
	r.add("ok-other-steward", vector.OK, "the second version by another steward", first).
		Attach("steward-2", nora.Note()).Attach("roster-2", msg)
	r.add("steward-not-endorsed", "untrusted", "the second version by somebody who is no steward", first, msg)
	r.add("steward-elsewhere", "substituted", "a steward card of another organisation").
		Attach("steward-2", cardtest.NewSteward(r.t, "ida", centre, act.Centre).Note())
	r.add("steward-other-kind", "substituted", "two steward cards that give one organisation two kinds").
		Attach("steward-2", cardtest.NewSteward(r.t, "nora", "an office", act.Centre).Note())
}

// questions adds vectors about a card.
func (r *rosters) questions(first, second []byte, one, two *card.SignedRoster) {
	t := r.t
	at := func(v *vector.Vector, when time.Time) *vector.Vector { return v.Set("at", note.FormatTime(when)) }
	admits := func(name, expect, says string, when time.Time, c []byte, notes ...[]byte) {
		at(r.add("admits-"+name, expect, says, notes...).Set("asks", "admits"), when).Attach("card-asked", c)
	}
	noon := cardtest.Start.Add(4 * time.Hour)
	eva := cardtest.New(t, "eva", "an office")
	admits("ok", vector.OK, "a card on the newest roster", noon, r.carla.Note(), first)
	admits("taken-off", "untrusted", "a card that the newest roster has taken off", noon, r.dora.Note(), first, second)
	admits("stranger", "untrusted", "a card that is on no roster", noon, eva.Note(), first)
	admits("no-roster", "untrusted", "a card when there is no roster", noon, r.carla.Note())
	admits("not-yet", "untrusted", "a seat that has not begun", cardtest.Start.Add(-time.Millisecond), r.carla.Note(), first)
	admits("over", "untrusted", "a seat that has ended", r.people[2].Until, r.dora.Note(), first)
	admits("roster-expired", "stale", "a roster that has expired", cardtest.Expires, r.carla.Note(), first)
	longer := r.mara.Roster(nil, r.people...)
	longer.Expires = cardtest.Expires.Add(time.Hour)
	admits("card-expired", "stale", "a card that has expired", cardtest.Expires, r.carla.Note(), r.sign(longer))
	overwritten := cardtest.New(t, "carla", "an office", func(c *card.Card) { c.SealsTo = cardtest.Recipient("mallory") })
	admits("overwritten", "substituted", "another card of the same person", noon, overwritten.Note(), first)
	elsewhere := cardtest.New(t, "carla", centre)
	moved := r.carla.Seat(act.Officer)
	moved.Card = elsewhere.Hash
	admits("elsewhere", "substituted", "a card of another organisation that a steward put on the roster", noon,
		elsewhere.Note(), r.sign(r.mara.Roster(nil, moved)))
	request := notetest.Sign(t, notetest.Text(t, cardtest.NewSteward(t, "nora", "an office", act.INPS).Note()),
		cardtest.New(t, "nora", "an office").Signer)
	asked, err := card.ParseRequest(request, nil)
	if err != nil {
		t.Fatal(err)
	}
	seat := cardtest.New(t, "nora", "an office").Seat(act.Manager)
	seat.Card = asked.Hash
	at(r.add("admits-request", "untrusted", "a steward card that the root has not signed, on a roster",
		r.sign(r.mara.Roster(nil, seat))).Set("asks", "admits"), noon).Attach("card-request", request)

	vouches := func(name, expect, says string, seen card.Seen, when time.Time, c []byte, notes ...[]byte) {
		at(r.add("vouches-"+name, expect, says, notes...).Set("asks", "vouches").
			Set("seen-version", strconv.FormatInt(seen.Version, 10)).Set("seen-hash", seen.Hash.String()), when).Attach("card-asked", c)
	}
	later := two.Issued.Add(card.Settling)
	vouches("ok", vector.OK, "a card on every version since", one.Seen(), later, r.carla.Note(), first, second)
	vouches("ok-settling", vector.OK, "a card taken off a moment before", one.Seen(), later.Add(-time.Millisecond), r.dora.Note(), first, second)
	vouches("ok-expired", vector.OK, "reading after everything has expired", two.Seen(), later.AddDate(5, 0, 0), r.carla.Note(), first, second)
	vouches("taken-off", "untrusted", "an old roster named after a newer one took the card off", one.Seen(), later, r.dora.Note(), first, second)
	vouches("not-on", "untrusted", "a card that is not on the roster that it names", two.Seen(), later, r.dora.Note(), first, second)
	vouches("missing", "missing", "a version that was left out", two.Seen(), later, r.carla.Note(), first)
	vouches("no-version", "missing", "no version is named", card.Seen{Version: 0, Hash: one.Hash}, later, r.carla.Note(), first)
	vouches("fork", "fork", "another roster of the same version", card.Seen{Version: 1, Hash: two.Hash}, later, r.carla.Note(), first)
	vouches("elsewhere", "substituted", "a card of another organisation", one.Seen(), later, elsewhere.Note(), first)
	r.renewals()
}

// renewals adds vectors about cards of which one succeeds the other.
func (r *rosters) renewals() {
	t := r.t
	second := r.carla.Renewed(t, func(c *card.Card) { c.Expires = cardtest.Expires.AddDate(0, 0, 1) })
	third := second.Renewed(t)
	again := cardtest.New(t, "carla", "an office", func(c *card.Card) { c.Serial = 2 })
	noon := cardtest.Start.Add(4 * time.Hour)
	line := func(p cardtest.Person) card.Seat {
		seat := r.people[1]
		seat.Card = p.Hash
		return seat
	}
	old := r.mara.Roster(nil, r.people[:2]...)
	old.Expires = cardtest.Expires.AddDate(0, 0, 1)
	first := r.sign(old)
	one := r.signed(first)
	next := func(p cardtest.Person) []byte {
		roster := r.mara.Roster(one, r.people[0], line(p))
		roster.Expires = old.Expires
		return r.sign(roster)
	}
	ask := func(asks, name, expect, says string, when time.Time, c cardtest.Person, second []byte, published ...cardtest.Person) *vector.Vector {
		v := r.add(name, expect, says).Set("asks", asks).Set("at", note.FormatTime(when))
		for i, p := range published {
			v.Attach(fmt.Sprintf("published-%d", i+1), p.Note())
		}
		v.Attach("roster-1", first)
		if second != nil {
			v.Attach("roster-2", second)
		}
		return v.Attach("card-asked", c.Note())
	}
	admits := func(name, expect, says string, when time.Time, c cardtest.Person, second []byte, published ...cardtest.Person) {
		ask("admits", "admits-"+name, expect, says, when, c, second, published...)
	}
	admits("ok-renewed", vector.OK, "a card that succeeds another, on the newest roster", noon, second, next(second), r.carla)
	admits("ok-predecessor", vector.OK, "a card whose successor is on the newest roster", noon, r.carla, next(second), r.carla, second)
	admits("ok-predecessor-of-predecessor", vector.OK, "a card whose successor's successor is on the newest roster", noon, r.carla,
		next(third), r.carla, second, third)
	admits("predecessor-expired", "stale", "a card that has expired, whose successor is on the newest roster", cardtest.Expires, r.carla,
		next(second), r.carla, second)
	admits("waiting", "substituted", "a successor that no roster names yet", noon, second, nil, r.carla, second)
	admits("replaced", "substituted", "a card that another one has replaced without succeeding it", noon, r.carla, next(again), r.carla, again)
	admits("successor-taken-back", "substituted", "a successor when the roster names its predecessor again", noon, second,
		next(r.carla), r.carla, second)

	vouches := func(name, expect, says string, when time.Time, c cardtest.Person, second []byte, published ...cardtest.Person) {
		ask("vouches", "vouches-"+name, expect, says, when, c, second, published...).
			Set("seen-version", "1").Set("seen-hash", one.Hash.String())
	}
	later := one.Issued.Add(time.Hour + card.Settling)
	vouches("ok-predecessor", vector.OK, "a card whose successor is on a later roster", later, r.carla, next(second), r.carla, second)
	vouches("predecessor-expired", "untrusted", "a card that has expired, whose successor is on a later roster", cardtest.Expires, r.carla,
		next(second), r.carla, second)
	vouches("waiting", "untrusted", "a successor that the roster does not name", later, second, nil, r.carla, second)
	vouches("replaced", "untrusted", "a card that another one has replaced without succeeding it", later, r.carla, next(again), r.carla, again)
	vouches("ok-replaced-settling", vector.OK, "a card that was replaced a moment before", later.Add(-time.Millisecond), r.carla,
		next(again), r.carla, again)
}
