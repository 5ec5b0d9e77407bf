package card_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/card/cardtest"
	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/vector"
)

// TestVectors runs the folders card, replacement, root and roster of testdata/vectors.
func TestVectors(t *testing.T) {
	t.Run("card", func(t *testing.T) { notetest.Run(t, "card", cardVectors(t), readCardVector) })
	t.Run("root", func(t *testing.T) { notetest.Run(t, "root", rootVectors(t), readRootVector) })
	t.Run("replacement", func(t *testing.T) { notetest.Run(t, "replacement", replacementVectors(t), readReplacementVector) })
	t.Run("roster", func(t *testing.T) { notetest.Run(t, "roster", rosterVectors(t), readRosterVector) })
}

// readCardVector runs a vector of testdata/vectors/card. The section "card" is read as the
// line reads says: a card, a steward-card under the root whose verifier key is in the line
// root, or a request, which is a steward card without the root's signature. The sections
// called before-… are cards that the reader has verified, each after those before it; steward
// cards among them under the same root.
func readCardVector(v *vector.Vector) error {
	var err error
	var before []*card.Signed
	known := func(hash note.Hash) *card.Signed {
		for _, c := range before {
			if c.Hash == hash {
				return c
			}
		}
		return nil
	}
	for _, name := range v.Sections() {
		if strings.HasPrefix(name, "before-") {
			c, err := card.Read(v.Bytes(name), cardtest.RootVerifier(), known)
			if err != nil {
				return notetest.Broken(v, err)
			}
			before = append(before, c)
		}
	}
	switch v.Get("reads") {
	case "card":
		_, err = card.Parse(v.Bytes("card"), known)
	case "request":
		_, err = card.ParseRequest(v.Bytes("card"), known)
	case "steward-card":
		root, bad := note.ParseVerifier(v.Get("root"))
		if bad != nil {
			return notetest.Broken(v, bad)
		}
		_, err = card.ParseSteward(v.Bytes("card"), root, known)
	default:
		return notetest.Broken(v, errors.New("it reads nothing"))
	}
	return err
}

func rootKey() string { return note.VerifierKey(cardtest.RootName, cardtest.Public(cardtest.RootName)) }

// edited is a change to a text and the class with which it is refused.
type edited struct {
	name, want, says string
	do               func([]string) []string
}

func cardVectors(t *testing.T) []*vector.Vector {
	anna, bruna := cardtest.New(t, "anna", centre), cardtest.New(t, "bruna", centre)
	ida := cardtest.NewSteward(t, "ida", centre, act.Centre)
	text, stewardText := notetest.Text(t, anna.Note()), notetest.Text(t, ida.Note())
	request := notetest.Sign(t, stewardText, ida.Signer)
	var all []*vector.Vector
	add := func(reads, name, expect, says string, msg []byte) {
		v := vector.New(name, expect, says).Set("reads", reads)
		if reads == "steward-card" {
			v.Set("root", rootKey())
		}
		all = append(all, v.Attach("card", msg))
	}
	add("card", "ok", vector.OK, "a card", anna.Note())
	add("steward-card", "ok-steward", vector.OK, "a steward card, signed by the root", ida.Note())
	add("request", "ok-request", vector.OK, "a steward card before the root has signed it", request)
	second := cardtest.New(t, "anna", centre, func(c *card.Card) { c.Serial = 12 })
	add("card", "ok-serial", vector.OK, "a later card of the same person, which signs under its serial", second.Note())

	for _, e := range cardEdits() {
		add("card", e.name, e.want, e.says, notetest.Sign(t, notetest.Edit{Name: e.name, Do: e.do}.Apply(t, text), anna.Signer))
	}
	for _, e := range []edited{
		{"steward-refuge", "form", "a refuge has no steward", notetest.Value("kind", "refuge")},
		{"steward-kind", "form", "a kind of organisation that does not exist", notetest.Value("kind", "ministry")},
		{"steward-no-name", "form", "no commitment to a name", notetest.Value("name", note.None)},
	} {
		add("steward-card", e.name, e.want, e.says,
			notetest.Sign(t, notetest.Edit{Name: e.name, Do: e.do}.Apply(t, stewardText), ida.Signer, cardtest.Root()))
	}
	add("card", "crlf", "form", "lines that end with CR LF", bytes.ReplaceAll(anna.Note(), []byte("\n"), []byte("\r\n")))
	add("card", "changed", "signature", "another card's expiry under this signature",
		bytes.Replace(anna.Note(), []byte("expires 2027-11-02"), []byte("expires 2027-11-03"), 1))
	add("card", "key-substituted", "signature", "the signing key replaced by another person's",
		bytes.Replace(anna.Note(), []byte(anna.SignsWith.String()), []byte(bruna.SignsWith.String()), 1))
	add("card", "re-signed", "signature", "a card signed by somebody else", notetest.Sign(t, text, bruna.Signer))
	add("card", "surplus", "signature", "an ordinary card that somebody else has signed too", notetest.Sign(t, text, anna.Signer, bruna.Signer))
	add("card", "unsigned", "signature", "a card without signature", []byte(text+"\n"))
	add("steward-card", "steward-unsigned-by-root", "signature", "a steward card that the root has not signed", request)
	add("steward-card", "steward-reordered", "signature", "the root's signature before the card's",
		notetest.Sign(t, stewardText, cardtest.Root(), ida.Signer))
	add("steward-card", "steward-other-root", "signature", "a steward card signed by another root of the same name",
		notetest.Sign(t, stewardText, ida.Signer, note.NewSigner(cardtest.RootName, cardtest.Key("mallory"))))
	add("steward-card", "steward-only-root", "signature", "a steward card signed by the root alone", notetest.Sign(t, stewardText, cardtest.Root()))
	add("steward-card", "steward-ordinary", "form", "an ordinary card signed by the root", notetest.Sign(t, text, anna.Signer, cardtest.Root()))
	add("request", "request-signed", "signature", "a request that the root has already signed", ida.Note())
	return append(all, successions(t)...)
}

