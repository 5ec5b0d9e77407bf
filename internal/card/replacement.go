package card

import (
	"strconv"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

const replacementKind = "replacement"

// Replacement is what a person's card says when she puts another keyring in the place of her
// stored one: whoever replaces it has the keys that are in it.
type Replacement struct {
	Person  ids.Person
	Version int64     // of the keyring that is replaced
	Keyring note.Hash // of the sealed keyring in its place
}

// Sign makes the note of a replacement, signed by her card.
func (r Replacement) Sign(by note.Signer) ([]byte, error) { return note.Sign(r.text(), by) }

func (r Replacement) text() string {
	return note.Print(replacementKind).Line("person", string(r.Person)).
		Line("version", strconv.FormatInt(r.Version, 10)).Line("keyring", r.Keyring.String()).String()
}

// Check refuses a note that is not of this replacement (class substituted), not in its one form
// (form), or not signed by the card (signature).
func (r Replacement) Check(msg []byte, by *Signed) error {
	text, err := note.Text(msg)
	if err != nil {
		return err
	}
	s := note.Scan(text, replacementKind)
	said := Replacement{
		Person:  note.Parsed(s, s.One("person"), ids.ParsePerson),
		Version: s.Int(s.One("version")),
		Keyring: s.Hash(s.One("keyring")),
	}
	if err := s.Done(); err != nil {
		return err
	}
	if said.Version < 1 {
		return fault.Refuse(fault.ClassForm, "reading a replacement: of version %d", said.Version)
	}
	if err := note.Same(text, said.text()); err != nil {
		return err
	}
	if _, err := note.Open(msg, by.Verifier()); err != nil {
		return err
	}
	if said != r || by.Person != r.Person {
		return fault.Refuse(fault.ClassSubstitute, "reading a replacement: of another keyring")
	}
	return nil
}

// Speaks returns the card that speaks for a person where her keyring is replaced: the one on the
// newest roster, whether or not it has expired, and until a roster has named her the newest that
// she has published. Nil when there is none, and for who was taken off.
func (b *Book) Speaks(person ids.Person) *Signed {
	if b.Named(person) {
		if seat := b.Latest().Seat(person); seat != nil {
			return b.Card(seat.Card)
		}
		return nil
	}
	if all := b.CardsOf(person); len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}
