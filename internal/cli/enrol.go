package cli

import (
	"context"

	"github.com/spf13/cobra"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/secret"
)

const (
	enrolLong = `Fa le tue chiavi su questo computer, le chiude dietro una frase di sblocco di sei parole e pubblica la tua carta.

La frase viene mostrata una volta sola: scrivila su un foglio e tienilo dove nessun altro lo trova. Il servizio conserva le
tue chiavi chiuse e non può aprirle: chi perde la frase deve farsi mettere di nuovo nell'elenco.

Le parole di verifica, alla fine, si leggono a voce a chi tiene l'elenco della tua organizzazione: non sono segrete.

Chi tiene l'elenco (responsabile del centro o di sede) usa --request: la sua carta va firmata alla cerimonia della rete.
Se il comando si interrompe, ripetilo: quello che è già stato fatto non si rifà.

Chi ha perso la frase, o teme che qualcuno abbia le sue chiavi, usa --again dopo un accesso appena fatto: chiavi, frase e carta
sono nuove. Quelle vecchie restano da parte finché chi tiene l'elenco non firma la carta nuova. Le parole di verifica vanno lette di nuovo; quello che leggeva lo riavrà dalle
colleghe, se loro lo leggono ancora.`
	enrolExample = `  varco enrol
  varco enrol --request richiesta.json          (chi tiene l'elenco)
  varco enrol --again                           (chi ha perso la frase)
  varco enrol --new-phrase-fd 3 3> frase.txt    (senza terminale)`
	newPhraseText = `Questa è la tua frase di sblocco. Scrivila ora su un foglio: non verrà mostrata mai più.

    %s

Quando l'hai scritta, premi Invio.`
	enrolledText = `Le tue chiavi sono al sicuro e la tua carta è pubblicata.

Parole di verifica:  %s

Leggile a voce a chi tiene l'elenco della tua organizzazione, di persona o a un numero che già conoscete,
insieme al tuo codice: %s
Dopo che ti avrà messa nell'elenco potrai lavorare.
`
	againQuestion = "Quando chi tiene l'elenco avrà firmato la carta nuova, le chiavi di prima non si apriranno più, neanche se ritrovi la frase. Faccio chiavi nuove?"
	againText     = `Le chiavi nuove sono al sicuro e la tua carta nuova è pubblicata. Se ritrovi la frase prima che la
carta sia nell'elenco, le chiavi di prima si rimettono: varco keys list

Parole di verifica:  %s

Leggile a voce a chi tiene l'elenco della tua organizzazione, e a tutte le persone con cui scrivi: il loro computer dirà che la tua
carta è cambiata. Il tuo codice: %s
Quello che leggevi prima lo riavrai dalle colleghe che lo leggono ancora.
`
	requestedText = `Le tue chiavi sono al sicuro. La richiesta per la cerimonia è nel file %s.

Organizzazione:      %s
Parole di verifica:  %s

Porta il file a chi tiene la cerimonia e confronta le parole a voce. Quando torna firmato: varco card put FILE
`
)

type enrolFlags struct {
	request, name string
	again, yes    bool
	newPhraseFD   int
}

func (r *run) enrol() *cobra.Command {
	var f enrolFlags
	c := &cobra.Command{Use: "enrol", Short: "Fa le tue chiavi e pubblica la tua carta", Long: enrolLong, Example: enrolExample,
		Args: desk.Takes(0, 0), RunE: func(c *cobra.Command, _ []string) error { return r.runEnrol(c.Context(), f) }}
	c.Flags().StringVar(&f.request, "request", "", "scrive in questo `file` la richiesta per la cerimonia, per chi tiene l'elenco")
	c.Flags().StringVar(&f.name, "name", "", "`nome` dell'organizzazione nella richiesta, se non è quello che il servizio dice")
	c.Flags().BoolVar(&f.again, "again", false, "fa chiavi nuove al posto di quelle che ci sono, per chi ha perso la frase")
	c.Flags().BoolVar(&f.yes, "yes", false, "con --again non chiede conferma")
	desk.FDFlag(c, &f.newPhraseFD, "new-phrase-fd", "scrive la frase nuova su questo `descrittore` e non la mostra né la richiede")
	return r.PhraseFlag(c)
}

