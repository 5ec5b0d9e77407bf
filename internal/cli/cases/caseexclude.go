package cases

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/thread"
)

const (
	excludeLong = `Scrive nella conversazione interna del caso chi non lo deve ricevere: una persona, o un'intera sede o associazione.
Nessuno fuori dal centro lo viene a sapere, nemmeno il servizio. Con --lift può riceverlo di nuovo.

Chi ne fa già parte non viene tolta da questo: per toglierla, varco thread remove.`
)

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
