package note_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/vector"
)

// TestVectors runs testdata/vectors/note. With reads: note, the section "note" is opened
// with the verifier keys of the lines verifier-1, verifier-2, … in this order. With
// reads: public-key or verifier-key, the section "text" is read as such a key.
func TestVectors(t *testing.T) {
	notetest.Run(t, "note", append(noteVectors(t), keyVectors(t)...), func(v *vector.Vector) error {
		switch v.Get("reads") {
		case "note":
			return openVector(v)
		case "public-key":
			_, err := note.ParsePublicKey(string(v.Bytes("text")))
			return err
		case "verifier-key":
			_, err := note.ParseVerifier(string(v.Bytes("text")))
			return err
		}
		return notetest.Broken(v, errors.New("it reads nothing"))
	})
}

func openVector(v *vector.Vector) error {
	var verifiers []note.Verifier
	for i := 1; v.Get(fmt.Sprintf("verifier-%d", i)) != ""; i++ {
		verifier, err := note.ParseVerifier(v.Get(fmt.Sprintf("verifier-%d", i)))
		if err != nil {
			return notetest.Broken(v, err)
		}
		verifiers = append(verifiers, verifier)
	}
	msg := v.Bytes("note")
	text, err := note.Open(msg, verifiers...)
	if err != nil {
		return err
	}
	if again, _ := note.Text(msg); again != text {
		return fmt.Errorf("the text without verifiers is %q", again)
	}
	return nil
}

func noteVectors(t *testing.T) []*vector.Vector {
	anna, bruna := newPerson("anna.example"), newPerson("bruna.example")
	var all []*vector.Vector
	add := func(name, expect, says string, msg []byte, verifiers ...person) {
		v := vector.New(name, expect, says).Set("reads", "note")
		for i, p := range verifiers {
			v.Set(fmt.Sprintf("verifier-%d", i+1), p.vkey())
		}
		all = append(all, v.Attach("note", msg))
	}
	one, two := notetest.Sign(t, text, anna), notetest.Sign(t, text, anna, bruna)

	add("ok-one", vector.OK, "one signature", one, anna)
	add("ok-two", vector.OK, "two signatures", two, anna, bruna)
	add("ok-origin", vector.OK, "a text that begins with an origin, as a checkpoint does",
		notetest.Sign(t, "log.example\n1\nvalue\n", anna), anna)
	add("ok-spaces", vector.OK, "spaces are characters like any other", notetest.Sign(t, " a  b \n", anna), anna)

	for _, f := range []struct{ name, says, text string }{
		{"crlf", "lines that end with CR LF", strings.ReplaceAll(text, "\n", "\r\n")},
		{"cr", "a carriage return in a line", "varco/v1 example\nkey val\rue\n"},
		{"tab", "a tab in a line", "varco/v1 example\nkey\tvalue\n"},
		{"nul", "a NUL in a line", "varco/v1 example\nkey val\x00ue\n"},
		{"del", "a DEL in a line", "varco/v1 example\nkey val\x7fue\n"},
		{"non-ascii", "a letter that is not ASCII", "varco/v1 example\nkey càvo\n"},
		{"not-utf8", "a byte that is not UTF-8", "varco/v1 example\nkey val\xffue\n"},
		{"line-separator", "a line separator of Unicode", "varco/v1 example\nkey val\u2028ue\n"},
		{"empty-line", "an empty line inside the text", "varco/v1 example\n\nkey value\n"},
		{"empty-first-line", "an empty first line", "\nvarco/v1 example\n"},
		{"no-text", "no text at all", ""},
	} {
		add("form-"+f.name, string(fault.ClassForm), f.says, raw(f.text, anna), anna)
	}
	add("form-empty", string(fault.ClassForm), "no bytes at all", nil, anna)
	add("form-trailing-line", string(fault.ClassForm), "an empty line after the signature", append(bytes.Clone(one), '\n'), anna)
	add("form-crlf-whole", string(fault.ClassForm), "CR LF in the signature lines too",
		bytes.ReplaceAll(one, []byte("\n"), []byte("\r\n")), anna)
	add("form-line-between", string(fault.ClassForm), "an empty line between two signatures",
		bytes.Replace(two, []byte("\n— bruna"), []byte("\n\n— bruna"), 1), anna, bruna)

	frame := len(notetest.Sign(t, large(1), anna)) - 1
	add("ok-largest", vector.OK, "a note of 64 KiB", raw(large(note.MaxBytes-frame), anna), anna)
	add("size", string(fault.ClassSize), "a note of 64 KiB and one byte", raw(large(note.MaxBytes-frame+1), anna), anna)
	return append(all, signatureVectors(t, one, two, anna, bruna)...)
}

