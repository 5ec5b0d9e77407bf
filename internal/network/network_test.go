package network_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/network"
	"varco/internal/note"
	"varco/internal/store"
	"varco/internal/store/storetest"
	"varco/internal/vault"
)

var now = time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC)

// draw draws identifiers that are the same in every run.
func draw[T any](name string, of func(*mathrand.ChaCha8) T) T {
	return of(mathrand.NewChaCha8(sha256.Sum256([]byte(name))))
}

func organisation(name string) ids.Organisation {
	return draw(name, func(r *mathrand.ChaCha8) ids.Organisation { return ids.NewOrganisation(r) })
}

func agreement(name string) ids.Agreement {
	return draw(name, func(r *mathrand.ChaCha8) ids.Agreement { return ids.NewAgreement(r) })
}

func person(name string) ids.Person {
	return draw(name, func(r *mathrand.ChaCha8) ids.Person { return ids.NewPerson(r) })
}

func invitation(name string) ids.Invitation {
	return draw(name, func(r *mathrand.ChaCha8) ids.Invitation { return ids.NewInvitation(r) })
}

// sample is a network with everything in it.
func sample() string {
	return fmt.Sprintf(`
[[organisation]]
id = %q
kind = "refuge"
name = "CANARY-Rifugio"
body = %q

[[organisation]]
id = %q
kind = "centre"
name = "CANARY-Centro"

[[organisation]]
id = %q
kind = "inps"
name = "CANARY-Sede"
province = "MI"

[[agreement]]
id = %q
name = "CANARY-Protocollo"
parent = %q
parties = [%q, %q]
territory = ["MI", "LO"]
[[agreement.term]]
from = 2025-03-27
until = 2026-03-26
[[agreement.term]]
from = 2026-03-27
until = 2027-03-26

[[agreement]]
id = %q
name = "CANARY-Quadro"
[[agreement.term]]
from = 2025-03-27
until = 2028-03-26

[[issuer]]
url = "https://idp.example.org"
client_id = "varco"
label = "Accesso di prova"
acr = ["https://www.spid.gov.it/SpidL2", "https://www.spid.gov.it/SpidL3"]

[[invitation]]
id = %q
person = %q
organisation = %q
until = 2026-12-31

[[invitation]]
id = %q
person = %q
organisation = %q
until = 2026-12-31
`, organisation("refuge"), organisation("centre"), organisation("centre"), organisation("office"),
		agreement("local"), agreement("framework"), organisation("centre"), organisation("office"), agreement("framework"),
		invitation("operator"), person("operator"), organisation("refuge"),
		invitation("officer"), person("officer"), organisation("office"))
}

