package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/client"
	"varco/internal/secret"
)

const (
	newcomer = "nina-operatrice"
	tinas    = "tina-responsabile"
)

// joined invites somebody to Aurora, who makes her keys.
func (w *world) joined() string {
	w.t.Helper()
	w.Invite(newcomer, "aurora")
	w.Enrol(newcomer)
	return w.id(newcomer)
}

func TestRosterAdd(t *testing.T) {
	w := newWorld(t)
	id := w.joined()
	words := w.Words(newcomer)
	w.asks(carla, "roster show").ends(0).says("aspettano", id, words)
	w.asks(alba, "roster show").ends(0).saysNone(id)
	w.asks(newcomer, "card show").ends(0).says(words, "Non è ancora nell'elenco")
	w.does(newcomer, "unlock").ends(0).says("Tutto in ordine", words, "Non sei ancora nell'elenco")

	add := func(more ...string) *said {
		return w.as(carla, "", append([]string{"roster", "sign", "--phrase-fd", "0", "--yes", "--add", id}, more...)...)
	}
	add("--role", "operator", "--words", words).ends(2).says("manca --name")
	add("--name", "Nina Corsi", "--words", words).ends(2).says("manca --role")
	add("--name", "Nina Corsi", "--role", "operator").ends(2).says("servono le parole di verifica")
	add("--name", "Nina Corsi", "--role", "operator", "--words", w.Words(alba)).ends(1).says("Le parole non sono quelle", "fermati")
	add("--name", "Nina Corsi", "--role", "officer", "--words", words).ends(2).says("non dà il ruolo officer")
	add("--name", "Nina  Corsi", "--role", "operator", "--words", words).ends(1).says("Il nome")
	add("--name", "Nina Corsi", "--role", "operator", "--words", words, "--until", "2026-11-15").ends(2).says("già passato")
	w.asks(carla, "roster show").says("Elenco numero 1")

	asked := []string{"roster", "sign", "--phrase-fd", "0", "--add", id, "--name", "Nina Corsi", "--role", "operator", "--words",
		strings.ToUpper(strings.ReplaceAll(words, " ", ", ")), "--until", "2027-01-31"}
	w.as(carla, "no\n", asked...).ends(1).says("+ Nina Corsi", "Va bene")
	w.as(carla, "", asked...).ends(1).says("Nessuno ha risposto")
	w.as(carla, "sì\n", asked...).ends(0).says("+ Nina Corsi ("+id+"): operatrice, dal 16/11/2026 al 31/01/2027", "Firmo?", "numero 2")
	w.asks(alba, "roster show").ends(0).says("Nina Corsi", "Elenco numero 2").saysNone("aspettano")
	w.does(alba, "roster sign --renew --yes").ends(1).says("oggi tu non ce l'hai")
}

func TestRosterChanges(t *testing.T) {
	w := newWorld(t)
	sign := "roster sign --yes "
	w.does(ines, sign+"--designate Franca --act LV/2026/7 --from 01/12/2026 --until 2027-11-30 "+
		"--substitute Gino --for Franca --from 2026-12-21 --until 2027-01-07").ends(0).
		says("~ Franca Villa", "referente INPS, dal 01/12/2026 al 30/11/2027, atto LV/2026/7", "> Gino Serra", "dal 21/12/2026 al 07/01/2027", "numero 2")
	w.asks(ines, "roster show").ends(0).says("LV/2026/7", "non vale oggi", "sostituisce Franca Villa")
	w.does(ines, sign+"--end-substitute Franca --for Gino").ends(1).says("non sostituisce")
	w.does(ines, sign+"--end-substitute Gino --for Franca --remove Franca").ends(0).says("< Gino Serra", "- Franca Villa", "da subito non legge")
	w.asks(ines, "roster show").ends(0).says("Elenco numero 3").saysNone("Franca")
	w.does(ines, sign+"--remove Ines").ends(1).says("Non puoi togliere te stessa")
	w.Clock.Advance(92 * 24 * time.Hour)
	w.does(carla, sign+"--renew").ends(1).says("da non più di 15 minuti", "varco login")
	w.SignInAgain(carla)
	w.does(carla, sign+"--renew").ends(0).says("per un altro anno", "16/02/2028")
}

func TestRosterMisuse(t *testing.T) {
	w := newWorld(t)
	for line, says := range map[string]string{
		"":                                       "Che cosa va cambiato",
		"--words x":                              "viene dopo la modifica",
		"--remove Alba --name x":                 "non c'entra con --remove Alba",
		"--designate Alba --act 1 --act 2":       "scritto due volte",
		"--designate Alba":                       "manca --act",
		"--designate Alba --act 1 --role queen":  "Non c'è un ruolo «queen»",
		"--substitute Alba --for Bruna":          "manca --until",
		"--designate Alba --act 1 --from domani": "non è un giorno",
		"--remove":                               "manca il valore",
	} {
		w.does(carla, "roster sign --yes "+line).ends(2).says(says)
	}
	w.does(carla, "roster sign --yes --remove Franca").ends(1).says("Nessuna persona si chiama «Franca»")
	w.does(carla, "roster sign --yes --substitute Alba --for Alba --until 2026-12-01").ends(1).says("due persone diverse")
	w.does(carla, "roster sign --yes --designate p-2222-2222-2222-2222 --act 1").ends(1).says("usa --add")
	w.does(carla, "roster sign --yes --add p-2222-2222-2222-2222 --name X --role operator --words x").ends(1).says("non ha ancora pubblicato una carta")
}