// signatureVectors are notes whose text is good and whose signatures are not.
func signatureVectors(t *testing.T, one, two []byte, anna, bruna person) []*vector.Vector {
	var all []*vector.Vector
	add := func(name, says string, msg []byte, verifiers ...person) {
		v := vector.New("signature-"+name, string(fault.ClassSignature), says).Set("reads", "note")
		for i, p := range verifiers {
			v.Set(fmt.Sprintf("verifier-%d", i+1), p.vkey())
		}
		all = append(all, v.Attach("note", msg))
	}
	line := strings.TrimPrefix(string(one), text+"\n")
	b64 := strings.TrimSuffix(strings.TrimPrefix(line, "— anna.example "), "\n")
	by := func(lines ...string) []byte { return []byte(text + "\n" + strings.Join(lines, "")) }

	add("none", "the text and an empty line, without signature", by(), anna)
	add("no-block", "the text alone", []byte(text), anna)
	add("missing", "the second of two signatures is missing", one, anna, bruna)
	add("extra", "a second signature that nobody expects", two, anna)
	add("extra-unknown", "a second signature by somebody unknown", by(line, "— carla.example "+b64+"\n"), anna)
	add("reordered", "two good signatures in the wrong order", two, bruna, anna)
	add("repeated", "the same signature twice", by(line, line), anna)
	add("too-many", "five signatures", signedByCrowd(5), crowdOf(5)...)
	add("other-text", "a good signature of another text",
		bytes.Replace(one, []byte("other value"), []byte("other valuf"), 1), anna)
	add("re-signed", "the text of one person signed by another", notetest.Sign(t, text, bruna), anna)
	add("key-substituted", "signed with another key under the same name",
		notetest.Sign(t, text, newPersonAs("anna.example", "carla")), anna)
	add("name-changed", "a good signature under another name", by(strings.Replace(line, "anna", "bruna", 1)), bruna)
	add("name-not-ascii", "a name that is not ASCII", by(strings.Replace(line, "anna", "ànna", 1)), anna)
	add("no-name", "a signature line without name", by("—  "+b64+"\n"), anna)
	add("hyphen", "a hyphen in place of the dash", by(strings.Replace(line, "—", "-", 1)), anna)
	add("two-spaces", "two spaces before the signature", by(strings.Replace(line, "example ", "example  ", 1)), anna)
	add("space-after", "a space after the signature", by(strings.Replace(line, "\n", " \n", 1)), anna)
	add("cr-after", "a carriage return after the signature", by(strings.Replace(line, "\n", "\r\n", 1)), anna)
	add("no-line-end", "no line end after the signature", bytes.TrimSuffix(one, []byte("\n")), anna)
	add("no-base64", "a signature line without signature", by("— anna.example\n"), anna)
	add("base64-padding", "base64 without its padding", by("— anna.example "+strings.TrimRight(b64, "=")+"\n"), anna)
	add("base64-bits", "base64 with a bit set after the last byte", by("— anna.example "+loose(b64)+"\n"), anna)
	add("base64-url", "base64 in the alphabet for URLs",
		by("— anna.example "+strings.NewReplacer("+", "-", "/", "_").Replace(b64)+"\n"), anna)
	add("base64-cr", "a carriage return inside the base64", by("— anna.example "+b64[:20]+"\r"+b64[20:]+"\n"), anna)
	add("short", "a signature of 63 bytes", by("— anna.example "+changed(t, b64, func(b []byte) []byte { return b[:67] })+"\n"), anna)
	add("long", "a signature of 65 bytes", by("— anna.example "+changed(t, b64, func(b []byte) []byte { return append(b, 0) })+"\n"), anna)
	add("key-id", "another key id before the signature", by("— anna.example "+changed(t, b64, func(b []byte) []byte {
		b[0] ^= 1
		return b
	})+"\n"), anna)
	add("malleable", "s + L in place of s (RFC 8032 §5.1.7)", by("— anna.example "+changed(t, b64, addOrder)+"\n"), anna)
	return all
}

