package keyring_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"varco/internal/card"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/secret"
	"varco/internal/vector"
)

// The classes, as vectors name them.
const (
	ok       = vector.OK
	badLock  = string(fault.ClassLock)
	phrase   = string(fault.ClassPhrase)
	envelop  = string(fault.ClassEnvelope)
	padding  = string(fault.ClassPadding)
	size     = string(fault.ClassSize)
	form     = string(fault.ClassForm)
	missing  = string(fault.ClassMissing)
	replaced = string(fault.ClassSubstitute)
)

// lowWork is the bounds that most vectors are opened with.
const lowWork = "2 4"

// raw seals plain as it is, to any recipients.
func raw(t testing.TB, plain []byte, to ...age.Recipient) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := age.Encrypt(&file, to...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func padded(t testing.TB, plain string) []byte {
	t.Helper()
	b, err := envelope.Pad([]byte(plain), envelope.MaxBody)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func toHybrid(t testing.TB, i hybrid.Identity) age.Recipient {
	t.Helper()
	r, err := age.ParseHybridRecipient(i.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newIdentity(t testing.TB) hybrid.Identity {
	t.Helper()
	i, err := hybrid.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func toX25519(t testing.TB) age.Recipient {
	t.Helper()
	i, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return i.Recipient()
}

func toPhrase(t testing.TB, words secret.String, work int) age.Recipient {
	t.Helper()
	r, err := age.NewScryptRecipient(words.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	r.SetWorkFactor(work)
	return r
}

// classic hides from age that a recipient must stay alone, as another implementation might.
type classic struct{ age.Recipient }

// bent changes the stanza that age makes.
type bent struct {
	age.Recipient
	bend func(*age.Stanza)
}

func (b bent) Wrap(key []byte) ([]*age.Stanza, error) {
	stanzas, err := b.Recipient.Wrap(key)
	for _, s := range stanzas {
		b.bend(s)
	}
	return stanzas, err
}

func armored(t testing.TB, file []byte) []byte {
	t.Helper()
	var text bytes.Buffer
	w := armor.NewWriter(&text)
	if _, err := w.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// crafted is a stored keyring whose parts can be replaced one by one.
type crafted struct {
	person  ids.Person
	words   secret.String
	id      ids.Lock
	key     hybrid.Identity // K
	lock    []byte
	keyring string // the form inside
	file    []byte
}

// keyLine is a line of a keyring's form.
func keyLine(serial any, identity string, seed []byte) string {
	return fmt.Sprintf("key %v %s %s\n", serial, identity, base64.StdEncoding.EncodeToString(seed))
}

func newSeed(t testing.TB) []byte {
	t.Helper()
	seed := make([]byte, 32)
	if _, err := rand.Read(seed); err != nil {
		t.Fatal(err)
	}
	return seed
}

func craft(t testing.TB, work int) crafted {
	t.Helper()
	c := crafted{person: ids.NewPerson(rand.Reader), words: newPhrase(t), id: ids.NewLock(rand.Reader), key: newIdentity(t)}
	c.lock = raw(t, padded(t, c.lockText(c.id, c.person)), toPhrase(t, c.words, work))
	c.keyring = "varco/v1 keyring\nperson " + string(c.person) + "\n" +
		keyLine(1, newIdentity(t).Reveal(), newSeed(t)) + keyLine(2, newIdentity(t).Reveal(), newSeed(t))
	c.file = raw(t, padded(t, c.keyring), toHybrid(t, c.key))
	return c
}

func (c crafted) lockText(id ids.Lock, person ids.Person) string {
	return "varco/v1 lock\nlock " + string(id) + "\nperson " + string(person) + "\nidentity " + c.key.Reveal() + "\n"
}

// vector writes c down with one lock.
func (c crafted) vector(name, expect, service, says string, lock []byte) *vector.Vector {
	return c.bare(name, expect, service, says).Attach(string(c.id)+" phrase", lock)
}

// bare writes c down without a lock.
func (c crafted) bare(name, expect, service, says string) *vector.Vector {
	return vector.New(name, expect, says).Set("service", service).Set("phrase", c.words.Reveal()).
		Set("person", string(c.person)).Set("serials", "1 2").Attach("keyring", c.file)
}

// makeLocks makes locks that are accepted, and what could be done to them. "service" is
// what the service says of the first lock, who sees the outside only.
func makeLocks(t *testing.T) []*vector.Vector {
	// One with the work of people's locks, and genuine ones that ask for less and for more.
	k, words := newKeyring(t), newPhrase(t)
	s, err := keyring.Seal(k, words, keyring.DefaultWork())
	if err != nil {
		t.Fatal(err)
	}
	genuine := crafted{person: k.Person(), words: words, id: s.Locks[0].ID, file: s.File}
	all := []*vector.Vector{genuine.vector("ok", ok, ok, "a phrase lock as it should be", s.Locks[0].File).Set("serials", "1")}
	lowered, raised := craft(t, 16), craft(t, 20)
	all = append(all,
		lowered.vector("work-lowered", badLock, ok, "a good lock with work factor 16, easier to guess", lowered.lock),
		raised.vector("work-raised", badLock, ok, "a good lock with work factor 20, which uses up the device", raised.lock))

	c := craft(t, 3)
	add := func(name, expect, service, says string, lock []byte) *vector.Vector {
		v := c.vector(name, expect, service, says, lock).Set("work", lowWork)
		all = append(all, v)
		return v
	}
	scrypt := func(work int) age.Recipient { return classic{toPhrase(t, c.words, work)} }
	text := c.lockText(c.id, c.person)
	plain := padded(t, text)
	add("ok-low", ok, ok, "the same with little work, for tests", c.lock)
	typed := strings.ToUpper(strings.ReplaceAll(c.words.Reveal(), "-", "  ")) + "\n"
	add("ok-spelling", ok, ok, "the phrase in capitals and with spaces", c.lock).Set("phrase", strings.TrimSpace(typed))
	add("phrase", phrase, ok, "another phrase", c.lock).Set("phrase", newPhrase(t).Reveal())
	add("phrase-word", phrase, ok, "a word that is not in the list", c.lock).Set("phrase", c.words.Reveal()+"x")
	add("phrase-short", phrase, ok, "a phrase of five words", c.lock).
		Set("phrase", c.words.Reveal()[:strings.LastIndexByte(c.words.Reveal(), '-')])

	add("work-below", badLock, ok, "less work than the least", raw(t, plain, scrypt(1)))
	add("work-above", badLock, ok, "more work than the most", raw(t, plain, scrypt(5)))
	number := func(s string) age.Recipient { return bent{scrypt(3), func(st *age.Stanza) { st.Args[1] = s }} }
	add("work-zero-before", badLock, badLock, "a work factor with a zero before it", raw(t, plain, number("03")))
	add("work-negative", badLock, badLock, "a negative work factor", raw(t, plain, number("-3")))
	add("work-claimed", badLock, ok, "a work factor of 63 that was never done", raw(t, plain, number("63")))

	add("two-stanzas", badLock, badLock, "two phrases open the lock",
		raw(t, plain, scrypt(3), classic{toPhrase(t, newPhrase(t), 3)}))
	add("x25519-too", badLock, badLock, "an X25519 recipient opens the lock too", raw(t, plain, scrypt(3), toX25519(t)))
	add("x25519", badLock, badLock, "sealed to X25519 in place of a phrase", raw(t, plain, toX25519(t)))
	add("hybrid", badLock, badLock, "sealed to a recipient in place of a phrase", raw(t, plain, toHybrid(t, newIdentity(t))))
	add("armored", badLock, badLock, "in age's text form", armored(t, c.lock))
	add("truncated", badLock, badLock, "the last byte is missing", c.lock[:len(c.lock)-1])
	add("trailing", badLock, badLock, "a byte after the end", append(bytes.Clone(c.lock), 0))
	changed := bytes.Clone(c.lock)
	changed[len(changed)-100] ^= 1
	add("payload-changed", badLock, ok, "one bit of the payload changed", changed)
	hidden := padded(t, text)
	hidden[len(hidden)-1] = 1
	add("padding-not-zero", badLock, ok, "something hidden behind the form", raw(t, hidden, scrypt(3)))
	add("not-padded", badLock, badLock, "a lock without padding", raw(t, []byte(text), scrypt(3)))

	inside := func(name, says, text string) { add(name, badLock, ok, says, raw(t, padded(t, text), scrypt(3))) }
	inside("id", "a lock served under the id of another", c.lockText(ids.NewLock(rand.Reader), c.person))
	inside("person", "a lock of another person", c.lockText(c.id, ids.NewPerson(rand.Reader)))
	inside("key", "a lock that gives the key of another keyring", craft(t, 1).withKey(c).lockText(c.id, c.person))
	inside("no-key", "a lock that gives nothing", strings.SplitAfter(text, "identity ")[0]+"-\n")
	inside("line-after", "a line after the last", text+"identity "+newIdentity(t).Reveal()+"\n")
	inside("crlf", "lines that end with CR LF", strings.ReplaceAll(text, "\n", "\r\n"))

	add("two-locks", badLock, ok, "a second phrase lock, which costs work for nothing", c.lock).
		Attach(string(ids.NewLock(rand.Reader))+" phrase", c.lock)
	add("ok-other-kind", ok, ok, "a lock of a kind that this client does not know beside it", c.lock).
		Attach(string(ids.NewLock(rand.Reader))+" sundial", []byte("noon"))
	all = append(all, c.bare("none", badLock, ok, "no lock at all").Set("work", lowWork))
	return append(all, makePasskeys(t)...)
}

// withKey takes over the lock's id and person of another, with a K of its own.
func (c crafted) withKey(other crafted) crafted {
	other.key = c.key
	return other
}

// makeKeyrings makes keyrings that are accepted, and what could be done to them. "service"
// is what the service says of the file, who sees the outside only.
func makeKeyrings(t *testing.T) []*vector.Vector {
	c := craft(t, 3)
	to := toHybrid(t, c.key)
	k, err := keyring.Open(keyring.Sealed{File: c.file, Locks: []keyring.Lock{{ID: c.id, Kind: "phrase", File: c.lock}}},
		c.words, low)
	if err != nil {
		t.Fatal(err)
	}
	var all []*vector.Vector
	add := func(name, expect, service, says string, file []byte) *vector.Vector {
		other := c
		other.file = file
		v := other.vector(name, expect, service, says, c.lock).Set("work", lowWork)
		all = append(all, v)
		return v
	}
	compared := func(name, expect, says string, with card.Card) {
		add(name, expect, ok, says, c.file).
			Set("card", string(with.Person)).Set("serial", fmt.Sprint(with.Serial)).
			Set("seals-to", with.SealsTo).Set("signs-with", with.SignsWith.String())
	}
	add("ok", ok, ok, "a keyring as it should be", c.file)
	other := newKeyring(t)
	mine, hers := cardOf(t, k, 2), cardOf(t, other, 1)
	compared("ok-card", ok, "the keyring of its card", mine)
	changed := mine
	changed.SealsTo = hers.SealsTo
	compared("card-recipient", replaced, "a card with the recipient of somebody else", changed)
	changed = mine
	changed.SignsWith = hers.SignsWith
	compared("card-key", replaced, "a card with the signing key of somebody else", changed)
	changed = mine
	changed.Person = hers.Person
	compared("card-person", replaced, "a card of somebody else with these keys", changed)
	changed = mine
	changed.Serial = 1
	compared("card-serial", replaced, "a card with the keys of the next", changed)
	changed = mine
	changed.Serial = 3
	compared("card-newer", missing, "an old keyring, from before the card", changed)

	text := c.keyring
	head := text[:strings.Index(text, "key ")]
	line := func(serial any) string { return keyLine(serial, newIdentity(t).Reveal(), newSeed(t)) }
	inside := func(name, expect, says, text string) { add(name, expect, ok, says, raw(t, padded(t, text), to)) }
	inside("person", badLock, "the keyring of another person behind the lock",
		strings.Replace(text, string(c.person), string(other.Person()), 1))
	inside("no-keys", form, "a keyring without keys", head)
	inside("serial-zero", form, "keys of a card 0", head+line(0))
	inside("serial-negative", form, "keys of a card -1", head+line(-1))
	inside("serial-twice", form, "two sets of keys for one card", head+line(1)+line(1))
	inside("serial-order", form, "serials out of order", head+line(2)+line(1))
	inside("serial-spelling", form, "a serial with a zero before it", head+line("01"))
	inside("identity-lower", form, "an identity in lower case",
		head+keyLine(1, strings.ToLower(newIdentity(t).Reveal()), newSeed(t)))
	x25519, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	inside("identity-x25519", form, "an identity of X25519 only", head+keyLine(1, x25519.String(), newSeed(t)))
	inside("seed-short", form, "a seed of 31 bytes", head+keyLine(1, newIdentity(t).Reveal(), newSeed(t)[:31]))
	inside("seed-spelling", form, "a seed in another base64",
		head+strings.Replace(keyLine(1, newIdentity(t).Reveal(), newSeed(t)), "=", "", 1))
	inside("line-after", form, "a line after the last", text+"note ciao\n")
	inside("crlf", form, "lines that end with CR LF", strings.ReplaceAll(text, "\n", "\r\n"))
	inside("kind", form, "a form of another kind", strings.Replace(text, "keyring", "lock", 1))
	var many strings.Builder
	many.WriteString(head)
	identity := newIdentity(t).Reveal()
	for serial := range keyring.MaxSerials + 1 {
		many.WriteString(keyLine(serial+1, identity, newSeed(t)))
	}
	inside("too-many", form, "keys for more cards than a keyring holds", many.String())

	plain := padded(t, text)
	add("key", badLock, ok, "a keyring sealed to another key than the lock gives", raw(t, plain, toHybrid(t, newIdentity(t))))
	add("x25519", envelop, envelop, "sealed to X25519 only", raw(t, plain, toX25519(t)))
	add("scrypt", envelop, envelop, "sealed to the phrase itself", raw(t, plain, toPhrase(t, c.words, 3)))
	add("two-stanzas", envelop, envelop, "sealed to a second recipient", raw(t, plain, to, toHybrid(t, newIdentity(t))))
	add("x25519-too", envelop, envelop, "sealed to an X25519 recipient too", raw(t, plain, classic{to}, toX25519(t)))
	add("armored", envelop, envelop, "in age's text form", armored(t, c.file))
	add("truncated", envelop, envelop, "the last byte is missing", c.file[:len(c.file)-1])
	add("trailing", envelop, envelop, "a byte after the end", append(bytes.Clone(c.file), 0))
	add("not-padded", envelop, envelop, "a keyring without padding", raw(t, []byte(text), to))
	flipped := bytes.Clone(c.file)
	flipped[len(flipped)-100] ^= 1
	add("payload-changed", envelop, ok, "one bit of the payload changed", flipped)
	hidden := padded(t, text)
	hidden[len(hidden)-1] = 1
	add("padding-not-zero", padding, ok, "something hidden behind the form", raw(t, hidden, to))
	long := padded(t, text)
	binary.BigEndian.PutUint64(long, uint64(len(long)))
	add("length-long", padding, ok, "a length beyond the end", raw(t, long, to))
	add("too-large", size, size, "a keyring larger than keyrings are",
		raw(t, padded(t, strings.Repeat("x", envelope.MaxKeyring)), to))
	return all
}
