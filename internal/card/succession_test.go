package card_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/fault"
	"varco/internal/note"
)

// TestSucceeds: a card succeeds all before it and none after it, across both kinds.
func TestSucceeds(t *testing.T) {
	first := cardtest.NewSteward(t, "ida", centre, act.Centre)
	second := first.Renewed(t, func(c *card.Card) { c.Steward = nil })
	third := second.Renewed(t)
	chain := []cardtest.Person{first, second, third}
	for i, one := range chain {
		for j, other := range chain {
			if got := one.Succeeds(other.Hash); got != (i > j) {
				t.Errorf("card %d succeeds card %d: %v", i+1, j+1, got)
			}
		}
		if one.Succeeds(note.Hash{}) {
			t.Errorf("card %d succeeds none", i+1)
		}
	}
	if third.Predecessor() != second.Signed || first.Predecessor() != nil {
		t.Error("not the cards that they name")
	}
}

// TestSignSuccession: a card and its signers agree on whether it succeeds another.
func TestSignSuccession(t *testing.T) {
	anna := cardtest.New(t, "anna", centre)
	second := anna.Renewed(t)
	for name, sign := range map[string]func() ([]byte, error){
		"nobody for the predecessor": func() ([]byte, error) { return card.Sign(second.Card, second.Signer) },
		"two for the predecessor":    func() ([]byte, error) { return card.Sign(second.Card, second.Signer, anna.Signer, anna.Signer) },
		"somebody for none":          func() ([]byte, error) { return card.Sign(anna.Card, anna.Signer, second.Signer) },
	} {
		if msg, err := sign(); fault.ClassOf(err) != fault.ClassSignature || msg != nil {
			t.Errorf("%s: %d bytes, %v", name, len(msg), err)
		}
	}
}

// TestPublish: a book takes cards of both kinds, each after the one that it succeeds.
func TestPublish(t *testing.T) {
	o := newOffice(t)
	b := card.NewBook(o.mara.Organisation, cardtest.RootVerifier())
	second := o.carla.Renewed(t)
	if _, err := b.Publish(second.Note()); fault.ClassOf(err) != fault.ClassMissing {
		t.Errorf("before the one that it succeeds: %v", err)
	}
	if _, err := b.Publish(cardtest.New(t, "anna", centre).Note()); fault.ClassOf(err) != fault.ClassSubstitute {
		t.Errorf("of another organisation: %v", err)
	}
	if _, err := b.Endorse(o.carla.Note()); fault.ClassOf(err) != fault.ClassForm || b.Card(o.carla.Hash) != nil {
		t.Errorf("an ordinary card was endorsed: %v", err)
	}
	for _, p := range []cardtest.Person{o.mara, o.carla, second} {
		c, err := b.Publish(p.Note())
		if err != nil || b.Card(p.Hash) != c {
			t.Fatalf("%s: %v", p.Name, err)
		}
	}
	if b.Kind != act.INPS || b.Steward(o.mara.Hash) == nil || len(b.Stewards()) != 1 {
		t.Error("not the steward that was published")
	}
}

func TestBySerial(t *testing.T) {
	anna, bruna := cardtest.New(t, "anna", centre), cardtest.New(t, "bruna", centre)
	second := anna.Renewed(t)
	third := second.Renewed(t)
	want := []string{"no card", string(bruna.Note()), string(anna.Note()), string(second.Note()), string(third.Note())}
	given := []string{want[4], want[1], want[0], want[3], want[2]}
	if diff := cmp.Diff(want, card.BySerial(slices.Clone(given))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
