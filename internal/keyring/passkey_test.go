package keyring_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/secret"
	"varco/internal/vector"
)

func random(t testing.TB, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

func newPasskey(t testing.TB) keyring.Passkey {
	t.Helper()
	return keyring.Passkey{Credential: random(t, 32), Salt: random(t, keyring.SaltSize),
		Output: secret.NewBytes(random(t, keyring.PRFSize)), Added: time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC), Name: "il telefono"}
}

func add(t testing.TB, k *keyring.Keyring, p keyring.Passkey) (ids.Lock, keyring.Sealed) {
	t.Helper()
	id := ids.NewLock(rand.Reader)
	s, err := keyring.AddPasskey(k, id, p)
	if err != nil {
		t.Fatal(err)
	}
	return id, s
}

func openWith(s keyring.Sealed, id ids.Lock, p keyring.Passkey) (*keyring.Keyring, error) {
	key, err := keyring.OpenPasskeyLock(s.Locks, id, p.Output)
	if err != nil {
		return nil, err
	}
	return keyring.OpenWith(s, key)
}

// TestPasskeys: passkeys are added behind the same K; who is taken off opens nothing that is
// sealed from then on, and everybody else does, without having been asked.
func TestPasskeys(t *testing.T) {
	k, phrase := newKeyring(t), newPhrase(t)
	one, two := newPasskey(t), newPasskey(t)
	if _, err := keyring.AddPasskey(k, ids.NewLock(rand.Reader), one); fault.ClassOf(err) != fault.ClassMissing {
		t.Errorf("before the first lock: %v", err)
	}
	first := sealed(t, k, phrase)
	idOne, _ := add(t, k, one)
	idTwo, second := add(t, k, two)
	for _, l := range second.Locks[1:] {
		if err := envelope.CheckPasskeyLock(l.File, l.Credential, l.Salt); err != nil {
			t.Errorf("the service would not take the lock: %v", err)
		}
	}
	if diff := cmp.Diff(first.Locks, second.Locks[:1]); diff != "" {
		t.Errorf("the phrase's lock has changed (-before +after)\n%s", diff)
	}
	for name, open := range map[string]func() (*keyring.Keyring, error){
		"the phrase": func() (*keyring.Keyring, error) { return keyring.Open(second, phrase, low) },
		"the first":  func() (*keyring.Keyring, error) { return openWith(second, idOne, one) },
		"the second": func() (*keyring.Keyring, error) { return openWith(second, idTwo, two) },
	} {
		got, err := open()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		same(t, k, got)
		if len(got.Passkeys()) != 2 {
			t.Errorf("%s: %d passkeys", name, len(got.Passkeys()))
		}
	}
	if _, err := openWith(second, idOne, two); fault.ClassOf(err) != fault.ClassLock {
		t.Errorf("with the other passkey: %v", err)
	}

	again, err := openWith(second, idTwo, two)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Forget(idOne); err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.Update(again); fault.ClassOf(err) != fault.ClassMissing {
		t.Errorf("sealed to the K that was to be given up: %v", err)
	}
	if err := again.Forget(idOne); fault.ClassOf(err) != fault.ClassMissing {
		t.Errorf("taken off twice: %v", err)
	}
	other := newPhrase(t)
	third := sealed(t, again, other)
	if _, err := openWith(third, idOne, one); fault.ClassOf(err) != fault.ClassLock {
		t.Errorf("the passkey that was taken off: %v", err)
	}
	// Its old lock still gives the old K, which opens the new file no more.
	mixed := keyring.Sealed{File: third.File, Locks: second.Locks}
	if _, err := openWith(mixed, idOne, one); fault.ClassOf(err) != fault.ClassLock {
		t.Errorf("its old lock: %v", err)
	}
	if got, err := openWith(third, idTwo, two); err != nil || len(got.Passkeys()) != 1 {
		t.Errorf("the passkey that stays: %v", err)
	}
	if _, err := keyring.Open(third, other, low); err != nil {
		t.Errorf("the new phrase: %v", err)
	}
}

