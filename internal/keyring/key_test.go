package keyring_test

import (
	"fmt"
	"strings"
	"testing"

	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/secret"
)

// A lock is opened in one place and the keyring in another, and what goes between is text.
func TestKeyCrosses(t *testing.T) {
	c := craft(t, 2)
	words := newPhrase(t)
	key, lock, err := keyring.NewPhraseLock(c.person, words, low)
	if err != nil {
		t.Fatal(err)
	}
	k, err := keyring.New(c.person)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := keyring.SealWith(k, again(t, key), lock)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := keyring.OpenPhraseLock(sealed.Locks, words, low)
	if err != nil {
		t.Fatal(err)
	}
	got, err := keyring.OpenWith(sealed, again(t, opened))
	if err != nil || got.Person() != c.person {
		t.Fatalf("opening: %v", err)
	}
	if _, err := keyring.Open(sealed, words, low); err != nil {
		t.Errorf("opening in one place: %v", err)
	}
	other, _, err := keyring.NewPhraseLock(c.person, words, low)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.OpenWith(sealed, other); fault.ClassOf(err) != fault.ClassLock {
		t.Errorf("with another key: %v", err)
	}
}

func TestKeyOfSomebodyElse(t *testing.T) {
	mine, hers := craft(t, 2), craft(t, 2)
	key, lock, err := keyring.NewPhraseLock(hers.person, newPhrase(t), low)
	if err != nil {
		t.Fatal(err)
	}
	if mine.person == hers.person {
		t.Fatal("two people are one")
	}
	k, err := keyring.New(mine.person)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keyring.SealWith(k, key, lock); fault.ClassOf(err) != fault.ClassLock {
		t.Errorf("sealing: %v", err)
	}
}

func TestKeyPrintsNothing(t *testing.T) {
	key, _, err := keyring.NewPhraseLock(craft(t, 2).person, newPhrase(t), low)
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", key, key, struct{ k keyring.Key }{key}, key); strings.Contains(strings.ToUpper(text), "AGE-SECRET") {
		t.Errorf("a key prints: %s", text)
	}
}

func again(t *testing.T, k keyring.Key) keyring.Key {
	t.Helper()
	parsed, err := keyring.ParseKey(secret.NewString(k.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func FuzzParseKey(f *testing.F) {
	key, _, err := keyring.NewPhraseLock(craft(f, 2).person, secret.NewString("abaco-zulu-pianta-umile-velina-zuppa"), low)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(key.Reveal())
	f.Add(strings.ToLower(key.Reveal()))
	f.Add(key.Reveal() + "\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := keyring.ParseKey(secret.NewString(text))
		if err != nil {
			if fault.ClassOf(err) != fault.ClassForm {
				t.Fatalf("class %q", fault.ClassOf(err))
			}
			return
		}
		if k.Reveal() != text {
			t.Fatal("a second spelling of a key")
		}
	})
}