func (r *run) runEnrol(ctx context.Context, f enrolFlags) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	if f.request != "" {
		if err := desk.Absent(f.request); err != nil {
			return err
		}
	}
	exists, err := s.Client.Enrolled(ctx)
	if err != nil {
		return err
	}
	if f.again {
		return r.enrolAgain(ctx, s, f, exists)
	}
	if exists {
		if r.PhraseTyped() {
			r.Tell("Le tue chiavi ci sono già: si continua con quelle.\n")
		}
		return r.WithPhrase(func(phrase secret.String) error { return r.enrolWith(ctx, s, f, phrase) })
	}
	phrase, err := r.NewPhrase(f.newPhraseFD, newPhraseText)
	if err != nil {
		return err
	}
	return r.enrolWith(ctx, s, f, phrase)
}

// enrolAgain makes new keys in place of those that are there.
func (r *run) enrolAgain(ctx context.Context, s *desk.Session, f enrolFlags, exists bool) error {
	switch {
	case f.request != "":
		return desk.Misuse("Chi tiene l'elenco fa prima le chiavi nuove con --again, poi la richiesta con --request.")
	case !exists:
		return desk.Failed("Non hai ancora le tue chiavi. Falle ora, senza --again: varco enrol")
	}
	if err := r.Confirm(againQuestion, f.yes); err != nil {
		return err
	}
	phrase, err := r.NewPhrase(f.newPhraseFD, newPhraseText)
	if err != nil {
		return err
	}
	u, err := s.Client.EnrolAgain(ctx, phrase)
	if err != nil {
		return freshly(err)
	}
	r.Say(againText, italian.Words(client.Words(u.Card())), u.Person())
	return nil
}

func (r *run) enrolWith(ctx context.Context, s *desk.Session, f enrolFlags, phrase secret.String) error {
	if f.request != "" {
		return r.requestCard(ctx, s, f, phrase)
	}
	u, err := s.Client.Enrol(ctx, phrase)
	if err != nil {
		return err
	}
	r.Say(enrolledText, italian.Words(client.Words(u.Card())), u.Person())
	return nil
}

// requestCard writes what a steward takes to the ceremony.
func (r *run) requestCard(ctx context.Context, s *desk.Session, f enrolFlags, phrase secret.String) error {
	name := f.name
	if name == "" {
		me, err := s.Client.Me(ctx)
		if err != nil {
			return err
		}
		name = me.Name
	}
	_, request, err := s.Client.EnrolSteward(ctx, phrase, name)
	if err != nil {
		return err
	}
	shown, err := client.OpenRequest(request)
	if err != nil {
		return err
	}
	if err := desk.WritePutCard(f.request, request); err != nil {
		return err
	}
	r.Say(requestedText, f.request, italian.Line(shown.Name), italian.Words(client.Words(shown.Card)))
	return nil
}

func (r *run) unlock() *cobra.Command {
	c := &cobra.Command{Use: "unlock", Short: "Prova la frase di sblocco e confronta le chiavi con la carta",
		Long: "Apre le tue chiavi con la frase, le confronta con la tua carta e le richiude: non resta aperto nulla.",
		Args: desk.Takes(0, 0), RunE: func(c *cobra.Command, _ []string) error { return r.runUnlock(c.Context()) }}
	return r.PhraseFlag(c)
}

func (r *run) runUnlock(ctx context.Context) error {
	s, u, err := r.Unlocked(ctx)
	if err != nil {
		return err
	}
	if u.Card() == nil {
		r.Say("La frase apre le tue chiavi. La tua carta però non è ancora pubblicata: ripeti varco enrol.\n")
		return nil
	}
	r.Say("Tutto in ordine: la frase apre le tue chiavi, e sono quelle della tua carta.\nParole di verifica:  %s\n",
		italian.Words(client.Words(u.Card())))
	d, err := s.Client.KnownDirectory(ctx)
	if err != nil {
		return err
	}
	switch p := d.Person(d.Own.ID, u.Person()); {
	case p == nil:
		r.Say("Non sei ancora nell'elenco della tua organizzazione: leggi le parole a chi lo tiene. Il tuo codice: %s\n", u.Person())
	case p.Barred != nil:
		r.Say("Oggi però non puoi scrivere: %s.\n", italian.Barred(p.Barred))
	}
	return nil
}
