package ids_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"varco/internal/ids"
)

func TestNewIsParsed(t *testing.T) {
	seen := map[ids.Thread]bool{}
	for range 1000 {
		id := ids.NewThread(rand.Reader)
		if seen[id] {
			t.Fatalf("%s drawn twice", id)
		}
		seen[id] = true
		if got, err := ids.ParseThread(string(id)); err != nil || got != id {
			t.Fatalf("ParseThread(%q) = %q, %v", id, got, err)
		}
	}
}

// Every single wrong character and every swap of neighbours is found: what a
// person mistypes is told at once and never asked of the service.
func TestCheckCharacter(t *testing.T) {
	const alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
	id := string(ids.NewPerson(rand.Reader))
	for i := 2; i < len(id); i++ {
		if id[i] == '-' {
			continue
		}
		for _, c := range []byte(alphabet) {
			if c == id[i] {
				continue
			}
			if _, err := ids.ParsePerson(id[:i] + string(c) + id[i+1:]); err == nil {
				t.Fatalf("%q with %c at %d was accepted", id, c, i)
			}
		}
		if i+1 < len(id) && id[i+1] != '-' && id[i] != id[i+1] {
			swapped := id[:i] + string(id[i+1]) + string(id[i]) + id[i+2:]
			if _, err := ids.ParsePerson(swapped); err == nil {
				t.Fatalf("%q swapped at %d was accepted", id, i)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	good := string(ids.NewPerson(rand.Reader))
	for name, s := range map[string]string{
		"empty": "", "prefix": "o" + good[1:], "upper": strings.ToUpper(good), "short": good[:len(good)-1],
		"long": good + "2", "space": good[:3] + " " + good[4:], "hyphens": "p-----------------------"[:len(good)],
		"newline": good + "\n", "no group": strings.ReplaceAll(good, "-", ""),
	} {
		if _, err := ids.ParsePerson(s); err == nil {
			t.Errorf("%s: ParsePerson(%q) was accepted", name, s)
		}
	}
}

// Any text is at most one kind of identifier, and that one is spelled as it was.
func FuzzParse(f *testing.F) {
	f.Add(string(ids.NewThread(rand.Reader)))
	f.Add(string(ids.NewPerson(rand.Reader)))
	f.Add(string(ids.NewEntry(rand.Reader)))
	f.Fuzz(func(t *testing.T, s string) {
		kinds := 0
		for _, read := range []func(string) (string, error){
			text(ids.ParsePerson), text(ids.ParseOrganisation), text(ids.ParseCase), text(ids.ParseThread), text(ids.ParseEntry),
			text(ids.ParseSession), text(ids.ParseRequest), text(ids.ParseLock), text(ids.ParseAgreement), text(ids.ParseInvitation),
			text(ids.ParseBlob),
		} {
			id, err := read(s)
			if err != nil {
				continue
			}
			if kinds++; id != s || kinds > 1 {
				t.Fatalf("%q was read as %q, of %d kinds", s, id, kinds)
			}
		}
	})
}

func text[T ~string](parse func(string) (T, error)) func(string) (string, error) {
	return func(s string) (string, error) {
		id, err := parse(s)
		return string(id), err
	}
}

// The id of an attachment is its author's: another with the same nonce has another, and the same
// person always has the same one.
func TestBlobOf(t *testing.T) {
	anna, bruna := ids.Person("p-hqft-p4ce-ddwx-w6vw"), ids.Person("p-trpd-ytqg-k8mt-n2ya")
	id := ids.BlobOf(anna, [32]byte{1})
	if id != "b-9sbs-ks6x-akm2-eezj" || id == ids.BlobOf(bruna, [32]byte{1}) || id == ids.BlobOf(anna, [32]byte{2}) {
		t.Errorf("BlobOf = %s", id)
	}
	if got, err := ids.ParseBlob(string(id)); err != nil || got != id {
		t.Errorf("ParseBlob(%q) = %q, %v", id, got, err)
	}
}
