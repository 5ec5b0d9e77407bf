package varcotest_test

import (
	"testing"

	"varco/internal/act"
	"varco/internal/varcotest"
)

func TestNew(t *testing.T) {
	n := varcotest.New(t)
	d, err := n.Person("alba-operatrice").Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Others) != 3 || len(d.Own.People) != 3 {
		t.Fatalf("Alba knows %d other organisations and %d people of hers", len(d.Others), len(d.Own.People))
	}
	p := d.Person(n.Organisation("levante"), n.ID("franca-referente"))
	if p == nil || p.Name != "Franca Villa" || !p.Has(act.Officer) || p.Barred != nil {
		t.Fatalf("an officer: %+v", p)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		varcotest.New(b)
	}
}
