package cli_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"varco/internal/api"
	"varco/internal/client"
)

const (
	question = "A quale Comune si presenta la domanda?"
	answer   = "Al Comune dove ha sede il centro."
	nothing  = "Qui per te non c'è nulla"
)

// The main job, from the question to the receipt.
func TestCase(t *testing.T) {
	w := newWorld(t)
	opened := w.as(alba, question, "case", "open", "--office", "levante", "--topic", "rdl-01", "--colleague", "Sala",
		"--holder", "Franca", "--substitute", "gino serra", "--inside", "Ricordare la scadenza.", "--phrase-fd", "0").ends(0).
		says("DIMOSTRAZIONE", "RDL-01 Reddito di libertà", "Chi può leggere", "Bruna Sala", "Franca Villa", "titolare INPS", "Gino Serra")
	cs, thread, inside := opened.after("caso  "), opened.after("con INPS"), opened.after("interna")
	if strings.Contains(opened.out, "DIMOSTRAZIONE") {
		t.Error("the warning is in what was asked for")
	}

	w.asks(franca, "case list").ends(0).says(thread, "RDL-01", "titolare INPS", "Centro antiviolenza Aurora").saysNone(cs, inside, question)
	w.does(franca, "thread read "+thread+" --reason new").ends(0).says(question, w.id(alba)).saysNone("Alba Conti")
	w.as(franca, answer, "thread", "post", strings.ToUpper(thread), "--phrase-fd", "0").ends(0).says("Registrato", "R-")

	w.asks(alba, "case list").ends(0).says(cs, thread, inside, "INPS Levante")
	read := w.does(alba, "thread read "+thread).ends(0).says(question, answer, "Franca Villa", "Alba Conti")
	w.does(alba, "thread read "+inside).ends(0).says("Ricordare la scadenza.")
	w.does(alba, "case show "+cs).ends(0).says(thread, inside, "solo se la titolare si astiene")
	w.asks(alba, "readers "+thread).ends(0).says("Franca Villa", "È arrivato un caso o un messaggio nuovo", "Per scrivere la risposta")
	number := read.match(`1\. .*\[(R-\d+-\d\d)\]`)
	w.does(alba, "receipt verify "+thread).ends(0).says("La ricevuta è vera", number)
	w.does(bruna, "receipt verify "+thread+" "+number).ends(0).says(number)
	w.does(alba, "receipt verify "+thread+" 0").ends(0).saysNone(number)
	w.does(alba, "receipt verify "+thread+" 7").ends(1).says("non c'è la voce «7»")
	w.does(alba, "receipt verify "+number).ends(2).says("prima il codice della conversazione")

	w.does(franca, "thread recuse "+thread+" --yes").ends(0).says("Ti sei astenuta")
	w.does(franca, "thread read "+thread+" --reason answer").ends(1).says(nothing)
	w.does(gino, "thread read "+thread+" --reason substitution").ends(0).says(question, "si è astenuta")
	w.as(gino, "Da oggi ci sono io.", "thread", "post", thread, "--phrase-fd", "0").ends(0)
	w.does(alba, "thread read "+thread).ends(0).says("chi ha lasciato la conversazione non può aprire più nulla", "Da oggi ci sono io.")
	w.does(alba, "thread recuse "+thread+" --yes").ends(0).says("Ti sei astenuta")
	w.does(bruna, "thread recuse "+thread+" --yes").ends(1).says("sei rimasta solo tu")
}

func TestOfficerSaysWhy(t *testing.T) {
	w := newWorld(t)
	thread := string(w.opened())
	w.does(franca, "thread read "+thread).ends(2).says("serve il motivo", "centre-asked").saysNone(question)
	w.does(franca, "thread read "+thread+" --reason curious").ends(2).says("non è un motivo").saysNone(question)
	w.does(alba, "thread read "+thread).ends(0)
	w.asks(alba, "readers "+thread).ends(0).saysNone("Franca") // she was not even asked about it
}

