package gate_test

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/store"
	"varco/internal/varcotest"
)

// agreementsOf are the names of the agreements that somebody sees.
func agreementsOf(t *testing.T, n *varcotest.Network, name string) []string {
	t.Helper()
	all, err := n.Person(name).Agreements(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var names []string
	for _, a := range all {
		if !a.InForce || !a.Until.After(a.From) || a.Territory != "AA" {
			t.Errorf("%s sees %+v", name, a)
		}
		names = append(names, a.Name)
	}
	slices.Sort(names)
	return names
}

// Who answers for an organisation sees its own agreements, who keeps the network all of them, and
// nobody else any.
func TestAgreements(t *testing.T) {
	n := varcotest.New(t)
	all := agreementsOf(t, n, "rita-registro")
	for name, party := range map[string]string{"elsa-responsabile": "betulla", "ines-direttrice": "levante", "nora-direttrice": "ponente"} {
		var want []string
		for _, a := range all {
			if slices.Contains(strings.Split(strings.TrimPrefix(a, "Accordo di "), ", "), party) {
				want = append(want, a)
			}
		}
		if got := agreementsOf(t, n, name); len(want) == 0 || len(want) == len(all) || !slices.Equal(got, want) {
			t.Errorf("%s sees %q, of %q", name, got, all)
		}
	}
	for _, name := range []string{"alba-operatrice", "franca-referente", "olga-sportello", "quinto-controllo"} {
		if _, err := n.Person(name).Agreements(t.Context()); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
		if last := records(t, n, 1)[0]; last.Act != act.AgreementsRead || last.Outcome != act.Deny {
			t.Errorf("%s: the record is %+v", name, last)
		}
	}
	if _, err := n.Person("carla-responsabile").Agreements(t.Context()); err != nil {
		t.Error(err)
	}
	if last := records(t, n, 1)[0]; last.Act != act.AgreementsRead || last.Outcome != act.Allow {
		t.Errorf("the record is %+v", last)
	}
}

// An agreement is good with its renewals, and no longer than the one above it.
func TestAgreementTerms(t *testing.T) {
	n := varcotest.New(t)
	day := func(d int) int64 { return n.Clock.Now().AddDate(0, 0, d).UnixMilli() }
	sealed := func(id ids.Agreement, name string) []byte {
		b, err := n.Vault.Seal("agreements.name_sealed", string(id), []byte(name))
		must(t, err)
		return b
	}
	put := func(name string, parent *ids.Agreement, terms ...store.Term) ids.Agreement {
		id := ids.NewAgreement(rand.Reader)
		must(t, n.Store.Write(context.WithoutCancel(t.Context()), func(tx *store.Tx) error {
			return tx.PutAgreement(store.Agreement{ID: id, Parent: parent, Territory: "BB", NameSealed: sealed(id, name), Terms: terms,
				Parties: []ids.Organisation{n.Organisation("aurora")}})
		}))
		return id
	}
	above := put("quadro", nil, store.Term{FromAtMS: day(-10), UntilAtMS: day(50)})
	put("rinnovato", nil, store.Term{FromAtMS: day(-20), UntilAtMS: day(-5)}, store.Term{FromAtMS: day(-5), UntilAtMS: day(5)}, store.Term{FromAtMS: day(5), UntilAtMS: day(80)})
	put("interrotto", nil, store.Term{FromAtMS: day(-20), UntilAtMS: day(20)}, store.Term{FromAtMS: day(40), UntilAtMS: day(80)})
	put("locale", &above, store.Term{FromAtMS: day(-20), UntilAtMS: day(70)})
	put("finito", nil, store.Term{FromAtMS: day(-20), UntilAtMS: day(-1)})
	put("futuro", nil, store.Term{FromAtMS: day(10), UntilAtMS: day(90)})
	want := map[string]struct {
		until   int
		inForce bool
	}{"quadro": {50, true}, "rinnovato": {80, true}, "interrotto": {20, true}, "locale": {50, true}, "finito": {-1, false}, "futuro": {90, false}}
	all, err := n.Person("carla-responsabile").Agreements(t.Context())
	must(t, err)
	seen := 0
	for _, a := range all {
		if w, ok := want[a.Name]; ok {
			seen++
			if a.InForce != w.inForce || !a.Until.Equal(time.UnixMilli(day(w.until))) {
				t.Errorf("%s: in force %t until %v, want %t until %v", a.Name, a.InForce, a.Until, w.inForce, time.UnixMilli(day(w.until)).UTC())
			}
		}
	}
	if seen != len(want) {
		t.Errorf("%d of %d: %+v", seen, len(want), all)
	}
}
