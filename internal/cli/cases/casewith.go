package cases

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/thread"
)

const (
	withLong = `Apre in un caso un'altra conversazione: con un Comune o un'associazione, oppure con un'altra sede INPS.

Chi la riceve non viene a sapere delle altre: né il loro codice, né l'argomento. Con un Comune o un'associazione si dice chi la
riceve (--person); con una sede INPS le referenti sono scelte come in varco case open. Chi è esclusa dal caso non la riceve.`
	excludeLong = `Scrive nella conversazione interna del caso chi non lo deve ricevere: una persona, o un'intera sede o associazione.
Nessuno fuori dal centro lo viene a sapere, nemmeno il servizio. Con --lift può riceverlo di nuovo.

Chi ne fa già parte non viene tolta da questo: per toglierla, varco thread remove.`
)

type withFlags struct {
	organisation, topic, urgency string
	people, colleagues           []string
	alone                        bool
	text                         string
	yes                          bool
}

func (r *run) caseWith() *cobra.Command {
	var f withFlags
	c := &cobra.Command{Use: "with CASO", Short: "Apre in un caso un'altra conversazione", Long: withLong, Args: desk.Takes(1, 1),
		Example: "  varco case with c-4kd9-wq7m-x2pn-8rcf --organisation Valfiore --person Testa --colleague Landi",
		RunE:    func(c *cobra.Command, args []string) error { return r.runCaseWith(c.Context(), args[0], f) }}
	c.Flags().StringVar(&f.organisation, "organisation", "", "il `Comune`, l'associazione o la sede: il codice o una parte del nome")
	c.Flags().StringSliceVar(&f.people, "person", nil, "la `persona` del Comune o dell'associazione; si può ripetere")
	c.Flags().StringSliceVar(&f.colleagues, "colleague", nil, "la `collega` che la segue con te; si può ripetere")
	c.Flags().BoolVar(&f.alone, "alone", false, "nessuna collega la segue")
	c.Flags().StringVar(&f.topic, "topic", "", "con una sede INPS, l'`argomento`")
	c.Flags().StringVar(&f.urgency, "urgency", "", "con una sede INPS, l'`urgenza`, se non è quella dell'argomento")
	c.Flags().StringVar(&f.text, "text", "", "il `testo`")
	c.Flags().BoolVar(&f.yes, "yes", false, "non chiede conferma")
	return r.PhraseFlag(c)
}

func (r *run) runCaseWith(ctx context.Context, code string, f withFlags) error {
	if f.organisation == "" {
		return desk.Misuse("Con chi? Serve --organisation, il codice o una parte del nome.")
	}
	u, cs, own, err := r.caseInside(ctx, code)
	if err != nil {
		return err
	}
	other, err := desk.Pick(u.directory.Others, f.organisation, "organizzazione", desk.OrganisationOf)
	if err != nil {
		return err
	}
	n := client.NewThread{With: other.ID, Alone: f.alone}
	if n.Partners, err = desk.PeopleIDs(other, f.people); err != nil {
		return err
	}
	if n.Colleagues, err = desk.PeopleIDs(u.directory.Own, f.colleagues); err != nil {
		return err
	}
	if len(n.Colleagues) == 0 && !f.alone {
		return desk.Misuse("Quale collega la segue con te? Serve almeno un --colleague, così una frase persa non fa perdere la conversazione;\n" +
			"se proprio sei sola: --alone.")
	}
	if other.Kind == act.INPS {
		o := openFlags{topic: f.topic, urgency: f.urgency}
		about, err := chooseTopic(&o)
		if err != nil {
			return err
		}
		n.Topic, n.Urgency = about.Code, o.urgency
	} else if len(n.Partners) == 0 {
		return desk.Misuse("Chi la riceve? Serve almeno un --person di %s.", italian.Line(other.Name))
	}
	text, typed, err := r.Text(f.text)
	if err != nil {
		return err
	}
	if err := r.secondLook(text, f.yes); err != nil {
		return r.giveBack(err, text, typed)
	}
	n.Content.Text = text
	v, receipts, err := u.OpenThread(ctx, cs, own, n)
	if err != nil {
		return r.giveBack(notOpened(r.notPosted(u.directory, own, err)), text, typed)
	}
	heading, err := r.heading(u.directory, &v.State)
	if err != nil {
		return err
	}
	r.Say("%s\nRicevuta %s.\n", heading, receipts[0].Number())
	r.showMembers(u.directory, v)
	return nil
}