// What is not hers is answered as what does not exist.
func TestNotHers(t *testing.T) {
	w := newWorld(t)
	thread := string(w.opened())
	const absent = "t-2222-2222-2222-2222"
	for _, line := range []string{"thread read ", "thread post --text x ", "receipt verify ", "case show "} {
		got, want := w.does(dina, line+thread).ends(1).says(nothing), w.does(dina, line+absent).ends(1)
		if got.out != want.out || got.err != want.err {
			t.Errorf("%s tells that the thread is there:\n%s\n%s", line, got.err, want.err)
		}
	}
	w.asks(dina, "readers "+thread).ends(1).says(nothing)
	w.asks(dina, "case list").ends(0).says("Non c'è nessun caso")
	w.does(gino, "thread read "+thread+" --reason new").ends(1).says(nothing) // the holder is there
	w.does(alba, "case show c-2222-2222-2222-2222").ends(1).says("Non hai nessun caso")
	w.does(alba, "thread read t-2222").ends(2).says("non è il codice")
}

func TestOpenRefuses(t *testing.T) {
	w := newWorld(t)
	const line = "case open --text domanda "
	for name, c := range map[string]struct {
		args []string
		exit int
		says string
	}{
		"no topic":            {[]string{"--office", "levante"}, 2, "CON-05"},
		"another topic":       {[]string{"--office", "levante", "--topic", "QQQ-99"}, 2, "RDL-01"},
		"another urgency":     {[]string{"--office", "levante", "--topic", "RDL-01", "--urgency", "U9"}, 2, "U1, U2 o U3"},
		"no office":           {[]string{"--topic", "RDL-01"}, 2, "--office"},
		"no such office":      {[]string{"--office", "nord", "--topic", "RDL-01"}, 1, "Nessuna sede si chiama «nord»"},
		"a Comune":            {[]string{"--office", "valfiore", "--topic", "RDL-01"}, 1, "Nessuna sede"},
		"two offices":         {[]string{"--office", "inps", "--topic", "RDL-01"}, 1, "INPS Ponente"},
		"nobody else":         {[]string{"--office", "levante", "--topic", "RDL-01"}, 2, "Bruna Sala"},
		"no such colleague":   {[]string{"--office", "levante", "--topic", "RDL-01", "--colleague", "Moro"}, 1, "Nessuna persona si chiama «Moro»"},
		"two colleagues":      {[]string{"--office", "levante", "--topic", "RDL-01", "--colleague", "a"}, 1, "più di una persona"},
		"a manager as holder": {[]string{"--office", "levante", "--topic", "RDL-01", "--alone", "--holder", w.id(ines)}, 1, "non ha il ruolo"},
		"chosen and excluded": {[]string{"--office", "levante", "--topic", "RDL-01", "--alone", "--holder", "Franca", "--exclude", "Villa"}, 2, "scelta ed esclusa"},
		"the same for both":   {[]string{"--office", "levante", "--topic", "RDL-01", "--alone", "--holder", "Franca", "--substitute", "Villa"}, 2, "due persone"},
		"nobody is left":      {[]string{"--office", "levante", "--topic", "RDL-01", "--alone", "--exclude", "Franca,Gino"}, 1, "Non è stato aperto nulla"},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.does(alba, line, c.args...).ends(c.exit).says(c.says)
		})
	}
	w.t = t
	w.asks(alba, "case list").says("Non c'è nessun caso")
	w.does(alba, line+"--office levante --topic RDL-01 --alone --exclude Gino").ends(0).says("non ha oggi una seconda referente").saysNone("Gino")
}

func TestSecondLook(t *testing.T) {
	w := newWorld(t)
	thread := string(w.opened())
	const telling = "Si chiama RSSMRA80A41H501U, cell. 333 1234567"
	// The text is all of standard input, so nobody is left to answer.
	w.as(alba, telling, "thread", "post", thread, "--phrase-fd", "0").ends(1).says("un codice fiscale: RSSMRA80A41H501U",
		"un numero di telefono: 333 1234567")
	w.as(alba, "no\n", "thread", "post", thread, "--text", telling, "--phrase-fd", "0").ends(1).says("Va bene: non è stato fatto nulla.")
	w.does(alba, "thread read "+thread).saysNone("RSSMRA")
	w.as(alba, "sì\n", "thread", "post", thread, "--text", telling, "--phrase-fd", "0").ends(0)
	w.as(alba, telling, "thread", "post", thread, "--yes", "--phrase-fd", "0").ends(0).saysNone("sembra")
	w.as(alba, " \n", "thread", "post", thread, "--phrase-fd", "0").ends(2).says("Manca il testo")
}

