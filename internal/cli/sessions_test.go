package cli_test

import (
	"strings"
	"testing"
	"time"
)

func TestSessions(t *testing.T) {
	w := newWorld(t)
	w.Clock.Advance(time.Minute)
	laptop := w.NewDevice(alba)
	listed := w.asks(alba, "session list").ends(0).says("riga di comando", "questa", "SESSIONE")
	if n := strings.Count(listed.out, "riga di comando"); n != 2 {
		t.Errorf("%d sessions:\n%s", n, listed.out)
	}
	id := listed.match(`(s-[0-9a-z-]+) +riga di comando`)
	w.asks(alba, "session revoke "+id).ends(0).says(id, "è chiusa")
	w.asks(alba, "session revoke "+id).ends(1).says("non è tuo")
	if _, err := laptop.Client.Me(t.Context()); err == nil {
		t.Error("the session that was ended goes on")
	}
	w.NewDevice(alba)
	w.asks(alba, "session revoke --all").ends(0).says("Sessioni chiuse: 1.")
	w.asks(alba, "session list --person Bruna").ends(1).says("non è tuo")
	w.asks(alba, "person end Bruna --yes").ends(1).says("non è tuo")
	w.asks(carla, "session list --person Alba").ends(0).says("riga di comando").saysNone("  questa")
	w.asks(carla, "session revoke --person Alba").ends(0).says("Sessioni chiuse: 1.")
	w.asks(carla, "session list --person Alba").ends(0).says("nessuna sessione aperta")
	w.asks(alba, "whoami").ends(1).says("varco login")
	w.as(carla, "no\n", "person", "end", w.id(bruna)).ends(1).says("per sempre", "Va bene")
	w.as(carla, "sì\n", "person", "end", "Bruna").ends(0).says("chiuso per sempre", "Sessioni chiuse: 1.", "varco roster sign --remove")
	w.asks(bruna, "whoami").ends(1).says("varco login")
	w.Clock.Advance(20 * time.Minute)
	w.asks(carla, "session revoke --person Alba").ends(1).says("da non più di 15 minuti", "varco login")
	for _, wrong := range []string{"session revoke", "session revoke --all --person Alba", "session revoke --all " + id, "session revoke x"} {
		w.asks(carla, wrong).ends(2)
	}
}
