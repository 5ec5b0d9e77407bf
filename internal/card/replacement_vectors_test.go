package card_test

import (
	"testing"

	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/vector"
)

// readReplacementVector runs a vector of testdata/vectors/replacement. The section "replacement" is
// held against the lines person, version and keyring, which say what is replaced by what, and
// against the section "card", which is verified and speaks for that person.
func readReplacementVector(v *vector.Vector) error {
	by, err := card.Parse(v.Bytes("card"), nil)
	if err != nil {
		return notetest.Broken(v, err)
	}
	var expected card.Replacement
	s := note.Scan("varco/v1 expected\nversion "+v.Get("version")+"\nkeyring "+v.Get("keyring")+"\n", "expected")
	expected.Version, expected.Keyring = s.Int(s.One("version")), s.Hash(s.One("keyring"))
	if err := s.Done(); err != nil {
		return notetest.Broken(v, err)
	}
	if expected.Person, err = ids.ParsePerson(v.Get("person")); err != nil {
		return notetest.Broken(v, err)
	}
	return expected.Check(v.Bytes("replacement"), by)
}

func replacementVectors(t *testing.T) []*vector.Vector {
	anna, bruna := cardtest.New(t, "anna", centre), cardtest.New(t, "bruna", centre)
	second := anna.Renewed(t)
	said := card.Replacement{Person: anna.Person, Version: 3, Keyring: note.Sum([]byte("sealed"))}
	msg, err := said.Sign(anna.Signer)
	if err != nil {
		t.Fatal(err)
	}
	text := notetest.Text(t, msg)
	var all []*vector.Vector
	add := func(name, expect, says string, msg []byte) {
		all = append(all, vector.New(name, expect, says).Set("person", string(said.Person)).Set("version", "3").
			Set("keyring", said.Keyring.String()).Attach("card", anna.Note()).Attach("replacement", msg))
	}
	add("ok", vector.OK, "her card says which keyring takes the place of her third", msg)
	for _, e := range []edited{
		{"version-other", "substituted", "of another version", notetest.Value("version", "2")},
		{"keyring-other", "substituted", "another keyring in its place", notetest.Value("keyring", note.Sum([]byte("other")).String())},
		{"person-other", "substituted", "another person's keyring", notetest.Value("person", string(bruna.Person))},
		{"version-zero", "form", "there is none before the first", notetest.Value("version", "0")},
		{"version-zeros", "form", "a number with a leading zero", notetest.Value("version", "03")},
		{"keyring-none", "form", "no keyring in its place", notetest.Value("keyring", note.None)},
		{"kind-of-note", "form", "another kind of note", notetest.Replace("varco/v1 replacement", "varco/v1 card")},
		{"line-unknown", "form", "a line that no replacement has", notetest.Replace("version 3", "version 3\nlock x")},
		{"line-missing", "form", "it does not say whose", notetest.Replace("person "+string(anna.Person)+"\n", "")},
	} {
		add(e.name, e.want, e.says, notetest.Sign(t, notetest.Edit{Name: e.name, Do: e.do}.Apply(t, text), anna.Signer))
	}
	add("unsigned", "signature", "nobody has signed it", []byte(text+"\n"))
	add("other-card", "signature", "signed by another person's card", notetest.Sign(t, text, bruna.Signer))
	add("next-card", "signature", "signed by a card of hers that is not the one on the roster", notetest.Sign(t, text, second.Signer))
	add("forged", "signature", "another key under her card's name",
		notetest.Sign(t, text, note.NewSigner(anna.Signer.Name(), cardtest.Key("mallory"))))
	add("surplus", "signature", "somebody else has signed it too", notetest.Sign(t, text, anna.Signer, bruna.Signer))
	return all
}