// What somebody else wrote can't steer the terminal.
func TestNothingSteersTheTerminal(t *testing.T) {
	w := newWorld(t)
	thread := w.opened()
	v, err := w.Person(franca).ReadThread(t.Context(), thread, "answer")
	if err != nil {
		t.Fatal(err)
	}
	const text = "sì\x1b[2J\x1b]0;titolo\a\rno \u202eoirartnoc\u202c\u200b fine"
	if _, err := w.Person(franca).Post(t.Context(), v, client.Content{Text: text}); err != nil {
		t.Fatal(err)
	}
	w.does(alba, "thread read "+string(thread)).ends(0).says("fine").saysNone("\x1b", "\a", "\r", "\u202e", "\u200b")
	// Nor can the service's own word, or fake another line of a list.
	w.Wire(alba).Lie = func(_, _ string, status int, body []byte) (int, []byte) {
		return status, bytes.ReplaceAll(body, []byte(`"topic":"RDL-01"`), []byte(`"topic":"\u001b[2J\n\tfinto"`))
	}
	w.asks(alba, "case list").ends(0).says("\ufffd[2J\ufffd\ufffdfinto").saysNone("\x1b")
}

// A colleague who was taken off the roster can still open what is posted to the epoch that
// she has.
func TestDespite(t *testing.T) {
	w := newWorld(t)
	thread := string(w.opened())
	w.does(carla, "roster sign --remove Bruna --yes").ends(0)
	w.does(alba, "thread read "+thread).ends(0).says("ATTENZIONE", w.id(bruna))
	post := "thread post " + thread + " --text altro"
	w.does(alba, post).ends(1).says("oggi non è nell'elenco", "--despite "+w.id(bruna))
	w.does(alba, post+" --despite "+w.id(bruna)).ends(0)
	// After a recusal a new epoch is due, and it is granted to nobody who is barred.
	w.does(franca, "thread recuse "+thread+" --yes").ends(0)
	w.does(alba, post+" --despite "+w.id(bruna)).ends(1).says("Non è stato inviato nulla")
}

// Whatever the service answers that does not check, nothing of it is shown, and the command
// says so by its status.
func TestLies(t *testing.T) {
	lie := func(change func(*api.Page)) func(string, string, int, []byte) (int, []byte) {
		return func(_, path string, status int, body []byte) (int, []byte) {
			if !strings.HasSuffix(path, "/readings") || status != http.StatusOK {
				return status, body
			}
			var page api.Page
			if err := json.Unmarshal(body, &page); err != nil {
				t.Fatal(err)
			}
			change(&page)
			changed, err := json.Marshal(page)
			if err != nil {
				t.Fatal(err)
			}
			return status, changed
		}
	}
	w := newWorld(t)
	thread := string(w.opened())
	w.as(franca, answer, "thread", "post", thread, "--phrase-fd", "0").ends(0)
	for name, change := range map[string]func(*api.Page){
		"an entry left out": func(p *api.Page) { p.Entries = p.Entries[1:] },
		"the end left out": func(p *api.Page) {
			p.Entries, p.Next = p.Entries[:1], 1
		},
		"an entry changed":  func(p *api.Page) { p.Entries[1].Header = strings.Replace(p.Entries[1].Header, "epoch 1", "epoch 2", 1) },
		"another's receipt": func(p *api.Page) { p.Entries[1].Receipt = p.Entries[0].Receipt },
		"a card left out":   func(p *api.Page) { p.Cards = p.Cards[1:] },
		"another thread":    func(p *api.Page) { p.Thread = "t-2222-2222-2222-2222" },
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.Wire(alba).Lie = lie(change)
			s := w.does(alba, "thread read "+thread).ends(3).says("qualcosa che non torna", "non è stato mostrato nulla", "Dettaglio per l'assistenza")
			if s.out != "" {
				t.Errorf("shown all the same: %s", s.out)
			}
		})
	}
	w.t = t
	w.Wire(alba).Lie = lie(func(p *api.Page) { p.Entries[1].Body = nil })
	w.does(alba, "thread read "+thread).ends(0).says(question, "il servizio non l'ha consegnato").saysNone(answer)
}