func TestAddPasskeyRefuses(t *testing.T) {
	k := newKeyring(t)
	sealed(t, k, newPhrase(t))
	had := newPasskey(t)
	id, _ := add(t, k, had)
	for name, test := range map[string]struct {
		edit func(*keyring.Passkey)
		want fault.Class
	}{
		"the same passkey":  {func(p *keyring.Passkey) { p.Credential = had.Credential }, fault.ClassDuplicate},
		"no credential":     {func(p *keyring.Passkey) { p.Credential = nil }, fault.ClassForm},
		"a long credential": {func(p *keyring.Passkey) { p.Credential = random(t, keyring.MaxCredential+1) }, fault.ClassForm},
		"a short salt":      {func(p *keyring.Passkey) { p.Salt = p.Salt[1:] }, fault.ClassForm},
		"no name":           {func(p *keyring.Passkey) { p.Name = " " }, fault.ClassForm},
		"a long name":       {func(p *keyring.Passkey) { p.Name = strings.Repeat("x", keyring.MaxName+1) }, fault.ClassForm},
		"a name on lines":   {func(p *keyring.Passkey) { p.Name = "il\ntelefono" }, fault.ClassForm},
		"a name in no text": {func(p *keyring.Passkey) { p.Name = "\xff" }, fault.ClassForm},
		"a short output":    {func(p *keyring.Passkey) { p.Output = secret.NewBytes(random(t, 31)) }, fault.ClassForm},
	} {
		p := newPasskey(t)
		test.edit(&p)
		if _, err := keyring.AddPasskey(k, ids.NewLock(rand.Reader), p); fault.ClassOf(err) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for lock, want := range map[ids.Lock]fault.Class{id: fault.ClassDuplicate, "": fault.ClassForm} {
		if _, err := keyring.AddPasskey(k, lock, newPasskey(t)); fault.ClassOf(err) != want {
			t.Errorf("lock %q: %v", lock, err)
		}
	}
	if len(k.Passkeys()) != 1 || len(k.Locks()) != 2 {
		t.Error("something that was refused was added")
	}
}

// TestFullKeyring: as many keys, and passkeys of the longest ids, as a keyring can have fit.
func TestFullKeyring(t *testing.T) {
	k := newKeyring(t)
	for len(k.Serials()) < keyring.MaxSerials {
		if _, err := k.Renew(); err != nil {
			t.Fatal(err)
		}
	}
	sealed(t, k, newPhrase(t))
	for len(k.Locks()) < keyring.MaxLocks {
		p := newPasskey(t)
		p.Credential = random(t, keyring.MaxCredential)
		if _, s := add(t, k, p); envelope.CheckKeyring(s.File) != nil {
			t.Fatal("the service would not take the file")
		}
	}
	if _, err := keyring.AddPasskey(k, ids.NewLock(rand.Reader), newPasskey(t)); fault.ClassOf(err) != fault.ClassSize {
		t.Errorf("one too many: %v", err)
	}
}

// makePasskeys makes passkeys' locks that are accepted, and what could be done to them.
func makePasskeys(t *testing.T) []*vector.Vector {
	c, p := craft(t, 3), newPasskey(t)
	id := ids.NewLock(rand.Reader)
	seed, err := hkdf.Key(sha256.New, p.Output.Reveal(), nil, "varco/v1 passkey-lock", 32)
	if err != nil {
		t.Fatal(err)
	}
	own, err := hybrid.FromSeed(secret.NewBytes(seed))
	if err != nil {
		t.Fatal(err)
	}
	held := "passkey " + string(id) + " 2026-11-02T08:00:00.000Z " + base64.StdEncoding.EncodeToString([]byte(p.Name)) + " " + base64.StdEncoding.EncodeToString(p.Credential) + " " +
		base64.StdEncoding.EncodeToString(p.Salt) + " " + own.Recipient() + "\n"
	c.keyring += held
	c.file = raw(t, padded(t, c.keyring), toHybrid(t, c.key))
	text := c.lockText(id, c.person)
	good := raw(t, padded(t, text), toHybrid(t, own))
	var all []*vector.Vector
	lock := func(name, expect, service, says string, file []byte) *vector.Vector {
		v := c.bare("passkey-"+name, expect, service, says).Set("opens", string(id)).Set("prf-gives", own.Recipient()).
			Set("prf", base64.StdEncoding.EncodeToString(p.Output.Reveal())).
			Attach(string(id)+" passkey", file).Attach(string(id)+" credential", p.Credential).Attach(string(id)+" salt", p.Salt).
			Attach(string(c.id)+" phrase", c.lock)
		all = append(all, v)
		return v
	}
	lock("ok", ok, ok, "a passkey's lock as it should be", good)
	lock("other", badLock, ok, "another passkey's output", good).Set("prf-gives", "").Set("prf", base64.StdEncoding.EncodeToString(random(t, 32)))
	lock("short", form, ok, "an output of 31 bytes", good).Set("prf", base64.StdEncoding.EncodeToString(random(t, 31)))
	lock("absent", badLock, ok, "a lock that is not there", good).Set("opens", string(ids.NewLock(rand.Reader)))
	lock("phrase", badLock, ok, "the phrase's lock in place of the passkey's", good).Set("opens", string(c.id))
	lock("scrypt", badLock, badLock, "sealed to a phrase in place of a recipient", raw(t, padded(t, text), toPhrase(t, c.words, 3)))
	lock("x25519", badLock, badLock, "sealed to X25519 only", raw(t, padded(t, text), toX25519(t)))
	lock("x25519-too", badLock, badLock, "an X25519 recipient opens the lock too",
		raw(t, padded(t, text), classic{toHybrid(t, own)}, toX25519(t)))
	lock("two-stanzas", badLock, badLock, "another recipient opens the lock too",
		raw(t, padded(t, text), []age.Recipient{toHybrid(t, own), toHybrid(t, newIdentity(t))}...))
	lock("not-padded", badLock, badLock, "a lock without padding", raw(t, []byte(text), toHybrid(t, own)))
	lock("too-large", badLock, badLock, "a lock larger than locks are", raw(t, padded(t, text+strings.Repeat("x", 2000)), toHybrid(t, own)))
	lock("truncated", badLock, badLock, "the last byte is missing", good[:len(good)-1])
	changed := bytes.Clone(good)
	changed[len(changed)-100] ^= 1
	lock("changed", badLock, ok, "one bit changed", changed)
	inside := func(name, says, text string) {
		lock(name, badLock, ok, says, raw(t, padded(t, text), toHybrid(t, own)))
	}
	inside("id", "a lock served under the id of another", c.lockText(c.id, c.person))
	inside("person", "a lock of another person", c.lockText(id, ids.NewPerson(rand.Reader)))
	inside("key", "a lock that gives the key of another keyring", craft(t, 1).withKey(c).lockText(c.id, c.person))

	keyrings := func(name, says string, change func(string) string) {
		file := c.file
		c.file = raw(t, padded(t, change(c.keyring)), toHybrid(t, c.key))
		lock(name, form, ok, says, good)
		c.file = file
	}
	swap := func(old, new string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, new, 1) }
	}
	keyrings("held-twice", "a keyring with one passkey twice", swap(held, held+held))
	keyrings("held-first", "a keyring with the passkey before the keys", func(s string) string {
		head, keys, _ := strings.Cut(strings.TrimSuffix(s, held), "key 1")
		return head + held + "key 1" + keys
	})
	keyrings("held-recipient", "a keyring with a passkey of an X25519 recipient", swap(own.Recipient(), "age1"+strings.Repeat("q", 58)))
	keyrings("held-salt", "a keyring with a passkey of a short salt", swap(base64.StdEncoding.EncodeToString(p.Salt),
		base64.StdEncoding.EncodeToString(p.Salt[:30])))
	keyrings("held-name", "a keyring with a passkey whose name has two lines", swap(base64.StdEncoding.EncodeToString([]byte(p.Name)),
		base64.StdEncoding.EncodeToString([]byte("il\ntelefono"))))
	keyrings("held-spelling", "a keyring with a credential in another base64", swap(base64.StdEncoding.EncodeToString(p.Credential),
		strings.TrimSuffix(base64.StdEncoding.EncodeToString(p.Credential), "=")))
	return all
}