// A ceremony with the command line's own root, from the request to the published card.
func TestCeremony(t *testing.T) {
	w := newWorld(t)
	w.Clock.Advance(time.Hour) // a steward who is new since the newest roster may sign the next
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	made := w.as(alba, "", "ceremony", "root", "--name", "root.example", "--out", in("root.age"), "--new-phrase-fd", "1").ends(0)
	lines := strings.Split(made.out, "\n")
	halves := lines[0] + "\n" + lines[1] + "\n"
	made.says("root.example+")
	w.as(alba, "", "ceremony", "root", "--name", "root.example", "--out", in("root.age"), "--new-phrase-fd", "1").ends(1).says("c'è già")
	w.asks(alba, "ceremony root --name a+b --out "+in("other.age")+" --new-phrase-fd 1").ends(2).says("non può essere il nome")
	if locked, err := os.ReadFile(in("root.age")); err != nil || !strings.HasPrefix(string(locked), "age-encryption.org/v1\n-> scrypt ") {
		t.Errorf("the root is in %.40q, %v", locked, err)
	}

	// Another root succeeds it: who held the old one, and who holds the new one, are there.
	succeed := []string{"ceremony", "succeed", "--root", in("root.age"), "--name", "root2.example", "--out", in("root2.age"),
		"--note", in("succession.txt"), "--phrase-fd", "0", "--new-phrase-fd", "1", "--until"}
	w.raw(alba, "no\n"+halves, append(succeed, "2027-06-30")...).ends(1).says("prende il posto")
	w.raw(alba, "sì\n"+halves, append(succeed, "2020-06-30")...).ends(2).says("nel prossimo anno")
	w.raw(alba, "sì\n"+halves, append(succeed, "2027-06-30")...).ends(0).says("root2.example+", "fino al 30/06/2027")
	msg, err := os.ReadFile(in("succession.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := card.ParseSuccession(msg); err != nil || !strings.HasPrefix(s.Old, "root.example+") || !strings.HasPrefix(s.New, "root2.example+") {
		t.Errorf("the note: %v", err)
	}
	w.raw(alba, "sì\n"+halves, append(succeed, "2027-06-30")...).ends(1).says("c'è già")

	w.Invite(tinas, "aurora")
	w.Resident(tinas).Device = w.NewDevice(tinas)
	asked := w.as(tinas, "", "enrol", "--request", in("request.json"), "--new-phrase-fd", "1").ends(0).
		says("Centro antiviolenza Aurora", "Parole di verifica")
	words := asked.match(`Parole di verifica: +(.*)`)

	endorse := []string{"ceremony", "endorse", "--root", in("root.age"), in("request.json"), "--out", in("card.json"), "--phrase-fd", "0"}
	run := func(input string) *said {
		return w.raw(alba, input, endorse...)
	}
	run("no\n"+halves).ends(1).says("Centro antiviolenza Aurora", "centro antiviolenza", words, "È lei")
	run("sì\n"+lines[1]+"\n"+lines[0]+"\n").ends(1).says("non aprono la radice", "l'ordine")
	run("sì\n" + lines[0] + "\n" + lines[0] + "x\n").ends(1).says("La parola numero")
	run("sì\n" + halves).ends(0).says("La carta è firmata")
	run("sì\n" + halves).ends(1).says("c'è già")

	tina := w.Resident(tinas)
	tina.Phrase = secret.NewString(asked.match(`(?m)^([a-z]+(?:-[a-z]+){5})$`))
	w.does(tinas, "card put "+in("card.json")).ends(1).says("non è firmata dalla radice di questa rete")
	w.does(tinas, "card put "+in("root.age")).ends(1).says("non contiene una carta")
	w.does(tinas, "card put "+in("absent")).ends(1).says("un file non si lascia leggere")
	w.does(tinas, "unlock").ends(0).says("non è ancora pubblicata")
	w.endorse(in("request.json"), in("endorsed.json"))
	w.does(alba, "card put "+in("endorsed.json")).ends(1).says("non è la tua")
	w.does(tinas, "card put "+in("endorsed.json")).ends(0).says("La tua carta è pubblicata")
	w.does(tinas, "enrol --request "+in("again.json")).ends(0) // for when this card ends
	w.does(tinas, "roster sign --yes --add "+string(tina.ID)+" --name Tina --role coordinator").ends(0).says("+ Tina")
}

// endorse signs a request with the network's root, as its ceremony would.
func (w *world) endorse(from, to string) {
	w.t.Helper()
	var request api.PutCard
	b, err := os.ReadFile(from)
	if err == nil {
		err = json.Unmarshal(b, &request)
	}
	if err == nil {
		request, err = client.Endorse(request, w.Root)
	}
	if err == nil {
		b, err = json.Marshal(request)
	}
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
