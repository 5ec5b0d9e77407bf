package steward

import (
	"fmt"

	"github.com/spf13/cobra"

	"varco/internal/card"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/note"
)

const (
	ceremonyLong = `La cerimonia della rete: si fa in due, su un computer mai collegato a nessuna rete. keys/README.md dice come.`
	makeRootLong = `Fa la radice della rete: la chiave che firma le carte di chi tiene gli elenchi.

La chiave sta in un file chiuso da dodici parole. Le prime sei le scrive una persona, le altre sei un'altra, e nessuna delle due
vede quelle dell'altra: nessuna può usare la radice da sola.`
	endorseLong = `Firma con la radice la carta di chi tiene un elenco. Prima mostra tutto: persona, organizzazione, nome e parole di verifica.
Si firma solo dopo aver confrontato le parole con la persona, presente o a un numero che già si conosceva.`
	firstHalf = `Queste sono le sei parole della PRIMA persona. Le scrive ora su un foglio, e nessun altro le guarda.

    %s

Quando le ha scritte, prema Invio.`
	secondHalf = `Queste sono le sei parole della SECONDA persona. Le scrive ora su un foglio, e nessun altro le guarda.

    %s

Quando le ha scritte, prema Invio.`
	askFirst  = "Prima persona, le sue sei parole:"
	askSecond = "Seconda persona, le sue sei parole:"
	rootText  = `La radice è nel file %s. Copialo su due supporti, uno per parte.

Chiave pubblica della radice, da scrivere nel verbale e leggere a voce:
  %s
`
)

// Ceremony is the command "ceremony". It needs no service and no network.
func Ceremony(d *desk.Desk) *cobra.Command {
	r := &run{d}
	c := desk.Group("ceremony", "La cerimonia: la radice della rete", r.ceremonyRoot(), r.PhraseFlag(r.ceremonyEndorse()), r.PhraseFlag(r.ceremonySucceed()))
	c.Long = ceremonyLong
	return c
}

func (r *run) ceremonyRoot() *cobra.Command {
	var out, name string
	var fd int
	c := &cobra.Command{Use: "root --name NOME --out FILE", Short: "Fa la radice della rete", Long: makeRootLong, Args: desk.Takes(0, 0),
		Example: "  varco ceremony root --name root.rete.example.it --out radice.age",
		RunE:    func(*cobra.Command, []string) error { return r.runRoot(name, out, fd) }}
	c.Flags().StringVar(&out, "out", "", "il `file` in cui chiudere la radice")
	c.Flags().StringVar(&name, "name", "", "il `nome` con cui firma")
	desk.FDFlag(c, &fd, "new-phrase-fd", "scrive le due metà della frase, una per riga, su questo `descrittore`")
	return c
}

func (r *run) runRoot(name, out string, fd int) error {
	if name == "" || out == "" {
		return desk.Misuse("Servono il nome e il file: varco ceremony root --name NOME --out FILE")
	}
	if err := desk.Absent(out); err != nil {
		return err
	}
	root, err := newRoot(name)
	if err != nil {
		return err
	}
	halves, err := r.newHalves(fd)
	if err != nil {
		return err
	}
	file, err := keyring.SealRoot(root, halves, r.Work)
	if err != nil {
		return err
	}
	key, err := root.VerifierKey()
	if err != nil {
		return err
	}
	if err := desk.WriteNew(out, file); err != nil {
		return err
	}
	r.Say(rootText, out, key)
	return nil
}

// newHalves draws the two phrases of a root and hands each to its person.
func (r *run) newHalves(fd int) (halves keyring.Halves, err error) {
	for i, shown := range []string{firstHalf, secondHalf} {
		if halves[i], err = r.NewPhrase(fd, shown); err != nil {
			return halves, err
		}
	}
	return halves, nil
}

func (r *run) ceremonyEndorse() *cobra.Command {
	var root, out string
	var yes bool
	c := &cobra.Command{Use: "endorse --root FILE RICHIESTA --out FILE", Short: "Firma con la radice la carta di chi tiene un elenco",
		Long: endorseLong, Example: "  varco ceremony endorse --root radice.age richiesta.json --out carta.json", Args: desk.Takes(1, 1),
		RunE: func(_ *cobra.Command, args []string) error { return r.runEndorse(root, args[0], out, yes) }}
	c.Flags().StringVar(&root, "root", "", "il `file` della radice")
	c.Flags().StringVar(&out, "out", "", "il `file` in cui scrivere la carta firmata")
	c.Flags().BoolVar(&yes, "yes", false, "non chiede conferma")
	return c
}

func (r *run) runEndorse(root, request, out string, yes bool) error {
	if root == "" || out == "" {
		return desk.Misuse("Servono la radice e il file da scrivere: varco ceremony endorse --root FILE RICHIESTA --out FILE")
	}
	if err := desk.Absent(out); err != nil {
		return err
	}
	locked, err := desk.ReadSmall(root)
	if err != nil {
		return err
	}
	p, err := desk.ReadPutCard(request)
	if err != nil {
		return err
	}
	shown, err := client.OpenRequest(p)
	if err != nil {
		return desk.Because(err, "La richiesta nel file %s non è valida: va rifatta con varco enrol --request. Non è stato firmato nulla.", request)
	}
	r.showRequest(shown)
	if err := r.Confirm("È lei, e le parole coincidono?", yes); err != nil {
		return err
	}
	signer, err := r.openRoot(locked)
	if err != nil {
		return err
	}
	signed, err := client.Endorse(p, signer.Signer())
	if err != nil {
		return desk.Because(err, "La richiesta nel file %s non si può firmare: forse è già firmata. Non è stato firmato nulla.", request)
	}
	key, err := signer.VerifierKey()
	if err != nil {
		return err
	}
	verifier, err := note.ParseVerifier(key)
	if err != nil {
		return err
	}
	if _, err := card.ParseSteward([]byte(signed.Note), verifier, nil); err != nil {
		return desk.Because(err, "La carta firmata non torna. Non è stato scritto nulla.")
	}
	if err := desk.WritePutCard(out, signed); err != nil {
		return err
	}
	r.Say("La carta è firmata, nel file %s. Chi l'ha chiesta la pubblica con: varco card put %s\n", out, out)
	return nil
}

func (r *run) showRequest(c client.Ceremony) {
	desk.Table(r.Err, [][]string{
		{"persona", string(c.Card.Person)},
		{"organizzazione", italian.Line(c.Name)},
		{"tipo", italian.Kind(c.Card.Steward.Kind)},
		{"codice", string(c.Card.Organisation)},
		{"carta numero", fmt.Sprint(c.Card.Serial)},
		{"vale", r.Span(c.Card.Issued, c.Card.Expires)},
		{"parole di verifica", italian.Words(client.Words(c.Card))},
	})
}

// openRoot opens the root with the words of both people.
func (r *run) openRoot(locked []byte) (keyring.Root, error) {
	var halves keyring.Halves
	for i, question := range []string{askFirst, askSecond} {
		var err error
		if halves[i], err = r.Phrase(question); err != nil {
			return keyring.Root{}, err
		}
	}
	root, err := keyring.OpenRoot(locked, halves, r.Work)
	switch fault.ClassOf(err) {
	case "":
		return root, err
	case fault.ClassPhrase:
		return root, desk.Failed("Le dodici parole non aprono la radice: controllatele, e l'ordine delle due persone. Non è stato firmato nulla.")
	default:
		return root, desk.Because(err, "Il file non contiene una radice, o è rovinato: provate con l'altra copia. Non è stato firmato nulla.")
	}
}
