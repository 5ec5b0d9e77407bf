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
)

const centre = "a centre"

func signerOf(c card.Card, name string) note.Signer {
	return note.NewSigner(card.SignatureName(c.Person, c.Serial), cardtest.Key(name))
}

func TestCardRoundTrip(t *testing.T) {
	anna := cardtest.New(t, "anna", centre)
	if diff := cmp.Diff(cardtest.Card("anna", centre), anna.Card, cmp.AllowUnexported(note.PublicKey{})); diff != "" {
		t.Errorf("read (-want +got)\n%s", diff)
	}
	if anna.Hash != note.Sum(anna.Note()) {
		t.Error("the hash is not that of the whole note")
	}
	if v := anna.Verifier(); v.Name() != string(anna.Person)+"/1" || anna.Signer.Name() != v.Name() {
		t.Errorf("signs as %s", v.Name())
	}
}

func TestStewardCardRoundTrip(t *testing.T) {
	ida := cardtest.NewSteward(t, "ida", centre, act.Centre)
	if ida.Steward == nil || ida.Steward.Kind != act.Centre {
		t.Fatalf("read %+v", ida.Steward)
	}
	if err := cardtest.Named(centre).Opens(ida.Steward.NameCommitment); err != nil {
		t.Error(err)
	}
}

