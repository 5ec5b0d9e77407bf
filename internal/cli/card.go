package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"varco/internal/card"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
)

const (
	cardPutLong = `Pubblica la carta di chi tiene l'elenco, tornata firmata dalla cerimonia della rete.
La carta dice a tutta la rete che sei tu a firmare l'elenco della tua organizzazione.`
	cardRenewLong = `Fa le chiavi della tua prossima carta e la pubblica, firmata anche con quelle di adesso: vale un anno.
Intanto continui con la carta che hai. Quando chi tiene l'elenco lo firma, la carta nuova prende il posto della vecchia senza
che nessuna debba confrontare parole. Serve un accesso appena fatto (varco login). La carta di chi tiene l'elenco si rinnova
alla cerimonia: varco enrol --request.`
	cardAcceptLong = `Dice che la carta nuova di una persona è davvero sua, dopo aver confrontato a voce le sei parole di verifica.
Serve quando una carta è cambiata: finché non è confrontata, a quella persona non viene affidato nulla.`
	cardAcceptExample = `  varco card accept Rossi --words "abaco bisonte cometa daino ebano falco"`
)

func (r *run) card() *cobra.Command {
	show := &cobra.Command{Use: "show [PERSONA]", Short: "Mostra una carta, la tua se non dici di chi", Args: desk.Takes(0, 1),
		RunE: func(c *cobra.Command, args []string) error { return r.runCardShow(c.Context(), args) }}
	put := &cobra.Command{Use: "put FILE", Short: "Pubblica la carta firmata alla cerimonia", Long: cardPutLong, Args: desk.Takes(1, 1),
		RunE: func(c *cobra.Command, args []string) error { return r.runCardPut(c.Context(), args[0]) }}
	var words string
	accept := &cobra.Command{Use: "accept PERSONA", Short: "Accetta la carta nuova di una persona", Long: cardAcceptLong,
		Example: cardAcceptExample, Args: desk.Takes(1, 1),
		RunE: func(c *cobra.Command, args []string) error { return r.runCardAccept(c.Context(), args[0], words) }}
	accept.Flags().StringVar(&words, "words", "", "le sei `parole` che la persona ti ha letto a voce")
	renew := &cobra.Command{Use: "renew", Short: "Rinnova la tua carta prima che scada", Long: cardRenewLong, Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runCardRenew(c.Context()) }}
	return desk.Group("card", "Le carte: chi è chi", show, r.PhraseFlag(put), accept, r.PhraseFlag(renew))
}

func (r *run) runCardShow(ctx context.Context, args []string) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	d, err := s.Client.KnownDirectory(ctx)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return r.showOwn(d, s.Kept.Person)
	}
	p, err := desk.Pick(desk.Everybody(d), args[0], "persona", desk.PersonOf)
	if err != nil {
		return err
	}
	r.showPerson(d, &p)
	return nil
}

// showOwn shows one's own card, on the roster or waiting.
func (r *run) showOwn(d *client.Directory, person ids.Person) error {
	if p := d.Person(d.Own.ID, person); p != nil {
		r.showPerson(d, p)
		return nil
	}
	var newest *card.Signed
	for _, c := range d.Own.Waiting {
		if c.Person == person && (newest == nil || c.Serial > newest.Serial) {
			newest = c
		}
	}
	if newest == nil {
		return desk.Failed("Non hai ancora pubblicato una carta. Falla ora: varco enrol")
	}
	desk.Table(r.Out, r.cardLines(newest))
	r.Say("Non è ancora nell'elenco della tua organizzazione: leggi le parole di verifica a chi lo tiene.\n")
	return nil
}

func (r *run) showPerson(d *client.Directory, p *client.Person) {
	state := "in ordine: firmata fino alla radice della rete"
	if p.Changed {
		state = "CAMBIATA: confronta di nuovo le parole di verifica, poi varco card accept"
	} else if p.Barred != nil {
		state = "oggi non vale: " + italian.Barred(p.Barred)
	}
	lines := [][]string{
		{"persona", italian.Called(p.Name, p.ID)},
		{"organizzazione", desk.PlaceOf(d.Organisation(p.Organisation))},
		{"ruolo oggi", italian.Roles(p.Roles)},
		{"nell'elenco", r.Span(p.Seat.From, p.Seat.Until)},
	}
	if p.Seat.Act != "" {
		lines = append(lines, []string{"atto di nomina", italian.Line(p.Seat.Act)})
	}
	lines = append(lines, []string{"stato della carta", state})
	desk.Table(r.Out, append(lines, r.cardLines(p.Card)...))
}

