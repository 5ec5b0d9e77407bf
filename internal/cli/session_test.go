package cli_test

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"varco/internal/cli"
	"varco/internal/cli/desk"
	"varco/internal/client"
	"varco/internal/secret"
	"varco/internal/varcotest"
)

// alone runs a command on a computer of nobody's, with a folder and on a network.
func (w *world) alone(folder string, args ...string) *said {
	w.t.Helper()
	var out, err bytes.Buffer
	exit := cli.Main(w.t.Context(), desk.Device{In: strings.NewReader(""), Out: &out, Err: &err,
		Getenv: func(key string) string { return map[string]string{"VARCO_HOME": folder}[key] },
		Now:    w.Clock.Now, Rand: rand.Reader, Work: varcotest.Work(), Network: "",
		Reach: func(string) client.Transport { return w.Wire(alba) }}, args)
	return &said{w.t, "varco " + strings.Join(args, " "), exit, out.String(), err.String()}
}

func TestSetup(t *testing.T) {
	w := newWorld(t)
	folder := filepath.Join(t.TempDir(), "home")
	anchors := filepath.Join(t.TempDir(), "anchors.toml")
	if err := os.WriteFile(anchors, []byte(w.anchors()), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.toml")
	if err := os.WriteFile(broken, []byte("origin = \"x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.alone(folder, "whoami").ends(1).says("non è ancora preparato", "varco setup")
	w.alone(folder, "setup").ends(2).says("Manca l'indirizzo")
	w.alone(folder, "setup", "--service", "https://varco.example").ends(1).says("chiavi pubbliche di nessuna rete")
	w.alone(folder, "setup", "--service", "https://varco.example", "--anchors", anchors).ends(1).says("solo per una dimostrazione")
	w.alone(folder, "setup", "--service", "localhost", "--anchors", anchors).ends(1).says("non va bene")
	w.alone(folder, "setup", "--service", "http://localhost:1", "--anchors", broken).ends(1).says("non contiene chiavi pubbliche valide")
	w.alone(folder, "setup", "--service", "http://localhost:1", "--anchors", folder+"/absent").ends(1).says("un file non si lascia leggere")
	w.alone(folder, "setup", "--service", "http://localhost:1", "--anchors", anchors).ends(0).says("DIMOSTRAZIONE", "è pronto")
	w.alone(folder, "whoami").ends(1).says("DIMOSTRAZIONE", "non c'è nessun accesso", "varco login")
	other := &world{Network: varcotest.Empty(t)}
	if err := os.WriteFile(anchors, []byte(other.anchors()), 0o600); err != nil {
		t.Fatal(err)
	}
	w.alone(folder, "setup", "--service", "http://localhost:1", "--anchors", anchors).ends(1).says("un'altra rete", "VARCO_HOME")
}

func TestSession(t *testing.T) {
	w := newWorld(t)
	w.asks(alba, "whoami").ends(0).says(w.id(alba), "operatrice", "Centro antiviolenza Aurora")
	w.asks(carla, "whoami").ends(0).says("responsabile del centro, tiene l'elenco")
	w.Resident(alba).Phrase, w.Resident(bruna).Phrase = w.Resident(bruna).Phrase, w.Resident(alba).Phrase
	w.does(alba, "unlock").ends(1).says("La frase non apre le tue chiavi", "Nulla è cambiato")
	w.raw(alba, "una frase che non è nell'elenco\n", "unlock", "--phrase-fd", "0").ends(1).says("La parola numero 1").saysNone("frase che")
	w.raw(alba, "", "unlock", "--phrase-fd", "0").ends(2).says("non è arrivato nulla")
	w.raw(alba, "", "unlock", "--phrase-fd", "77").ends(2).says("Dal descrittore 77")
	w.Invite("zoe", "aurora")
	w.Resident("zoe").Device = w.NewDevice("zoe")
	w.does("zoe", "unlock").ends(1).says("Non hai ancora le tue chiavi", "varco enrol")
	w.asks("zoe", "card show").ends(1).says("varco enrol")
	enrolled := w.as("zoe", "", "enrol", "--new-phrase-fd", "1").ends(0).says("Parole di verifica", w.id("zoe"))
	w.Resident("zoe").Phrase = secret.NewString(strings.SplitN(enrolled.out, "\n", 2)[0])
	again := w.does("zoe", "enrol").ends(0)
	if want := enrolled.match(`Parole di verifica: +(.*)`); again.match(`Parole di verifica: +(.*)`) != want {
		t.Error("enrolling again made another card")
	}
}

// A service that says that somebody else is signed in is not believed.
func TestSomebodyElse(t *testing.T) {
	w := newWorld(t)
	w.asks(alba, "whoami").ends(0)
	w.Wire(alba).Lie = func(_, path string, status int, body []byte) (int, []byte) {
		if path == "/v1/me" {
			body = bytes.ReplaceAll(body, []byte(w.id(alba)), []byte(w.id(bruna)))
		}
		return status, body
	}
	w.asks(alba, "whoami").ends(3).says("qualcosa che non torna").saysNone(w.id(bruna))
}

func TestChangedCard(t *testing.T) {
	w := newWorld(t)
	w.asks(alba, "card show Franca").ends(0).says("in ordine", w.Words(franca))
	w.asks(alba, "card accept Franca").ends(2)
	w.as(alba, "", "card", "accept", "Franca", "--words", w.Words(bruna)).ends(1).says("Le parole non sono quelle", "fermati")
	w.as(alba, "", "card", "accept", "Franca", "--words", w.Words(franca)).ends(0).says("riconosce la carta di Franca Villa")
	w.asks(alba, "card show Nessuna").ends(1).says("Nessuna persona si chiama")
}

func TestHelp(t *testing.T) {
	w := newWorld(t)
	for line, says := range map[string]string{
		"":                                   "Comandi:",
		"help":                               "Comandi:",
		"help thread post":                   "standard input",
		"thread":                             "Comandi:",
		"roster sign --help":                 "--substitute CHI --for DI-CHI",
		"audit -h":                           "Mostra il registro",
		"version":                            "varco ",
		"__complete case sh":                 "show",
		"__complete case open --topic RDL-0": "RDL-01\tReddito",
		"__complete thread read --reason su": "substitution",
		"ceremony endorse -h":                "Firma con la radice",
		"case open --help":                   "--exclude",
		"completion --help":                  "Tab",
		"login --help":                       "BROWSER",
		"receipt verify --help":              "R-…",
	} {
		w.alone(t.TempDir(), strings.Fields(line)...).ends(0).says(says).saysNone("Usage", "Flags:", "default ", "help for")
	}
	w.alone(t.TempDir(), "completion", "bash").ends(0).says("# bash completion")
	for line, says := range map[string]string{
		"walk":                  "Non c'è un comando «varco walk»",
		"help walk":             "non c'è",
		"thread walk":           "Non c'è un comando «varco thread walk»",
		"thread read":           "Manca qualcosa",
		"thread read a b":       "«b» è di troppo",
		"thread read a --x":     "Non c'è l'opzione «x»",
		"thread read a -x":      "Non c'è l'opzione «x»",
		"audit --limit many":    "non va bene per --limit",
		"audit --limit":         "manca il valore",
		"unlock --phrase-fd x":  "non è il numero di un descrittore",
		"unlock --phrase-fd -3": "non è il numero di un descrittore",
		"roster sign --words a": "viene dopo la modifica",
	} {
		w.alone(t.TempDir(), strings.Fields(line)...).ends(2).says(says).saysNone("Error", "unknown")
	}
}
