package cli_test

import (
	"bytes"
	"testing"
	"time"

	"varco/internal/keyring"
	"varco/internal/secret"
)

// A card is renewed before it ends, and put on the roster with nobody comparing words.
func TestCardRenew(t *testing.T) {
	w := newWorld(t)
	id := w.opened()
	w.asks(bruna, "whoami").ends(0).saysNone("rinnov")
	w.Clock.Advance(310 * 24 * time.Hour)
	w.does(bruna, "card renew").ends(1).says("da non più di 15 minuti", "varco login")
	for _, name := range []string{alba, bruna, carla} {
		w.Resident(name).Device = w.NewDevice(name)
	}
	w.asks(bruna, "whoami").ends(0).says("varco card renew", "lo deve rifirmare chi lo tiene")
	w.asks(carla, "whoami").ends(0).says("varco enrol --request", "varco roster sign --renew", "la deve rinnovare lei")
	w.does(carla, "card renew").ends(1).says("alla cerimonia")
	for range 2 {
		w.does(bruna, "card renew").ends(0).says("La carta numero 2 è pubblicata", "posto della numero 1")
	}
	w.asks(bruna, "whoami").ends(0).says("aspetta chi tiene l'elenco").saysNone("varco card renew")
	w.asks(carla, "whoami").ends(0).says("ha rinnovato la carta")
	w.does(carla, "roster sign --renew --yes").ends(0).says("ha rinnovato la sua carta")
	w.asks(bruna, "card show").ends(0).says("in ordine", "2, di "+w.id(bruna))
	w.asks(alba, "card show Bruna").ends(0).says("in ordine").saysNone("CAMBIATA")
	w.does(bruna, "thread read "+string(id)).ends(0)
}

func TestKeys(t *testing.T) {
	w := newWorld(t)
	p := keyring.Passkey{Credential: []byte("credential"), Salt: make([]byte, 32), Output: secret.NewBytes(bytes.Repeat([]byte{7}, 32)), Name: "il telefono"}
	lock, err := w.Person(alba).AddPasskey(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	w.asks(alba, "keys list").ends(0).says("la frase di sblocco", string(lock)+"  una passkey")
	w.does(alba, "keys remove l-2222").ends(2).says("non è il codice")
	w.does(alba, "keys remove l-2222-2222-2222-2222").ends(1).says("Fra le tue passkey non c'è")
	w.does(alba, "keys remove "+string(lock)).ends(0).says("non apre più")
	w.asks(alba, "keys list").ends(0).saysNone("passkey")

	old := w.Resident(alba).Phrase
	changed := w.does(alba, "keys phrase --new-phrase-fd 1").ends(0).says("La frase è cambiata")
	w.does(alba, "unlock").ends(1).says("La frase non apre le tue chiavi")
	w.Resident(alba).Phrase = secret.NewString(changed.match(`(?m)^([a-z]+(?:-[a-z]+){5})$`))
	w.does(alba, "unlock").ends(0).says("Tutto in ordine")
	if w.Resident(alba).Phrase.Reveal() == old.Reveal() {
		t.Error("the phrase is the old one")
	}
	w.Clock.Advance(time.Hour)
	w.does(alba, "keys phrase --new-phrase-fd 1").ends(1).says("da non più di 15 minuti")
	w.Invite("zoe", "aurora")
	w.Resident("zoe").Device = w.NewDevice("zoe")
	w.asks("zoe", "keys list").ends(1).says("varco enrol")
}

func TestEnrolAgain(t *testing.T) {
	w := newWorld(t)
	w.asks(alba, "card show Bruna").ends(0)
	w.Clock.Advance(time.Hour)
	again := []string{"enrol", "--again", "--new-phrase-fd", "1"}
	w.as(bruna, "no\n", again...).ends(1).says("non si apriranno più")
	w.as(bruna, "sì\n", again...).ends(1).says("da non più di 15 minuti")
	w.Resident(bruna).Device = w.NewDevice(bruna)
	w.as(bruna, "", "enrol", "--again", "--request", t.TempDir()+"/x.json").ends(2).says("--request")
	w.asks(bruna, "keys list").ends(0).saysNone("restore")
	w.as(bruna, "sì\n", again...).ends(0)
	w.asks(bruna, "keys list").ends(0).says("varco keys restore", "1  sostituite il")
	w.does(bruna, "keys restore uno").ends(2)
	w.does(bruna, "keys restore 7").ends(1).says("non ci sono")
	w.does(bruna, "keys restore 1").ends(0).says("di nuovo al loro posto")
	w.asks(bruna, "keys list").ends(0).saysNone("restore")
	w.does(bruna, "unlock").ends(0)
	made := w.as(bruna, "sì\n", again...).ends(0).says("è pubblicata", w.id(bruna))
	w.does(bruna, "unlock").ends(1).says("La frase non apre le tue chiavi")
	w.Resident(bruna).Phrase = secret.NewString(made.match(`(?m)^([a-z]+(?:-[a-z]+){5})$`))
	words := made.match(`Parole di verifica: +(.*)`)
	w.does(bruna, "unlock").ends(0).says(words)
	w.Resident(carla).Device = w.NewDevice(carla)
	w.as(carla, "", "roster", "sign", "--phrase-fd", "0", "--yes", "--add", w.id(bruna), "--role", "operator", "--name", "Bruna Sala",
		"--words", words).ends(0).says("~ Bruna Sala")
	w.asks(alba, "card show Bruna").ends(0).says("CAMBIATA")
	w.as(alba, "", "card", "accept", "Bruna", "--words", words).ends(0)
	w.asks(alba, "card show Bruna").ends(0).says("in ordine")
	w.Invite("zoe", "aurora")
	w.Resident("zoe").Device = w.NewDevice("zoe")
	w.as("zoe", "", again...).ends(1).says("senza --again")
}
