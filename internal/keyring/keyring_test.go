package keyring_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/card"
	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/secret"
)

// low is scrypt work that costs nothing.
var low = keyring.Work{Seal: 3, Min: 2, Max: 4}

func newKeyring(t testing.TB) *keyring.Keyring {
	t.Helper()
	k, err := keyring.New(ids.NewPerson(rand.Reader))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newPhrase(t testing.TB) secret.String {
	t.Helper()
	phrase, err := keyring.NewPhrase(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return phrase
}

func sealed(t testing.TB, k *keyring.Keyring, phrase secret.String) keyring.Sealed {
	t.Helper()
	s, err := keyring.Seal(k, phrase, low)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cardOf is the card that k's holder would sign for a serial.
func cardOf(t testing.TB, k *keyring.Keyring, serial int64) card.Card {
	t.Helper()
	sealsTo, signsWith, err := k.Public(serial)
	if err != nil {
		t.Fatal(err)
	}
	return card.Card{Person: k.Person(), Organisation: ids.NewOrganisation(rand.Reader), Serial: serial,
		SealsTo: sealsTo, SignsWith: signsWith, Issued: time.Unix(1_800_000_000, 0), Expires: time.Unix(1_810_000_000, 0)}
}

// same compares all that two keyrings hold.
func same(t *testing.T, want, got *keyring.Keyring) {
	t.Helper()
	if got.Person() != want.Person() {
		t.Errorf("person %s, want %s", got.Person(), want.Person())
	}
	if diff := cmp.Diff(want.Serials(), got.Serials()); diff != "" {
		t.Fatalf("serials (-want +got)\n%s", diff)
	}
	for _, serial := range want.Serials() {
		if err := got.Matches(cardOf(t, want, serial)); err != nil {
			t.Errorf("card %d: %v", serial, err)
		}
		a, err := want.Identity(serial)
		if err != nil {
			t.Fatal(err)
		}
		b, err := got.Identity(serial)
		if err != nil || a.Reveal() != b.Reveal() {
			t.Errorf("identity %d differs, %v", serial, err)
		}
	}
}

func TestNew(t *testing.T) {
	k := newKeyring(t)
	if diff := cmp.Diff([]int64{1}, k.Serials()); diff != "" {
		t.Errorf("serials (-want +got)\n%s", diff)
	}
	if len(k.Locks()) != 0 {
		t.Error("a new keyring has locks")
	}
	for _, person := range []ids.Person{"", "o-", "p-2222-2222-2222-2223"} {
		if _, err := keyring.New(person); fault.KindOf(err) != fault.Invalid {
			t.Errorf("New(%q): %v", person, err)
		}
	}
}

// The keys do what a card says of them.
func TestKeys(t *testing.T) {
	k := newKeyring(t)
	c := cardOf(t, k, 1)
	signer, err := k.Signer(1)
	if err != nil {
		t.Fatal(err)
	}
	if want := card.SignatureName(k.Person(), 1); signer.Name() != want {
		t.Errorf("signs as %s, want %s", signer.Name(), want)
	}
	msg, err := card.Sign(c, signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := card.Parse(msg, nil); err != nil {
		t.Errorf("the card is not well signed: %v", err)
	}
	identity, err := k.Identity(1)
	if err != nil {
		t.Fatal(err)
	}
	file, err := hybrid.Seal(c.SealsTo, []byte("ciao"), envelope.MaxBody)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := identity.Open(file); err != nil || string(got) != "ciao" {
		t.Errorf("opened %q, %v", got, err)
	}
	_, _, err = k.Public(2)
	if fault.ClassOf(err) != fault.ClassMissing {
		t.Errorf("Public: %v", err)
	}
	if i, err := k.Identity(2); fault.ClassOf(err) != fault.ClassMissing || !i.IsZero() {
		t.Errorf("Identity: %v", err)
	}
	if s, err := k.Signer(0); fault.ClassOf(err) != fault.ClassMissing || s != nil {
		t.Errorf("Signer: %v", err)
	}
}

func TestRenew(t *testing.T) {
	k := newKeyring(t)
	first := cardOf(t, k, 1)
	for want := int64(2); want <= keyring.MaxSerials; want++ {
		if got, err := k.Renew(); err != nil || got != want {
			t.Fatalf("Renew = %d, %v, want %d", got, err, want)
		}
	}
	if _, err := k.Renew(); fault.ClassOf(err) != fault.ClassSize {
		t.Errorf("one too many: %v", err)
	}
	if err := k.Matches(first); err != nil {
		t.Errorf("the first card's keys changed: %v", err)
	}
	// A full keyring still fits.
	s := sealed(t, k, newPhrase(t))
	if err := envelope.CheckKeyring(s.File); err != nil {
		t.Error(err)
	}
}

func TestMatches(t *testing.T) {
	k, other := newKeyring(t), newKeyring(t)
	for name, tt := range map[string]struct {
		change func(*card.Card)
		want   fault.Class
	}{
		"same":      {func(*card.Card) {}, ""},
		"person":    {func(c *card.Card) { c.Person = other.Person() }, fault.ClassSubstitute},
		"recipient": {func(c *card.Card) { c.SealsTo = cardOf(t, other, 1).SealsTo }, fault.ClassSubstitute},
		"key":       {func(c *card.Card) { c.SignsWith = cardOf(t, other, 1).SignsWith }, fault.ClassSubstitute},
		"no key":    {func(c *card.Card) { c.SignsWith = note.PublicKey{} }, fault.ClassSubstitute},
		"newer":     {func(c *card.Card) { c.Serial = 2 }, fault.ClassMissing},
	} {
		c := cardOf(t, k, 1)
		tt.change(&c)
		if got := fault.ClassOf(k.Matches(c)); got != tt.want {
			t.Errorf("%s: class %q, want %q", name, got, tt.want)
		}
	}
}

func TestSealOpen(t *testing.T) {
	k, phrase := newKeyring(t), newPhrase(t)
	s := sealed(t, k, phrase)
	got, err := keyring.Open(s, phrase, low)
	if err != nil {
		t.Fatal(err)
	}
	same(t, k, got)
	if err := envelope.CheckKeyring(s.File); err != nil {
		t.Errorf("the service would not take the file: %v", err)
	}
	if work, err := envelope.PhraseWork(s.Locks[0].File); err != nil || work != low.Seal {
		t.Errorf("the service would not take the lock: work %d, %v", work, err)
	}
	if _, err := keyring.Open(s, newPhrase(t), low); fault.ClassOf(err) != fault.ClassPhrase {
		t.Errorf("another phrase: %v", err)
	}
	if _, err := keyring.Seal(k, secret.NewString("una frase mia"), low); fault.ClassOf(err) != fault.ClassPhrase {
		t.Errorf("a phrase of one's own: %v", err)
	}
}

// What people's locks have; the vector lock/ok opens one.
func TestDefaultWork(t *testing.T) {
	if diff := cmp.Diff(keyring.Work{Seal: 18, Min: 17, Max: 19}, keyring.DefaultWork()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWork(t *testing.T) {
	k, phrase := newKeyring(t), newPhrase(t)
	for work, want := range map[int]fault.Class{1: fault.ClassLock, 2: "", 3: "", 4: "", 5: fault.ClassLock} {
		s, err := keyring.Seal(k, phrase, keyring.Work{Seal: work, Min: work, Max: work})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keyring.Open(s, phrase, low); fault.ClassOf(err) != want {
			t.Errorf("work %d: %v, want %q", work, err, want)
		}
	}
	s := sealed(t, k, phrase)
	for _, work := range []keyring.Work{{}, {Seal: 1, Min: 0, Max: 2}, {Seal: 1, Min: 2, Max: 3}, {Seal: 4, Min: 2, Max: 3},
		{Seal: 23, Min: 17, Max: 23}, {Seal: 18, Min: 17, Max: 64}} {
		if _, err := keyring.Seal(k, phrase, work); fault.KindOf(err) != fault.Internal {
			t.Errorf("Seal with %v: %v", work, err)
		}
		if _, err := keyring.Open(s, phrase, work); fault.KindOf(err) != fault.Internal {
			t.Errorf("Open with %v: %v", work, err)
		}
	}
}

// After Renew the file changes and the locks do not; after Seal all is new, and neither an
// old lock nor an old phrase opens the new file.
func TestUpdateAndSealAgain(t *testing.T) {
	k, phrase := newKeyring(t), newPhrase(t)
	if _, err := keyring.Update(k); fault.ClassOf(err) != fault.ClassMissing {
		t.Errorf("updating before the first lock: %v", err)
	}
	first := sealed(t, k, phrase)
	open, err := keyring.Open(first, phrase, low)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open.Renew(); err != nil {
		t.Fatal(err)
	}
	second, err := keyring.Update(open)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first.Locks, second.Locks); diff != "" || bytes.Equal(first.File, second.File) {
		t.Errorf("after Renew the locks differ or the file does not:\n%s", diff)
	}
	again, err := keyring.Open(second, phrase, low)
	if err != nil {
		t.Fatal(err)
	}
	same(t, open, again)

	other := newPhrase(t)
	third := sealed(t, again, other)
	if len(third.Locks) != 1 || third.Locks[0].ID == first.Locks[0].ID {
		t.Error("the old lock is still there")
	}
	got, err := keyring.Open(third, other, low)
	if err != nil {
		t.Fatal(err)
	}
	same(t, open, got)
	if _, err := keyring.Open(third, phrase, low); fault.ClassOf(err) != fault.ClassPhrase {
		t.Errorf("the old phrase: %v", err)
	}
	mixed := keyring.Sealed{File: third.File, Locks: first.Locks}
	if _, err := keyring.Open(mixed, phrase, low); fault.ClassOf(err) != fault.ClassLock {
		t.Errorf("the old lock: %v", err)
	}
}

func TestNothingPrints(t *testing.T) {
	k := newKeyring(t)
	s := sealed(t, k, newPhrase(t))
	if len(s.Locks) != 1 {
		t.Fatal("no lock")
	}
	type holder struct{ k *keyring.Keyring }
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb, k)
		fmt.Fprintf(&out, verb, *k)
		fmt.Fprintf(&out, verb, holder{k})
		fmt.Fprintf(&out, verb, []*keyring.Keyring{k})
	}
	doc, err := json.Marshal(k)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(doc)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "k", k)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "k", k)
	identity, err := k.Identity(1)
	if err != nil {
		t.Fatal(err)
	}
	seed := regexp.MustCompile(`\[(\d+ ){31}\d+\]|\b[0-9a-f]{64}\b`)
	if strings.Contains(out.String(), identity.Reveal()[20:]) || strings.Contains(out.String(), "AGE-SECRET") ||
		seed.MatchString(out.String()) {
		t.Errorf("the keyring printed its keys: %s", out.String())
	}
}