// successions are vectors of cards that name a predecessor.
func successions(t *testing.T) []*vector.Vector {
	anna, ida := cardtest.New(t, "anna", centre), cardtest.NewSteward(t, "ida", centre, act.Centre)
	elsewhere, bruna := cardtest.New(t, "anna", "another centre"), cardtest.New(t, "bruna", centre)
	second, steward := anna.Renewed(t), ida.Renewed(t)
	third := second.Renewed(t)
	text, stewardText := notetest.Text(t, second.Note()), notetest.Text(t, steward.Note())
	var all []*vector.Vector
	add := func(reads, name, expect, says string, msg []byte, before ...cardtest.Person) {
		v := vector.New(name, expect, says).Set("reads", reads)
		if reads == "steward-card" {
			v.Set("root", rootKey())
		}
		for i, p := range before {
			v.Attach(fmt.Sprintf("before-%d", i+1), p.Note())
		}
		all = append(all, v.Attach("card", msg))
	}
	edit := func(key, value string) string {
		return notetest.Edit{Name: key, Do: notetest.Value(key, value)}.Apply(t, text)
	}
	signed := func(text string, signers ...note.Signer) []byte { return notetest.Sign(t, text, signers...) }
	mallory := note.NewSigner(anna.Signer.Name(), cardtest.Key("mallory"))

	add("card", "ok-successor", vector.OK, "a card that succeeds another", second.Note(), anna)
	add("card", "ok-successor-of-successor", vector.OK, "a card that succeeds one that succeeds another", third.Note(), anna, second)
	add("card", "ok-successor-skips", vector.OK, "a successor whose serial is higher by more than one",
		anna.Renewed(t, func(c *card.Card) { c.Serial = 7 }).Note(), anna)
	add("steward-card", "ok-steward-successor", vector.OK, "a steward card that succeeds another: three signatures", steward.Note(), ida)
	add("request", "ok-request-successor", vector.OK, "the same before the root has signed it",
		signed(stewardText, steward.Signer, ida.Signer), ida)
	add("card", "previous-missing", "missing", "the card that it succeeds was left out", second.Note(), bruna)
	add("card", "previous-signature-missing", "signature", "a successor that only its own key has signed", signed(text, second.Signer), anna)
	add("card", "previous-signature-forged", "signature", "another key under the predecessor's name", signed(text, second.Signer, mallory), anna)
	add("card", "previous-signature-other", "signature", "signed by a card that it does not name", signed(text, second.Signer, bruna.Signer), anna)
	add("card", "previous-signature-first", "signature", "the predecessor's signature before its own", signed(text, anna.Signer, second.Signer), anna)
	add("card", "previous-signature-surplus", "signature", "a card without predecessor that an earlier one has signed",
		signed(edit("previous", note.None), second.Signer, anna.Signer), anna)
	add("card", "previous-signature-only", "signature", "a successor that only the predecessor has signed", signed(text, anna.Signer), anna)
	add("card", "previous-serial", "sequence", "the serial of its predecessor",
		signed(edit("serial", "1"), note.NewSigner(anna.Signer.Name(), cardtest.Key("anna 2")), anna.Signer), anna)
	add("card", "previous-other-person", "substituted", "another person's card as predecessor",
		signed(edit("previous", bruna.Hash.String()), second.Signer, bruna.Signer), bruna)
	add("card", "previous-other-organisation", "substituted", "her card of another organisation as predecessor",
		signed(edit("previous", elsewhere.Hash.String()), second.Signer, elsewhere.Signer), elsewhere)
	add("card", "previous-expired", "stale", "issued when its predecessor had expired",
		signed(notetest.Edit{Name: "issued", Do: notetest.Replace("issued 2026-11-02T09:00:00.000Z\nexpires 2027-11-02",
			"issued 2027-11-02T08:00:00.000Z\nexpires 2028-11-02")}.Apply(t, text), second.Signer, anna.Signer), anna)
	add("card", "previous-not-yet", "stale", "issued before its predecessor",
		signed(edit("issued", "2026-11-02T07:59:59.999Z"), second.Signer, anna.Signer), anna)
	add("card", "previous-zeros", "form", "zeros in place of the dash for no predecessor",
		signed(edit("previous", note.Hash{}.String()), second.Signer), anna)
	add("steward-card", "steward-previous-reordered", "signature", "the root's signature before the predecessor's",
		signed(stewardText, steward.Signer, cardtest.Root(), ida.Signer), ida)
	add("steward-card", "steward-previous-without-root", "signature", "a successor of a steward card that the root has not signed",
		signed(stewardText, steward.Signer, ida.Signer), ida)
	add("steward-card", "steward-previous-unsigned", "signature", "a successor of a steward card that the root has signed and the predecessor not",
		signed(stewardText, steward.Signer, cardtest.Root()), ida)
	return all
}