type world struct {
	*store.Store
	vault *vault.Vault
	path  string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	path := filepath.Join(t.TempDir(), "varco.db")
	if err := store.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path, store.Options{Now: func() time.Time { return now }, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	identity, recipient, err := vault.NewCredential()
	if err != nil {
		t.Fatal(err)
	}
	file, err := vault.Create(recipient)
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.Open(file, identity)
	if err != nil {
		t.Fatal(err)
	}
	return &world{s, v, path}
}

func (w *world) apply(t *testing.T, text string) (network.Applied, error) {
	t.Helper()
	f, err := network.Parse([]byte(text))
	if err != nil {
		return network.Applied{}, err
	}
	return f.Apply(t.Context(), w.Store, w.vault, rand.Reader)
}

// The example of the documents can be loaded, and names every field that there is.
func TestExample(t *testing.T) {
	text, err := os.ReadFile("../../docs/network.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	applied, err := newWorld(t).apply(t, string(text))
	if err != nil || len(applied.Invitations) != 3 {
		t.Errorf("%+v, %v", applied, err)
	}
	source, err := os.ReadFile("network.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range regexp.MustCompile(`toml:"([a-z_]+)"`).FindAllSubmatch(source, -1) {
		if !regexp.MustCompile(`(?m)^(# )?(` + string(tag[1]) + ` = |\[\[(agreement\.)?` + string(tag[1]) + `\]\])`).Match(text) {
			t.Errorf("the example does not have %s", tag[1])
		}
	}
}

func TestApply(t *testing.T) {
	w := newWorld(t)
	applied, err := w.apply(t, sample())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{string(organisation("centre")), string(organisation("office")), string(organisation("refuge")),
		string(agreement("framework")), string(agreement("local")), "https://idp.example.org",
		string(person("operator")), string(invitation("operator")), string(person("officer")), string(invitation("officer"))}
	if diff := cmp.Diff(want, applied.Changed); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	var recorded []string
	for _, r := range storetest.Records(t, w.Store) {
		if r.Act != act.NetworkApply || r.Outcome != act.Allow || r.Hash != note.Sum([]byte(sample())) || r.Person != "" {
			t.Errorf("record %+v", r)
		}
		recorded = append(recorded, r.Object)
	}
	want[5] = "" // an issuer has no identifier
	if diff := cmp.Diff(want, recorded); diff != "" {
		t.Errorf("recorded (-want +got):\n%s", diff)
	}
	err = w.Read(t.Context(), func(tx *store.Tx) error {
		agreed, err := tx.Agree(organisation("centre"), organisation("office"), now)
		if err != nil || !agreed {
			t.Errorf("the parties agree: %v, %v", agreed, err)
		}
		late := time.Date(2027, time.March, 27, 0, 0, 0, 0, time.UTC)
		if agreed, err := tx.Agree(organisation("centre"), organisation("office"), late); err != nil || agreed {
			t.Errorf("the parties agree after the last day: %v, %v", agreed, err)
		}
		if last, err := tx.Agree(organisation("centre"), organisation("office"), late.Add(-time.Millisecond)); err != nil || !last {
			t.Errorf("the parties agree on the last day: %v, %v", last, err)
		}
		o, _, err := tx.Organisation(organisation("office"))
		if err != nil {
			return err
		}
		name, err := w.vault.Open("organisations.name_sealed", string(o.ID), o.NameSealed)
		if string(name) != "CANARY-Sede" {
			t.Errorf("the office's name is %q", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An operator of a refuge is one of its managing body, and nothing says where she works.
func TestRefugeHasNoPeople(t *testing.T) {
	w := newWorld(t)
	if _, err := w.apply(t, sample()); err != nil {
		t.Fatal(err)
	}
	err := w.Read(t.Context(), func(tx *store.Tx) error {
		p, _, err := tx.Person(person("operator"))
		if p.Organisation != organisation("centre") {
			t.Errorf("she is of %s, want the managing body", p.Organisation)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range storetest.Records(t, w.Store) {
		if r.Organisation != "" {
			t.Errorf("a record links %s to %s", r.Object, r.Organisation)
		}
	}
}

func TestSecondRunChangesNothing(t *testing.T) {
	w := newWorld(t)
	if _, err := w.apply(t, sample()); err != nil {
		t.Fatal(err)
	}
	before := storetest.Records(t, w.Store)
	// Long after, when the invitations are over, and with the things in another order.
	now = now.AddDate(1, 0, 0)
	defer func() { now = now.AddDate(-1, 0, 0) }()
	applied, err := w.apply(t, strings.Replace(sample(), `["MI", "LO"]`, `["LO", "MI"]`, 1))
	if err != nil {
		t.Fatal(err)
	}
	if len(applied.Changed) != 0 || len(applied.Invitations) != 0 {
		t.Errorf("the second run changed %v", applied.Changed)
	}
	if diff := cmp.Diff(before, storetest.Records(t, w.Store)); diff != "" {
		t.Errorf("the second run recorded (-before +after):\n%s", diff)
	}
}

func TestChanges(t *testing.T) {
	for name, change := range map[string]struct {
		old, new string
		want     []string
	}{
		"name":      {"CANARY-Centro", "CANARY-Altro", []string{string(organisation("centre"))}},
		"province":  {`province = "MI"`, `province = "LO"`, []string{string(organisation("office"))}},
		"renewal":   {"until = 2027-03-26", "until = 2028-03-26", []string{string(agreement("local"))}},
		"agreement": {"CANARY-Quadro", "CANARY-Rete", []string{string(agreement("framework"))}},
		"parties":   {fmt.Sprintf("[%q, %q]", organisation("centre"), organisation("office")), "[]", []string{string(agreement("local"))}},
		"issuer":    {"Accesso di prova", "Accesso", []string{"https://idp.example.org"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if _, err := w.apply(t, sample()); err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(sample(), change.old, change.new, 1)
			for range 2 {
				applied, err := w.apply(t, changed)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(change.want, applied.Changed); diff != "" {
					t.Errorf("changed (-want +got):\n%s", diff)
				}
				change.want = nil
			}
		})
	}
}

// Who leaves signs in no more; her invitation may stay in the file.
func TestLeaver(t *testing.T) {
	w := newWorld(t)
	if _, err := w.apply(t, sample()); err != nil {
		t.Fatal(err)
	}
	file, err := network.Parse([]byte(sample()))
	if err != nil {
		t.Fatal(err)
	}
	person := file.Invitations[0].Person
	if _, err := w.apply(t, sample()+fmt.Sprintf("[[leaver]]\nperson = %q\n", ids.NewPerson(rand.Reader))); err == nil {
		t.Error("a stranger has left")
	}
	want := []string{string(person)}
	for range 2 {
		applied, err := w.apply(t, sample()+fmt.Sprintf("[[leaver]]\nperson = %q\n", person))
		if diff := cmp.Diff(want, applied.Changed); err != nil || diff != "" {
			t.Errorf("changed: %v (-want +got):\n%s", err, diff)
		}
		want = nil
	}
	if err := w.Read(t.Context(), func(tx *store.Tx) error {
		p, found, err := tx.Person(person)
		if !found || p.EndedAtMS == nil {
			t.Errorf("the person is %+v", p)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestCodes(t *testing.T) {
	w := newWorld(t)
	applied, err := w.apply(t, sample())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range applied.Invitations {
		code := i.Code.Reveal()
		if len(code) != 34 || strings.Count(code, "-") != 6 || seen[code] {
			t.Errorf("the code %q", code)
		}
		seen[code] = true
		err := w.Read(t.Context(), func(tx *store.Tx) error {
			row, found, err := tx.InvitationFor(note.Sum([]byte(code)))
			if !found || row.ID != i.Invitation || row.Person != i.Person || row.Account != nil ||
				row.UntilAtMS != i.Until.UnixMilli() {
				t.Errorf("the code finds %+v", row)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 2 {
		t.Errorf("%d codes, want 2", len(seen))
	}
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(w.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		for code := range seen {
			if bytes.Contains(raw, []byte(code)) {
				t.Errorf("a code is in varco.db%s", suffix)
			}
		}
		if bytes.Contains(raw, []byte("CANARY")) {
			t.Errorf("a name is in varco.db%s", suffix)
		}
	}
}

func TestNothingHappensByHalves(t *testing.T) {
	w := newWorld(t)
	broken := errors.New("no randomness")
	f, err := network.Parse([]byte(sample()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Apply(t.Context(), w.Store, w.vault, reader{broken}); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
	if records := storetest.Records(t, w.Store); len(records) != 0 {
		t.Errorf("recorded %v", records)
	}
	err = w.Read(t.Context(), func(tx *store.Tx) error {
		_, found, err := tx.Organisation(organisation("centre"))
		if found {
			t.Error("an organisation was kept")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

type reader struct{ error }

func (r reader) Read([]byte) (int, error) { return 0, r.error }