// TestKinds: each reader takes its own kind of card with its own signatures.
func TestKinds(t *testing.T) {
	ordinary := cardtest.New(t, "anna", centre).Note()
	endorsed := cardtest.NewSteward(t, "ida", centre, act.Centre).Note()
	c := cardtest.Card("ida", centre)
	c.Steward = &card.Steward{Kind: act.Centre, NameCommitment: cardtest.Named(centre).Commitment()}
	request, err := card.Sign(c, signerOf(c, "ida"))
	if err != nil {
		t.Fatal(err)
	}
	readers := map[string]func([]byte) (*card.Signed, error){
		"Parse":        func(msg []byte) (*card.Signed, error) { return card.Parse(msg, nil) },
		"ParseRequest": func(msg []byte) (*card.Signed, error) { return card.ParseRequest(msg, nil) },
		"ParseSteward": func(msg []byte) (*card.Signed, error) { return card.ParseSteward(msg, cardtest.RootVerifier(), nil) },
		"no root":      func(msg []byte) (*card.Signed, error) { return card.ParseSteward(msg, nil, nil) },
	}
	for _, test := range []struct {
		card, reader string
		msg          []byte
		want         string
	}{
		{"ordinary", "Parse", ordinary, "ok"},
		{"ordinary", "ParseRequest", ordinary, "form"},
		{"ordinary", "ParseSteward", ordinary, "form"},
		{"request", "Parse", request, "form"},
		{"request", "ParseRequest", request, "ok"},
		{"request", "ParseSteward", request, "signature"},
		{"endorsed", "Parse", endorsed, "form"},
		{"endorsed", "ParseRequest", endorsed, "signature"},
		{"endorsed", "ParseSteward", endorsed, "ok"},
		{"endorsed", "no root", endorsed, "untrusted"},
	} {
		t.Run(test.card+" "+test.reader, func(t *testing.T) {
			if _, err := readers[test.reader](test.msg); notetest.Verdict(err) != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestNoteIsKept: a card does not change with the bytes that it was read from.
func TestNoteIsKept(t *testing.T) {
	msg := bytes.Clone(cardtest.New(t, "anna", centre).Note())
	c, err := card.Parse(msg, nil)
	if err != nil {
		t.Fatal(err)
	}
	clear(msg)
	if note.Sum(c.Note()) != c.Hash {
		t.Error("the note has changed")
	}
}

// TestSignRefusesCards: a device signs no card that others would refuse.
func TestSignRefusesCards(t *testing.T) {
	for name, test := range map[string]struct {
		edit func(*card.Card)
		want fault.Class
	}{
		"no person":             {func(c *card.Card) { c.Person = "" }, fault.ClassForm},
		"no organisation":       {func(c *card.Card) { c.Organisation = "o-aaaa" }, fault.ClassForm},
		"serial zero":           {func(c *card.Card) { c.Serial = 0 }, fault.ClassForm},
		"negative serial":       {func(c *card.Card) { c.Serial = -1 }, fault.ClassForm},
		"classic recipient":     {func(c *card.Card) { c.SealsTo = "age1" + strings.Repeat("q", 58) }, fault.ClassKey},
		"no recipient":          {func(c *card.Card) { c.SealsTo = "" }, fault.ClassKey},
		"upper-case recipient":  {func(c *card.Card) { c.SealsTo = strings.ToUpper(c.SealsTo) }, fault.ClassKey},
		"recipient with space":  {func(c *card.Card) { c.SealsTo = c.SealsTo[:1958] + " " }, fault.ClassKey},
		"recipient with b":      {func(c *card.Card) { c.SealsTo = c.SealsTo[:1958] + "b" }, fault.ClassKey},
		"short recipient":       {func(c *card.Card) { c.SealsTo = c.SealsTo[:1958] }, fault.ClassKey},
		"long recipient":        {func(c *card.Card) { c.SealsTo += "q" }, fault.ClassKey},
		"no key":                {func(c *card.Card) { c.SignsWith = note.PublicKey{} }, fault.ClassForm},
		"never valid":           {func(c *card.Card) { c.Expires = c.Issued }, fault.ClassForm},
		"expires before issue":  {func(c *card.Card) { c.Expires = c.Issued.Add(-time.Hour) }, fault.ClassForm},
		"valid for too long":    {func(c *card.Card) { c.Expires = c.Issued.Add(card.MaxLife + time.Millisecond) }, fault.ClassForm},
		"valid for centuries":   {func(c *card.Card) { c.Expires = c.Issued.AddDate(5000, 0, 0) }, fault.ClassForm},
		"a microsecond":         {func(c *card.Card) { c.Expires = c.Issued.Add(time.Microsecond) }, fault.ClassForm},
		"the year 10000":        {func(c *card.Card) { c.Issued = c.Issued.AddDate(7974, 0, 0); c.Expires = c.Issued.Add(time.Hour) }, fault.ClassForm},
		"a steward of a refuge": {func(c *card.Card) { c.Steward = &card.Steward{Kind: act.Refuge} }, fault.ClassForm},
		"a steward of nothing":  {func(c *card.Card) { c.Steward = &card.Steward{} }, fault.ClassForm},
		"an unknown kind":       {func(c *card.Card) { c.Steward = &card.Steward{Kind: "ministry"} }, fault.ClassForm},
	} {
		t.Run(name, func(t *testing.T) {
			c := cardtest.Card("anna", centre)
			test.edit(&c)
			if msg, err := card.Sign(c, signerOf(c, "anna")); fault.ClassOf(err) != test.want || msg != nil {
				t.Errorf("got %d bytes, %v, want class %s", len(msg), err, test.want)
			}
		})
	}
}

// TestLongestLife: a leap year and a day is allowed.
func TestLongestLife(t *testing.T) {
	cardtest.New(t, "anna", centre, func(c *card.Card) { c.Expires = c.Issued.Add(card.MaxLife) })
}

// classes of edits that touch a value with a class of its own; all others are of the form.
var classes = map[string]string{
	"two spaces in seals-to": "key", "space after seals-to": "key",
	"two spaces in signs-with": "key", "space after signs-with": "key",
}

// TestCardLines: nothing can be done to a card's lines, even by who signs it.
func TestCardLines(t *testing.T) {
	anna, ida := cardtest.New(t, "anna", centre), cardtest.NewSteward(t, "ida", centre, act.Centre)
	text := notetest.Text(t, anna.Note())
	for _, edit := range notetest.Edits(text) {
		t.Run(edit.Name, func(t *testing.T) {
			_, err := card.Parse(notetest.Sign(t, edit.Apply(t, text), anna.Signer), nil)
			if want := classOr(classes[edit.Name], "form"); notetest.Verdict(err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
	text = notetest.Text(t, ida.Note())
	for _, edit := range notetest.Edits(text) {
		t.Run("steward "+edit.Name, func(t *testing.T) {
			_, err := card.ParseSteward(notetest.Sign(t, edit.Apply(t, text), ida.Signer, cardtest.Root()), cardtest.RootVerifier(), nil)
			if want := classOr(classes[edit.Name], "form"); notetest.Verdict(err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func classOr(class, other string) string {
	if class == "" {
		return other
	}
	return class
}

func TestValidAt(t *testing.T) {
	anna := cardtest.New(t, "anna", centre)
	for _, test := range []struct {
		at   time.Time
		want bool
	}{
		{anna.Issued.Add(-time.Millisecond), false},
		{anna.Issued, true},
		{anna.Expires.Add(-time.Millisecond), true},
		{anna.Expires, false},
	} {
		if got := anna.ValidAt(test.at); got != test.want {
			t.Errorf("valid at %s: %v", note.FormatTime(test.at), got)
		}
	}
}

func TestCheckRecipient(t *testing.T) {
	if err := card.CheckRecipient(cardtest.Recipient("anna")); err != nil {
		t.Error(err)
	}
}

func TestNames(t *testing.T) {
	for _, good := range []string{"Anna Bianchi", "Sede INPS n° 5 – Città", "D'Àvalos", "Łucja", "王芳", "محمد", strings.Repeat("a", card.MaxName)} {
		n, err := card.NewName(good, cardtest.Rand("salt"))
		if err != nil {
			t.Errorf("%q: %v", good, err)
		}
		if err := n.Opens(n.Commitment()); err != nil {
			t.Errorf("%q does not open its own commitment: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", " ", " Anna", "Anna ", "Anna  Bianchi", "Anna\tBianchi", "Anna\nBianchi", "Anna\u00a0Bianchi", "Anna\x7f", "Anna\u0085",
		"Anna\u200b", "Anna\u200f", "Anna\u202e", "Anna\u2066", "Anna\u061c", "Anna\ufeff", "An\u00adna", "Anna\u2028", "Anna\xff", "\ue000",
		strings.Repeat("a", card.MaxName+1),
	} {
		if _, err := card.NewName(bad, cardtest.Rand("salt")); fault.ClassOf(err) != fault.ClassForm {
			t.Errorf("%q: %v", bad, err)
		}
		bare := card.Name{Text: bad}
		if err := bare.Opens(bare.Commitment()); fault.ClassOf(err) != fault.ClassForm {
			t.Errorf("%q was opened: %v", bad, err)
		}
	}
}

// TestNameCommitment: the commitment fits one name with one salt, and keeps its spelling.
func TestNameCommitment(t *testing.T) {
	anna := cardtest.Named("Anna Bianchi")
	others := map[string]card.Name{"another name": {anna.Salt, "Anna Bianco"}, "another salt": {[32]byte{}, anna.Text}}
	for name, other := range others {
		if err := other.Opens(anna.Commitment()); fault.ClassOf(err) != fault.ClassSubstitute {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, want := (card.Name{Text: "Anna"}).Commitment(), note.Sum([]byte("varco/v1 name\n"+strings.Repeat("\x00", 32)+"Anna")); got != want {
		t.Errorf("committed to %s, want %s", got, want)
	}
	if _, err := card.NewName("Anna", strings.NewReader("too short")); fault.KindOf(err) != fault.Internal {
		t.Errorf("without randomness: %v", err)
	}
}