// What should be proven by now and is not, is said, and what to do; nothing is refused for it.
func TestDoubt(t *testing.T) {
	w := newWorld(t)
	thread := string(w.opened())
	w.Clock.Advance(3 * time.Hour)
	w.does(bruna, "thread read "+thread).ends(0).says(question, "ATTENZIONE: il registro non prova", "senti l'altra persona a voce")
	w.does(alba, "thread post --text ancora "+thread).ends(0).says("ATTENZIONE: il registro non prova", "Registrato")
	w.RecordHeads()
	w.Clock.Advance(3 * time.Hour)
	w.does(franca, "thread read "+thread+" --reason new").ends(0).says(question, "ATTENZIONE: il registro prova", "solo fino al 16/11/2026 11:30", "più di due ore fa")
	type fresh struct {
		ProvenAt *time.Time   `json:"proven_at"`
		Doubt    client.Doubt `json:"doubt"`
		Last     *time.Time   `json:"last_proof"`
	}
	var old, now fresh
	read := "thread read --json --reason new " + thread
	decode(t, w.does(franca, read).ends(0).says("ATTENZIONE: il registro prova").out, &old)
	if old.Doubt != client.Old || old.ProvenAt != nil || old.Last == nil || !old.Last.Equal(w.Clock.Now().Add(-3*time.Hour)) {
		t.Errorf("as JSON: %+v", old)
	}
	w.RecordHeads()
	said := w.does(franca, read).ends(0)
	said.saysNone("ATTENZIONE")
	decode(t, said.out, &now)
	if now.Doubt != "" || now.ProvenAt == nil || !now.ProvenAt.Equal(w.Clock.Now()) || now.Last != nil {
		t.Errorf("as JSON, with heads of now: %+v", now)
	}
}

// A wire that is silent for a while is asked again; one that stays silent is told.
func TestSilence(t *testing.T) {
	w := newWorld(t)
	lost := 0
	w.Wire(alba).Lose = func(_, path string) bool {
		lost++
		return path == "/v1/cases" && lost < 3
	}
	w.as(alba, question, "case", "open", "--office", "levante", "--topic", "rdl-01", "--alone", "--phrase-fd", "0").ends(0)
	w.Wire(alba).Lose, w.Wire(alba).Drop = nil, func(string, string) bool { return true }
	w.asks(alba, "case list").ends(1).says("Il servizio non risponde")
}

// Who reads changes by an act of the centre's: a colleague comes with all that was said, one leaves,
// and a conversation is closed with an outcome.
func TestMembers(t *testing.T) {
	w := newWorld(t)
	opened := w.as(alba, question, "case", "open", "--office", "levante", "--topic", "rdl-01", "--colleague", "Sala",
		"--holder", "Franca", "--exclude", "gino serra", "--phrase-fd", "0").ends(0).says("non ha oggi una seconda referente")
	cs, thread, inside := opened.after("caso  "), opened.after("con INPS"), opened.after("interna")
	w.does(alba, "thread read "+inside).ends(0).says("conversazione del caso: "+thread, "esclusa dal caso: "+w.id(gino))
	w.does(alba, "thread add "+thread+" --person Gino --yes").ends(1).says("non si può assegnare", "esclusa")
	w.does(franca, "thread add "+thread+" --person Gino --yes").ends(1)

	w.does(alba, "thread add "+thread+" --person Riva --from-start --yes").ends(0).says("Registrato", "Carla Riva", "Bruna Sala")
	w.does(carla, "thread read "+thread).ends(0).says(question, "ha cambiato chi legge")
	w.does(alba, "thread remove "+thread+" --person Sala --yes").ends(0).says("Registrato").saysNone("Bruna Sala")
	w.does(bruna, "thread read "+thread).ends(1).says(nothing)
	w.does(alba, "thread remove "+thread+" --person Sala --yes").ends(1)
	w.does(alba, "case exclude "+cs+" --person gino --lift").ends(0).says("conversazione interna")
	w.does(alba, "thread add "+thread+" --person Gino --yes").ends(0).says("sostituta INPS")

	w.does(franca, "thread request "+thread+" --due 2026-12-01", "--item", "attestazione di presa in carico").ends(0)
	w.does(alba, "thread read "+thread).ends(0).says("chiede, entro il 2026-12-01", "- attestazione di presa in carico")
	w.does(franca, "thread status "+thread+" --phase closed --outcome RSSMRA80A01H501U").ends(2).says("ACCOLTA (accolta)")
	w.does(franca, "thread status "+thread+" --phase closed --outcome accolta --reference INPS.17").ends(0).says("chiusa, esito ACCOLTA (accolta)")
	w.does(alba, "thread read "+thread).ends(0).says("chiusa, esito ACCOLTA", "protocollo dell'istituto: INPS.17")
	w.does(alba, "thread post --text ancora "+thread).ends(1).says("è chiusa")
	w.does(alba, "thread recuse "+inside+" --yes").ends(0).says("Ti sei astenuta")
	w.does(bruna, "thread recuse "+inside+" --yes").ends(1).says("sei rimasta solo tu")
}