func keyVectors(t *testing.T) []*vector.Vector {
	anna := newPerson("anna.example")
	var all []*vector.Vector
	add := func(reads, name, expect, says, text string) {
		all = append(all, vector.New(name, expect, says).Set("reads", reads).Attach("text", []byte(text)))
	}
	add("public-key", "key-ok", vector.OK, "a public key", anna.public.String())
	add("verifier-key", "verifier-ok", vector.OK, "a verifier key", anna.vkey())
	for _, name := range sorted(badPoints) {
		point, err := hex.DecodeString(badPoints[name])
		if err != nil {
			t.Fatal(err)
		}
		file := strings.NewReplacer(" ", "-", "+", "-plus-", ",", "").Replace(name)
		add("public-key", "key-"+file, string(fault.ClassKey), "a public key that is no good point: "+name,
			base64.StdEncoding.EncodeToString(point))
		if name == "order 4" {
			add("verifier-key", "verifier-small-order", string(fault.ClassKey), "a verifier key of small order",
				vkeyOf("anna.example", 1, point))
		}
	}
	add("public-key", "key-short", string(fault.ClassKey), "31 bytes", base64.StdEncoding.EncodeToString(anna.private[33:]))
	add("public-key", "key-base64-bits", string(fault.ClassKey), "base64 with a bit set after the last byte", loose(anna.public.String()))
	add("public-key", "key-line-end", string(fault.ClassKey), "a line end after the base64", anna.public.String()+"\n")
	name, rest, _ := strings.Cut(anna.vkey(), "+")
	hash, key, _ := strings.Cut(rest, "+")
	add("verifier-key", "verifier-hash", string(fault.ClassKey), "the hash of another key", name+"+00000000+"+key)
	add("verifier-key", "verifier-upper-case", string(fault.ClassKey), "the hash in upper case", name+"+"+strings.ToUpper(hash)+"+"+key)
	add("verifier-key", "verifier-line-end", string(fault.ClassKey), "a line end inside the base64",
		name+"+"+hash+"+"+key[:8]+"\n"+key[8:])
	add("verifier-key", "verifier-algorithm", string(fault.ClassKey), "another algorithm than Ed25519",
		vkeyOf("anna.example", 2, anna.private[32:]))
	add("verifier-key", "verifier-name", string(fault.ClassKey), "a name that is not ASCII", newPerson("ànna.example").vkey())
	return all
}

// raw prints and signs any text, as note.Sign would if it did not check it.
func raw(text string, p person) []byte {
	sig, err := p.Sign([]byte(text))
	if err != nil {
		panic(err)
	}
	id := p.KeyHash()
	head := []byte{byte(id >> 24), byte(id >> 16), byte(id >> 8), byte(id)}
	return []byte(text + "\n— " + p.Name() + " " + base64.StdEncoding.EncodeToString(append(head, sig...)) + "\n")
}

// signedByCrowd signs the text with more people than Sign allows.
func signedByCrowd(n int) []byte {
	msg := []byte(text + "\n")
	for _, p := range crowdOf(n) {
		msg = append(msg, bytes.TrimPrefix(raw(text, p), []byte(text+"\n"))...)
	}
	return msg
}

func crowdOf(n int) []person {
	var all []person
	for i := range n {
		all = append(all, newPerson(fmt.Sprintf("person-%d.example", i)))
	}
	return all
}

// changed decodes base64, changes the bytes and encodes them again.
func changed(t *testing.T, b64 string, change func([]byte) []byte) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(b64)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(change(b))
}

// addOrder adds the order of the group to the second half of a signature, after the key id.
func addOrder(b []byte) []byte {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	s := slices.Clone(b[36:])
	slices.Reverse(s)
	sum := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
	slices.Reverse(sum)
	return append(slices.Clone(b[:36]), sum...)
}

func sorted(m map[string]string) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// checkSignatureLine fails unless line is the one spelling of a signature line.
func checkSignatureLine(t *testing.T, line string) {
	t.Helper()
	name, b64, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, "— "), "\n"), " ")
	raw, err := base64.StdEncoding.DecodeString(b64)
	if !ok || err != nil || len(raw) < 5 || "— "+name+" "+base64.StdEncoding.EncodeToString(raw)+"\n" != line {
		t.Fatalf("accepted the signature line %q", line)
	}
}
