package keyring_test

import (
	"strings"
	"testing"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/keyring"
)

// Whatever stands inside a lock and a keyring, sealed as they should be: it is refused, or
// it is the one spelling of what was opened.
func FuzzOpen(f *testing.F) {
	c := craft(f, 2)
	phrase, to := toPhrase(f, c.words, 2), toHybrid(f, c.key)
	lock := c.lockText(c.id, c.person)
	f.Add(lock, c.keyring)
	f.Add(lock, strings.ReplaceAll(c.keyring, "key 1", "key 01"))
	f.Add(lock, strings.ReplaceAll(c.keyring, "=", ""))
	f.Add(lock, strings.ReplaceAll(c.keyring, "\n", "\r\n"))
	f.Add(lock+"\n", c.keyring+"\n")
	f.Add("", "")
	f.Add(lock, c.keyring+"passkey "+string(c.id)+" 2026-11-02T08:00:00.000Z AAAA "+strings.Repeat("A", 43)+"= "+c.key.Recipient()+"\n")
	f.Fuzz(func(t *testing.T, lockText, text string) {
		if len(lockText) > 1000 || len(text) > 16_000 {
			return
		}
		s := keyring.Sealed{File: raw(t, padded(t, text), to), Locks: []keyring.Lock{
			{ID: c.id, Kind: keyring.KindPhrase, File: raw(t, padded(t, lockText), phrase)}}}
		k, err := keyring.Open(s, c.words, low)
		if _, lockErr := keyring.OpenPhraseLock(s.Locks, c.words, low); lockErr == nil && lockText != lock {
			t.Fatalf("the lock %q was opened", lockText)
		}
		if err != nil {
			if class := fault.ClassOf(err); class != fault.ClassLock && class != fault.ClassForm {
				t.Fatalf("class %q: %v", class, err)
			}
			return
		}
		if lockText != lock {
			t.Fatalf("the lock %q was accepted", lockText)
		}
		again, err := keyring.Update(k)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := c.key.Open(again.File)
		if err != nil || string(plain) != text {
			t.Fatalf("%q is printed as %q, %v", text, plain, err)
		}
		if _, err := ids.ParsePerson(string(k.Person())); err != nil || len(k.Serials()) == 0 {
			t.Fatalf("%q was accepted", text)
		}
	})
}