// A further conversation of a case, with a Comune that learns nothing of the others.
func TestCaseWith(t *testing.T) {
	w := newWorld(t)
	opened := w.as(alba, question, "case", "open", "--office", "levante", "--topic", "rdl-01", "--colleague", "Sala",
		"--holder", "Franca", "--phrase-fd", "0").ends(0)
	cs, thread, inside := opened.after("caso  "), opened.after("con INPS"), opened.after("interna")
	w.does(alba, "case with "+cs+" --organisation valfiore --colleague Sala --text x").ends(2).says("Chi la riceve?")
	w.does(alba, "case with "+cs+" --organisation valfiore --person Testa --text x").ends(2).says("Quale collega")
	with := w.as(alba, "Serve un'attestazione.", "case", "with", cs, "--organisation", "valfiore", "--person", "Testa", "--colleague", "Sala",
		"--phrase-fd", "0").ends(0).says("con Comune o associazione", "Olga Testa")
	further := with.after("Conversazione")
	w.does("olga-sportello", "thread read "+further).ends(0).says("Serve un'attestazione.").saysNone(thread, inside, cs, "RDL-01")
	w.does(bruna, "thread read "+inside).ends(0).says("ha aperto un'altra conversazione del caso", further)
	w.does(dina, "case with "+cs+" --organisation valfiore --person Testa --colleague Leone --text x").ends(1).says("Non hai nessun caso")
}

// Programs get JSON, with what was written as it was written.
func TestJSON(t *testing.T) {
	w := newWorld(t)
	thread := string(w.opened())
	var list []struct {
		Thread, Phase string
		WithName      string `json:"with_name"`
	}
	decode(t, w.asks(alba, "case list --json").ends(0).out, &list)
	if len(list) != 2 || list[0].Phase != "open" || list[0].WithName+list[1].WithName != "INPS Levante" {
		t.Errorf("the list is %+v", list)
	}
	var read struct {
		Thread  string
		Entries []struct {
			Kind, Receipt string
			Content       struct{ Text string }
		}
	}
	decode(t, w.does(alba, "thread read --json "+thread).ends(0).out, &read)
	if read.Thread != thread || len(read.Entries) == 0 || read.Entries[0].Content.Text != question {
		t.Errorf("the conversation is %+v", read)
	}
	var readers struct{ Readings []struct{ Person string } }
	decode(t, w.asks(alba, "readers --json "+thread).ends(0).out, &readers)
	if len(readers.Readings) == 0 || readers.Readings[0].Person != w.id(alba) {
		t.Errorf("the readings are %+v", readers)
	}
	decode(t, w.asks(dina, "case list --json").ends(0).out, &list)
	if len(list) != 0 {
		t.Errorf("nobody's list is %+v", list)
	}
}

func decode(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%q is no JSON: %v", text, err)
	}
}
