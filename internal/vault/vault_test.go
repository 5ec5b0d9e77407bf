package vault_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"varco/internal/fault"
	"varco/internal/secret"
	"varco/internal/vault"
)

const (
	canary = "CANARY-Anna-Rossi"
	column = "person.name"
	row    = "p-2222-2222-2222-2222"
)

type keyset struct {
	file      []byte
	identity  secret.String
	recipient string
}

func create(t testing.TB) keyset {
	t.Helper()
	identity, recipient, err := vault.NewCredential()
	if err != nil {
		t.Fatal(err)
	}
	file, err := vault.Create(recipient)
	if err != nil {
		t.Fatal(err)
	}
	return keyset{file, identity, recipient}
}

func open(t testing.TB, k keyset) *vault.Vault {
	t.Helper()
	v, err := vault.Open(k.file, k.identity)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func seal(t testing.TB, v *vault.Vault, plain []byte) []byte {
	t.Helper()
	sealed, err := v.Seal(column, row, plain)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func wantOpens(t testing.TB, v *vault.Vault, sealed, want []byte) {
	t.Helper()
	got, err := v.Open(column, row, sealed)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("Open = %q, %v, want %q", got, err, want)
	}
}

func TestSealAndOpen(t *testing.T) {
	v := open(t, create(t))
	sizes := map[int]int{}
	for _, n := range []int{0, 1, 59, 60, 61, 124, 125, 1000, vault.MaxPlainBytes} {
		plain := bytes.Repeat([]byte{'x'}, n)
		sealed := seal(t, v, plain)
		wantOpens(t, v, sealed, plain)
		sizes[n] = len(sealed)
	}
	if sizes[0] != sizes[60] || sizes[61] != sizes[124] || sizes[60]+64 != sizes[61] {
		t.Errorf("sizes of sealed values: %v, want steps of 64 bytes", sizes)
	}
	if _, err := v.Seal(column, row, make([]byte, vault.MaxPlainBytes+1)); fault.ClassOf(err) != fault.ClassSize {
		t.Errorf("Seal over the limit: %v", err)
	}
}

func TestSealedTellsNothing(t *testing.T) {
	v := open(t, create(t))
	one, other := seal(t, v, []byte(canary)), seal(t, v, []byte(canary))
	if bytes.Equal(one, other) {
		t.Error("two seals of one value are the same")
	}
	if bytes.Contains(one, []byte(canary)) || bytes.Contains(one, []byte(canary[7:])) {
		t.Error("the value is in its sealed bytes")
	}
	if lookup := v.Lookup(column, canary); strings.Contains(lookup, canary) || len(lookup) != vault.LookupChars {
		t.Errorf("Lookup = %q", lookup)
	}
}

// A value that somebody with write access to the database moved does not open.
func TestMovedValue(t *testing.T) {
	v := open(t, create(t))
	sealed := seal(t, v, []byte(canary))
	for name, to := range map[string]struct{ column, row string }{
		"another row":       {column, "p-3333-3333-3333-3333"},
		"another column":    {"person.mail", row},
		"boundary moved":    {column + row[:1], row[1:]},
		"column and row":    {row, column},
		"no row":            {column + row, ""},
		"row of the prefix": {column, row + "x"},
	} {
		t.Run(name, func(t *testing.T) {
			plain, err := v.Open(to.column, to.row, sealed)
			if fault.KindOf(err) != fault.Internal || err == nil || plain != nil || strings.Contains(err.Error(), canary) {
				t.Fatalf("Open = %q, %v", plain, err)
			}
		})
	}
	for _, place := range [][2]string{{"", row}, {column, ""}} {
		if _, err := v.Seal(place[0], place[1], []byte(canary)); fault.KindOf(err) != fault.Internal || err == nil {
			t.Errorf("Seal for column %q of row %q: %v", place[0], place[1], err)
		}
	}
}

func TestChangedValue(t *testing.T) {
	v := open(t, create(t))
	sealed := seal(t, v, []byte(canary))
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := v.Open(column, row, changed); err == nil {
			t.Fatalf("byte %d changed: it opens", i)
		}
		if _, err := v.Open(column, row, sealed[:i]); err == nil {
			t.Fatalf("cut to %d bytes: it opens", i)
		}
	}
	if _, err := v.Open(column, row, append(bytes.Clone(sealed), 0)); err == nil {
		t.Fatal("with a byte more: it opens")
	}
	if _, err := open(t, create(t)).Open(column, row, sealed); err == nil {
		t.Fatal("it opens with another key set")
	}
}

func TestLookup(t *testing.T) {
	k := create(t)
	v := open(t, k)
	lookup := v.Lookup("account", "https://idp.example", "subject")
	if again := open(t, k).Lookup("account", "https://idp.example", "subject"); again != lookup {
		t.Errorf("Lookup = %q after a restart, want %q", again, lookup)
	}
	for name, other := range map[string]string{
		"subject":     v.Lookup("account", "https://idp.example", "subject2"),
		"issuer":      v.Lookup("account", "https://idp.example/", "subject"),
		"boundary":    v.Lookup("account", "https://idp.examples", "ubject"),
		"one value":   v.Lookup("account", "https://idp.examplesubject"),
		"column":      v.Lookup("person.mail", "https://idp.example", "subject"),
		"shifted":     v.Lookup("accounthttps://idp.example", "subject"),
		"no values":   v.Lookup("account"),
		"fingerprint": v.Fingerprint(),
		"key set":     open(t, create(t)).Lookup("account", "https://idp.example", "subject"),
	} {
		if other == lookup {
			t.Errorf("another %s has the same look-up", name)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	v := open(t, create(t))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				sealed, err := v.Seal(column, row, []byte(canary))
				if err != nil {
					t.Error(err)
					return
				}
				if plain, err := v.Open(column, row, sealed); err != nil || string(plain) != canary {
					t.Errorf("Open = %q, %v", plain, err)
				}
				v.Lookup(column, canary)
			}
		})
	}
	wg.Wait()
}

func BenchmarkSeal(b *testing.B) {
	v := open(b, create(b))
	for b.Loop() {
		seal(b, v, []byte(canary))
	}
}

func BenchmarkLookup(b *testing.B) {
	v := open(b, create(b))
	for b.Loop() {
		v.Lookup(column, canary)
	}
}
