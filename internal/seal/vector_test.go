package seal_test

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"flag"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/google/go-cmp/cmp"

	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/secret"
	"varco/internal/vector"
)

var update = flag.Bool("update", false, "make the test vectors of bodies, grants and blobs anew")

var only = flag.String("only", "", "the folder of vectors that -update makes anew; all if it is empty")

const (
	bodyVectors  = "../../testdata/vectors/body"
	grantVectors = "../../testdata/vectors/grant"
	blobVectors  = "../../testdata/vectors/blob"
)

func TestVectors(t *testing.T) {
	if *update {
		for folder, vectors := range map[string]func(*testing.T) []*vector.Vector{bodyVectors: makeBodies, grantVectors: makeGrants,
			blobVectors: makeBlobs} {
			if *only != "" && filepath.Base(folder) != *only {
				continue
			}
			if err := vector.Store(folder, vectors(t)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for folder, run := range map[string]func(*testing.T, *vector.Vector) error{bodyVectors: runBody, grantVectors: runGrant,
		blobVectors: runBlob} {
		vectors, err := vector.Load(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vectors {
			t.Run(filepath.Base(folder)+"/"+v.Name, func(t *testing.T) {
				got := vector.OK
				if err := run(t, v); err != nil {
					got = string(fault.ClassOf(err))
				}
				if got != v.Expect {
					t.Errorf("%s: got %q, want %q", v.Says, got, v.Expect)
				}
			})
		}
	}
}

func runBody(t *testing.T, v *vector.Vector) error {
	t.Helper()
	e, err := seal.ParseEpoch(secret.NewString(v.Get("identity")))
	if err != nil {
		t.Fatal(err)
	}
	content, err := seal.OpenBody(e, seal.Binding{Thread: ids.Thread(v.Get("thread")), Entry: ids.Entry(v.Get("entry")),
		Epoch: number(t, v.Get("epoch")), Author: ids.Person(v.Get("author")), Kind: v.Get("kind")}, v.Bytes("file"))
	if err == nil {
		if diff := cmp.Diff(string(v.Bytes("content")), string(content)); diff != "" {
			t.Errorf("content (-want +got)\n%s", diff)
		}
	} else if content != nil {
		t.Errorf("%d bytes were returned with %v", len(content), err)
	}
	return err
}

func runGrant(t *testing.T, v *vector.Vector) error {
	t.Helper()
	identity, err := hybrid.ParseIdentity(secret.NewString(v.Get("identity")))
	if err != nil {
		t.Fatal(err)
	}
	card, err := note.ParseHash(v.Get("card"))
	if err != nil {
		t.Fatal(err)
	}
	g := seal.GrantBinding{Thread: ids.Thread(v.Get("thread")), Epoch: number(t, v.Get("epoch")), Card: card}
	e, err := seal.OpenGrant(identity, g, v.Get("recipient"), v.Bytes("file"))
	if err == nil && e.Recipient() != v.Get("recipient") {
		t.Error("the grant gave another epoch")
	} else if err != nil && !e.IsZero() {
		t.Errorf("an epoch was returned with %v", err)
	}
	return err
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The classes, as vectors name them.
const (
	ok       = vector.OK
	envelop  = string(fault.ClassEnvelope)
	padding  = string(fault.ClassPadding)
	binding  = string(fault.ClassBinding)
	size     = string(fault.ClassSize)
	grantBad = string(fault.ClassGrant)
)

// makeBodies makes one body that is accepted, and what a lying service or member could do
// to it. "service" is what the service says, who sees the outside only.
func makeBodies(t *testing.T) []*vector.Vector {
	e, b := newEpoch(t), newBinding()
	to, content := parsed(t, e.Recipient()), []byte("Buongiorno,\nla signora ha diritto all'assegno?\n")
	good, err := seal.Body(e.Recipient(), b, content)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := e.Open(good)
	if err != nil {
		t.Fatal(err)
	}
	var all []*vector.Vector
	add := func(name, expect, service, says string, epoch seal.Epoch, b seal.Binding, file []byte) *vector.Vector {
		v := vector.New(name, expect, says).Set("service", service).
			Set("identity", epoch.Reveal()).
			Set("thread", string(b.Thread)).Set("entry", string(b.Entry)).Set("epoch", strconv.FormatInt(b.Epoch, 10)).
			Set("author", string(b.Author)).Set("kind", b.Kind).
			Attach("file", file)
		all = append(all, v)
		return v
	}
	add("ok", ok, ok, "a body as it should be", e, b, good).Attach("content", content)
	empty, err := seal.Body(e.Recipient(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	add("ok-empty", ok, ok, "a body without content", e, b, empty).Attach("content", nil)

	moved := func(name, says string, change func(*seal.Binding)) {
		other := b
		change(&other)
		add(name, binding, ok, says, e, other, good)
	}
	moved("thread", "a body served in another thread", func(b *seal.Binding) { b.Thread = ids.NewThread(rand.Reader) })
	moved("entry", "a body served for another entry of its thread",
		func(b *seal.Binding) { b.Entry = ids.NewEntry(rand.Reader) })
	moved("epoch", "a body under a header of another epoch", func(b *seal.Binding) { b.Epoch++ })
	moved("author", "a body signed again by somebody else", func(b *seal.Binding) { b.Author = ids.NewPerson(rand.Reader) })
	moved("kind", "a message served as an opening", func(b *seal.Binding) { b.Kind = "open" })
	add("identity", binding, ok, "a body sealed to another epoch's recipient", newEpoch(t), b, good)

	inside := func(name, says, plain string) {
		add(name, binding, ok, says, e, b, raw(t, padded(t, plain), to))
	}
	text := string(plain)
	inside("no-binding", "content without a binding", string(content))
	inside("no-blank-line", "content right after the binding", strings.Replace(text, "\n\n", "\n", 1))
	inside("line-missing", "a binding without its author", without(text, "author"))
	inside("line-twice", "a binding that states its epoch twice", strings.Replace(text, "epoch 3\n", "epoch 3\nepoch 3\n", 1))
	inside("lines-reordered", "a binding with the epoch before the entry",
		strings.Replace(without(text, "epoch"), "entry", "epoch 3\nentry", 1))
	inside("crlf", "a binding in lines that end with CR LF", strings.ReplaceAll(text, "\n", "\r\n"))
	inside("grant", "a grant in place of a body", strings.Replace(text, "varco/v1 body", "varco/v1 grant", 1))
	inside("version", "a binding of another version", strings.Replace(text, "varco/v1", "varco/v2", 1))

	for _, p := range badPaddings(t, plain) {
		add(p.name, p.expect, p.service, p.says, e, b, raw(t, p.plain, to))
	}
	for _, o := range badOutsides(t, good, padded(t, text), to) {
		add(o.name, o.expect, o.service, o.says, e, b, o.file)
	}
	return all
}

// makeGrants makes one grant that is accepted, and what a lying service or member could do
// to it.
func makeGrants(t *testing.T) []*vector.Vector {
	e, g, member := newEpoch(t), newGrantBinding(), newIdentity(t)
	to := parsed(t, member.Recipient())
	good, err := seal.Grant(member.Recipient(), g, e)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := member.Open(good)
	if err != nil {
		t.Fatal(err)
	}
	var all []*vector.Vector
	add := func(name, expect, service, says string, i hybrid.Identity, g seal.GrantBinding, recipient string, file []byte) {
		all = append(all, vector.New(name, expect, says).Set("service", service).
			Set("identity", i.Reveal()).
			Set("thread", string(g.Thread)).Set("epoch", strconv.FormatInt(g.Epoch, 10)).Set("card", g.Card.String()).
			Set("recipient", recipient).
			Attach("file", file))
	}
	add("ok", ok, ok, "a grant as it should be", member, g, e.Recipient(), good)

	moved := func(name, says string, change func(*seal.GrantBinding)) {
		other := g
		change(&other)
		add(name, binding, ok, says, member, other, e.Recipient(), good)
	}
	moved("thread", "a grant served in another thread", func(g *seal.GrantBinding) { g.Thread = ids.NewThread(rand.Reader) })
	moved("epoch", "a grant served for another epoch", func(g *seal.GrantBinding) { g.Epoch++ })
	moved("card", "a grant served for another card of its member",
		func(g *seal.GrantBinding) { g.Card = note.Sum([]byte("another card")) })
	add("identity", grantBad, ok, "a grant sealed to another identity", newIdentity(t), g, e.Recipient(), good)
	add("recipient", grantBad, ok, "a grant that does not give the recipient of the header", member, g,
		newEpoch(t).Recipient(), good)
	add("own", grantBad, ok, "a grant that gives the member's own identity", member, g, e.Recipient(),
		raw(t, padded(t, strings.Replace(string(plain), e.Reveal(), member.Reveal(), 1)), to))

	inside := func(name, expect, says, plain string) {
		add(name, expect, ok, says, member, g, e.Recipient(), raw(t, padded(t, plain), to))
	}
	text := string(plain)
	inside("no-identity", grantBad, "a grant that gives nothing", without(text, "identity"))
	inside("two-identities", grantBad, "a grant that gives two epochs", text+"identity "+newEpoch(t).Reveal()+"\n")
	inside("lower-case", grantBad, "an identity in lower case",
		strings.Replace(text, e.Reveal(), strings.ToLower(e.Reveal()), 1))
	inside("no-line-end", grantBad, "a last line without its end", strings.TrimSuffix(text, "\n"))
	inside("line-after", grantBad, "a line after the last", text+"epoch 4\n")
	inside("no-card", binding, "a grant that names no card", without(text, "card"))
	inside("body", binding, "a body in place of a grant", strings.Replace(text, "varco/v1 grant", "varco/v1 body", 1))
	add("larger", size, size, "a grant larger than grants are", member, g, e.Recipient(),
		raw(t, padded(t, text+strings.Repeat("x", 1000)), to))

	for _, p := range badPaddings(t, plain) {
		expect, service := p.expect, p.service
		if len(p.plain) > len(padded(t, text)) && expect == padding {
			expect, service = size, size // a grant has one size, and that is looked at first
		}
		add(p.name, expect, service, p.says, member, g, e.Recipient(), raw(t, p.plain, to))
	}
	for _, o := range badOutsides(t, good, padded(t, text), to) {
		add(o.name, o.expect, o.service, o.says, member, g, e.Recipient(), o.file)
	}
	return all
}

// without removes the line that begins with key.
func without(text, key string) string {
	before, rest, _ := strings.Cut(text, key+" ")
	_, after, _ := strings.Cut(rest, "\n")
	return before + after
}

type badPadding struct {
	name, expect, service, says string
	plain                       []byte
}

func badPaddings(t *testing.T, plain []byte) []badPadding {
	with := func(change func([]byte) []byte) []byte { return change(padded(t, string(plain))) }
	length := func(n int) func([]byte) []byte {
		return func(b []byte) []byte {
			binary.BigEndian.PutUint64(b, uint64(n))
			return b
		}
	}
	return []badPadding{
		{"padding-not-zero", padding, ok, "something hidden behind the content",
			with(func(b []byte) []byte { b[len(b)-1] = 1; return b })},
		{"length-short", padding, ok, "a length one byte too short", with(length(len(plain) - 1))},
		{"length-long", padding, ok, "a length beyond the end", with(length(1017))},
		{"length-huge", padding, ok, "a length of 2^64 - 1", with(length(-1))},
		{"length-little-endian", padding, ok, "a length in the wrong order of bytes",
			with(func(b []byte) []byte { binary.LittleEndian.PutUint64(b, uint64(len(plain))); return b })},
		{"padded-too-far", padding, ok, "more zeros than the length asks for",
			with(func(b []byte) []byte { return append(b, make([]byte, 1024)...) })},
		{"not-padded", envelop, envelop, "a size that no padding gives", plain},
		{"padded-by-one", envelop, envelop, "one zero too many", with(func(b []byte) []byte { return append(b, 0) })},
		{"under-the-floor", envelop, envelop, "half of the smallest size", with(func(b []byte) []byte { return b[:512] })},
	}
}

type badOutside struct {
	name, expect, service, says string
	file                        []byte
}

// classic hides from age that a recipient must stay alone, as another implementation might.
type classic struct{ age.Recipient }

// greasy adds a stanza of an unknown type.
type greasy struct{ age.Recipient }

func (g greasy) Wrap(key []byte) ([]*age.Stanza, error) {
	stanzas, err := g.Recipient.Wrap(key)
	return append(stanzas, &age.Stanza{Type: "x-grease", Args: []string{"a"}, Body: []byte("b")}), err
}

// badOutsides are changes to a good file and to how its plaintext is sealed.
func badOutsides(t *testing.T, good, plain []byte, to age.Recipient) []badOutside {
	x25519, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	scrypt, err := age.NewScryptRecipient("abaco")
	if err != nil {
		t.Fatal(err)
	}
	scrypt.SetWorkFactor(2)
	flip := func(at int) []byte {
		b := bytes.Clone(good)
		b[at] ^= 1
		return b
	}
	var text bytes.Buffer
	w := armor.NewWriter(&text)
	if _, err := w.Write(good); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	const header = 1627
	return []badOutside{
		{"x25519", envelop, envelop, "sealed to X25519 only", raw(t, plain, x25519.Recipient())},
		{"scrypt", envelop, envelop, "sealed to a password", raw(t, plain, scrypt)},
		{"two-stanzas", envelop, envelop, "sealed to a second post-quantum recipient",
			raw(t, plain, to, parsed(t, newIdentity(t).Recipient()))},
		{"x25519-too", envelop, envelop, "sealed to an X25519 recipient too", raw(t, plain, classic{to}, x25519.Recipient())},
		{"grease", envelop, envelop, "a second stanza of an unknown type", raw(t, plain, greasy{to})},
		{"armored", envelop, envelop, "in age's text form", text.Bytes()},
		{"truncated", envelop, envelop, "the last byte is missing", good[:len(good)-1]},
		{"header-only", envelop, envelop, "nothing after the header", good[:header]},
		{"trailing", envelop, envelop, "a byte after the end", append(bytes.Clone(good), 0)},
		{"leading", envelop, envelop, "an empty line before the start", append([]byte("\n"), good...)},
		{"crlf-header", envelop, envelop, "a header in lines that end with CR LF",
			append(bytes.ReplaceAll(good[:header], []byte("\n"), []byte("\r\n")), good[header:]...)},
		{"payload-changed", envelop, ok, "one bit of the payload changed", flip(len(good) - 500)},
		{"nonce-changed", envelop, ok, "one bit of the nonce changed", flip(header)},
		{"mac-changed", envelop, ok, "the header's MAC changed", swapLetter(good, header-20)},
	}
}

// swapLetter changes one letter of a header into another of the same alphabet.
func swapLetter(file []byte, at int) []byte {
	b := bytes.Clone(file)
	if b[at] == 'A' {
		b[at] = 'B'
	} else {
		b[at] = 'A'
	}
	return b
}
