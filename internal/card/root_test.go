package card_test

import (
	"bytes"
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
	"varco/internal/vector"
)

// A root is drawn from its name, as everybody's keys are.
func rootSigner(name string) note.Signer     { return note.NewSigner(name, cardtest.Key(name)) }
func rootVerifier(name string) note.Verifier { return cardtest.Public(name).Verifier(name) }
func rootText(name string) string            { return note.VerifierKey(name, cardtest.Public(name)) }

const secondRoot, thirdRoot = "root2.example", "root3.example"

// succeeded makes the note of a succession a month, or months, after the start; the old root's
// cards count for half a year more.
func succeeded(t testing.TB, older, newer string, months int) []byte {
	t.Helper()
	issued := cardtest.Start.AddDate(0, months, 0)
	msg, err := card.SignSuccession(card.Succession{Old: rootText(older), New: rootText(newer), Issued: issued,
		Ends: issued.AddDate(0, 6, 0)}, rootSigner(older), rootSigner(newer))
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

// endorsedBy makes a steward card that a root has signed.
func endorsedBy(t testing.TB, root string, issued time.Time) []byte {
	t.Helper()
	c := cardtest.Card("mara", "an office")
	c.Steward = &card.Steward{Kind: act.INPS, NameCommitment: cardtest.Named("an office").Commitment()}
	c.Issued, c.Expires = issued, issued.AddDate(1, 0, 0)
	msg, err := card.Sign(c, signerOf(c, "mara"))
	if err == nil {
		msg, err = note.Cosign(msg, rootSigner(root))
	}
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

func newRoot(t testing.TB, trusted string, notes ...[]byte) *card.Root {
	t.Helper()
	r, err := card.NewRoot(rootVerifier(trusted), notes...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRoot: whichever root of a chain a program was given, each root's cards count as long as
// the chain says.
func TestRoot(t *testing.T) {
	first, second := succeeded(t, cardtest.RootName, secondRoot, 1), succeeded(t, secondRoot, thirdRoot, 3)
	day := cardtest.Start
	for _, trusted := range []string{cardtest.RootName, secondRoot, thirdRoot} {
		root := newRoot(t, trusted, first, second)
		if root.Name() != thirdRoot {
			t.Errorf("the newest root is %s", root.Name())
		}
		for name, test := range map[string]struct {
			card []byte
			want string
			ends time.Time
		}{
			"by the first, before":       {endorsedBy(t, cardtest.RootName, day), "ok", day.AddDate(0, 7, 0)},
			"by the first, at the end":   {endorsedBy(t, cardtest.RootName, day.AddDate(0, 1, 0).Add(-time.Millisecond)), "ok", day.AddDate(0, 7, 0)},
			"by the first, after":        {endorsedBy(t, cardtest.RootName, day.AddDate(0, 1, 0)), "untrusted", day},
			"by the second":              {endorsedBy(t, secondRoot, day.AddDate(0, 2, 0)), "ok", day.AddDate(0, 9, 0)},
			"by the third":               {endorsedBy(t, thirdRoot, day.AddDate(0, 4, 0)), "ok", day.AddDate(1, 4, 0)},
			"by somebody else":           {endorsedBy(t, "mallory.example", day), "signature", day},
			"by the third, dated before": {endorsedBy(t, thirdRoot, day), "ok", day.AddDate(1, 0, 0)},
		} {
			c, err := card.ParseSteward(test.card, root, nil)
			if notetest.Verdict(err) != test.want {
				t.Errorf("trusting %s, %s: %v", trusted, name, err)
			}
			if err == nil && (!c.ValidAt(test.ends.Add(-time.Millisecond)) || c.ValidAt(test.ends)) {
				t.Errorf("trusting %s, %s: it does not end at %s", trusted, name, test.ends)
			}
		}
	}
	if _, err := card.ParseSteward(endorsedBy(t, secondRoot, day), newRoot(t, cardtest.RootName), nil); fault.ClassOf(err) != fault.ClassSignature {
		t.Errorf("by a root that nobody has told of: %v", err)
	}
}

// TestRootSucceedsQuietly: rosters that an old root's steward has signed stay, and she signs
// none after her card has ended.
func TestRootSucceedsQuietly(t *testing.T) {
	root := newRoot(t, cardtest.RootName, succeeded(t, cardtest.RootName, secondRoot, 1))
	o := newOffice(t)
	b := card.NewBook(o.mara.Organisation, root)
	if _, err := b.Endorse(o.mara.Note()); err != nil {
		t.Fatal(err)
	}
	o.mara.Next(t, b, o.people...)
	late := o.mara.Roster(b.Latest(), o.people...)
	late.Issued = cardtest.Start.AddDate(0, 7, 0)
	msg, err := card.SignRoster(late, o.mara.Signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Add(msg); fault.ClassOf(err) != fault.ClassUntrusted {
		t.Errorf("a roster by a steward of a root that has ended: %v", err)
	}
	if b.StewardAt(o.mara.Person, late.Issued) || !b.StewardAt(o.mara.Person, late.Issued.Add(-time.Millisecond)) {
		t.Error("she governs for another time than her card counts")
	}
}

func TestSplitSuccessions(t *testing.T) {
	first, second := succeeded(t, cardtest.RootName, secondRoot, 1), succeeded(t, secondRoot, thirdRoot, 3)
	for name, want := range map[string][]string{
		"none": nil, "one": {string(first)}, "two": {string(first), string(second)}, "no note": {"ciao"},
	} {
		if diff := cmp.Diff(want, card.SplitSuccessions(strings.Join(want, ""))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// FuzzSuccession signs any text with two roots: what is then accepted is printed again as it
// was, and cutting a file of notes in pieces loses nothing of it.
func FuzzSuccession(f *testing.F) {
	notetest.Seed(f, "root", "succession-1")
	f.Fuzz(func(t *testing.T, data []byte) {
		if got := strings.Join(card.SplitSuccessions(string(data)), ""); got != string(data) {
			t.Fatalf("%q was cut into %q", data, got)
		}
		if _, err := card.ParseSuccession(data); err != nil && fault.ClassOf(err) == "" {
			t.Fatalf("an error without class: %v", err)
		}
		msg, err := note.Sign(string(data), rootSigner(cardtest.RootName), rootSigner(secondRoot))
		if err != nil {
			return
		}
		s, err := card.ParseSuccession(msg)
		if err != nil {
			return
		}
		again, err := card.SignSuccession(s, rootSigner(cardtest.RootName), rootSigner(secondRoot))
		if err != nil || !bytes.Equal(again, msg) {
			t.Fatalf("accepted\n%s\nand printed\n%s\n%v", msg, again, err)
		}
	})
}

// readRootVector runs a vector of testdata/vectors/root. A root is made of the one whose
// verifier key is in the line trusts and of the sections succession-…, oldest first; then the
// section card, if there is one, is read as a steward card under it, which must be valid at
// the time of the line at.
func readRootVector(v *vector.Vector) error {
	trusted, err := note.ParseVerifier(v.Get("trusts"))
	if err != nil {
		return notetest.Broken(v, err)
	}
	var notes [][]byte
	for _, name := range v.Sections() {
		if strings.HasPrefix(name, "succession-") {
			notes = append(notes, v.Bytes(name))
		}
	}
	root, err := card.NewRoot(trusted, notes...)
	if err != nil || v.Bytes("card") == nil {
		return err
	}
	c, err := card.ParseSteward(v.Bytes("card"), root, nil)
	if err != nil {
		return err
	}
	at, err := note.ParseTime(v.Get("at"))
	if err != nil {
		return notetest.Broken(v, err)
	}
	if !c.ValidAt(at) {
		return fault.Refuse(fault.ClassStale, "reading a vector: the card does not count then")
	}
	return nil
}

func rootVectors(t *testing.T) []*vector.Vector {
	first, second := succeeded(t, cardtest.RootName, secondRoot, 1), succeeded(t, secondRoot, thirdRoot, 3)
	text := notetest.Text(t, first)
	older, newer := rootSigner(cardtest.RootName), rootSigner(secondRoot)
	var all []*vector.Vector
	add := func(name, expect, says, trusts string, notes ...[]byte) *vector.Vector {
		v := vector.New(name, expect, says).Set("trusts", rootText(trusts))
		for i, msg := range notes {
			v.Attach("succession-"+string(rune('1'+i)), msg)
		}
		all = append(all, v)
		return v
	}
	add("ok", vector.OK, "one root succeeds another", cardtest.RootName, first)
	add("ok-two", vector.OK, "two successions, from the first root", cardtest.RootName, first, second)
	add("ok-from-new", vector.OK, "two successions, from the newest root", thirdRoot, first, second)
	add("ok-between", vector.OK, "two successions, from the root between", secondRoot, first, second)
	add("other", "untrusted", "a succession of roots that nobody trusts", "mallory.example", first)
	add("gap", "fork", "a succession was left out", cardtest.RootName, first, succeeded(t, thirdRoot, cardtest.RootName, 5))
	add("reordered", "fork", "the second succession before the first", cardtest.RootName, second, first)
	add("earlier", "fork", "a second succession dated before the first", cardtest.RootName, first, succeeded(t, secondRoot, thirdRoot, 1))
	sign := func(name, says string, signers ...note.Signer) {
		add(name, "signature", says, cardtest.RootName, notetest.Sign(t, text, signers...))
	}
	sign("by-old-alone", "only the old root has signed", older)
	sign("by-new-alone", "only the new root has signed", newer)
	sign("by-another", "somebody else in the old root's place", note.NewSigner(cardtest.RootName, cardtest.Key("mallory")), newer)
	sign("signatures-reordered", "the new root's signature before the old one's", newer, older)
	sign("surplus", "a third signature", older, newer, rootSigner(thirdRoot))
	for _, e := range []edited{
		{"itself", "form", "a root that succeeds itself", notetest.Value("new", rootText(cardtest.RootName))},
		{"ends-before", "form", "an end before the succession", notetest.Value("ends", "2026-12-02T07:59:59.999Z")},
		{"ends-late", "form", "an end more than a leap year and a day after it", notetest.Value("ends", "2027-12-04T08:00:00.001Z")},
		{"line-missing", "form", "a line is missing", notetest.Replace("\nends 2027-06-02T08:00:00.000Z", "")},
		{"line-unknown", "form", "a line that does not belong", notetest.Replace("issued ", "mail x\nissued ")},
		{"kind", "form", "another kind of note", notetest.Replace("varco/v1 root-succession", "varco/v1 card")},
		{"key", "key", "a verifier key that is none", notetest.Value("new", "root2.example+00000000+AAAA")},
	} {
		msg, err := note.Sign(notetest.Edit{Name: e.name, Do: e.do}.Apply(t, text), older, newer)
		if err != nil {
			t.Fatal(err)
		}
		add(e.name, e.want, e.says, cardtest.RootName, msg)
	}
	asked := func(name, expect, says string, msg []byte, at time.Time) {
		add("card-"+name, expect, says, cardtest.RootName, first).Set("at", note.FormatTime(at)).Attach("card", msg)
	}
	then := cardtest.Start.AddDate(0, 1, 0)
	asked("ok-old", vector.OK, "a card of the old root, before its end", endorsedBy(t, cardtest.RootName, cardtest.Start),
		then.AddDate(0, 6, 0).Add(-time.Millisecond))
	asked("old-ended", "stale", "a card of the old root, at its end", endorsedBy(t, cardtest.RootName, cardtest.Start), then.AddDate(0, 6, 0))
	asked("old-after", "untrusted", "a card of the old root, issued when it was succeeded", endorsedBy(t, cardtest.RootName, then), then)
	asked("ok-new", vector.OK, "a card of the new root", endorsedBy(t, secondRoot, then), then.AddDate(0, 8, 0))
	asked("other", "signature", "a card of another root", endorsedBy(t, thirdRoot, then), then)
	return all
}
