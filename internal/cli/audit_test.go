package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"varco/internal/varcotest"
	"varco/internal/verify"
)

func TestAudit(t *testing.T) {
	w := newWorld(t)
	thread := string(w.opened())
	w.does(dina, "thread read "+thread).ends(1)
	w.does(franca, "thread read "+thread+" --reason new").ends(0)

	w.asks(quinto, "audit --outcome deny").ends(0).says(w.id(dina), "legge", "negato", thread).saysNone("fatto", "Dina", question)
	w.asks(quinto, "audit --person "+w.id(franca)+" --act thread.read").ends(0).says("È arrivato un caso", thread).saysNone("guarda")
	w.asks(quinto, "audit --object "+thread+" --limit 1").ends(0).says(w.id(franca)).saysNone(w.id(dina))
	w.asks(quinto, "audit --person "+w.id(bruna)+" --act case.open").ends(0).says("Nessuna riga")
	w.asks(quinto, "audit --act thread.read --json").ends(0).says(`"outcome": "deny"`, `"from": 0`, `"until": 1`)
	w.asks(quinto, "audit --act thread.read --from 2020-01-01 --to 2020-01-02").ends(0).says("Nessuna riga")
	w.asks(quinto, "audit --from ieri").ends(2).says("--from è un giorno")
	w.asks(quinto, "audit --object t-x").ends(2).says("non è un codice")
	w.asks(quinto, "audit --case "+thread).ends(2).says("non è un codice")
	w.asks(quinto, "audit --person Franca").ends(2).says("non è il codice di una persona")
	w.asks(quinto, "audit --act walk").ends(2).says("Non c'è un atto «walk»")
	w.asks(quinto, "audit --outcome maybe").ends(2)
	w.asks(quinto, "audit --limit 0").ends(2)
	w.asks(carla, "audit").ends(1).says(nothing)

	drawn := w.asks(quinto, "audit sample --count 2").ends(0).says("Campione R-", "Seme: ", "legge")
	w.asks(quinto, "audit --act audit.sample").ends(0).says(drawn.match(`Campione (R-\S+):`))
	w.asks(quinto, "audit sample --json").ends(0).says(`"seed"`, `"act": "thread.read"`)
	w.asks(quinto, "audit sample --to 2020-01-02").ends(1)
	w.asks(quinto, "audit sample --count 1").ends(2).says("da 2 a 200")
	w.asks(quinto, "audit sample --act walk").ends(2).says("Non c'è un atto «walk»")
	w.asks(carla, "audit sample").ends(1).says(nothing)
}

func TestBundle(t *testing.T) {
	w := newWorld(t)
	w.opened()
	path := filepath.Join(t.TempDir(), "log.jsonl")
	w.asks(carla, "audit bundle "+path).ends(1).says(nothing)
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	w.asks(quinto, "audit bundle "+path).ends(0).says("varco-verify")
	w.asks(quinto, "audit bundle "+path).ends(1).says("c'è già")

	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	report, err := verify.Verify(f, verify.Trust{Origin: varcotest.Origin, Log: w.Anchors.Log, Root: w.Anchors.Root}, nil)
	if err != nil || report.Result != verify.Whole || report.Threads != 2 {
		t.Errorf("Verify = %+v, %v", report, err)
	}
	if info, err := f.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the bundle is for others to read: %v, %v", info.Mode(), err)
	}
}