func (r *run) cardLines(c *card.Signed) [][]string {
	return [][]string{
		{"carta numero", fmt.Sprintf("%d, di %s", c.Serial, c.Person)},
		{"vale", r.Span(c.Issued, c.Expires)},
		{"parole di verifica", italian.Words(client.Words(c))},
	}
}

func (r *run) runCardPut(ctx context.Context, path string) error {
	put, err := desk.ReadPutCard(path)
	if err != nil {
		return err
	}
	s, u, err := r.Unlocked(ctx)
	if err != nil {
		return err
	}
	d, err := s.Client.KnownDirectory(ctx)
	if err != nil {
		return err
	}
	parsed, err := d.ReadCard([]byte(put.Note))
	if err != nil || parsed.Steward == nil {
		return desk.Because(err, "La carta nel file %s non è firmata dalla radice di questa rete. Non è stato pubblicato nulla.", path)
	}
	if parsed.Person != u.Person() {
		return desk.Failed("La carta nel file %s non è la tua: è di %s. Non è stato pubblicato nulla.", path, parsed.Person)
	}
	err = u.PutCard(ctx, put)
	if class := fault.ClassOf(err); desk.IsOurs(err) && (class == fault.ClassSubstitute || class == fault.ClassMissing) {
		return desk.Because(err, "La carta nel file %s non è di queste chiavi, oppure il servizio non la mostra come l'ha presa.\n"+
			"Guarda: varco card show. Se non c'è, fai di nuovo la richiesta: varco enrol --request", path)
	}
	if err != nil {
		return err
	}
	r.Say("La tua carta è pubblicata.\nParole di verifica:  %s\nOra puoi firmare l'elenco: varco roster sign --help\n",
		italian.Words(client.Words(parsed)))
	return nil
}

func (r *run) runCardAccept(ctx context.Context, who, words string) error {
	if words == "" {
		return desk.Misuse("Servono le parole di verifica che la persona ti ha letto a voce: --words \"…\"")
	}
	s, err := r.Open()
	if err != nil {
		return err
	}
	d, err := s.Client.KnownDirectory(ctx)
	if err != nil {
		return err
	}
	p, err := desk.Pick(desk.Everybody(d), who, "persona", desk.PersonOf)
	if err != nil {
		return err
	}
	if !italian.SameWords(words, p.Words()) {
		return desk.Failed("%s", italian.OtherWords(italian.Called(p.Name, p.ID)))
	}
	if err := s.Client.AcceptCard(ctx, p.Organisation, p.ID, words); err != nil {
		return err
	}
	r.Say("Da ora questo computer riconosce la carta di %s.\n", italian.Called(p.Name, p.ID))
	return nil
}

func (r *run) runCardRenew(ctx context.Context) error {
	_, u, err := r.Unlocked(ctx)
	if err != nil {
		return err
	}
	before := u.Card()
	renewed, err := u.RenewCard(ctx)
	switch {
	case desk.IsOurs(err) && fault.KindOf(err) == fault.NotFound:
		return desk.Failed("Non hai ancora pubblicato una carta. Falla ora: varco enrol")
	case desk.IsOurs(err) && fault.KindOf(err) == fault.Invalid:
		return desk.Because(err, "La carta di chi tiene l'elenco si rinnova alla cerimonia: varco enrol --request FILE")
	case err != nil:
		return freshly(err)
	}
	r.Say("La carta numero %d è pubblicata, e aspetta chi tiene l'elenco.\n", renewed.Serial)
	if renewed.Succeeds(before.Hash) {
		r.Say("Prende il posto della numero %d senza confrontare parole; fino ad allora continui con quella.\n", before.Serial)
		return nil
	}
	r.Say("Quella di prima è scaduta: leggi le parole di verifica a chi tiene l'elenco.\nParole di verifica:  %s\n",
		italian.Words(client.Words(renewed)))
	return nil
}