func cardEdits() []edited {
	recipient := cardtest.Recipient("anna")
	smallOrder, err := hex.DecodeString("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
	if err != nil {
		panic(err)
	}
	return []edited{
		{"line-twice", "form", "a line twice", notetest.Replace("serial 1", "serial 1\nserial 1")},
		{"line-unknown", "form", "a line that no card has", notetest.Replace("serial 1", "serial 1\nmail x")},
		{"line-missing", "form", "a line is missing", notetest.Replace("serial 1\n", "")},
		{"previous-line-missing", "form", "no line that says that it succeeds none", notetest.Replace("previous -\n", "")},
		{"lines-reordered", "form", "two lines in the wrong order",
			notetest.Replace("previous -\nseals-to "+recipient, "seals-to "+recipient+"\nprevious -")},
		{"kind-of-note", "form", "another kind of note", notetest.Replace("varco/v1 card", "varco/v1 receipt")},
		{"version", "form", "another version of the protocol", notetest.Replace("varco/v1", "varco/v2")},
		{"person", "form", "a person id with a wrong check character", notetest.Replace("person p-", "person p-2")},
		{"person-is-organisation", "form", "an organisation id in place of the person's",
			notetest.Value("person", string(cardtest.Organisation(centre)))},
		{"serial-zero", "form", "serials begin with 1", notetest.Value("serial", "0")},
		{"serial-plus", "form", "a number with a sign", notetest.Value("serial", "+1")},
		{"serial-zeros", "form", "a number with a leading zero", notetest.Value("serial", "01")},
		{"serial-overflow", "form", "a number over 2^63-1", notetest.Value("serial", "9223372036854775808")},
		{"expires-first", "form", "expires when it is issued", notetest.Value("expires", "2026-11-02T08:00:00.000Z")},
		{"expires-late", "form", "valid for more than a leap year and a day", notetest.Value("expires", "2027-11-04T08:00:00.001Z")},
		{"time-comma", "form", "a comma in a time", notetest.Value("issued", "2026-11-02T08:00:00,000Z")},
		{"time-zone", "form", "a time that is not in UTC", notetest.Value("issued", "2026-11-02T09:00:00.000+01:00")},
		{"time-seconds", "form", "a time without milliseconds", notetest.Value("issued", "2026-11-02T08:00:00Z")},
		{"recipient-classic", "key", "an X25519 recipient", notetest.Value("seals-to", "age1"+strings.Repeat("q", 58))},
		{"recipient-upper-case", "key", "a recipient in upper case", notetest.Value("seals-to", strings.ToUpper(recipient))},
		{"recipient-two", "key", "two recipients in one line", notetest.Value("seals-to", recipient[:900]+" "+recipient[901:])},
		{"key-small-order", "key", "a signing key of small order", notetest.Value("signs-with", note.Hash(smallOrder).String())},
		{"key-non-canonical", "key", "a signing key whose y is not reduced",
			notetest.Value("signs-with", note.Hash(bytes.Repeat([]byte{0xff}, 32)).String())},
		{"key-base64", "key", "a signing key without the padding of its base64",
			notetest.Value("signs-with", strings.TrimSuffix(cardtest.Public("anna").String(), "="))},
	}
}
