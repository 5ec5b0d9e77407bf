package card_test

import (
	"bytes"
	"strings"
	"testing"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/note/notetest"
)

// FuzzParseCard signs any text with anna's key, or with her next key and that one: what is
// then accepted as a card is printed again by card.Sign as it was.
func FuzzParseCard(f *testing.F) {
	anna := cardtest.New(f, "anna", centre)
	second := anna.Renewed(f)
	notetest.Seed(f, "card", "card")
	f.Add([]byte(notetest.Text(f, anna.Note())))
	f.Add([]byte(notetest.Text(f, second.Note())))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []func([]byte, card.Known) (*card.Signed, error){card.Parse, card.ParseRequest,
			func(msg []byte, known card.Known) (*card.Signed, error) { return card.Read(msg, nil, known) }} {
			if _, err := read(data, nil); err != nil && fault.ClassOf(err) == "" {
				t.Fatalf("an error without class: %v", err)
			}
			for _, signers := range [][]note.Signer{{anna.Signer}, {second.Signer, anna.Signer}} {
				msg, err := note.Sign(string(data), signers...)
				if err != nil {
					continue
				}
				c, err := read(msg, anna.Known)
				if err != nil {
					continue
				}
				if c.Succeeds(anna.Hash) != (len(signers) == 2) {
					t.Fatalf("succeeds anna's card: %v\n%s", c.Succeeds(anna.Hash), msg)
				}
				if again, err := card.Sign(c.Card, signers[0], signers[1:]...); err != nil || !bytes.Equal(again, msg) {
					t.Fatalf("accepted\n%s\nand printed\n%s\n%v", msg, again, err)
				}
			}
		}
	})
}

// FuzzRoster signs any text with the steward's key: what a book then accepts as the first
// roster is printed again by card.SignRoster as it was.
func FuzzRoster(f *testing.F) {
	o := newOffice(f)
	msg, err := card.SignRoster(o.roster(), o.mara.Signer)
	if err != nil {
		f.Fatal(err)
	}
	notetest.Seed(f, "roster", "roster-1")
	f.Add([]byte(notetest.Text(f, msg)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := o.book(t).Add(data); err != nil && fault.ClassOf(err) == "" {
			t.Fatalf("an error without class: %v", err)
		}
		msg, err := note.Sign(string(data), o.mara.Signer)
		if err != nil {
			return
		}
		r, err := o.book(t).Add(msg)
		if err != nil {
			return
		}
		if again, err := card.SignRoster(r.Roster, o.mara.Signer); err != nil || !bytes.Equal(again, msg) {
			t.Fatalf("accepted\n%s\nand printed\n%s\n%v", msg, again, err)
		}
	})
}

// FuzzParseSteward signs any text with the steward's key and the root's: what is then accepted
// is what card.Sign and the root would sign.
func FuzzParseSteward(f *testing.F) {
	ida := cardtest.NewSteward(f, "ida", centre, act.Centre)
	f.Add(notetest.Text(f, ida.Note()))
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := card.ParseSteward([]byte(text), cardtest.RootVerifier(), nil); err != nil && fault.ClassOf(err) == "" {
			t.Fatalf("an error without class: %v", err)
		}
		msg, err := note.Sign(text, ida.Signer, cardtest.Root())
		if err != nil {
			return
		}
		c, err := card.ParseSteward(msg, cardtest.RootVerifier(), nil)
		if err != nil {
			return
		}
		again, err := card.Sign(c.Card, ida.Signer)
		if err == nil {
			again, err = note.Cosign(again, cardtest.Root())
		}
		if err != nil || !bytes.Equal(again, msg) {
			t.Fatalf("accepted\n%s\nand printed\n%s\n%v", msg, again, err)
		}
	})
}

// FuzzCheckRecipient: what has the shape of a recipient stays one line of its symbols.
func FuzzCheckRecipient(f *testing.F) {
	good := cardtest.Card("anna", centre).SealsTo
	f.Add(good)
	f.Add(good + "\n")
	f.Fuzz(func(t *testing.T, s string) {
		err := card.CheckRecipient(s)
		if err != nil && fault.ClassOf(err) != fault.ClassKey {
			t.Fatalf("refused: %v", err)
		}
		if err == nil && (len(s) != len(good) || strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyz") != "") {
			t.Fatalf("accepted %q", s)
		}
	})
}

// FuzzReplacement signs any text with anna's key: what is then accepted as the replacement of a
// version is what she would sign.
func FuzzReplacement(f *testing.F) {
	anna := cardtest.New(f, "anna", centre)
	r := card.Replacement{Person: anna.Person, Version: 3, Keyring: note.Sum([]byte("keyring"))}
	msg, err := r.Sign(anna.Signer)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(notetest.Text(f, msg)), r.Version)
	f.Fuzz(func(t *testing.T, data []byte, version int64) {
		r.Version = version
		if err := r.Check(data, anna.Signed); err != nil && fault.ClassOf(err) == "" {
			t.Fatalf("an error without class: %v", err)
		}
		msg, err := note.Sign(string(data), anna.Signer)
		if err != nil {
			return
		}
		if err := r.Check(msg, anna.Signed); err != nil {
			return
		}
		if again, err := r.Sign(anna.Signer); err != nil || !bytes.Equal(again, msg) {
			t.Fatalf("accepted\n%s\nand signed\n%s\n%v", msg, again, err)
		}
	})
}