func (r *run) caseExclude() *cobra.Command {
	var person, organisation, text string
	var lift bool
	c := &cobra.Command{Use: "exclude CASO", Short: "Esclude qualcuno da un caso, senza che si sappia", Long: excludeLong, Args: desk.Takes(1, 1),
		Example: "  varco case exclude c-4kd9-wq7m-x2pn-8rcf --person Vanni",
		RunE: func(c *cobra.Command, args []string) error {
			return r.runCaseExclude(c.Context(), args[0], person, organisation, text, lift)
		}}
	c.Flags().StringVar(&person, "person", "", "la `persona`: una parte del nome, o il codice")
	c.Flags().StringVar(&organisation, "organisation", "", "la `sede`, il Comune o l'associazione, per intero")
	c.Flags().StringVar(&text, "text", "", "una `nota` per le colleghe")
	c.Flags().BoolVar(&lift, "lift", false, "può riceverlo di nuovo")
	return r.PhraseFlag(c)
}

func (r *run) runCaseExclude(ctx context.Context, code, person, organisation, text string, lift bool) error {
	if (person == "") == (organisation == "") {
		return desk.Misuse("Chi? Serve --person oppure --organisation.")
	}
	u, _, own, err := r.caseInside(ctx, code)
	if err != nil {
		return err
	}
	x := client.Exclusion{Lift: lift}
	if organisation != "" {
		o, err := desk.Pick(u.directory.Others, organisation, "organizzazione", desk.OrganisationOf)
		if err != nil {
			return err
		}
		x.Organisation = o.ID
	}
	if person != "" {
		var all []client.Person
		for _, o := range u.directory.Others {
			all = append(all, o.People...)
		}
		p, err := desk.Pick(all, person, "persona fuori dal tuo centro", desk.PersonOf)
		if err != nil {
			return err
		}
		x.Organisation, x.Person = p.Organisation, p.ID
	}
	receipt, err := u.Exclude(ctx, own, client.Content{Text: text, Exclude: []client.Exclusion{x}})
	if err != nil {
		return r.notPosted(u.directory, own, err)
	}
	r.Say("Scritto nella conversazione interna il %s. Ricevuta %s.\n", r.When(receipt.AdmittedAt), receipt.Number())
	return nil
}

// caseInside reads the centre's own conversation of a case.
func (r *run) caseInside(ctx context.Context, code string) (*reader, ids.Case, *client.Conversation, error) {
	cs, err := ids.ParseCase(strings.ToLower(strings.TrimSpace(code)))
	if err != nil {
		return nil, "", nil, desk.Misuse("«%s» non è il codice di un caso: si scrive c-xxxx-xxxx-xxxx-xxxx. Controllalo lettera per lettera.", italian.Line(code))
	}
	u, err := r.reader(ctx)
	if err != nil {
		return nil, "", nil, err
	}
	list, err := u.Cases(ctx)
	if err != nil {
		return nil, "", nil, err
	}
	for _, l := range list {
		if l.Case == cs && thread.Side(l.Side) == thread.Internal {
			v, err := u.ReadThread(ctx, l.Thread, "")
			return u, cs, v, err
		}
	}
	return nil, "", nil, desk.Failed("Non hai nessun caso con il codice %s. Controllalo lettera per lettera: varco case list", cs)
}
